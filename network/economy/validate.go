package economy

import (
	"errors"
	"fmt"
	"math"

	"bremen/lp/block"
)

// Validate says what is wrong with an economy: lists that are empty, codes that
// stand twice, references and lengths that do not fit, figures out of range. It
// reports the first mistake of each kind of list. Nil means that Problem may be asked.
func (e *Economy) Validate() error {
	if len(e.Products) == 0 || len(e.Techniques) == 0 || len(e.Regions) == 0 || len(e.Periods) == 0 {
		return fmt.Errorf("economy %q: %d products, %d techniques, %d regions, %d periods, expected at least one of each", e.ID, len(e.Products), len(e.Techniques), len(e.Regions), len(e.Periods))
	}
	return errors.Join(e.validCodes(), e.validItems(), e.validTechnologies(), e.validFigures(), e.validTransport(), e.validNeeds(), e.validLadder())
}

func (e *Economy) validCodes() error {
	seen := map[string]string{}
	once := func(what, code string) error {
		if code == "" {
			return fmt.Errorf("%s without a code", what)
		}
		if of, twice := seen[code]; twice {
			return fmt.Errorf("%s %q: the code stands twice, also for a %s", what, code, of)
		}
		seen[code] = what
		return nil
	}
	for _, p := range e.Products {
		if err := once("product", p.Code); err != nil {
			return err
		}
	}
	if err := eachItem("skill", e.Skills, once); err != nil {
		return err
	}
	capitals := make([]Item, len(e.Capitals))
	for i, c := range e.Capitals {
		capitals[i] = c.Item
	}
	if err := eachItem("capital", capitals, once); err != nil {
		return err
	}
	for _, l := range e.Limits {
		if err := once("limit", l.Code); err != nil {
			return err
		}
	}
	for _, column := range [][]struct {
		what string
		list []Item
	}{{{"capital", capitals}, {"technique", e.Techniques}, {"mode", e.Modes}}, {{"region", e.Regions}}, {{"period", e.Periods}}} {
		clear(seen)
		for _, l := range column {
			if err := eachItem(l.what, l.list, once); err != nil {
				return err
			}
		}
	}
	return nil
}

func eachItem(what string, list []Item, f func(what, code string) error) error {
	for _, i := range list {
		if err := f(what, i.Code); err != nil {
			return err
		}
	}
	return nil
}

func (e *Economy) validItems() error {
	for _, p := range e.Products {
		switch {
		case !within(p.Keep, 0, 1):
			return fmt.Errorf("product %q: keeps %v of a stock per period, expected 0 to 1", p.Code, p.Keep)
		case !within(p.Room, 0, math.MaxFloat64):
			return fmt.Errorf("product %q: room for %v, expected at least 0", p.Code, p.Room)
		case !within(p.Weight, 0, math.MaxFloat64):
			return fmt.Errorf("product %q: weight %v, expected at least 0", p.Code, p.Weight)
		}
	}
	for _, c := range e.Capitals {
		if !within(c.Wear, 0, 1) {
			return fmt.Errorf("capital %q: wear %v per period, expected 0 to 1", c.Code, c.Wear)
		}
	}
	for _, l := range e.Limits {
		if l.Scope >= scopeCount {
			return fmt.Errorf("limit %q: scope %d, expected one of %v", l.Code, l.Scope, scopeNames)
		}
		size := [scopeCount]int{e.Blocks(), len(e.Regions), len(e.Periods), 1}[l.Scope]
		if err := figures(fmt.Sprintf("limit %q", l.Code), l.Most, size, math.Inf(-1), math.Inf(1)); err != nil {
			return err
		}
	}
	return nil
}

// within says whether v is a number from lo to hi.
func within(v, lo, hi float64) bool { return v >= lo && v <= hi }

// figures checks the length of a list of figures and their range.
func figures(what string, v []float64, size int, lo, hi float64) error {
	if len(v) != size {
		return fmt.Errorf("%s: %d figures, expected %d", what, len(v), size)
	}
	for i, x := range v {
		if !within(x, lo, hi) {
			return fmt.Errorf("%s: figure %d is %v, expected %v to %v", what, i, x, lo, hi)
		}
	}
	return nil
}

