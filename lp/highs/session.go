package highs

import (
	"context"
	"fmt"
	"slices"

	"bremen/lp"
)

// Session solves a series of programs, each a change of the one before.
//
// A simplex solve starts from the basis that the last one ended with, so what
// it returns depends on the calls before; the same series of calls gives the
// same bytes. Solves by an interior point method and of integer programs start
// from nothing and return the very bytes that Pool.Solve returns for the same
// program.
//
// A session is used by one goroutine at a time. It counts among the pool's
// instances only while it solves. When a solve is cancelled or fails, the
// session stays usable: the next solve takes a new instance and the last basis.
type Session struct {
	pool  *Pool
	p     *lp.Problem
	basis *lp.Basis // of the last simplex solve, grown with the rows added since
	in    *instance // holds p but for the changes pending; nil if there is none

	ownValues  bool               // p.Value is a copy
	missing    map[place]float64  // entries that p.Value has no room for yet
	costs      map[int32]struct{} // columns whose cost the instance does not know
	cols, rows map[int32]struct{} // whose bounds the instance does not know
}

type place struct{ row, col int32 }

// Open starts a session on p. It shares the entries of p until it changes one,
// so p must not be changed while the session is in use.
func (p *Pool) Open(prob *lp.Problem) (*Session, error) {
	if err := prob.Validate(); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	q := *prob
	q.Cost = slices.Clone(prob.Cost)
	q.Lower, q.Upper = slices.Clone(prob.Lower), slices.Clone(prob.Upper)
	q.RowLower, q.RowUpper = slices.Clone(prob.RowLower), slices.Clone(prob.RowUpper)
	s := &Session{pool: p, p: &q, missing: map[place]float64{}}
	s.known()
	return s, nil
}

// known notes that the instance has every cost and bound.
func (s *Session) known() {
	s.costs, s.cols, s.rows = map[int32]struct{}{}, map[int32]struct{}{}, map[int32]struct{}{}
}

// Problem returns the program as it stands. It is valid until the next change
// and must not be changed.
func (s *Session) Problem() *lp.Problem {
	s.insert()
	return s.p
}

// SetCost sets the cost of column j.
func (s *Session) SetCost(j int, cost float64) {
	s.p.Cost[j] = cost
	s.costs[int32(j)] = struct{}{}
}

// SetColumn sets the bounds of column j.
func (s *Session) SetColumn(j int, lower, upper float64) {
	s.p.Lower[j], s.p.Upper[j] = lower, upper
	s.cols[int32(j)] = struct{}{}
}

// SetRow sets the bounds of row i.
func (s *Session) SetRow(i int, lower, upper float64) {
	s.p.RowLower[i], s.p.RowUpper[i] = lower, upper
	s.rows[int32(i)] = struct{}{}
}

// SetEntry sets the coefficient of column j in row i. Changes of coefficients
// and added rows cost a pass over all entries at the next solve.
func (s *Session) SetEntry(i, j int, v float64) {
	s.drop()
	if !s.ownValues {
		s.p.Value, s.ownValues = slices.Clone(s.p.Value), true
	}
	rows, values := s.p.Column(j)
	found := false
	for k, r := range rows {
		if int(r) == i {
			values[k], v, found = v, 0, true // repeated entries are summed: the first has it all
		}
	}
	if !found {
		s.missing[place{int32(i), int32(j)}] = v
	}
}

// AddRow appends the row lower ≤ Σ values·x[cols] ≤ upper and returns its
// number. A column named twice counts with the last value.
func (s *Session) AddRow(lower, upper float64, cols []int, values []float64) int {
	s.drop()
	i := s.p.AddRow(lower, upper)
	for k, j := range cols {
		s.missing[place{int32(i), int32(j)}] = values[k]
	}
	if s.basis != nil {
		s.basis.Rows = append(s.basis.Rows, lp.Basic)
	}
	return i
}

// SetBasis makes b the basis from which the next simplex solve starts; nil
// makes it start from nothing.
func (s *Session) SetBasis(b *lp.Basis) {
	s.drop()
	s.basis = nil
	if b != nil {
		s.basis = &lp.Basis{Cols: slices.Clone(b.Cols), Rows: slices.Clone(b.Rows)}
	}
}

