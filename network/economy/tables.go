package economy

// Table is one table of a plan: what Rows hands out, row by row.
type Table struct {
	Name    string
	Texts   []string
	Numbers []string
	Rows    func(row func(texts []string, numbers ...float64))
}

// Tables returns the tables of a plan, in the products' own units. Rows of
// which every figure is 0 are left out.
func (p *Plan) Tables(e *Economy) []Table {
	codes := e.itemCodes()
	techniques, periods := make([]string, len(e.Techniques)), len(e.Periods)
	for j, t := range e.Techniques {
		techniques[j] = t.Code
	}
	tables := []Table{
		e.byBlock("activity", "technique", techniques, "value", p.Activity),
		e.byBlock("output", "product", codes[0], "value", p.Output),
		p.served(e),
		e.byBlock("stored", "product", codes[0], "value", p.Stored),
		e.byBlock("labour", "skill", codes[1], "value", p.Labour),
		e.byBlock("built", "capital", codes[2], "value", p.Built),
		e.byBlock("installed", "capital", codes[2], "value", p.Installed),
		p.moved(e, periods),
		p.counted(e),
	}
	out := tables[:0]
	for _, t := range tables {
		if t.Rows != nil {
			out = append(out, t)
		}
	}
	return out
}

// byBlock is a table of a vector item-major by block; without Rows if there is none.
func (e *Economy) byBlock(name, column string, codes []string, figure string, v []float64) Table {
	t := Table{Name: name, Texts: []string{column, "region", "period"}, Numbers: []string{figure}}
	if len(v) == 0 {
		return t
	}
	t.Rows = func(row func([]string, ...float64)) {
		cell := make([]string, 3)
		for i, code := range codes {
			for b, x := range v[i*e.Blocks():][:e.Blocks()] {
				if x != 0 {
					cell[0], cell[1], cell[2] = code, e.Regions[b/len(e.Periods)].Code, e.Periods[b%len(e.Periods)].Code
					row(cell, x)
				}
			}
		}
	}
	return t
}

func (p *Plan) served(e *Economy) Table {
	return Table{"served", []string{"product", "urgency", "region", "period"}, []string{"demand", "served", "satisfaction"}, func(row func([]string, ...float64)) {
		cell := make([]string, 4)
		for k, n := range e.Needs {
			cell[0], cell[1] = e.Products[n.Product].Code, e.Urgencies[n.Urgency].Name
			for b, d := range e.Demand[k*e.Blocks():][:e.Blocks()] {
				if d != 0 {
					cell[2], cell[3] = e.Regions[b/len(e.Periods)].Code, e.Periods[b%len(e.Periods)].Code
					row(cell, d, p.Served[k*e.Blocks()+b], e.Satisfaction(p, k, b))
				}
			}
		}
	}}
}

func (p *Plan) moved(e *Economy, periods int) Table {
	t := Table{Name: "moved", Texts: []string{"product", "from", "to", "mode", "period"}, Numbers: []string{"value"}}
	if len(p.Moved) == 0 {
		return t
	}
	t.Rows = func(row func([]string, ...float64)) {
		n := len(e.Arcs) * periods
		for i := range e.Products {
			for at, x := range p.Moved[i*n:][:n] {
				if x != 0 {
					a := e.Arcs[at/periods]
					row([]string{e.Products[i].Code, e.Regions[a.From].Code, e.Regions[a.To].Code, e.Modes[a.Mode].Code, e.Periods[at%periods].Code}, x)
				}
			}
		}
	}
	return t
}

func (p *Plan) counted(e *Economy) Table {
	t := Table{Name: "limits", Texts: []string{"limit", "region", "period"}, Numbers: []string{"value"}}
	if len(e.Limits) == 0 {
		return t
	}
	t.Rows = func(row func([]string, ...float64)) {
		for i, l := range e.Limits {
			for at, x := range p.Limits[i] {
				cell := []string{l.Code, "", ""}
				region, period := l.Scope.names(at, len(e.Periods))
				if region >= 0 {
					cell[1] = e.Regions[region].Code
				}
				if period >= 0 {
					cell[2] = e.Periods[period].Code
				}
				row(cell, x)
			}
		}
	}
	return t
}