func (e *Economy) validTechnologies() error {
	for _, t := range []struct {
		what string
		of   Technology
		cols int
	}{{"making", e.Making, len(e.Techniques)}, {"building", e.Building, len(e.Capitals)}, {"moving", e.Moving, len(e.Modes)}} {
		for _, m := range []struct {
			what   string
			matrix *block.Matrix
			rows   int
			least  float64
		}{
			{"products", t.of.Product, len(e.Products), math.Inf(-1)},
			{"labour", t.of.Labour, len(e.Skills), 0},
			{"capital", t.of.Capital, len(e.Capitals), 0},
			{"limits", t.of.Limit, len(e.Limits), math.Inf(-1)},
		} {
			if m.matrix == nil {
				continue
			}
			if m.matrix.Rows != m.rows || m.matrix.Cols != t.cols {
				return fmt.Errorf("%s, %s: a matrix of %d×%d, expected %d×%d", t.what, m.what, m.matrix.Rows, m.matrix.Cols, m.rows, t.cols)
			}
			if err := m.matrix.Validate(); err != nil {
				return fmt.Errorf("%s, %s: %w", t.what, m.what, err)
			}
			for _, v := range m.matrix.Value {
				if v < m.least {
					return fmt.Errorf("%s, %s: takes %v, expected at least %v", t.what, m.what, v, m.least)
				}
			}
		}
	}
	if m := e.Moving.Product; m != nil {
		for k, v := range m.Value {
			if v > 0 {
				return fmt.Errorf("moving: brings %v of product %q, expected none", v, e.Products[m.Index[k]].Code)
			}
		}
	}
	return nil
}

func (e *Economy) validFigures() error {
	n, most := e.Blocks(), math.MaxFloat64
	err := figures("labour", e.Labour, len(e.Skills)*n, 0, math.Inf(1))
	for _, f := range []struct {
		what string
		v    []float64
		size int
	}{
		{"stock", e.Stock, len(e.Products) * len(e.Regions)},
		{"supply", e.Supply, len(e.Products) * n},
		{"installed", e.Installed, len(e.Capitals) * len(e.Regions)},
		{"kept", e.Kept, len(e.Capitals) * len(e.Regions)},
	} {
		if err == nil && f.v != nil {
			err = figures(f.what, f.v, f.size, 0, most)
		}
	}
	if err != nil {
		return err
	}
	for _, m := range e.Most {
		if m.Technique < 0 || m.Technique >= len(e.Techniques) || m.Region < Everywhere || m.Region >= len(e.Regions) ||
			m.Period < Everywhere || m.Period >= len(e.Periods) || !within(m.Amount, 0, most) {
			return fmt.Errorf("most %+v of %d techniques, %d regions, %d periods, expected an amount of at least 0", m, len(e.Techniques), len(e.Regions), len(e.Periods))
		}
	}
	return nil
}

func (e *Economy) validTransport() error {
	for i, a := range e.Arcs {
		ends := a.From >= 0 && a.To >= 0 && a.From < len(e.Regions) && a.To < len(e.Regions) && a.From != a.To
		if !ends || a.Mode < 0 || a.Mode >= len(e.Modes) {
			return fmt.Errorf("arc %d from region %d to %d by mode %d: expected two of %d regions and one of %d modes", i, a.From, a.To, a.Mode, len(e.Regions), len(e.Modes))
		}
		if !within(a.Distance, 0, math.MaxFloat64) {
			return fmt.Errorf("arc %d: distance %v, expected at least 0", i, a.Distance)
		}
		if err := figures(fmt.Sprintf("arc %d: capacity", i), a.Capacity, len(e.Periods), 0, math.MaxFloat64); err != nil {
			return err
		}
	}
	return nil
}

func (e *Economy) validNeeds() error {
	names := map[string]bool{}
	for _, u := range e.Urgencies {
		if names[u.Name] {
			return fmt.Errorf("urgency %q: the name stands twice", u.Name)
		}
		names[u.Name] = true
		if !within(u.Weight, math.SmallestNonzeroFloat64, math.MaxFloat64) {
			return fmt.Errorf("urgency %q: weight %v, expected more than 0", u.Name, u.Weight)
		}
	}
	if len(e.Urgencies) == 0 || len(e.Steps) == 0 {
		return fmt.Errorf("%d urgencies and %d steps, expected at least one of each", len(e.Urgencies), len(e.Steps))
	}
	share, slope := 0.0, math.MaxFloat64
	for _, s := range e.Steps {
		share += s.Share
		if s.Share <= 0 || !within(s.Slope, 0, slope) {
			return fmt.Errorf("steps %v: expected shares above 0 and slopes that fall", e.Steps)
		}
		slope = s.Slope
	}
	if math.Abs(share-1) > 1e-9 || e.Steps[0].Slope <= 0 {
		return fmt.Errorf("steps %v: expected shares that add up to 1 and a first slope above 0", e.Steps)
	}
	seen := map[Need]bool{}
	for i, n := range e.Needs {
		if n.Product < 0 || n.Product >= len(e.Products) || n.Urgency < 0 || n.Urgency >= len(e.Urgencies) || seen[n] {
			return fmt.Errorf("need %d is for product %d with urgency %d: expected one of %d products, one of %d urgencies, and each pair once", i, n.Product, n.Urgency, len(e.Products), len(e.Urgencies))
		}
		seen[n] = true
	}
	return figures("demand", e.Demand, len(e.Needs)*e.Blocks(), 0, math.MaxFloat64)
}
