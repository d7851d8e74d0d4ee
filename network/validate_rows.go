package network

import (
	"cmp"
	"slices"
	"strings"
)

// rows checks what a row says as a whole, and rows against each other.
func (v *validator) rows() {
	for i := range v.n.Sites {
		v.site(i, &v.n.Sites[i])
	}
	v.kindMembers()
	v.profiles()
	v.needs()
	for i := range v.n.Ratios {
		r := &v.n.Ratios[i]
		v.bounds("ratios", i, r.Position, r.Least, r.Most)
	}
	for i := range v.n.Allowances {
		a := &v.n.Allowances[i]
		v.unit("allowances", i, a.Position, a.Unit, a.What, v.units.Of(a.What))
	}
	for i := range v.n.Contents {
		v.content(i, &v.n.Contents[i])
	}
	v.making()
	v.moving()
}

func (v *validator) site(i int, s *Site) {
	degrees := func(column string, x *float64, most float64, expected string) {
		if x != nil && !(*x >= -most && *x <= most) {
			v.add("sites", i, s.Position, column, Mistake{Code: CodeDegrees, Found: formatFloat(*x), Expected: expected})
		}
	}
	degrees("lat", s.Lat, 90, "-90..90")
	degrees("lon", s.Lon, 180, "-180..180")
}

// bounds checks least and most of a row that needs one of them.
func (v *validator) bounds(table string, i int, pos Position, least, most *float64) {
	switch {
	case least == nil && most == nil:
		v.add(table, i, pos, "least", Mistake{Code: CodeNoBound})
	case least != nil && most != nil && *least > *most:
		v.add(table, i, pos, "least", Mistake{Code: CodeLeastMost, Found: formatFloat(*least), Expected: formatFloat(*most)})
	}
}

// unit reports a unit that Normalise could not convert to the target's.
func (v *validator) unit(table string, i int, pos Position, unit, what, target string) {
	if unit == target || unit == "" {
		return
	}
	if target == "" {
		if v.has("kinds", what) {
			v.add(table, i, pos, "unit", Mistake{Code: CodeKindUnit, Found: unit, Expected: what})
		}
		return // the name is unknown, which is reported as that
	}
	m := Mistake{Code: CodeUnit, Found: unit, Expected: target}
	if _, err := UnitFactor(unit, target); err != nil {
		m = err.(Mistake)
	}
	v.add(table, i, pos, "unit", m)
}

func (v *validator) content(i int, c *Content) {
	target := v.units.Properties[c.Property]
	if c.Unit == target || c.Unit == "" || target == "" {
		return
	}
	if _, err := contentFactor(c.Unit, target, v.units.Products[c.Product]); err != nil {
		v.add("contents", i, c.Position, "unit", err.(Mistake))
	}
}

func (v *validator) making() {
	durable := map[string]bool{}
	for i := range v.n.Products {
		durable[v.n.Products[i].ID] = v.n.Products[i].Durable
	}
	takes := map[[2]string]bool{}
	for i := range v.n.Flows {
		f := &v.n.Flows[i]
		v.flow(i, f, durable)
		if f.Direction == In {
			takes[[2]string{f.Recipe, f.What}] = true
		}
	}
	for i := range v.n.Blends {
		b := &v.n.Blends[i]
		v.bounds("blends", i, b.Position, b.Least, b.Most)
		if v.has("recipes", b.Recipe) && v.has("kinds", b.Kind) && !takes[[2]string{b.Recipe, b.Kind}] {
			v.add("blends", i, b.Position, "kind", Mistake{Code: CodeBlendKind, Found: b.Kind, Expected: b.Recipe})
		}
	}
	for i := range v.n.Recipes {
		if r := &v.n.Recipes[i]; r.Most > 0 && r.Least > r.Most {
			v.add("recipes", i, r.Position, "least", Mistake{Code: CodeLeastMost, Found: formatFloat(r.Least), Expected: formatFloat(r.Most)})
		}
	}
	for i := range v.n.Work {
		if w := &v.n.Work[i]; w.Burden > 10 {
			v.add("work", i, w.Position, "burden", Mistake{Code: CodeBurden, Found: formatFloat(w.Burden)})
		}
	}
	reach := map[string]Reach{}
	for i := range v.n.Products {
		reach[v.n.Products[i].ID] = v.n.Products[i].Reach
	}
	for i := range v.n.Stocks {
		s := &v.n.Stocks[i]
		v.unit("stocks", i, s.Position, s.Unit, s.Product, v.units.Products[s.Product])
		v.needsSite("stocks", i, s.Position, s.Site, reach[s.Product])
		if s.End > 0 && reach[s.Product] == Anywhere {
			v.add("stocks", i, s.Position, "end", Mistake{Code: CodePooledEnd, Found: s.Product})
		}
	}
	v.carriers()
	for i := range v.n.Trade {
		t := &v.n.Trade[i]
		v.needsSite("trade", i, t.Position, t.Site, reach[t.Product])
	}
}

