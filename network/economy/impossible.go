package economy

import (
	"cmp"
	"context"
	"io/fs"
	"math"
	"slices"

	"bremen/lp/block"
)

// Reason is one of the statements that cannot all hold: a row or a bound of the
// program, and how much it counts in the proof that there is no plan.
type Reason struct {
	Kind   string  `json:"kind"` // bounds: kept, most, stored, arc; rows: product, labour, capital, installed, limit, transport; both: satisfaction
	Code   string  `json:"code"`
	Region string  `json:"region,omitempty"`
	Period string  `json:"period,omitempty"`
	Unit   string  `json:"unit,omitempty"`
	Amount float64 `json:"amount"` // what is stated: what must be there, or all there is
	Weight float64 `json:"weight"` // of the row in the proof, the largest of rows is 1; of a bound what its rows give it
	// Share is what it adds to the contradiction, as a share of all that must be: above
	// 0 what must be, below 0 what there is for it, 0 what only passes things on. The sum is
	// above 0, which cannot be.
	Share float64 `json:"share"`
}

// mostReasons bounds how many reasons are listed.
const mostReasons = 60

// leastReason is the least share of a bound, and weight of a row without one, that is listed.
const leastReason = 1e-6

// Reasons says in the economy's words what a ray weighs that proves its program to
// have no solution (block.FarkasHolds): first what adds the most to the
// contradiction, then what only passes on, the heaviest first.
func (ix *Index) Reasons(e *Economy, p *block.Problem, ray []float64) []Reason {
	c := &contradiction{e: e, ix: ix, p: p}
	heaviest := 0.0
	for _, y := range ray {
		heaviest = math.Max(heaviest, math.Abs(y))
	}
	if heaviest == 0 {
		return nil
	}
	y := make([]float64, len(ray))
	for i, v := range ray {
		y[i] = v / heaviest
	}
	c.weigh(y)
	if c.sum < 0 { // the ray may have either sign
		c.list, c.sum, c.must = nil, 0, 0
		for i := range y {
			y[i] = -y[i]
		}
		c.weigh(y)
	}
	list := c.list[:0]
	for _, r := range c.list {
		if r.Share /= math.Max(c.must, math.SmallestNonzeroFloat64); math.Abs(r.Share) >= leastReason || r.Share == 0 && math.Abs(r.Weight) >= leastReason {
			list = append(list, r)
		}
	}
	slices.SortStableFunc(list, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(math.Abs(b.Share), math.Abs(a.Share)), cmp.Compare(math.Abs(b.Weight), math.Abs(a.Weight)))
	})
	return list[:min(len(list), mostReasons)]
}

// contradiction collects what the weights of rows count.
type contradiction struct {
	e         *Economy
	ix        *Index
	p         *block.Problem
	list      []Reason
	sum, must float64 // of all contributions; of those above 0
}

// weigh notes rows and bounds with what they add up to. Weights that call for an
// infinite bound count as zero.
func (c *contradiction) weigh(weights []float64) {
	y := slices.Clone(weights)
	for i, v := range y {
		bound := c.p.RowLower[i]
		if v < 0 {
			bound = c.p.RowUpper[i]
		}
		switch {
		case math.IsInf(bound, 0):
			y[i] = 0
		case v != 0:
			c.note(c.row(i), math.Abs(v), bound, v*bound)
		}
	}
	var index []int32
	var value []float64
	for _, g := range c.p.ColGroups {
		for k := range g.Size() {
			j := g.First + k
			index, value = c.p.AppendColumn(index[:0], value[:0], g, k/g.Blocks, k%g.Blocks)
			d := 0.0
			for n, i := range index {
				d -= float64(value[n] * y[i])
			}
			bound := c.p.Lower[j]
			if d < 0 {
				bound = c.p.Upper[j]
			}
			if d != 0 && bound != 0 {
				c.note(c.column(j, d < 0), math.Abs(d), bound, d*bound)
			}
		}
	}
}

func (c *contradiction) note(r Reason, weight, bound, adds float64) {
	r.Weight, r.Amount, r.Share = weight, bound*c.ix.Unit, adds
	if r.Kind == "product" {
		r.Amount = math.Abs(r.Amount) // the row counts what there is as missing
	}
	c.sum += adds
	c.must += math.Max(0, adds)
	c.list = append(c.list, r)
}

// at names block b of the economy.
func (c *contradiction) at(r Reason, b int) Reason {
	t := len(c.e.Periods)
	r.Region, r.Period = c.e.Regions[b/t].Code, c.e.Periods[b%t].Code
	return r
}

// placeIn returns which of the groups number n is in, and of which of its items and blocks it is.
func placeIn(groups []block.Group, n int) (group, item, b int) {
	group = slices.IndexFunc(groups, func(g block.Group) bool { return n < g.First+g.Size() })
	g := groups[group]
	return group, (n - g.First) / g.Blocks, (n - g.First) % g.Blocks
}

