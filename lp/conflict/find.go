package conflict

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"bremen/lp"
)

// Set is a set of bounds that cannot all hold.
type Set struct {
	Members []Member // rows before columns, by number, lower before upper
	// Irreducible says that each member was left out in turn, and a point was
	// found that meets all others (and the background). If it is false, some
	// program was too close to call.
	Irreducible bool
	Programs    int // how many were solved
}

// Options say how to look for a set.
type Options struct {
	// Background says of bounds that they hold whatever else does not: they are
	// never members. Nil means that any bound may be one.
	Background func(Member) bool
	// Tolerance of feasibility; 0 means 1e-7.
	Tolerance float64
}

// ErrFeasible says that there is no conflict: a point meets all bounds.
var ErrFeasible = errors.New("program is feasible")

// ErrUndecided says that neither a point nor a proof that there is none was
// found, or that the background is in conflict with itself.
var ErrUndecided = errors.New("neither a feasible point nor a proof of infeasibility was found")

// Find returns a set of the bounds of p that is in conflict, irreducible if
// nothing was too close to call. Integer columns are taken as continuous.
//
// It starts from the bounds that a proof of infeasibility rests on and leaves
// out one after the other, first those of columns, then those of rows, each
// from the last; every proof that comes up meanwhile narrows the set further.
// So each bound that stays has been shown to be needed, by a point that meets
// all others. The answer is the same for the same arguments if the solver's is.
//
// It returns ErrFeasible, ErrUndecided, or what the solver returned.
func Find(ctx context.Context, solver lp.Solver, p *lp.Problem, o Options) (*Set, error) {
	f := &filter{ctx: ctx, solver: solver, options: o, state: map[Member]standing{}, set: &Set{Irreducible: true}}
	if err := f.begin(p); err != nil {
		return nil, fmt.Errorf("infeasible set: %w", err)
	}
	for _, m := range slices.Backward(f.left()) {
		if f.state[m] != candidate {
			continue
		}
		if err := f.leaveOut(m); err != nil {
			return nil, fmt.Errorf("infeasible set: %w", err)
		}
	}
	f.set.Members = f.left()
	return f.set, nil
}

// standing is what is known of a bound.
type standing uint8

const (
	gone      standing = iota // left out
	candidate                 // may be left out
	needed                    // may not
)

// filter leaves one bound after the other out of a program without a feasible point.
type filter struct {
	ctx     context.Context
	solver  lp.Solver
	options Options
	set     *Set
	state   map[Member]standing // by numbers of the whole program

	whole      *lp.Problem
	part       *lp.Problem // the rows and columns that matter, with the bounds that are left
	rows, cols []int       // their numbers in the whole program
	rowAt      map[int]int // and back
	colAt      map[int]int
	basis      *lp.Basis // of part, from the last answer
}

// begin finds the first proof and takes what it rests on.
func (f *filter) begin(p *lp.Problem) error {
	whole := *p
	whole.Cost, whole.Integer, whole.Offset, whole.Maximise = make([]float64, p.Cols()), nil, 0, false
	f.whole = &whole
	s, err := f.solve(f.whole, nil)
	if err != nil {
		return err
	}
	if s.Status == lp.Optimal {
		return ErrFeasible
	}
	members, ok := Support(f.whole, s.Ray)
	if s.Status != lp.Infeasible || !ok {
		return ErrUndecided
	}
	for _, m := range members {
		if !f.background(m) {
			f.state[m] = candidate
		}
	}
	if len(f.state) == 0 {
		return ErrUndecided
	}
	f.restrict()
	return nil
}

func (f *filter) solve(p *lp.Problem, presolve *bool) (*lp.Solution, error) {
	f.set.Programs++
	return f.solver.Solve(f.ctx, p, lp.Options{Method: lp.Simplex, Tolerance: f.options.Tolerance, Basis: f.basis, Presolve: presolve})
}

func (f *filter) background(m Member) bool {
	return f.options.Background != nil && f.options.Background(m)
}

// kept returns the figure of a bound, infinite if it has been left out.
func (f *filter) kept(m Member) float64 {
	switch {
	case f.state[m] != gone || f.background(m):
		return m.Bound(f.whole)
	case m.Upper:
		return lp.Inf
	}
	return -lp.Inf
}

// restrict takes from the whole program the rows that have a bound left, and
// the columns with an entry in them.
func (f *filter) restrict() {
	f.part, f.rowAt, f.colAt = &lp.Problem{}, map[int]int{}, map[int]int{}
	for i := range f.whole.Rows() {
		l, u := f.kept(Member{Index: i}), f.kept(Member{Index: i, Upper: true})
		if l > -lp.Inf || u < lp.Inf {
			f.rowAt[i] = f.part.AddRow(l, u)
			f.rows = append(f.rows, i)
		}
	}
	for j := range f.whole.Cols() {
		rows, values := f.whole.Column(j)
		for k, i := range rows {
			at, ok := f.rowAt[int(i)]
			if !ok || values[k] == 0 {
				continue
			}
			if _, ok := f.colAt[j]; !ok {
				f.colAt[j] = f.part.AddColumn(0, f.kept(Member{true, j, false}), f.kept(Member{true, j, true}))
				f.cols = append(f.cols, j)
			}
			f.part.Entry(at, values[k])
		}
	}
}

// put sets a bound of the part to what is kept of it.
func (f *filter) put(m Member) {
	v := f.kept(m)
	switch {
	case m.Column && m.Upper:
		f.part.Upper[f.colAt[m.Index]] = v
	case m.Column:
		f.part.Lower[f.colAt[m.Index]] = v
	case m.Upper:
		f.part.RowUpper[f.rowAt[m.Index]] = v
	default:
		f.part.RowLower[f.rowAt[m.Index]] = v
	}
}

// leaveOut decides on m: it stays out if the rest still has no feasible point.
func (f *filter) leaveOut(m Member) error {
	f.state[m] = gone
	f.put(m)
	off := false
	s, err := f.solve(f.part, &off)
	if err != nil {
		return err
	}
	if s.Basis != nil {
		f.basis = s.Basis
	}
	switch s.Status {
	case lp.Infeasible:
		if proof, ok := Support(f.part, s.Ray); ok {
			f.narrow(proof)
		}
		return nil
	case lp.Optimal:
	default:
		f.set.Irreducible = false
	}
	f.state[m] = needed
	f.put(m)
	return nil
}

// narrow leaves out all that a proof, in numbers of the part, does without.
func (f *filter) narrow(proof []Member) {
	used := map[Member]bool{}
	for _, m := range proof {
		if m.Column {
			m.Index = f.cols[m.Index]
		} else {
			m.Index = f.rows[m.Index]
		}
		used[m] = true
	}
	for _, m := range f.left() {
		switch {
		case used[m]:
		case f.state[m] == needed: // the point that showed it was too close to call
			f.set.Irreducible = false
		default:
			f.state[m] = gone
			f.put(m)
		}
	}
}

// left returns the members not left out, in the order of Set.Members.
func (f *filter) left() []Member {
	var all []Member
	for m, s := range f.state {
		if s != gone {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b Member) int {
		return cmp.Or(falseFirst(a.Column, b.Column), cmp.Compare(a.Index, b.Index), falseFirst(a.Upper, b.Upper))
	})
	return all
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
