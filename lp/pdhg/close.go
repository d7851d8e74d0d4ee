package pdhg

import (
	"context"
	"math"

	"bremen/lp"
	"bremen/lp/block"
)

// Close returns a point near x that breaks no bound of p at all, for x that
// breaks some by little, and by how much the worst bound is still broken, as lp.Check.Primal:
// 0 unless there was no such point near enough. Prices have no part in it;
// what it costs of the objective is about what was gained by breaking bounds.
//
// It walks, from x, to a point of the program whose rows are narrower by a
// hair, until it misses that by less than the hair: by 10⁻⁸ of 1 + |bound|,
// then, where rows leave less room, 10⁻¹⁰. Where x breaks bounds by no more than
// 10⁻⁸, as the point of an exact method does, it is 10⁻¹³, 10⁻¹², 10⁻¹⁰. Columns that can take one value only
// (such as a technique one of whose inputs nobody makes) are put there first,
// and rows of nothing else are left as they are. A row with one bound on both
// sides cannot be narrower; what it is missed by is less than 10⁻¹⁰ of it and is returned as broken.
//
// Of Options it heeds Time, Threads, Progress and Iterations, which is 20,000 if 0, for each of them.
// p must be valid.
func Close(ctx context.Context, p *block.Problem, x []float64, o Options) (closed []float64, broken float64, err error) {
	if broken = primal(p, x); broken == 0 {
		return x, 0, nil
	}
	if o.Iterations == 0 {
		o.Iterations = mostClosing
	}
	q, free := withoutChoice(p)
	closed = x
	hairs := []float64{1e-8, 1e-10}
	if broken <= 1e-8 {
		hairs = []float64{1e-13, 1e-12, 1e-10}
	}
	for _, hair := range hairs {
		narrow(q, p, free, hair)
		o.Tolerance = 0.99 * hair
		o.Start = &Point{Col: closed, RowDual: make([]float64, p.Rows())}
		s, err := Solve(ctx, q, o)
		if err != nil {
			return nil, 0, err
		}
		if b := primal(p, s.Col); b < broken {
			closed, broken = s.Col, b
		}
		if broken == 0 {
			break
		}
	}
	return closed, broken, nil
}

const mostClosing = 20_000

func primal(p *block.Problem, x []float64) float64 { return block.Check(p, x, nil).Primal }

// withoutChoice returns p without costs, with columns that can take one value
// only at that, and tells which rows have other columns. Its bounds are its own.
func withoutChoice(p *block.Problem) (q *block.Problem, free []bool) {
	copied := *p
	q = &copied
	q.Maximise, q.Offset, q.Cost = false, 0, make([]float64, p.Cols())
	q.RowLower, q.RowUpper = make([]float64, p.Rows()), make([]float64, p.Rows())
	lower, upper := block.ImpliedBounds(p)
	q.Lower, q.Upper = append([]float64(nil), p.Lower...), append([]float64(nil), p.Upper...)
	free = make([]bool, p.Rows())
	var index []int32
	var value []float64
	for _, g := range p.ColGroups {
		for k := range g.Size() {
			j := g.First + k
			if upper[j]-lower[j] < 0x1p-1000 {
				v := math.Min(math.Max(0, q.Lower[j]), q.Upper[j])
				if v < lower[j]-0x1p-1000 || v > upper[j]+0x1p-1000 {
					v = lower[j]
				}
				q.Lower[j], q.Upper[j] = v, v
				continue
			}
			index, value = p.AppendColumn(index[:0], value[:0], g, k/g.Blocks, k%g.Blocks)
			for e, i := range index {
				free[i] = free[i] || value[e] != 0
			}
		}
	}
	return q, free
}

// narrow gives q the rows of p, those that are free narrower by a hair.
func narrow(q, p *block.Problem, free []bool, hair float64) {
	for i := range p.RowLower {
		lo, hi := p.RowLower[i], p.RowUpper[i]
		if !free[i] {
			q.RowLower[i], q.RowUpper[i] = -lp.Inf, lp.Inf
			continue
		}
		quarter := (hi - lo) / 4
		q.RowLower[i], q.RowUpper[i] = lo, hi
		if !math.IsInf(lo, 0) {
			q.RowLower[i] += math.Min(quarter, hair*(1+math.Abs(lo)))
		}
		if !math.IsInf(hi, 0) {
			q.RowUpper[i] -= math.Min(quarter, hair*(1+math.Abs(hi)))
		}
	}
}