// carriers reports links that take work of nobody.
func (v *validator) carriers() {
	work := map[string]string{} // by link or mode
	for i := range v.n.LinkFlows {
		if f := &v.n.LinkFlows[i]; f.Direction == Labour {
			work[f.Link] = f.What
		}
	}
	for i := range v.n.Links {
		l := &v.n.Links[i]
		if skill := cmp.Or(work[l.ID], work[l.Mode]); l.Agent == "" && skill != "" {
			v.add("links", i, l.Position, "agent", Mistake{Code: CodeNoCarrier, Found: l.ID, Expected: skill})
		}
	}
}

// needsSite reports a row without a site, where the product is not pooled over all sites.
func (v *validator) needsSite(table string, i int, pos Position, site string, r Reach) {
	if site == "" && r != Anywhere {
		v.add(table, i, pos, "site", Mistake{Code: CodeNoSite})
	}
}

// flowRefs are what a flow of each direction may be of.
var flowRefs = map[Direction][]string{
	In: {"products", "kinds"}, Out: {"products"}, Use: {"products"}, Labour: {"skills"}, Burdens: {"impacts"},
}

func (v *validator) flow(i int, f *Flow, durable map[string]bool) {
	refs, ok := flowRefs[f.Direction]
	if !ok || f.What == "" {
		return // reported already
	}
	if m := v.reference(f.What, refs); m != nil {
		v.add("flows", i, f.Position, "what", *m)
		return
	}
	if f.Direction == Use && !durable[f.What] {
		v.add("flows", i, f.Position, "what", Mistake{Code: CodeNotDurable, Found: f.What})
	}
	if f.Quantity < 0 && f.Direction != Burdens {
		v.add("flows", i, f.Position, "quantity", Mistake{Code: CodeNegative, Found: formatFloat(f.Quantity)})
	}
	v.unit("flows", i, f.Position, f.Unit, f.What, v.units.OfFlow(f.Direction, f.What))
}

func (v *validator) moving() {
	for i := range v.n.LinkFlows {
		f := &v.n.LinkFlows[i]
		refs := flowRefs[f.Direction]
		if f.Direction == In {
			refs = []string{"products"}
		}
		if refs == nil || f.What == "" {
			continue
		}
		if m := v.reference(f.What, refs); m != nil {
			v.add("link_flows", i, f.Position, "what", *m)
		}
	}
	for i := range v.n.Limits {
		l := &v.n.Limits[i]
		v.unit("limits", i, l.Position, l.Unit, l.What, v.units.Impacts[l.What])
	}
	for i := range v.n.Commitments {
		v.commitment(i, &v.n.Commitments[i])
	}
}

// commitmentRefs are what a commitment of each type is of.
var commitmentRefs = map[CommitmentType]string{
	Runs: "recipes", Delivery: "needs", Transfer: "links", Purchase: "trade", Sale: "trade", Holding: "sites", Working: "work",
}

func (v *validator) commitment(i int, c *Commitment) {
	v.bounds("commitments", i, c.Position, c.Least, c.Most)
	table, ok := commitmentRefs[c.Type]
	if !ok {
		return
	}
	if c.Of != "" {
		if m := v.reference(c.Of, []string{table}); m != nil {
			v.add("commitments", i, c.Position, "of", *m)
		}
	}
	goods := c.Type == Transfer || c.Type == Holding
	switch {
	case goods && c.Product == "":
		v.add("commitments", i, c.Position, "product", Mistake{Code: CodeMissing})
	case !goods && c.Product != "":
		v.add("commitments", i, c.Position, "product", Mistake{Code: CodeWrongForType, Found: string(c.Type)})
	}
}

