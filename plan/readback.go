package plan

import (
	"cmp"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"bremen/network"
)

// readBack turns a primal vector of the program into lists (DESIGN 8). Amounts
// below a ten-millionth of the largest of their sort are left out as solver dust.
func (p *Program) readBack(x []float64, rungOf, roundOf []int, goals []RungResult) *Document {
	r := &reader{p: p, x: x, n: p.Net, T: p.T(), d: &Document{}}
	r.dust()
	r.columns()
	r.needs(rungOf, roundOf, goals)
	r.money()
	r.idle()
	r.cutOff()
	r.openingStocks()
	r.d.noNulls()
	return r.d
}

// noNulls makes every list of the document one that JSON writes as [].
func (d *Document) noNulls() {
	v := reflect.ValueOf(d).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice && f.IsNil() {
			f.Set(reflect.MakeSlice(f.Type(), 0, 0))
		}
	}
}

type reader struct {
	p     *Program
	x     []float64
	n     *network.Network
	T     int
	d     *Document
	least map[column]float64 // per kind and product: amounts below are dust
}

// sort of a column for dust: its kind and product.
func (r *reader) sort(c column) column {
	k := column{kind: c.kind}
	switch c.kind {
	case colMix, colMove, colStock, colDispose, colDraw, colConsume:
		k.b = c.b
	case colRun, colBuy, colSell, colWork, colImpact:
		k.a = c.a
	}
	return k
}

func (r *reader) dust() {
	r.least = map[column]float64{}
	for j, c := range r.p.cols {
		k := r.sort(c)
		r.least[k] = max(r.least[k], math.Abs(r.x[j])*1e-7)
	}
}

// amount returns column j's value, 0 for dust.
func (r *reader) amount(j int) float64 {
	v := r.x[j]
	size := v
	if r.p.cols[j].kind == colImpact {
		size = math.Abs(v) // what is taken back counts below zero
	}
	if size <= max(1e-9, r.least[r.sort(r.p.cols[j])]) {
		return 0
	}
	return v
}

func (r *reader) columns() {
	mixes := map[column][]Quantity{}
	for j, c := range r.p.cols {
		if c.kind == colMix {
			if v := r.amount(j); v > 0 {
				k := column{a: int32(r.p.ix.recipe[r.n.Flows[c.a].Recipe]), t: c.t}
				mixes[k] = append(mixes[k], Quantity{r.n.Products[c.b].ID, v})
			}
		}
	}
	stock := map[column]float64{}
	disposal := map[column]float64{}
	move := map[column]float64{}
	consumed := map[column]float64{}
	for j, c := range r.p.cols {
		v := r.amount(j)
		if v == 0 {
			continue
		}
		merged := column{kind: c.kind, t: c.t, a: c.a, b: c.b}
		switch c.kind {
		case colRun:
			rec := &r.n.Recipes[c.a]
			r.d.Runs = append(r.d.Runs, RunLine{
				Recipe: rec.ID, Agent: rec.Agent, Site: r.p.ix.siteID[r.p.ix.siteOf(rec.Site, rec.Agent)],
				Period: int(c.t), Runs: v, Unit: rec.Unit, Mix: mixes[column{a: c.a, t: c.t}],
			})
		case colWork:
			w := &r.n.Work[c.a]
			r.d.Work = append(r.d.Work, WorkLine{
				Offer: w.ID, Agent: w.Agent, For: r.n.Agents[c.b].ID, Skill: w.Skill, Period: int(c.t),
				Hours: v, Offered: w.Hours * r.p.ix.factor(w.Profile, int(c.t)), Burden: w.Burden,
			})
		case colBuy, colSell:
			r.trade(c, v)
		case colImpact:
			im := &r.n.Impacts[c.a]
			r.d.Impacts = append(r.d.Impacts, ImpactLine{im.ID, int(c.t), v, im.Unit})
		case colStock:
			stock[merged] += v
		case colDispose:
			disposal[merged] += v
		case colMove:
			move[merged] += v
		case colConsume:
			consumed[merged] += v
		}
	}
	for k, v := range stock {
		if pr := &r.n.Products[k.b]; !pr.Durable || pr.Wear > 0 || r.changes(k) {
			r.d.Stocks = append(r.d.Stocks, StockLine{r.p.ix.siteID[k.a], pr.ID, int(k.t), v, pr.Unit})
		}
	}
	for k, v := range disposal {
		r.d.Disposals = append(r.d.Disposals, Disposal{r.p.ix.siteID[k.a], r.n.Products[k.b].ID, int(k.t), v, r.n.Products[k.b].Unit})
	}
	for k, v := range move {
		a := r.p.arcs[k.a]
		l := &r.n.Links[a.link]
		r.d.Transfers = append(r.d.Transfers, Transfer{
			Link: l.ID, From: r.p.ix.siteID[a.from], To: r.p.ix.siteID[a.to], Agent: l.Agent,
			Product: r.n.Products[k.b].ID, Period: int(k.t), Arrival: int(k.t) + l.Delay, Quantity: v, Unit: r.n.Products[k.b].Unit,
		})
	}
	for k, v := range consumed {
		r.consumed(k, v)
	}
	r.order()
}

