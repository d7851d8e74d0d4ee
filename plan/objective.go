package plan

import (
	"fmt"

	"bremen/lp"
	"bremen/network"
)

// WithObjective returns the program with a goal that is one expression (least,
// most, sum) as its objective, for solvers elsewhere. It shares all but the
// objective with p.LP.
func (p *Program) WithObjective(r *network.Rung) (*lp.Problem, error) {
	if r.Kind == network.Leximin {
		return nil, fmt.Errorf("rung %s: a %s goal is no single program", r.Goal, r.Kind)
	}
	e, err := p.expression(r)
	if err != nil {
		return nil, err
	}
	o := *p.LP
	o.Cost, o.Offset, o.Maximise = e.dense(p.LP.Cols()), e.constant, r.Kind == network.Most
	return &o, nil
}
