package iotable

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"bremen/network"
)

// Names of rows that Network adds to those of the table.
const (
	siteID    = "economy"
	workersID = "workers"
	urgencyID = "final_demand"
)

// Network states the table as a network of one site and one period, a year:
//
//   - a product for each commodity, a recipe for each industry with output, per
//     unit of output: inputs are its uses and what wears out, outputs its own
//     commodity or, in make and use tables, all it makes. Cycles stay. A negative
//     use is an output, a negative make an input;
//   - an agent for each industry and for each category of final demand, whose
//     needs are its positive amounts; negative amounts are starting stocks;
//   - labour is a skill and work of it, stated in the satellite's unit in place
//     of hours; one group offers Planning.Work times what the table's output
//     took. Impact satellites are impacts, Value satellites are left out;
//   - each recipe runs at most Planning.Capacity times the table's output;
//   - the ladder: all needs to 1 (leximin), then the least of each satellite
//     in Planning.Least.
//
// What is left over may be thrown away, so a balance reads made − used ≥ final
// demand. Figures divided by output are rounded to 15 digits, as many as a
// network's tables carry. All rows point to the sector's place in the input,
// and the network is normalised.
func (t *Table) Network() (*network.Network, error) {
	b := &builder{t: t, n: new(network.Network)}
	b.settings()
	b.products()
	for _, step := range []func() error{b.recipes, b.satellites, b.ladder} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("table %s: %w", t.ID, err)
		}
	}
	b.needs()
	b.n.Normalise()
	return b.n, nil
}

// builder is one call of Network.
type builder struct {
	t       *Table
	n       *network.Network
	workers string // agent who offers all work
}

func (b *builder) settings() {
	t := b.t
	b.n.Settings = network.Settings{
		ID: t.ID, Title: t.Title, Description: t.Description, Licence: t.Licence,
		Calendar:  network.Calendar{Start: time.Date(t.Year, time.January, 1, 0, 0, 0, 0, time.UTC), Unit: network.Year, Periods: 1},
		Urgencies: []network.Urgency{{ID: urgencyID, Title: network.Text{"de": "Endnachfrage", "en": "final demand"}}},
		Counting:  network.CountOnce,
		Allowance: "none",
	}
	place := t.Place
	if place == "" {
		place = t.ID
	}
	b.n.Sites = []network.Site{{ID: siteID, Name: place}}
	b.n.Sources = t.Sources
}

// source names the table's first source for a row.
func (b *builder) source(p network.Position) network.Row {
	row := network.Row{Position: p}
	if len(b.t.Sources) > 0 {
		row.Source = b.t.Sources[0].ID
	}
	return row
}

func (b *builder) products() {
	demand := b.supplies()
	for i, c := range b.t.Commodities {
		unit := c.Unit
		if unit == "" {
			unit = b.t.Unit
		}
		b.n.Products = append(b.n.Products, network.Product{
			ID: c.Code, Name: c.Name, Unit: unit, Reach: network.ByLink, Storable: demand[i] > 0, Row: b.source(c.Position),
		})
		if demand[i] > 0 {
			row := b.source(c.Position)
			row.Note = "negative final demand"
			b.n.Stocks = append(b.n.Stocks, network.Stock{Site: siteID, Product: c.Code, Start: demand[i], Urgency: network.Committed, Row: row})
		}
	}
}

// supplies is what negative final demand brings, by commodity.
func (b *builder) supplies() []float64 {
	s := make([]float64, len(b.t.Commodities))
	for _, c := range b.t.Demand {
		for i, v := range c.Amount {
			if v < 0 {
				s[i] -= v
			}
		}
	}
	return s
}

func (b *builder) recipes() error {
	t := b.t
	inputs, outputs, err := b.technology()
	if err != nil {
		return err
	}
	capacity := t.Capacity
	if capacity == 0 {
		capacity = 10
	}
	for j, industry := range t.Industries {
		row := b.source(industry.Position)
		b.n.Agents = append(b.n.Agents, network.Agent{ID: industry.Code, Name: industry.Name, Type: network.Organisation, Site: siteID, Row: row})
		if t.Output[j] == 0 {
			continue
		}
		unit := industry.Unit
		if unit == "" {
			unit = t.Unit
		}
		b.n.Recipes = append(b.n.Recipes, network.Recipe{
			ID: industry.Code, Name: industry.Name, Agent: industry.Code, Site: siteID, Unit: unit,
			Most: digits15(capacity * t.Output[j]), Row: row,
		})
		in, out := inputs.signs(j), map[int32]float64{int32(j): 1}
		if outputs != nil {
			made := outputs.signs(j)
			out = made[0]
			merge(in[0], made[1])
		}
		merge(out, in[1])
		b.flows(industry.Code, network.Out, out, row)
		b.flows(industry.Code, network.In, in[0], row)
	}
	return nil
}

// technology returns uses and, in make and use tables, makes per unit of
// output, industries in rows. Output rows are nil in symmetric tables.
func (b *builder) technology() (inputs, outputs *Matrix, err error) {
	a, err := b.t.Coefficients(true)
	if err != nil {
		return nil, nil, err
	}
	if b.t.Symmetrical() {
		return a.Transpose(), nil, nil
	}
	inverse := make([]float64, len(b.t.Output))
	for j, x := range b.t.Output {
		if x > 0 {
			inverse[j] = 1 / x
		}
	}
	return a.Transpose(), b.t.Make.scaled(inverse, nil), nil
}