// changes tells whether a durable's stock is not the same in all periods.
func (r *reader) changes(k column) bool {
	for _, f := range r.n.Flows {
		if f.What == r.n.Products[k.b].ID && f.Direction != network.Use {
			return true
		}
	}
	for _, t := range r.n.Trade {
		if t.Product == r.n.Products[k.b].ID {
			return true
		}
	}
	return false
}

func (r *reader) trade(c column, v float64) {
	t := &r.n.Trade[c.a]
	pr := &r.n.Products[r.p.ix.product[t.Product]]
	line := TradeLine{
		Trade: t.ID, Agent: t.Agent, Site: r.p.ix.nameOf(r.p.ix.siteOf(t.Site, t.Agent)), Product: t.Product,
		Supplier: t.Supplier, Article: t.Article, Period: int(c.t), Arrival: int(c.t), Quantity: v, Unit: pr.Unit, Money: v * r.p.price(c),
	}
	if c.kind == colSell {
		r.d.Sales = append(r.d.Sales, line)
		return
	}
	line.Arrival += t.Delay
	r.d.Purchases = append(r.d.Purchases, line)
}

// consumed divides what a class takes among its members, by heads; what a
// pooled supply takes, by what each gets of it.
func (r *reader) consumed(k column, v float64) {
	cl := &r.p.classes[k.a]
	pr := &r.n.Products[k.b]
	shares := map[int]float64{}
	if len(cl.supplies) == 1 && pr.Reach == network.Anywhere {
		sp := &r.p.supplies[cl.supplies[0]]
		total := 0.0
		for _, tk := range sp.takers {
			for u, q := range tk.urgency {
				if e := sp.element[u]; e >= 0 {
					q *= max(0, r.x[r.p.Elements[e].Col])
					shares[tk.agent] += q
					total += q
				}
			}
		}
		if total == 0 {
			return
		}
		for a := range shares {
			shares[a] /= total
		}
	} else {
		for _, m := range cl.members {
			shares[m.agent] = m.persons / cl.persons
		}
	}
	for a, s := range shares {
		r.d.Consumed = append(r.d.Consumed, Consumed{r.n.Agents[a].ID, pr.ID, int(k.t), v * s, pr.Unit})
	}
}

func (r *reader) needs(rungOf, roundOf []int, goals []RungResult) {
	for s := range r.p.supplies {
		sp := &r.p.supplies[s]
		for _, tk := range sp.takers {
			d := &r.n.Needs[tk.need]
			line := NeedLine{
				Need: d.ID, Agent: d.Agent, What: d.What, Urgency: d.Urgency,
				Unit: d.Unit, Persons: max(1, r.n.Agents[tk.agent].Persons), Satisfaction: 1,
			}
			if len(sp.periods) == 1 {
				line.Period = sp.periods[0]
			}
			for u, q := range tk.urgency {
				e := sp.element[u]
				if e < 0 || q == 0 {
					continue
				}
				line.Required += q
				line.Delivered += q * snap(r.x[r.p.Elements[e].Col])
				if rung := rungOf[e]; rung >= 0 && line.Rung == "" {
					line.Rung, line.Round = goals[rung].Goal, roundOf[e]
				}
			}
			if line.Required <= 0 {
				continue
			}
			if line.Unit == "" {
				line.Unit = r.p.unitOfNeed(sp)
			}
			line.Satisfaction = snap(line.Delivered / line.Required)
			if line.Satisfaction == 1 {
				line.Delivered = line.Required
			}
			r.d.Needs = append(r.d.Needs, line)
		}
	}
	slices.SortFunc(r.d.Needs, func(a, b NeedLine) int {
		return cmp.Or(cmp.Compare(a.Need, b.Need), cmp.Compare(a.Period, b.Period), cmp.Compare(a.Urgency, b.Urgency), cmp.Compare(a.Required, b.Required))
	})
	r.unmet()
}

