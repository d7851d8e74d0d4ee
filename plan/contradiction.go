package plan

import (
	"context"
	"errors"
	"math"
	"slices"

	"bremen/lp"
	"bremen/lp/conflict"
	"bremen/network"
)

// contradict explains why p has no plan: a plan of status Infeasible with an
// irreducible set of stated bounds that cannot all hold, and the cheapest repair.
//
// Balances and definitions hold whatever else does not and are never members:
// nothing comes from nothing. Irreducible means that without any one member
// the others, with all balances, can be met; each has been tried (deletion
// filter on the support of a Farkas ray: Chinneck and Dravnieks 1991). The
// cheapest repair lets stated bounds give way so that the sum of what they
// give, each as a share of its own size, is least (elastic program: Brown and
// Graves 1975; Chinneck 2008, section 6.1).
func contradict(ctx context.Context, p *Program, ladder string, s lp.Solver) (*Plan, error) {
	d := &Document{Status: Infeasible}
	p.head(d, ladder)
	d.NetworkHash = network.Hash(p.Net)
	d.Program.Rows, d.Program.Columns, d.Program.Nonzeros = p.LP.Rows(), p.LP.Cols(), p.LP.NNZ()
	w := newWording(p)
	c := &Contradiction{Sentence: w.say("contradiction.unknown", nil)}
	d.Contradiction = c
	set, err := conflict.Find(ctx, s, p.LP, conflict.Options{Background: func(m conflict.Member) bool {
		_, stated := p.stated(m)
		return !stated
	}})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && !errors.Is(err, conflict.ErrUndecided):
		return nil, err
	case err == nil:
		d.Program.Solves += set.Programs
		for _, m := range set.Members {
			l, _ := p.stated(m)
			c.Members = append(c.Members, w.member(&l, !m.Upper))
		}
		if c.Sentence, err = w.conflict(ctx, s, set); err != nil {
			return nil, err
		}
	}
	if err := w.repair(ctx, s, c); err != nil {
		return nil, err
	}
	d.Program.Solves++
	for _, m := range c.Members {
		c.Sentence = c.Sentence.and(m.Sentence)
	}
	if len(c.Repair) > 0 {
		c.Sentence = c.Sentence.and(w.say("contradiction.repair", nil))
		for _, m := range c.Repair {
			c.Sentence = c.Sentence.and(m.Sentence)
		}
	}
	return &Plan{Document: *d, Program: p}, nil
}

// stated returns the lever behind a bound of the program, false where the
// bound is a balance, a definition or a matter of course.
func (p *Program) stated(m conflict.Member) (lever, bool) {
	if math.IsInf(m.Bound(p.LP), 0) {
		return lever{}, false
	}
	if m.Column {
		if !m.Upper && p.LP.Lower[m.Index] == 0 {
			return lever{}, false
		}
		return p.grip(m.Index, !m.Upper)
	}
	if r := p.rows[m.Index]; m.Upper && r.kind == rowBalance {
		l, ok := p.handle(m.Index, false) // what is there at the start has to go somewhere
		l.kind, l.less = "surplus", true
		return l, ok
	}
	l, ok := p.handle(m.Index, m.Upper)
	switch p.rows[m.Index].kind {
	case rowWork: // hours are bounded by their offers
		return l, false
	case rowPurse: // only where money comes in
		return l, ok && p.LP.RowUpper[m.Index] < 0
	}
	return l, ok
}

// conflict says how many statements are in conflict, and over what.
func (w *wording) conflict(ctx context.Context, s lp.Solver, set *conflict.Set) (Text, error) {
	code := "contradiction"
	if !set.Irreducible {
		code = "contradiction.loose"
	}
	text := w.say(code, values{"n": len(set.Members)})
	goods, err := w.goodsBetween(ctx, s, set)
	if err != nil || len(goods) == 0 {
		return text, err
	}
	return text.and(w.say("contradiction.goods", values{"goods": goods})), nil
}

// goodsBetween names the products whose balances tie the members together:
// those that a proof of the conflict needs when all other stated bounds are dropped.
func (w *wording) goodsBetween(ctx context.Context, s lp.Solver, set *conflict.Set) (listed, error) {
	p := w.p
	q := *p.LP
	q.RowLower, q.RowUpper = slices.Clone(q.RowLower), slices.Clone(q.RowUpper)
	q.Lower, q.Upper = slices.Clone(q.Lower), slices.Clone(q.Upper)
	drop := func(m conflict.Member, bound []float64, none float64) {
		if _, stated := p.stated(m); stated && !slices.Contains(set.Members, m) {
			bound[m.Index] = none
		}
	}
	for i := range q.RowLower {
		drop(conflict.Member{Index: i}, q.RowLower, -lp.Inf)
		drop(conflict.Member{Index: i, Upper: true}, q.RowUpper, lp.Inf)
	}
	for j := range q.Lower {
		drop(conflict.Member{Column: true, Index: j}, q.Lower, -lp.Inf)
		drop(conflict.Member{Column: true, Index: j, Upper: true}, q.Upper, lp.Inf)
	}
	sol, err := s.Solve(ctx, &q, lp.Options{Method: lp.Simplex})
	if err != nil {
		return nil, err
	}
	support, _ := conflict.Support(&q, sol.Ray)
	var ids []string
	for _, m := range support {
		if m.Column {
			continue
		}
		switch r := p.rows[m.Index]; r.kind {
		case rowBalance, rowDraw, rowPool:
			ids = append(ids, p.Net.Products[r.b].ID)
		}
	}
	slices.Sort(ids)
	return callAll(w.names.Thing, slices.Compact(ids)), nil
}

