package lptest

import (
	"reflect"
	"testing"

	"bremen/lp"
)

func TestBankIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Bank() {
		p := c.Problem()
		if seen[c.Name] {
			t.Errorf("%s: named twice", c.Name)
		}
		seen[c.Name] = true
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
		if c.Integer != (p.Integer != nil) {
			t.Errorf("%s: integer columns and Integer disagree", c.Name)
		}
		if c.Point != nil && far(p.Evaluate(c.Point), c.Objective) {
			t.Errorf("%s: objective %v at the point stated, %v stated", c.Name, p.Evaluate(c.Point), c.Objective)
		}
		if c.Point != nil && c.RowDual != nil {
			if r := lp.CheckSolution(p, &lp.Solution{Col: c.Point, RowDual: c.RowDual}); !r.Within(1e-12) {
				t.Errorf("%s: the answer stated has residuals %+v", c.Name, r)
			}
		}
	}
}

func TestGeneratorsRepeat(t *testing.T) {
	if !reflect.DeepEqual(Planning(10, 2, 3, 7), Planning(10, 2, 3, 7)) {
		t.Error("planning: two programs for the same arguments")
	}
	a, x := Random(10, 12, 7)
	b, y := Random(10, 12, 7)
	if !reflect.DeepEqual(a, b) || x != y {
		t.Error("random: two programs for the same arguments")
	}
	for _, p := range []*lp.Problem{a, Planning(1, 1, 1, 0), Planning(12, 3, 2, 5)} {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
}
