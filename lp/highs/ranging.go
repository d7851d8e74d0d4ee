package highs

import "bremen/lp"

// ranging fetches the sensitivity of the basic solution that the solver has.
// Where the solver cannot give one, s.Ranging stays nil. Rows and columns that
// stand at no bound have one without end.
func (in *instance) ranging(p *lp.Problem, s *lp.Solution) error {
	a := in.arena()
	defer a.free()
	// Six groups (cost, column bound, row bound; each up and down) of four
	// vectors: value, objective, entering and leaving variable.
	sizes := []int{p.Cols(), p.Cols(), p.Cols(), p.Cols(), p.Rows(), p.Rows()}
	var ptrs []uint64
	for _, n := range sizes {
		ptrs = append(ptrs, a.alloc(8*n), a.alloc(8*n), a.alloc(4*n), a.alloc(4*n))
	}
	if a.err != nil {
		return a.err
	}
	if err := in.do("Highs_getRanging", ptrs...); err != nil {
		if in.dead != nil {
			return err
		}
		return nil
	}
	group := func(up, n int) []lp.Range {
		return ranges(p, a.readDoubles(ptrs[4*up+4], n), a.readDoubles(ptrs[4*up+5], n), a.readDoubles(ptrs[4*up], n), a.readDoubles(ptrs[4*up+1], n))
	}
	s.Ranging = &lp.Ranging{Cost: group(0, p.Cols()), Col: group(2, p.Cols()), Row: group(4, p.Rows())}
	unbound(s.Ranging.Row, s.Basis.Rows, s.Objective)
	unbound(s.Ranging.Col, s.Basis.Cols, s.Objective)
	if p.Maximise {
		for j, r := range s.Ranging.Cost { // of the negative cost
			s.Ranging.Cost[j] = lp.Range{Lower: 0 - r.Upper, Upper: 0 - r.Lower, ObjectiveLower: r.ObjectiveUpper, ObjectiveUpper: r.ObjectiveLower}
		}
	}
	return nil
}

// ranges puts values and objectives together, these in the sense of p.
func ranges(p *lp.Problem, lower, lowerObjective, upper, upperObjective []float64) []lp.Range {
	lowerObjective, upperObjective = stated(p, lowerObjective), stated(p, upperObjective)
	r := make([]lp.Range, len(lower))
	for i := range r {
		r[i] = lp.Range{Lower: lower[i], Upper: upper[i], ObjectiveLower: lowerObjective[i], ObjectiveUpper: upperObjective[i]}
	}
	return r
}

// unbound puts ranges without end where the basis has no active bound. (HiGHS
// gives the range of the activity instead.)
func unbound(r []lp.Range, status []lp.BasisStatus, objective float64) {
	for i, s := range status {
		if s == lp.Basic {
			r[i] = lp.Range{Lower: -lp.Inf, Upper: lp.Inf, ObjectiveLower: objective, ObjectiveUpper: objective}
		}
	}
}
