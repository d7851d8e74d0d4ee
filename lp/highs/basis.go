package highs

import (
	"fmt"

	"bremen/lp"
)

func (in *instance) readBasis(p *lp.Problem, s *lp.Solution) error {
	valid, err := in.infoInt("basis_validity")
	if err != nil || valid == 0 || integral(p) {
		return err
	}
	a := in.arena()
	defer a.free()
	c, r := a.alloc(4*p.Cols()), a.alloc(4*p.Rows())
	if a.err != nil {
		return a.err
	}
	if err := in.do("Highs_getBasis", c, r); err != nil {
		return err
	}
	s.Basis = &lp.Basis{Cols: statuses(a.readInts(c, p.Cols())), Rows: statuses(a.readInts(r, p.Rows()))}
	return nil
}

func statuses(v []int32) []lp.BasisStatus {
	s := make([]lp.BasisStatus, len(v))
	for i, x := range v {
		s[i] = lp.BasisStatus(x)
	}
	return s
}

func (in *instance) setBasis(p *lp.Problem, b *lp.Basis) error {
	if len(b.Cols) != p.Cols() || len(b.Rows) != p.Rows() {
		return fmt.Errorf("basis of %d columns and %d rows for a program of %d and %d", len(b.Cols), len(b.Rows), p.Cols(), p.Rows())
	}
	a := in.arena()
	defer a.free()
	c, r := a.ints(codes(b.Cols)), a.ints(codes(b.Rows))
	if a.err != nil {
		return a.err
	}
	return in.do("Highs_setBasis", c, r)
}

func codes(s []lp.BasisStatus) []int32 {
	v := make([]int32, len(s))
	for i, x := range s {
		v[i] = int32(x)
	}
	return v
}