// ambiguousNames reports names that products, kinds and properties share, since
// a need could mean either.
func (v *validator) ambiguousNames() {
	for i := range v.n.Properties {
		if p := &v.n.Properties[i]; v.has("products", p.ID) {
			v.add("properties", i, p.Position, "id", Mistake{Code: CodeAmbiguous, Found: p.ID, Expected: "products"})
		}
	}
	for i := range v.n.Variants {
		k := &v.n.Variants[i]
		if v.names["kinds"][k.Kind] != i {
			continue
		}
		for _, t := range []string{"products", "properties"} {
			if v.has(t, k.Kind) {
				v.add("kinds", i, k.Position, "kind", Mistake{Code: CodeAmbiguous, Found: k.Kind, Expected: t})
			}
		}
	}
}

// kindsAgree reports rows of a kind that call it otherwise than its first one,
// or give it another unit.
func (v *validator) kindsAgree() {
	for i := range v.n.Variants {
		k := &v.n.Variants[i]
		first := &v.n.Variants[v.names["kinds"][k.Kind]]
		if k.Name != first.Name {
			v.add("kinds", i, k.Position, "name", Mistake{Code: CodeKindDiffers, Found: k.Name, Expected: first.Name})
		}
		if k.Unit != first.Unit {
			v.add("kinds", i, k.Position, "unit", Mistake{Code: CodeKindDiffers, Found: k.Unit, Expected: first.Unit})
		}
	}
}

// circularKinds reports every row that leads from a kind back to itself.
func (v *validator) circularKinds() {
	rowsOf := map[string][]int{}
	for i := range v.n.Variants {
		if v.has("kinds", v.n.Variants[i].Product) && !v.has("products", v.n.Variants[i].Product) {
			rowsOf[v.n.Variants[i].Kind] = append(rowsOf[v.n.Variants[i].Kind], i)
		}
	}
	const (
		open = 1
		done = 2
	)
	state := map[string]int{}
	var path []string
	var visit func(kind string)
	visit = func(kind string) {
		state[kind] = open
		path = append(path, kind)
		for _, i := range rowsOf[kind] {
			switch to := v.n.Variants[i].Product; state[to] {
			case open:
				circle := append(slices.Clone(path[slices.Index(path, to):]), to)
				v.add("kinds", i, v.n.Variants[i].Position, "product", Mistake{Code: CodeCircle, Found: strings.Join(circle, " → ")})
			case done:
			default:
				visit(to)
			}
		}
		path = path[:len(path)-1]
		state[kind] = done
	}
	for i := range v.n.Variants {
		if k := v.n.Variants[i].Kind; state[k] == 0 {
			visit(k)
		}
	}
}

// kindMembers reports preferences for what is no member of the kind.
func (v *validator) kindMembers() {
	if len(v.n.Preferences) == 0 {
		return
	}
	members := map[string]map[string]bool{}
	var collect func(kind string, into map[string]bool)
	direct := map[string][]string{}
	for i := range v.n.Variants {
		direct[v.n.Variants[i].Kind] = append(direct[v.n.Variants[i].Kind], v.n.Variants[i].Product)
	}
	collect = func(kind string, into map[string]bool) {
		for _, p := range direct[kind] {
			if !into[p] {
				into[p] = true
				collect(p, into)
			}
		}
	}
	for i := range v.n.Preferences {
		p := &v.n.Preferences[i]
		m := members[p.Kind]
		if m == nil {
			m = map[string]bool{}
			collect(p.Kind, m)
			members[p.Kind] = m
		}
		known := v.has("products", p.Product) || v.has("kinds", p.Product)
		if known && v.has("kinds", p.Kind) && !m[p.Product] {
			v.add("preferences", i, p.Position, "product", Mistake{Code: CodeNotMember, Found: p.Product, Expected: p.Kind})
		}
	}
}
