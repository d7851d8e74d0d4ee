package commons

import (
	"cmp"
	"slices"

	"bremen/govern"
)

// StockKey names a stock: what one agent accounts for or has in hand of one product, in one unit, at one place, under one
// name (a lot, a shelf; usually none). It stands for the economic resource of Valueflows.
type StockKey struct {
	Agent   govern.Scope `json:"agent"`
	Product string       `json:"product"`
	Unit    string       `json:"unit"`
	Site    string       `json:"site,omitempty"`
	Name    string       `json:"name,omitempty"`
}

// Level is how much there is of a stock.
type Level struct {
	Accounting Decimal `json:"accounting"` // what its agent accounts for, wherever it is
	Onhand     Decimal `json:"onhand"`     // what its agent has in hand, whosever it is
}

// Stock is a stock with its level.
type Stock struct {
	StockKey
	Accounting Decimal `json:"accounting"`
	Onhand     Decimal `json:"onhand"`
}

// Stocks are levels by stock. A stock at zero is not there, so the order of events leaves no trace.
type Stocks map[StockKey]*Level

func (s Stocks) list() []Stock {
	list := make([]Stock, 0, len(s))
	for k, l := range s {
		list = append(list, Stock{k, l.Accounting, l.Onhand})
	}
	slices.SortFunc(list, func(a, b Stock) int {
		return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Unit, b.Unit),
			cmp.Compare(a.Site, b.Site), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// List returns the stocks sorted by agent, product, unit, site and name.
func (s Stocks) List() []Stock { return s.list() }

func (s Stocks) add(k StockKey, accounting, onhand Decimal) {
	l := s[k]
	if l == nil {
		l = &Level{}
		s[k] = l
	}
	l.Accounting, l.Onhand = l.Accounting.Add(accounting), l.Onhand.Add(onhand)
	if l.Accounting.Sign() == 0 && l.Onhand.Sign() == 0 {
		delete(s, k)
	}
}

// Flow is what is promised or happened between two agents, as bodies of entries have it. The JSON names are theirs.
type Flow struct {
	Agent      govern.Scope `json:"agent"` // who says it
	Action     string       `json:"action"`
	Provider   govern.Scope `json:"provider,omitempty"`
	Receiver   govern.Scope `json:"receiver,omitempty"`
	Product    string       `json:"product,omitempty"`
	Quantity   *Decimal     `json:"quantity,omitempty"`
	Unit       string       `json:"unit,omitempty"`
	Effort     *Decimal     `json:"effort,omitempty"`
	EffortUnit string       `json:"effort-unit,omitempty"`
	Site       string       `json:"site,omitempty"`
	ToSite     string       `json:"to-site,omitempty"`
	Stock      string       `json:"stock,omitempty"`
	ToStock    string       `json:"to-stock,omitempty"`
	Process    string       `json:"process,omitempty"`
	Plan       *int64       `json:"plan,omitempty"` // entry that adopted it
}

// change is what a flow does to one stock.
type change struct {
	key                StockKey
	accounting, onhand Decimal
}

// changes returns what a flow does to stocks, by the effects that govern.Actions lists.
//
// A decrement is of the provider's stock, an increment of the receiver's; of raise and lower both are whoever says so.
// What goes from one stock to another leaves the provider's at Site and comes to the receiver's at ToSite, or at Site if
// none is named; move stays with the provider. Accounting and in hand are apart: transferAllRights moves only what is
// accounted for, transferCustody only what is in hand. Effects on what contains what, on stage and on state change no
// quantity and are not folded.
func (f *Flow) changes() []change {
	a := govern.ActionByID(f.Action)
	if a == nil || f.Quantity == nil || f.Product == "" || f.Unit == "" {
		return nil
	}
	q, zero := *f.Quantity, Decimal{}
	minus := zero.Sub(q)
	from := StockKey{cmp.Or(f.Provider, f.Agent), f.Product, f.Unit, f.Site, f.Stock}
	into := StockKey{cmp.Or(f.Receiver, f.Agent), f.Product, f.Unit, f.Site, f.Stock}
	to := StockKey{cmp.Or(f.Receiver, f.Agent), f.Product, f.Unit, cmp.Or(f.ToSite, f.Site), cmp.Or(f.ToStock, f.Stock)}
	if a.ID == "move" {
		to.Agent = from.Agent
	}
	var list []change
	effect := func(e govern.Effect, add func(k StockKey, d Decimal)) {
		switch e {
		case govern.Increment:
			add(into, q)
		case govern.Decrement:
			add(from, minus)
		case govern.DecrementIncrement:
			add(from, minus)
			add(to, q)
		case govern.IncrementTo:
			add(to, q)
		}
	}
	effect(a.Accounting, func(k StockKey, d Decimal) { list = append(list, change{k, d, zero}) })
	effect(a.Onhand, func(k StockKey, d Decimal) { list = append(list, change{k, zero, d}) })
	return list
}

// flow adds what a flow does, or takes it back.
func (s Stocks) flow(f *Flow, back bool) {
	for _, c := range f.changes() {
		if back {
			c.accounting, c.onhand = Decimal{}.Sub(c.accounting), Decimal{}.Sub(c.onhand)
		}
		s.add(c.key, c.accounting, c.onhand)
	}
}

// open adds what a statement says is there at the start, or takes it back. Rows whose start is no decimal add nothing:
// they cannot be planned with either, and pages say so.
func (s Stocks) open(r *Row, back bool) {
	rows, err := ParseRows(r.Row)
	if err != nil {
		return
	}
	for _, row := range rows["stocks"] {
		start, err := ParseDecimal(row["start"])
		if err != nil || row["product"] == "" || row["unit"] == "" {
			continue
		}
		if back {
			start = Decimal{}.Sub(start)
		}
		s.add(StockKey{r.Agent, row["product"], row["unit"], row["site"], ""}, start, start)
	}
}