// row names a row.
func (c *contradiction) row(i int) Reason {
	e, ix := c.e, c.ix
	k, item, b := placeIn(c.p.RowGroups, i)
	switch k {
	case ix.Balance:
		return c.at(named("product", e.Products[item].Item), b)
	case ix.Labour:
		return c.at(named("labour", e.Skills[item]), b)
	case ix.Capacity:
		return c.at(named("capital", e.Capitals[item].Item), b)
	case ix.Accumulation:
		return c.at(named("installed", e.Capitals[item].Item), b)
	case ix.Satisfaction:
		return c.at(named("satisfaction", e.Products[e.Needs[item].Product].Item), b)
	case ix.Haul:
		return c.arc("transport", b)
	}
	for s, group := range ix.Limit {
		if k == group {
			return c.limit(e.Limits[ix.Limits[s][item]], b)
		}
	}
	return Reason{}
}

func (c *contradiction) limit(l Limit, at int) Reason {
	r := named("limit", l.Item)
	region, period := l.Scope.names(at, len(c.e.Periods))
	if region >= 0 {
		r.Region = c.e.Regions[region].Code
	}
	if period >= 0 {
		r.Period = c.e.Periods[period].Code
	}
	return r
}

// column names a column's upper or lower bound. The upper ones are stated or follow from what else is.
func (c *contradiction) column(j int, upper bool) Reason {
	e, ix := c.e, c.ix
	k, item, b := placeIn(c.p.ColGroups, j)
	switch k {
	case ix.Activity:
		return c.at(named("most", e.Techniques[item]), b)
	case ix.Built:
		return c.at(named("most", e.Capitals[item].Item), b)
	case ix.Installed:
		kind := "kept"
		if upper {
			kind = "most"
		}
		return c.at(named(kind, e.Capitals[item].Item), b)
	case ix.Stored:
		return c.at(named("stored", e.Products[ix.Storable[item]].Item), b)
	case ix.Served:
		return c.at(named("satisfaction", e.Products[e.Needs[item/ix.Steps].Product].Item), b)
	case ix.Moved, ix.Carried:
		return c.arc("arc", b)
	case ix.Worst:
		return Reason{Kind: "satisfaction", Code: e.Urgencies[ix.WorstUrgency[item]].Name}
	}
	return Reason{}
}

func (c *contradiction) arc(kind string, b int) Reason {
	a, t := c.e.Arcs[b/len(c.e.Periods)], b%len(c.e.Periods)
	return Reason{Kind: kind, Code: c.e.Modes[a.Mode].Code, Region: c.e.Regions[a.From].Code + " → " + c.e.Regions[a.To].Code, Period: c.e.Periods[t].Code}
}

func named(kind string, i Item) Reason { return Reason{Kind: kind, Code: i.Code, Unit: i.Unit} }

// Impossible is the result of an economy that has no plan, and the ray that proves it.
func (ix *Index) Impossible(e *Economy, p *block.Problem, ray []float64) *Result {
	return &Result{RowDual: ray, Summary: &Summary{
		Economy: e.ID, Status: StatusInfeasible, Unit: ix.Unit, Rows: p.Rows(), Columns: p.Cols(), Coefficients: p.NNZ(),
		Satisfactions: []RegionSatisfaction{}, Scarce: []Scarcity{}, Reasons: ix.Reasons(e, p, ray),
	}}
}

// Result is the result of an economy of which Problem returns k. It has no weights of rows: the
// bounds that Problem works out are the proof.
func (k *KeptError) Result(e *Economy) *Result {
	last := e.Periods[len(e.Periods)-1].Code
	return &Result{Summary: &Summary{
		Economy: e.ID, Status: StatusInfeasible, Satisfactions: []RegionSatisfaction{}, Scarce: []Scarcity{}, Reasons: []Reason{
			{Kind: "kept", Code: k.Capital, Region: k.Region, Period: last, Amount: k.Kept, Share: 1},
			{Kind: "most", Code: k.Capital, Region: k.Region, Period: last, Amount: k.Most, Share: -k.Most / k.Kept},
		},
	}}
}

// Verify checks a written result of an economy of which Problem returns k.
func (k *KeptError) Verify(ctx context.Context, files fs.FS, e *Economy) (*Verification, error) {
	v := &Verification{Summary: &Summary{}}
	summary := v.Summary
	err := ReadSummary(files, summary)
	if err == nil {
		_, v.Failures, err = CheckFiles(ctx, files, summary.Files)
	}
	if err != nil {
		return nil, err
	}
	if want := k.Result(e).Summary; summary.Economy != want.Economy || summary.Status != want.Status || !slices.EqualFunc(summary.Reasons, want.Reasons, Reason.Alike) {
		v.fail("it does not say that %v", k)
	}
	v.Holds = len(v.Failures) == 0
	return v, nil
}

// Alike compares reasons but for what processors may round differently.
func (a Reason) Alike(b Reason) bool {
	return a.Kind == b.Kind && a.Code == b.Code && a.Region == b.Region && a.Period == b.Period && Alike(a.Amount, b.Amount) && Alike(a.Weight, b.Weight) && Alike(a.Share, b.Share)
}

// StatusInfeasible is Summary.Status of an economy that has no plan.
const StatusInfeasible = "infeasible"

// disprove checks that weights of rows prove that there is no plan, and that the reasons are theirs.
func (v *Verification) disprove(p *block.Problem, ix *Index, e *Economy, ray []float64) {
	if !block.FarkasHolds(p, ray, nil, nil) {
		v.fail("its weights of rows do not prove that there is no plan")
	}
	if !slices.EqualFunc(ix.Reasons(e, p, ray), v.Summary.Reasons, Reason.Alike) {
		v.fail("its reasons are not what its weights say")
	}
}
