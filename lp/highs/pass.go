package highs

import (
	"encoding/binary"
	"math"

	"bremen/lp"
)

// pass hands p to the solver, replacing what it had. The program is written
// straight into the machine's memory; repeated entries of a column are summed
// at the place of the first, zeros are left out.
//
// A maximisation is passed as the minimisation of the negative: after presolve
// and interior point without crossover, HiGHS 1.15.3 returns duals of a
// maximisation with some signs turned.
func (in *instance) pass(p *lp.Problem) error {
	a := in.arena()
	defer a.free()
	cols, rows := p.Cols(), p.Rows()
	vectors := []uint64{a.doubles(stated(p, p.Cost)), a.doubles(p.Lower), a.doubles(p.Upper), a.doubles(p.RowLower), a.doubles(p.RowUpper)}
	start, index, value := a.alloc(4*(cols+1)), a.alloc(4*p.NNZ()), a.alloc(8*p.NNZ())
	if a.err != nil {
		return a.err
	}
	nnz := writeEntries(p, a.at(start), a.at(index), a.at(value))
	args := append([]uint64{integer(cols), integer(rows), integer(nnz), columnwise, minimise, double(p.Offset * sign(p))}, vectors...)
	args = append(args, start, index, value)
	if p.Integer == nil {
		return in.do("Highs_passLp", args...)
	}
	kinds := make([]int32, cols)
	for j, is := range p.Integer {
		if is {
			kinds[j] = 1
		}
	}
	args = append(args, a.ints(kinds))
	if a.err != nil {
		return a.err
	}
	return in.do("Highs_passMip", args...)
}

// Codes of the C interface.
const (
	columnwise = 1
	minimise   = 1
)

// sign is −1 where p is passed as its negative.
func sign(p *lp.Problem) float64 {
	if p.Maximise {
		return -1
	}
	return 1
}

// stated turns costs, duals or reduced costs between those of p and those of
// the minimisation passed; v is returned as it is, or a negated copy. No zero
// becomes negative.
func stated(p *lp.Problem, v []float64) []float64 {
	if !p.Maximise {
		return v
	}
	n := make([]float64, len(v))
	for i, x := range v {
		n[i] = 0 - x
	}
	return n
}

// writeEntries writes the columns of p and returns how many entries there are.
func writeEntries(p *lp.Problem, start, index, value []byte) int {
	le := binary.LittleEndian
	n := 0
	last := make([]int, p.Rows()) // one more than where a row's entry stands in the column going on
	for j := range p.Cols() {
		le.PutUint32(start[4*j:], uint32(n))
		first := n
		rows, values := p.Column(j)
		for k, i := range rows {
			v := values[k]
			if at := last[i] - 1; at >= first {
				v += math.Float64frombits(le.Uint64(value[8*at:]))
				le.PutUint64(value[8*at:], math.Float64bits(v))
				continue
			}
			if v == 0 {
				continue
			}
			le.PutUint32(index[4*n:], uint32(i))
			le.PutUint64(value[8*n:], math.Float64bits(v))
			n++
			last[i] = n
		}
	}
	le.PutUint32(start[4*p.Cols():], uint32(n))
	return n
}