func (p *Program) unitOfNeed(sp *supply) string {
	if i, ok := p.ix.product[sp.what]; ok {
		return p.Net.Products[i].Unit
	}
	for _, pr := range p.Net.Properties {
		if pr.ID == sp.what {
			return pr.Unit
		}
	}
	if len(sp.accepts) > 0 {
		return p.Net.Products[sp.accepts[0].product].Unit
	}
	return ""
}

// snap makes what is fully met exactly 1 and what is nothing exactly 0.
func snap(v float64) float64 {
	switch {
	case v >= fullLevel:
		return 1
	case v < 1e-7:
		return 0
	}
	return v
}

func (r *reader) unmet() {
	at := map[string]int{}
	periods := map[string][]int{}
	for _, l := range r.d.Needs {
		if l.Satisfaction == 1 {
			continue
		}
		i, ok := at[l.Need]
		if !ok {
			i = len(r.d.Unmet)
			at[l.Need] = i
			r.d.Unmet = append(r.d.Unmet, Unmet{Need: l.Need, Agent: l.Agent, What: l.What, Urgency: l.Urgency, Unit: l.Unit, Worst: 1})
		}
		u := &r.d.Unmet[i]
		u.Short += l.Required - l.Delivered
		u.Worst = min(u.Worst, l.Satisfaction)
		periods[l.Need] = append(periods[l.Need], l.Period)
	}
	for _, l := range r.d.Needs {
		if i, ok := at[l.Need]; ok {
			r.d.Unmet[i].Required += l.Required
		}
	}
	for i := range r.d.Unmet {
		r.d.Unmet[i].Periods = spans(periods[r.d.Unmet[i].Need])
	}
}

// spans prints periods as "3-5,9".
func spans(t []int) string {
	slices.Sort(t)
	t = slices.Compact(t)
	var out []string
	for i := 0; i < len(t); {
		j := i
		for j+1 < len(t) && t[j+1] == t[j]+1 {
			j++
		}
		s := strconv.Itoa(t[i])
		if j > i {
			s += "-" + strconv.Itoa(t[j])
		}
		out = append(out, s)
		i = j + 1
	}
	return strings.Join(out, ",")
}

// money reads each purse's spending and earning off its rows.
func (r *reader) money() {
	lines := map[row]*MoneyLine{}
	for j, c := range r.p.cols {
		rows, vals := r.p.LP.Column(j)
		for k, i := range rows {
			m := r.p.rows[i]
			if m.kind != rowPurse {
				continue
			}
			key := row{a: m.a, t: m.t}
			l := lines[key]
			if l == nil {
				l = &MoneyLine{Agent: r.p.purses[m.a].agent, Period: int(m.t)}
				lines[key] = l
			}
			switch v := vals[k] * r.x[j]; {
			case c.kind == colMoney && c.t == m.t:
				l.Balance = max(0, r.x[j])
			case c.kind == colMoney:
			case v < 0:
				l.Spent -= v
			default:
				l.Earned += v
			}
		}
	}
	for _, l := range lines {
		r.d.Money = append(r.d.Money, *l)
	}
	slices.SortFunc(r.d.Money, func(a, b MoneyLine) int {
		return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Period, b.Period))
	})
}

