package lp

import "strings"

// This file reads the rows, bounds and kinds of columns of a CPLEX-LP file.

// relation is  left ≤ terms ≤ right  as a row or a bound states it.
type relation struct {
	terms       []term // valid until the next relation is read
	left, right float64

	statesLeft, statesRight bool // also where it states an infinite one
}

// relation reads  terms cmp number,  number cmp terms  or  number cmp terms
// cmp number. Behind terms stands nothing but a number, so that a sign or name
// on the next line begins the next relation.
func (l *lpReader) relation(column func(token) (int32, error)) (relation, error) {
	r := relation{left: -Inf, right: Inf}
	number, alone, err := l.terms(column)
	if err != nil {
		return r, err
	}
	compare := l.t
	if compare.kind != compareToken {
		return r, l.errorf(compare, "found %v, expected + or - or <=, >= or =", compare)
	}
	l.advance()
	if alone {
		r.restrict(mirrored[compare.text], number)
		begin := l.t
		_, alone, err := l.terms(column)
		r.terms = l.expr
		switch {
		case err != nil:
			return r, err
		case alone:
			return r, l.errorf(begin, "found a number on both sides of %s, expected variables", compare.text)
		case l.t.kind != compareToken:
			return r, nil
		case l.t.text != compare.text || l.t.text == "=":
			return r, l.errorf(l.t, "found %v after %s, expected both to be <= or both >=", l.t, compare.text)
		}
		l.advance()
	}
	r.terms = l.expr
	number, err = l.number()
	r.restrict(compare.text, number)
	return r, err
}

var mirrored = map[string]string{"<=": ">=", ">=": "<=", "=": "="}

func (r *relation) restrict(compare string, v float64) {
	v = clampInfinite(v)
	if compare != "<=" {
		r.left, r.statesLeft = v, true
	}
	if compare != ">=" {
		r.right, r.statesRight = v, true
	}
}

// terms reads terms into l.expr, or a number standing alone.
func (l *lpReader) terms(column func(token) (int32, error)) (number float64, alone bool, err error) {
	l.expr = l.expr[:0]
	for first := true; first || l.t.kind == signToken; first = false {
		at := l.t
		v, name, err := l.term()
		switch {
		case err != nil:
			return 0, false, err
		case name.kind != nameToken && first:
			return v, true, nil
		case name.kind != nameToken:
			return 0, false, l.errorf(at, "found a number among the terms of a row, expected it on the other side")
		}
		j, err := column(name)
		if err != nil {
			return 0, false, err
		}
		l.expr = append(l.expr, term{j, v})
	}
	return 0, false, nil
}

// number reads a number with its signs, or infinity.
func (l *lpReader) number() (float64, error) {
	sign := 1.0
	for l.t.kind == signToken {
		if l.t.text == "-" {
			sign = -sign
		}
		l.advance()
	}
	if l.t.kind != numberToken && !isInfinity(l.t.text) {
		return 0, l.errorf(l.t, "found %v, expected a number", l.t)
	}
	v, err := parseBound(l.t.text)
	if err != nil {
		return 0, l.errorf(l.t, "%v", err)
	}
	l.advance()
	return sign * v, nil
}

func (l *lpReader) row() error {
	at := l.t
	name := l.label()
	if i, ok := l.rows[name]; ok {
		return l.errorf(at, "row %q is already row number %d", name, i)
	}
	r, err := l.relation(func(t token) (int32, error) { return l.column(t.text), nil })
	if err != nil {
		return err
	}
	i := l.p.AddRow(r.left, r.right)
	if name != "" {
		l.rows[name] = i
	}
	l.rowNames = append(l.rowNames, name)
	for _, t := range r.terms {
		l.termCol = append(l.termCol, t.col)
		l.termValue = append(l.termValue, t.value)
	}
	l.rowEnd = append(l.rowEnd, len(l.termCol))
	return nil
}

// known returns the number of a column that the objective or a row has named.
func (l *lpReader) known(t token) (int32, error) {
	j, ok := l.cols[t.text]
	if !ok {
		return 0, l.errorf(t, "found %v, expected a column that stands in the objective or a row", t)
	}
	return j, nil
}

func (l *lpReader) bound() error {
	at := l.t
	if l.t.kind == nameToken && l.then.kind == nameToken && strings.EqualFold(l.then.text, "free") {
		j, err := l.known(l.t)
		if err != nil {
			return err
		}
		l.p.Lower[j], l.p.Upper[j] = -Inf, Inf
		l.advance()
		l.advance()
		return nil
	}
	r, err := l.relation(l.known)
	switch {
	case err != nil:
		return err
	case len(r.terms) != 1 || r.terms[0].value != 1:
		return l.errorf(at, "found a bound of a sum or multiple, expected one of a single column")
	}
	j := r.terms[0].col
	if r.statesLeft {
		l.p.Lower[j] = r.left
	}
	if r.statesRight {
		l.p.Upper[j] = r.right
	}
	return nil
}

func (l *lpReader) integer() error {
	if l.t.kind != nameToken {
		return l.errorf(l.t, "found %v, expected the name of a column", l.t)
	}
	j, err := l.known(l.t)
	if err != nil {
		return err
	}
	l.p.SetInteger(int(j))
	l.advance()
	return nil
}

func (l *lpReader) binary() error {
	at := l.t
	if err := l.integer(); err != nil {
		return err
	}
	j := l.cols[at.text]
	l.p.Lower[j], l.p.Upper[j] = 0, 1
	return nil
}
