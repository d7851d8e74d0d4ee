package plan

import (
	"fmt"
	"reflect"
)

// whole checks the plan in whole amounts that proofs hold: that it is there
// where the document says so, keeps every bound and comes in whole amounts.
// It returns it as finish wants it, and false where it cannot be read at all.
func (v *Verification) whole(c *climb, d *Document, proofs *Proofs) (*rounded, bool) {
	ws := c.p.wholes()
	switch {
	case d.Rounding == nil && len(proofs.Rounded) > 0:
		v.fail("the proofs hold a rounded plan, of which the document says nothing")
		return nil, false
	case d.Rounding == nil:
		return nil, true
	case d.Rounding.Method == RoundedNotAtAll && len(proofs.Rounded) == 0:
		return &rounded{method: d.Rounding.Method, gap: d.Rounding.Gap}, true
	case len(proofs.Rounded) != c.p.LP.Cols():
		v.fail("the proofs hold a rounded plan of %d columns, this network's program has %d", len(proofs.Rounded), c.p.LP.Cols())
		return nil, false
	}
	if broken := residual(c.p.LP, proofs.Rounded); broken > verifyFeasible {
		v.Infeasibility = broken
		v.fail("the rounded plan breaks a bound of the network by %.2g", broken)
	}
	for i := range ws {
		if x := proofs.Rounded[ws[i].col]; !ws[i].holds(x) {
			v.fail("%s is %g, which is no whole amount", c.p.colName(ws[i].col), x)
		}
	}
	return &rounded{x: proofs.Rounded, method: d.Rounding.Method, gap: d.Rounding.Gap}, true
}

// losses compares what the document says needs lose by rounding.
func (v *Verification) losses(stated, found *Rounding) {
	if stated == nil {
		return
	}
	if len(stated.Loss) != len(found.Loss) {
		v.fail("rounding.loss: %d urgencies stated, %d found", len(stated.Loss), len(found.Loss))
	}
	for u, loss := range found.Loss {
		if at := differs(reflect.ValueOf(stated.Loss[u]), reflect.ValueOf(loss), fmt.Sprintf("rounding.loss[%s]", u)); at != "" {
			v.fail("%s", at)
		}
	}
}
