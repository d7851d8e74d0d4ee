package economy

import (
	"math"
	"slices"
	"strconv"

	"bremen/lp/block"
	"bremen/network/iotable"
)

// FromTable states an input-output table as an economy of one region and one
// period: commodities are products, industries techniques per unit of output,
// labour satellites skills, impacts limits that count and bound nothing. Where
// no satellite is labour, those that the table's planning makes least stand for it.
//
// Each industry can make Planning.Capacity times its output, and there is
// Planning.Work times the labour that output took. Final demand below zero is a
// supply. What wears out is among the inputs. Industries without output are left out.
func FromTable(t *iotable.Table) (*Economy, error) {
	e := &Economy{
		ID: t.ID, Title: t.Title, Description: t.Description, Licence: t.Licence, Sources: t.Sources,
		Regions: []Item{{Code: t.ID}}, Periods: []Item{{Code: strconv.Itoa(t.Year)}},
		Urgencies: []Urgency{{"demand", 1}}, Steps: DefaultSteps(),
	}
	for _, c := range t.Commodities {
		unit := c.Unit
		if unit == "" {
			unit = t.Unit
		}
		e.Products = append(e.Products, Product{Item: Item{c.Code, c.Name, unit}})
	}
	runs := make([]int, 0, len(t.Industries)) // industries that are techniques
	for j, s := range t.Industries {
		if t.Output[j] > 0 {
			runs = append(runs, j)
			e.Techniques = append(e.Techniques, Item{Code: s.Code, Name: s.Name})
			e.Most = append(e.Most, Most{Technique: len(e.Techniques) - 1, Region: Everywhere, Period: Everywhere, Amount: orDefault(t.Capacity, 10) * t.Output[j]})
		}
	}
	if err := e.techniquesOf(t, runs); err != nil {
		return nil, err
	}
	_, none := t.Labour()
	for _, s := range t.Satellites {
		if none != nil && slices.Contains(t.Least, s.ID) {
			s.Role = iotable.Labour
		}
		if err := e.satellite(t, &s, runs); err != nil {
			return nil, err
		}
	}
	e.demandOf(t)
	return e, e.Validate()
}

func orDefault(v, otherwise float64) float64 {
	if v == 0 {
		return otherwise
	}
	return v
}

// techniquesOf fills Making.Product: what an industry makes less what it uses, per unit of output.
func (e *Economy) techniquesOf(t *iotable.Table, runs []int) error {
	used, err := t.Coefficients(true)
	if err != nil {
		return err
	}
	byIndustry := used.Transpose()
	m := &block.Matrix{Rows: len(t.Commodities), Cols: len(runs), Start: make([]int32, 1, len(runs)+1)}
	net := make([]float64, m.Rows)
	for _, j := range runs {
		clear(net)
		if t.Symmetrical() {
			net[j] = 1
		} else {
			cols, values := t.Make.Row(j)
			for k, i := range cols {
				net[i] += values[k] / t.Output[j]
			}
		}
		cols, values := byIndustry.Row(j)
		for k, i := range cols {
			net[i] -= values[k]
		}
		for i, v := range net {
			if v != 0 {
				m.Index, m.Value = append(m.Index, int32(i)), append(m.Value, v)
			}
		}
		m.Start = append(m.Start, int32(len(m.Value)))
	}
	e.Making.Product = m
	return nil
}

// satellite appends a row of labour or of a limit.
func (e *Economy) satellite(t *iotable.Table, s *iotable.Satellite, runs []int) error {
	per, err := t.PerOutput(s)
	if err != nil {
		return err
	}
	item := Item{s.ID, s.Name, s.Unit}
	values := make([]float64, len(runs))
	for k, j := range runs {
		values[k] = per[j]
	}
	switch s.Role {
	case iotable.Labour:
		e.Making.Labour = withRow(e.Making.Labour, values)
		e.Skills = append(e.Skills, item)
		e.Labour = append(e.Labour, orDefault(t.Work, 2)*t.Total(s))
	case iotable.Impact:
		e.Making.Limit = withRow(e.Making.Limit, values)
		e.Limits = append(e.Limits, Limit{Item: item, Scope: OverAll, Most: []float64{math.Inf(1)}})
	}
	return nil
}

// withRow returns the matrix with one row more; nil stands for one without rows.
func withRow(m *block.Matrix, values []float64) *block.Matrix {
	if m == nil {
		m = &block.Matrix{Cols: len(values), Start: make([]int32, len(values)+1)}
	}
	out := &block.Matrix{Rows: m.Rows + 1, Cols: m.Cols, Start: make([]int32, 1, m.Cols+1)}
	for j, v := range values {
		out.Index = append(out.Index, m.Index[m.Start[j]:m.Start[j+1]]...)
		out.Value = append(out.Value, m.Value[m.Start[j]:m.Start[j+1]]...)
		if v != 0 {
			out.Index, out.Value = append(out.Index, int32(m.Rows)), append(out.Value, v)
		}
		out.Start = append(out.Start, int32(len(out.Value)))
	}
	return out
}

func (e *Economy) demandOf(t *iotable.Table) {
	for i, v := range t.FinalDemand() {
		switch {
		case v > 0:
			e.Needs = append(e.Needs, Need{Product: i})
			e.Demand = append(e.Demand, v)
		case v < 0:
			if e.Supply == nil {
				e.Supply = make([]float64, len(e.Products))
			}
			e.Supply[i] = -v
		}
	}
}
