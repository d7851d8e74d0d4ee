package economy

import (
	"fmt"
	"slices"
	"strconv"

	"bremen/lp"
	"bremen/network/cells"
)

// placed is a table of figures by item, region and period. A row without a
// region or period counts in all of them, unless a row says otherwise that names more.
type placed struct {
	value []float64
	named []uint8 // per figure: 1 + how many of region and period its row named; 0: not stated
}

func newPlaced(size int, otherwise float64) *placed {
	p := &placed{value: make([]float64, size), named: make([]uint8, size)}
	if otherwise != 0 {
		for i := range p.value {
			p.value[i] = otherwise
		}
	}
	return p
}

// set states a figure and says whether one of the same rank stood there.
func (p *placed) set(at int, v float64, rank uint8) bool {
	twice := p.named[at] == rank
	if rank >= p.named[at] {
		p.value[at], p.named[at] = v, rank
	}
	return twice
}

// where reads region and period of a row; each may be Everywhere. Column −1 is not there.
func (r *reader) where(s cells.Sheet, region, period int) (at, t int, rank uint8, ok bool) {
	at, t, rank, ok = Everywhere, Everywhere, 1, true
	if region >= 0 && len(s.Text(region)) > 0 {
		at, ok = r.find(s, region, r.regions, "a region")
		rank++
	}
	if period >= 0 && len(s.Text(period)) > 0 {
		known := false
		t, known = r.find(s, period, r.periods, "a period")
		ok = ok && known
		rank++
	}
	return at, t, rank, ok
}

// each calls f for the regions and periods that where read.
func each(at, all int, f func(i int)) {
	if at != Everywhere {
		f(at)
		return
	}
	for i := range all {
		f(i)
	}
}

// figures reads a table of items, regions and, unless initial, periods into a
// vector item-major by block, or by region if initial; nil where there is no table.
func (r *reader) figures(name, column string, first, count int, initial bool) (*placed, error) {
	if r.file(name, false) == "" {
		return nil, nil
	}
	regions, periods := len(r.e.Regions), len(r.e.Periods)
	columns, period := []string{column, "value", "region?", "period?"}, 3
	if initial {
		columns, periods, period = columns[:3], 1, -1
	}
	p := newPlaced(count*regions*periods, 0)
	return p, r.rows(name, columns, func(s cells.Sheet) {
		i, known := r.find(s, 0, r.items, "a "+column)
		if i -= first; known && (i < 0 || i >= count) {
			s.Wrong(0, strconv.Quote(string(s.Text(0))), "a "+column, "")
			return
		}
		v, number := s.Number(1)
		at, t, rank, ok := r.where(s, 2, period)
		if !known || !number || !ok {
			return
		}
		if v < 0 {
			s.Wrong(1, strconv.Quote(string(s.Text(1))), "at least 0", "")
			return
		}
		twice := false
		each(at, regions, func(at int) {
			each(t, periods, func(t int) { twice = p.set((i*regions+at)*periods+t, v, rank) || twice })
		})
		if twice {
			r.again(s)
		}
	})
}

// again reports a row that states what another one states.
func (r *reader) again(s cells.Sheet) {
	s.Wrong(0, strconv.Quote(string(s.Text(0)))+" again", "each figure once; only rows that name region and period count over those that name fewer", "")
}

// means reads what there is to work with.
func (r *reader) means() error {
	e := r.e
	products, skills := len(e.Products), len(e.Skills)
	for _, f := range []struct {
		name, column string
		first, count int
		initial      bool
		to           *[]float64
	}{
		{"labour", "skill", products, skills, false, &e.Labour},
		{"supply", "product", 0, products, false, &e.Supply},
		{"stock", "product", 0, products, true, &e.Stock},
		{"installed", "capital", products + skills, len(e.Capitals), true, &e.Installed},
		{"kept", "capital", products + skills, len(e.Capitals), true, &e.Kept},
	} {
		p, err := r.figures(f.name, f.column, f.first, f.count, f.initial)
		if err != nil {
			return err
		}
		if p != nil {
			*f.to = p.value
		}
	}
	if e.Labour == nil {
		e.Labour = make([]float64, skills*e.Blocks())
	}
	if err := r.mosts(); err != nil {
		return err
	}
	return r.limits()
}

// mosts reads activities that are bounded.
func (r *reader) mosts() error {
	return r.rows("most", []string{"technique", "value", "region?", "period?"}, func(s cells.Sheet) {
		j, known := r.find(s, 0, r.columns, "a technique")
		if known && j >= len(r.e.Techniques) {
			s.Wrong(0, strconv.Quote(string(s.Text(0))), "a technique", "")
			return
		}
		v, number := s.Number(1)
		at, t, _, ok := r.where(s, 2, 3)
		if !known || !number || !ok {
			return
		}
		if v < 0 {
			s.Wrong(1, strconv.Quote(string(s.Text(1))), "at least 0", "")
			return
		}
		r.e.Most = append(r.e.Most, Most{Technique: j, Region: at, Period: t, Amount: v})
	})
}