// elasticBound is one stated bound that may give way in the elastic program.
type elasticBound struct {
	lever lever
	low   bool // its lower bound
	col   int
	per   float64 // change of the bound, in its own unit, per unit of the column
}

// repair finds the cheapest repair of all that is stated.
func (w *wording) repair(ctx context.Context, s lp.Solver, c *Contradiction) error {
	q, slack := w.p.elastic()
	sol, err := s.Solve(ctx, q, lp.Options{Method: lp.Exact, Tolerance: 1e-9})
	if err != nil {
		return err
	}
	if sol.Status != lp.Optimal {
		return nil
	}
	for _, e := range slack {
		v := sol.Col[e.col]
		if v*q.Cost[e.col] <= 1e-7 {
			continue
		}
		if i := e.lever.moves[0].index; e.lever.moves[0].way == rowLeast || e.lever.moves[0].way == rowMost {
			below := w.p.below(i, sol.Col)
			if below <= 0 {
				continue
			}
			v /= below
		}
		c.Repair = append(c.Repair, w.repaired(&e.lever, e.low, v*e.per))
	}
	return nil
}

// elastic builds the program in which every stated bound may give way, at a
// cost of one for its own size. Equations of balances and definitions stay.
func (p *Program) elastic() (*lp.Problem, []elasticBound) {
	var slack []elasticBound
	var entries []extraRow // index: rows a slack column enters, value: its coefficients
	var columnRows []extraRow
	q := &lp.Problem{}
	base := p.LP
	add := func(m conflict.Member, coefficient float64) {
		l, ok := p.stated(m)
		if !ok {
			return
		}
		e := elasticBound{lever: l, low: !m.Upper, per: 1}
		if l.kind == "need" {
			e.per = l.size
		}
		slack = append(slack, e)
		if m.Column {
			// x − slack ≤ upper, or x + slack ≥ lower, as a row of its own
			r := extraRow{index: []int{m.Index}, value: []float64{1}, lower: -lp.Inf, upper: base.Upper[m.Index]}
			if !m.Upper {
				r.lower, r.upper = base.Lower[m.Index], lp.Inf
			}
			columnRows = append(columnRows, r)
			entries = append(entries, extraRow{index: []int{base.Rows() + len(columnRows) - 1}, value: []float64{coefficient}})
			return
		}
		entries = append(entries, extraRow{index: []int{m.Index}, value: []float64{coefficient}})
	}
	for i := range base.Rows() {
		add(conflict.Member{Index: i}, 1)
		add(conflict.Member{Index: i, Upper: true}, -1)
	}
	for j := range base.Cols() {
		add(conflict.Member{Column: true, Index: j}, 1)
		add(conflict.Member{Column: true, Index: j, Upper: true}, -1)
	}
	*q = *appendRows(base, base.Cols(), columnRows)
	q.Cost = make([]float64, base.Cols())
	for j := range base.Cols() {
		if _, ok := p.stated(conflict.Member{Column: true, Index: j}); ok {
			q.Lower[j] = 0
		}
		if _, ok := p.stated(conflict.Member{Column: true, Index: j, Upper: true}); ok {
			q.Upper[j] = lp.Inf
		}
	}
	for k := range slack {
		slack[k].col = q.AddColumn(p.relaxCost(&slack[k]), 0, lp.Inf)
		q.Entry(entries[k].index[0], entries[k].value[0])
	}
	return q, slack
}

// relaxCost makes giving way by the whole size of a bound cost 1.
func (p *Program) relaxCost(e *elasticBound) float64 {
	size := e.lever.size
	m := e.lever.moves[0]
	switch m.way {
	case rowLeast, rowMost:
		size = p.ratioSize(m.index)
	default:
		if e.per != 1 {
			size = 1
		}
		if e.lever.kind == "budget" {
			size = -p.LP.RowUpper[m.index]
		}
	}
	if size <= 0 {
		size = 1
	}
	return 1 / size
}

// ratioSize is what the bound of a ratio or blend weighs: itself times what is
// needed, at least one unit, of what stands below the line.
func (p *Program) ratioSize(i int) float64 {
	r := p.rows[i]
	bound := math.Abs(p.ratioBound(i))
	if bound == 0 {
		bound = 1
	}
	if r.kind != rowRatio {
		f := p.Net.Flows[r.b].Quantity
		if most := p.Net.Recipes[p.ix.recipe[p.Net.Flows[r.b].Recipe]].Most; most > 0 {
			f *= most
		}
		return bound * max(f, 1e-9)
	}
	most := 1.0
	for _, s := range p.classes[r.b].supplies {
		if sp := &p.supplies[s]; sp.what == p.Net.Ratios[r.a].To {
			for _, q := range sp.quantity {
				most = max(most, q)
			}
		}
	}
	return bound * most
}

// ratioBound is the figure stated for a ratio or blend row.
func (p *Program) ratioBound(i int) float64 {
	r := p.rows[i]
	least, most := p.Net.Blends, p.Net.Ratios
	var v *float64
	switch {
	case r.kind == rowRatio && r.c == 0:
		v = most[r.a].Least
	case r.kind == rowRatio:
		v = most[r.a].Most
	case r.age == 0:
		v = least[r.a].Least
	default:
		v = least[r.a].Most
	}
	if v == nil {
		return 0
	}
	return *v
}