// Solve solves the program as it stands. Errors and statuses are those of
// Pool.Solve.
func (s *Session) Solve(ctx context.Context, o lp.Options) (*lp.Solution, error) {
	sol, err := s.solve(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	return sol, nil
}

func (s *Session) solve(ctx context.Context, o lp.Options) (*lp.Solution, error) {
	s.insert()
	if err := s.p.Validate(); err != nil {
		return nil, err
	}
	if err := s.pool.acquire(ctx); err != nil {
		return nil, err
	}
	defer s.pool.release()
	b := newJob(ctx, o)
	if method(s.p, o) != lp.Simplex || integral(s.p) {
		s.drop()
		return solveFresh(s.pool.engine, s.pool.memory, b, s.p)
	}
	if o.Basis != nil {
		s.drop()
	} else if err := s.ready(b); err != nil {
		return nil, err
	}
	if s.in == nil {
		if err := s.start(); err != nil {
			return nil, err
		}
	}
	sol, err := s.in.solve(b, s.p)
	if err != nil || s.in.host.clock.late > 0 || sol.Method != lp.Simplex || sol.Status == lp.Unknown {
		s.drop()
	}
	if err == nil && sol.Basis != nil {
		s.basis = &lp.Basis{Cols: slices.Clone(sol.Basis.Cols), Rows: slices.Clone(sol.Basis.Rows)}
	}
	return sol, err
}

// ready brings the instance up to date; without one, it puts the last basis
// where the solve begins.
func (s *Session) ready(b *job) error {
	if s.in == nil {
		b.o.Basis = s.basis
		return nil
	}
	err := s.update()
	if err != nil {
		s.drop()
	}
	return err
}

// start makes an instance that holds p.
func (s *Session) start() error {
	in, err := newInstance(s.pool.engine, s.pool.memory)
	if err != nil {
		return err
	}
	if err := in.pass(s.p); err != nil {
		in.close()
		return err
	}
	s.in = in
	s.known()
	return nil
}

// drop gives up the instance, and its memory.
func (s *Session) drop() {
	if s.in != nil {
		s.in.close()
		s.in = nil
	}
}

// Close ends the session and gives its memory back.
func (s *Session) Close() error {
	s.drop()
	return nil
}

// update tells the instance of the costs and bounds that changed.
func (s *Session) update() error {
	p, a := s.p, s.in.arena()
	defer a.free()
	pick := func(set []int32, from []float64) uint64 {
		v := make([]float64, len(set))
		for k, i := range set {
			v[k] = from[i]
		}
		return a.doubles(v)
	}
	change := func(name string, changed map[int32]struct{}, vectors ...[]float64) error {
		if len(changed) == 0 || a.err != nil {
			return a.err
		}
		set := sorted(changed)
		args := []uint64{integer(len(set)), a.ints(set)}
		for _, v := range vectors {
			args = append(args, pick(set, v))
		}
		if a.err != nil {
			return a.err
		}
		return s.in.do(name, args...)
	}
	costs := p.Cost
	if len(s.costs) > 0 {
		costs = stated(p, p.Cost)
	}
	if err := change("Highs_changeColsCostBySet", s.costs, costs); err != nil {
		return err
	}
	if err := change("Highs_changeColsBoundsBySet", s.cols, p.Lower, p.Upper); err != nil {
		return err
	}
	if err := change("Highs_changeRowsBoundsBySet", s.rows, p.RowLower, p.RowUpper); err != nil {
		return err
	}
	s.known()
	return nil
}

func sorted(set map[int32]struct{}) []int32 {
	v := make([]int32, 0, len(set))
	for i := range set {
		v = append(v, i)
	}
	slices.Sort(v)
	return v
}

// insert makes room in p for the entries that it does not have yet. The new
// ones of a column stand behind its old ones, by row.
func (s *Session) insert() {
	if len(s.missing) == 0 {
		return
	}
	more := make([]place, 0, len(s.missing))
	for at := range s.missing {
		more = append(more, at)
	}
	slices.SortFunc(more, func(a, b place) int {
		if a.col != b.col {
			return int(a.col - b.col)
		}
		return int(a.row - b.row)
	})
	p, n := s.p, s.p.NNZ()+len(more)
	start, index, value := make([]int, 1, p.Cols()+1), make([]int32, 0, n), make([]float64, 0, n)
	for j := range p.Cols() {
		rows, values := p.Column(j)
		index, value = append(index, rows...), append(value, values...)
		for len(more) > 0 && int(more[0].col) == j {
			index, value = append(index, more[0].row), append(value, s.missing[more[0]])
			more = more[1:]
		}
		start = append(start, len(index))
	}
	p.Start, p.Index, p.Value, s.ownValues = start, index, value, true
	clear(s.missing)
}