// signs returns the positive and the negated negative cells of row i.
func (m *Matrix) signs(i int) [2]map[int32]float64 {
	s := [2]map[int32]float64{{}, {}}
	cols, values := m.Row(i)
	for k, c := range cols {
		switch v := values[k]; {
		case v > 0:
			s[0][c] = v
		case v < 0:
			s[1][c] = -v
		}
	}
	return s
}

// merge adds the amounts in other to those in into.
func merge(into, other map[int32]float64) {
	for c, v := range other {
		into[c] += v
	}
}

func (b *builder) flows(recipe string, d network.Direction, amounts map[int32]float64, row network.Row) {
	for _, c := range slices.Sorted(maps.Keys(amounts)) {
		b.n.Flows = append(b.n.Flows, network.Flow{Recipe: recipe, Direction: d, What: b.t.Commodities[c].Code, Quantity: digits15(amounts[c]), Row: row})
	}
}

// satellites adds skills with the work offered, and impacts.
func (b *builder) satellites() error {
	for i := range b.t.Satellites {
		s := &b.t.Satellites[i]
		direction := network.Burdens
		switch s.Role {
		case Labour:
			direction = network.Labour
			b.offer(s)
		case Impact:
			b.n.Impacts = append(b.n.Impacts, network.Impact{ID: s.ID, Name: nameOr(s.Name, s.ID), Unit: s.Unit, Row: b.source(network.Position{})})
		default:
			continue
		}
		per, err := b.t.PerOutput(s)
		if err != nil {
			return err
		}
		for j, v := range per {
			if v < 0 {
				return fmt.Errorf("industry %s: %s of %g: a network's work and impacts are zero or more", b.t.Industries[j].Code, s.ID, v)
			}
			if v > 0 && b.t.Output[j] > 0 {
				b.n.Flows = append(b.n.Flows, network.Flow{Recipe: b.t.Industries[j].Code, Direction: direction, What: s.ID, Quantity: digits15(v), Row: b.source(b.t.Industries[j].Position)})
			}
		}
	}
	return nil
}

// offer states a skill and more of it than the table's output took.
func (b *builder) offer(s *Satellite) {
	factor, persons := b.t.Work, b.t.Persons
	if factor == 0 {
		factor = 2
	}
	if persons == 0 {
		persons = 1000
	}
	b.n.Skills = append(b.n.Skills, network.Skill{
		ID: s.ID, Name: nameOr(s.Name, s.ID),
		Row: network.Row{Note: "in " + s.Unit + ", not hours"},
	})
	if b.workers == "" {
		b.workers = b.freeAgent(workersID)
		b.n.Agents = append(b.n.Agents, network.Agent{ID: b.workers, Name: "Workers", Type: network.Group, Site: siteID, Persons: persons})
	}
	b.n.Work = append(b.n.Work, network.WorkOffer{
		ID: b.workers + ":" + s.ID, Agent: b.workers, Skill: s.ID, Hours: digits15(factor * b.t.Total(s)),
		Row: network.Row{Note: "generous: " + strconv.FormatFloat(factor, 'g', -1, 64) + " times what the table's output took, in " + s.Unit},
	})
}

func nameOr(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// needs adds an agent for each category of final demand with its needs.
func (b *builder) needs() {
	for _, c := range b.t.Demand {
		agent := b.freeAgent(c.Code)
		b.n.Agents = append(b.n.Agents, network.Agent{ID: agent, Name: nameOr(c.Name, c.Code), Type: network.Organisation, Site: siteID})
		for i, v := range c.Amount {
			if v <= 0 {
				continue
			}
			product := b.n.Products[i]
			b.n.Needs = append(b.n.Needs, network.Need{
				ID: agent + ":" + product.ID, Agent: agent, What: product.ID, Quantity: v, Unit: product.Unit,
				Basis: network.PerPeriod, Urgency: urgencyID, Row: product.Row,
			})
		}
	}
}

// freeAgent returns the code, or one like it that no agent has.
func (b *builder) freeAgent(code string) string {
	for slices.ContainsFunc(b.n.Agents, func(a network.Agent) bool { return a.ID == code }) {
		code += "_demand"
	}
	return code
}

func (b *builder) ladder() error {
	rungs := network.Ladder{{
		Goal: urgencyID, Kind: network.Leximin,
		Title: network.Text{"de": "Endnachfrage", "en": "final demand"},
		Sets:  []network.Set{{Of: "needs", Urgency: urgencyID, To: 1}},
	}}
	for _, id := range b.t.Least {
		s, err := b.t.Satellite(id)
		if err != nil {
			return err
		}
		of := map[Role]string{Labour: "hours", Impact: "impact"}[s.Role]
		if of == "" {
			return fmt.Errorf("satellite %s is neither labour nor impact: it cannot be made least", id)
		}
		name := nameOr(s.Name, id)
		rungs = append(rungs, network.Rung{
			Goal: id, Kind: network.Least, Unit: s.Unit,
			Title: network.Text{"de": "möglichst wenig: " + name, "en": "least: " + name},
			Terms: []network.Term{{Of: of, What: id, Weight: 1}},
		})
	}
	b.n.Ladders = map[string]network.Ladder{"default": rungs}
	return nil
}

// digits15 rounds to 15 significant digits.
func digits15(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	return r
}