// limits reads how much each limit allows.
func (r *reader) limits() error {
	e := r.e
	first := len(e.Products) + len(e.Skills) + len(e.Capitals)
	figures := make([]*placed, len(e.Limits))
	for i := range e.Limits {
		size := [scopeCount]int{e.Blocks(), len(e.Regions), len(e.Periods), 1}[e.Limits[i].Scope]
		figures[i] = newPlaced(size, lp.Inf)
		e.Limits[i].Most = figures[i].value
	}
	return r.rows("limits_most", []string{"limit", "value", "region?", "period?"}, func(s cells.Sheet) {
		i, known := r.find(s, 0, r.items, "a limit")
		if known && i < first {
			s.Wrong(0, strconv.Quote(string(s.Text(0))), "a limit", "")
			return
		}
		v, number := s.Number(1)
		at, t, rank, ok := r.where(s, 2, 3)
		if !known || !number || !ok {
			return
		}
		scope := e.Limits[i-first].Scope
		if at != Everywhere && (scope == PerPeriod || scope == OverAll) || t != Everywhere && (scope == PerRegion || scope == OverAll) {
			s.Wrong(0, strconv.Quote(string(s.Text(0))), fmt.Sprintf("no region or period that its scope %q does not have", scope), "")
			return
		}
		regions, periods := len(e.Regions), len(e.Periods)
		if scope == PerPeriod || scope == OverAll {
			regions = 1
		}
		if scope == PerRegion || scope == OverAll {
			periods = 1
		}
		twice := false
		each(at, regions, func(at int) {
			each(t, periods, func(t int) { twice = figures[i-first].set(at*periods+t, v, rank) || twice })
		})
		if twice {
			r.again(s)
		}
	})
}

// transport reads arcs. Rows of one arc that name periods state its capacity in each.
func (r *reader) transport() error {
	type key struct {
		from, to, mode int
		distance       float64
	}
	at := map[key]int{}
	var capacity []*placed
	offset := len(r.e.Techniques) + len(r.e.Capitals)
	err := r.rows("arcs", []string{"from", "to", "mode", "distance", "capacity", "period?"}, func(s cells.Sheet) {
		from, a := r.find(s, 0, r.regions, "a region")
		to, b := r.find(s, 1, r.regions, "a region")
		mode, c := r.find(s, 2, r.columns, "a mode")
		if c && mode < offset {
			s.Wrong(2, strconv.Quote(string(s.Text(2))), "a mode", "")
			return
		}
		distance, d := s.Number(3)
		v, ok := s.Number(4)
		_, t, rank, known := r.where(s, -1, 5)
		if !a || !b || !c || !d || !ok || !known {
			return
		}
		if from == to || distance < 0 || v < 0 {
			s.Wrong(0, fmt.Sprintf("%q to %q, distance %v, capacity %v", s.Text(0), s.Text(1), distance, v), "two regions and figures of at least 0", "")
			return
		}
		k := key{from, to, mode - offset, distance}
		i, there := at[k]
		if !there {
			i = len(r.e.Arcs)
			at[k] = i
			capacity = append(capacity, newPlaced(len(r.e.Periods), 0))
			r.e.Arcs = append(r.e.Arcs, Arc{from, to, k.mode, distance, capacity[i].value})
		}
		twice := false
		each(t, len(r.e.Periods), func(t int) { twice = capacity[i].set(t, v, rank) || twice })
		if twice {
			r.again(s)
		}
	})
	return err
}

// demand reads what is finally needed. Needs stand in the order in which they are met.
func (r *reader) demand() error {
	e := r.e
	regions, periods := len(e.Regions), len(e.Periods)
	at := map[Need]int{}
	var named []uint8
	return r.rows("demand", []string{"product", "value", "region?", "period?", "urgency?"}, func(s cells.Sheet) {
		i, known := r.find(s, 0, r.items, "a product")
		if known && i >= len(e.Products) {
			s.Wrong(0, strconv.Quote(string(s.Text(0))), "a product", "")
			return
		}
		v, number := s.Number(1)
		region, t, rank, ok := r.where(s, 2, 3)
		need := Need{Product: i}
		if len(s.Text(4)) > 0 {
			u, there := r.find(s, 4, r.urgency, "an urgency")
			need.Urgency, ok = u, ok && there
		}
		if !known || !number || !ok {
			return
		}
		if v < 0 {
			s.Wrong(1, strconv.Quote(string(s.Text(1))), "at least 0; what comes from outside is a supply", "")
			return
		}
		n, there := at[need]
		if !there {
			n = len(e.Needs)
			at[need] = n
			e.Needs = append(e.Needs, need)
			size := len(e.Needs) * regions * periods
			e.Demand = slices.Grow(e.Demand, regions*periods)[:size]
			named = slices.Grow(named, regions*periods)[:size]
		}
		p := placed{value: e.Demand, named: named}
		twice := false
		each(region, regions, func(at int) {
			each(t, periods, func(t int) { twice = p.set((n*regions+at)*periods+t, v, rank) || twice })
		})
		if twice {
			r.again(s)
		}
	})
}