// idle sums, over all periods, what capacities, offers and links could have done.
func (r *reader) idle() {
	lines := map[Idle]*[2]float64{}
	add := func(kind, what, where, unit string, offered, used float64) {
		k := Idle{Kind: kind, What: what, Where: where, Unit: unit}
		if lines[k] == nil {
			lines[k] = new([2]float64)
		}
		lines[k][0] += offered
		lines[k][1] += used
	}
	for j := range r.p.cols {
		rows, vals := r.p.LP.Column(j)
		for k, i := range rows {
			m := r.p.rows[i]
			v := vals[k] * r.x[j]
			switch m.kind {
			case rowCapacity:
				pr := &r.n.Products[m.b]
				if v < 0 {
					add("capacity", pr.ID, r.p.ix.siteID[m.a], pr.Unit, -v, 0)
				} else {
					add("capacity", pr.ID, r.p.ix.siteID[m.a], pr.Unit, 0, v)
				}
			case rowLink:
				add("link", r.p.arcs[m.a].id, r.p.ix.siteID[r.p.arcs[m.a].from], "kg", 0, v)
			}
		}
	}
	for i, m := range r.p.rows {
		if m.kind == rowLink {
			add("link", r.p.arcs[m.a].id, r.p.ix.siteID[r.p.arcs[m.a].from], "kg", r.p.LP.RowUpper[i], 0)
		}
	}
	for j, c := range r.p.cols {
		if c.kind == colWork {
			w := &r.n.Work[c.a]
			add("work", w.Skill, w.Agent, "h", r.p.LP.Upper[j], r.x[j])
		}
	}
	for k, v := range lines {
		k.Offered, k.Used = v[0], snapTo(v[1], v[0])
		r.d.Idle = append(r.d.Idle, k)
	}
	slices.SortFunc(r.d.Idle, func(a, b Idle) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Where, b.Where), cmp.Compare(a.What, b.What))
	})
}

func snapTo(v, full float64) float64 {
	switch {
	case v < 1e-7*full:
		return 0
	case v > full*(1-1e-7):
		return full
	}
	return v
}

// cutOff sums what the planned runs yield and take after the last period.
func (r *reader) cutOff() {
	runs := map[string][]RunLine{}
	for _, l := range r.d.Runs {
		runs[l.Recipe] = append(runs[l.Recipe], l)
	}
	sum := map[CutOff]float64{}
	for _, f := range r.n.Flows {
		for _, l := range runs[f.Recipe] {
			beyond := l.Period + f.Offset.To - max(r.T, l.Period+f.Offset.From-1)
			if beyond > 0 {
				sum[CutOff{Recipe: f.Recipe, Kind: string(f.Direction), What: f.What}] += float64(beyond) * f.Quantity * r.p.ix.factor(f.Profile, l.Period) * l.Runs
			}
		}
	}
	for k, v := range sum {
		k.Quantity = v
		r.d.CutOff = append(r.d.CutOff, k)
	}
	slices.SortFunc(r.d.CutOff, func(a, b CutOff) int {
		return cmp.Or(cmp.Compare(a.Recipe, b.Recipe), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.What, b.What))
	})
}

func (r *reader) openingStocks() {
	for _, s := range r.n.Stocks {
		pr := &r.n.Products[r.p.ix.product[s.Product]]
		if s.Start > 0 && !pr.Durable {
			r.d.Stocks = append(r.d.Stocks, StockLine{r.p.ix.nameOf(r.p.ix.siteOf(s.Site, s.Agent)), pr.ID, 0, s.Start, pr.Unit})
		}
	}
	slices.SortFunc(r.d.Stocks, func(a, b StockLine) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Period, b.Period))
	})
}

// order sorts what was gathered in maps.
func (r *reader) order() {
	slices.SortFunc(r.d.Disposals, func(a, b Disposal) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Period, b.Period))
	})
	slices.SortFunc(r.d.Transfers, func(a, b Transfer) int {
		return cmp.Or(cmp.Compare(a.Link, b.Link), cmp.Compare(a.From, b.From), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Period, b.Period))
	})
	slices.SortFunc(r.d.Consumed, func(a, b Consumed) int {
		return cmp.Or(cmp.Compare(a.Agent, b.Agent), cmp.Compare(a.Product, b.Product), cmp.Compare(a.Period, b.Period), cmp.Compare(a.Quantity, b.Quantity))
	})
	merged := r.d.Consumed[:0]
	for _, c := range r.d.Consumed {
		if k := len(merged) - 1; k >= 0 && merged[k].Agent == c.Agent && merged[k].Product == c.Product && merged[k].Period == c.Period {
			merged[k].Quantity += c.Quantity
			continue
		}
		merged = append(merged, c)
	}
	r.d.Consumed = merged
}
