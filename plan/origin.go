package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"bremen/network"
	"bremen/words"
)

// OriginReport says where a product of a plan comes from: what one unit of it
// embodies, through all that went into it, and its chain of main inputs.
type OriginReport struct {
	Product  string  `json:"product"`
	Unit     string  `json:"unit"`
	Quantity float64 `json:"quantity"` // consumed in the plan; what is made, where nobody consumes it
	// Embodied per unit, by kind and what, sorted.
	Embodied []Embodied `json:"embodied"`
	// Keys by which runs with several products were shared out on the way:
	// "mass", "unit" (quantity in a common unit), "equal". Empty where each run yields one thing.
	Keys  []string    `json:"keys,omitempty"`
	Chain *OriginNode `json:"chain"`
	// Measure is what the chain's shares are of: the kind of Embodied, all of it together.
	Measure   string `json:"measure"`
	Sweeps    int    `json:"sweeps"` // until the embodied quantities stood still
	Sentences []Text `json:"sentences"`
}

// Embodied is a primary good in one unit of a product.
type Embodied struct {
	// Kind is work (hours of a skill), impact, money (paid outside), use (a durable
	// occupied, units times periods) or opening (taken from an opening stock).
	Kind     string  `json:"kind"`
	What     string  `json:"what"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
}

// OriginNode is a product at a site in the chain of inputs.
type OriginNode struct {
	Product  string        `json:"product"`
	Site     string        `json:"site,omitempty"`
	Recipes  []string      `json:"recipes,omitempty"`
	Quantity float64       `json:"quantity"` // per unit of the product asked for
	Unit     string        `json:"unit"`
	Share    float64       `json:"share"` // of the measure
	Inputs   []*OriginNode `json:"inputs,omitempty"`
}

// Limits of the chain.
const (
	originDepth = 6
	originShare = 0.02
)

// Origin traces a product of a plan upstream (pegging): proportionally, from
// the plan's flows summed over its periods, per site. A unit leaving a site
// embodies the mean of all that came in there, so that what is lost or thrown
// away is borne by what is used. A run with several products shares what it
// took by their mass, or by quantity in a common unit, or equally; only what is
// used of each counts. What comes back after consumption carries nothing,
// durables carry their wear. Opening stocks are counted as themselves, since
// their own origin is not in the plan.
//
// Embodied quantities solve e = A·e + b over all products and sites, cycles
// included, by sweeps until they stand still; for an input-output table with one
// product per industry that is Leontief's e = l(I − A)⁻¹ (Leontief 1966, ch. 7).
//
// The network must be normalised; it is not changed. It is an error if the
// product is unknown or a cycle gives almost nothing but to itself.
func Origin(pl *Document, n *network.Network, product string) (*OriginReport, error) {
	o := newOrigin(pl, n)
	k, ok := o.x.product[product]
	if !ok {
		return nil, fmt.Errorf("origin: unknown product %q", product)
	}
	r := &OriginReport{Product: product, Unit: n.Products[k].Unit}
	w := originWords{speaker{n.Calendar.Unit, n.Calendar.Periods}, words.NewNames(n), n}
	mix := o.finalMix(k)
	for _, q := range mix {
		r.Quantity += q
	}
	if r.Quantity <= 0 {
		r.Sentences = []Text{w.say("origin.nothing", values{"product": w.names.Thing(product)})}
		return r, nil
	}
	var err error
	if r.Sweeps, err = o.solve(mix); err != nil {
		return nil, fmt.Errorf("origin of %s: %w", product, err)
	}
	for i := range mix {
		mix[i] /= r.Quantity
	}
	total := o.total(mix)
	for m, f := range o.measures {
		if total[m] > 1e-12 {
			r.Embodied = append(r.Embodied, Embodied{f.kind, f.what, total[m], f.unit})
		}
	}
	slices.SortFunc(r.Embodied, func(a, b Embodied) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.What, b.What)) })
	r.Measure = o.measure(total)
	r.Chain = o.chain(r.Measure, mix, total, k)
	r.Keys = o.keysOn(mix)
	r.Sentences = w.sentences(r)
	return r, nil
}

// measure chooses what shares of the chain are of: work, else money, impact, use.
func (o *origin) measure(total []float64) string {
	for _, kind := range []string{"work", "money", "impact", "use"} {
		if o.sumOf(kind, total) > 0 {
			return kind
		}
	}
	return ""
}

func (o *origin) sumOf(kind string, e []float64) float64 {
	sum := 0.0
	for m, f := range o.measures {
		if f.kind == kind {
			sum += e[m]
		}
	}
	return sum
}

// total mixes the embodied quantities of nodes.
func (o *origin) total(mix map[int]float64) []float64 {
	total := make([]float64, len(o.measures))
	for _, i := range sortedKeys(mix) {
		for m := range total {
			total[m] += mix[i] * o.e[i][m]
		}
	}
	return total
}

func sortedKeys(m map[int]float64) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// chain builds the tree of main inputs of a product.
func (o *origin) chain(kind string, mix map[int]float64, total []float64, product int32) *OriginNode {
	p := &o.n.Products[product]
	root := &OriginNode{Product: p.ID, Quantity: 1, Unit: p.Unit, Share: 1}
	if len(mix) == 1 {
		root.Site = o.siteOf(sortedKeys(mix)[0])
	}
	t := &pegging{o: o, kind: kind, total: o.sumOf(kind, total)}
	t.grow(root, mix, 1)
	return root
}

// pegging follows quantities upstream.
type pegging struct {
	o     *origin
	kind  string
	total float64
}

// grow adds what went into the quantities at the given nodes as children of at.
func (t *pegging) grow(at *OriginNode, mix map[int]float64, depth int) {
	inputs := map[int]float64{}
	for _, i := range sortedKeys(mix) {
		t.inputs(at, i, mix[i], inputs, 0)
	}
	if depth >= originDepth {
		return
	}
	for _, j := range sortedKeys(inputs) {
		s := t.share(j, inputs[j])
		if s < originShare {
			continue
		}
		p := &t.o.n.Products[t.o.nodes[j].product]
		child := &OriginNode{Product: p.ID, Site: t.o.siteOf(j), Quantity: inputs[j], Unit: p.Unit, Share: s}
		t.grow(child, map[int]float64{j: inputs[j]}, depth+1)
		at.Inputs = append(at.Inputs, child)
	}
	slices.SortStableFunc(at.Inputs, func(a, b *OriginNode) int { return cmp.Compare(b.Share, a.Share) })
}

// inputs sums what the recipes behind q units at node i took; transfers are followed to where they began.
func (t *pegging) inputs(at *OriginNode, i int, q float64, sum map[int]float64, hops int) {
	node := &t.o.nodes[i]
	if node.useful <= 0 {
		return
	}
	for _, s := range node.from {
		part := q * s.quantity / node.useful
		if s.recipe < 0 {
			if t.o.nodes[s.node].product != node.product { // what carrying took
				sum[s.node] += part
				continue
			}
			if hops < len(t.o.nodes) && part > 1e-9*q {
				t.inputs(at, s.node, part, sum, hops+1)
			}
			continue
		}
		r := &t.o.runs[s.recipe]
		if id := t.o.n.Recipes[s.recipe].ID; !slices.Contains(at.Recipes, id) {
			at.Recipes = append(at.Recipes, id)
		}
		share := q * s.share / node.useful
		for _, in := range r.takes {
			sum[in.node] += share * in.quantity
		}
	}
}

func (t *pegging) share(node int, q float64) float64 {
	if t.total <= 0 {
		return 1
	}
	return min(1, q*t.o.sumOf(t.kind, t.o.e[node])/t.total)
}

// keysOn lists the keys by which runs upstream of some nodes share what they took.
func (o *origin) keysOn(mix map[int]float64) []string {
	var keys []string
	_, recipes := o.upstream(mix)
	for r := range o.runs {
		if key := o.runs[r].key; recipes[r] && key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// originWords puts an origin into sentences.
type originWords struct {
	speaker
	names *words.Names
	n     *network.Network
}

func (w *originWords) sentences(r *OriginReport) []Text {
	hours := 0.0
	for _, e := range r.Embodied {
		if e.Kind == "work" {
			hours += e.Quantity
		}
	}
	scale := handful(r.Embodied)
	name := w.names.Thing(r.Product)
	v := values{"quantity": amount{v: scale, unit: r.Unit}, "product": name, "hours": amount{v: hours * scale, unit: network.HourUnit}}
	code := "origin"
	if hours == 0 {
		code = "origin.free"
	}
	out := []Text{w.say(code, v)}
	for _, e := range r.Embodied {
		if t := w.embodied(r, e, scale, hours); t != nil {
			out = append(out, t)
		}
	}
	for _, in := range r.Chain.Inputs {
		if r.Measure == "work" {
			out = append(out, w.say("origin.input", values{"share": share(in.Share), "input": w.names.Thing(in.Product)}))
		}
	}
	for _, k := range r.Keys {
		out = append(out, w.say("origin.key."+k, nil))
	}
	return out
}

// worthMentioning: what is a smaller share of its kind (of the hours, of the
// largest in the same unit) has no sentence of its own.
const worthMentioning = 0.02

// leads tells whether e is among the large ones of its kind and unit.
func (r *OriginReport) leads(e Embodied) bool {
	for _, o := range r.Embodied {
		if o.Kind == e.Kind && o.Unit == e.Unit && e.Quantity < worthMentioning*o.Quantity {
			return false
		}
	}
	return true
}

// embodied says what scale units of the product embody of one thing; nil where
// that needs no sentence: skills that matter little, machines (but not land).
func (w *originWords) embodied(r *OriginReport, e Embodied, scale, hours float64) Text {
	q := amount{v: e.Quantity * scale, unit: e.Unit}
	switch e.Kind {
	case "work":
		if e.Quantity >= worthMentioning*hours {
			return w.say("origin.skill", values{"hours": q, "skill": w.names.Skill(e.What)})
		}
	case "impact":
		return w.say("origin.impact", values{"quantity": q, "impact": w.names.Impact(e.What)})
	case "money":
		return w.say("origin.money", values{"money": q})
	case "use":
		if !slices.Contains(areas, e.Unit) || !r.leads(e) {
			return nil
		}
		period := named{}
		for _, l := range Languages {
			period[l] = periodWord[l][w.unit]
		}
		return w.say("origin.use", values{"quantity": q, "durable": w.names.Thing(e.What), "period": period})
	case "opening":
		if e.What == r.Product {
			return w.say("origin.opening", values{"share": share(min(1, e.Quantity))})
		}
		if !r.leads(e) {
			return nil
		}
		return w.say("origin.stock", values{"quantity": q, "what": w.names.Thing(e.What)})
	}
	return nil
}

// areas are the units of land.
var areas = []string{"ha", "a", "m2", "m²", "km2", "km²", "acre"}

// handful is a power of ten of units in which the largest figure is not tiny.
func handful(list []Embodied) float64 {
	top := 0.0
	for _, e := range list {
		top = max(top, e.Quantity)
	}
	scale := 1.0
	for top > 0 && top*scale < 0.1 && scale < 1e6 {
		scale *= 10
	}
	return scale
}

func finiteShare(a, b float64) float64 {
	if b <= 0 || math.IsInf(a, 0) {
		return 0
	}
	return min(1, a/b)
}
