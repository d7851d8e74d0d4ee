package report

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"bremen/network"
	"bremen/plan"
)

// strip is a small drawing of one quantity by period: bars, and a limit if there is one.
type strip struct {
	Title, Text string
	First, Last string // periods
	Bars        []stripBar
	LimitY      string // empty without a limit
	Width       int
}

type stripBar struct{ X, Y, Width, Height, Title, Class string }

const (
	stripWidth  = 360
	stripHeight = 90.0
)

func (p *page) addMeans() error {
	data := struct {
		Strips                           []strip
		Money, Impacts, Purchases, Sales *table
	}{
		Strips: append(p.impactStrips(), p.moneyStrips()...),
		Money:  p.moneyTable(), Impacts: p.impactTable(),
		Purchases: p.tradeTable("purchases", p.doc.Purchases), Sales: p.tradeTable("sales", p.doc.Sales),
	}
	if len(data.Strips) == 0 && data.Money == nil && data.Impacts == nil && data.Purchases == nil && data.Sales == nil {
		return nil
	}
	if len(data.Strips) == 0 {
		data.Impacts.show()
		data.Purchases.show()
	}
	return p.add("means", data)
}

// strip draws values by period; limit holds the bound of each period, NaN for none.
func (p *page) strip(title, text, unit string, values []float64, limit float64) strip {
	s := strip{Title: title, Width: stripWidth, First: p.lang.period(p.cal, 1), Last: p.lang.period(p.cal, len(values))}
	most := 0.0
	for _, v := range values {
		most = math.Max(most, math.Abs(v))
	}
	s.Text = p.say("strip.most", "text", text, "most", p.lang.quantity(most, unit))
	if limit > 0 && limit < 4*most {
		most = math.Max(most, limit)
		s.LimitY = pixel(stripHeight * (1 - limit/most))
	}
	if most == 0 {
		most = 1
	}
	w := float64(stripWidth) / float64(len(values))
	for i, v := range values {
		h := stripHeight * math.Abs(v) / most
		bar := stripBar{X: pixel(float64(i) * w), Y: pixel(stripHeight - h), Width: pixel(math.Max(w-1, 1)), Height: pixel(h),
			Title: p.lang.period(p.cal, i+1) + ": " + p.lang.quantity(v, unit)}
		if s.LimitY != "" && v > limit*(1-1e-6) {
			bar.Class = "at-limit"
		}
		s.Bars = append(s.Bars, bar)
	}
	return s
}

func (p *page) impactStrips() []strip {
	var strips []strip
	n := p.doc.Calendar.Periods
	if n < 2 {
		return nil
	}
	for _, x := range p.impactSums {
		values := make([]float64, n)
		for _, line := range p.doc.Impacts {
			if line.Impact == x.id && line.Period >= 1 && line.Period <= n {
				values[line.Period-1] += line.Quantity
			}
		}
		limit := 0.0
		for _, l := range p.net.Limits {
			if l.What == x.id && l.Agent == "" && l.Basis != network.InTotal {
				limit = l.Quantity
			}
		}
		q, unit := heavy(x.quantity, x.unit)
		strips = append(strips, p.strip(p.Impact(x.id), p.say("strip.total", "total", p.lang.quantity(q, unit)), x.unit, values, limit))
	}
	return strips
}

func (p *page) moneyStrips() []strip {
	n := p.doc.Calendar.Periods
	if n < 2 {
		return nil
	}
	balances := map[string][]float64{}
	for _, m := range p.doc.Money {
		if m.Period < 1 || m.Period > n {
			continue
		}
		if balances[m.Agent] == nil {
			balances[m.Agent] = make([]float64, n)
		}
		balances[m.Agent][m.Period-1] = m.Balance
	}
	var strips []strip
	for _, id := range sortedKeys(balances) {
		title := p.say("strip.balance.network")
		if id != "" {
			title = p.say("strip.balance", "agent", p.Agent(id))
		}
		b := balances[id]
		strips = append(strips, p.strip(title, p.say("strip.end", "end", p.lang.quantity(b[n-1], p.doc.Currency)), p.doc.Currency, b, 0))
	}
	return strips
}

func (p *page) moneyTable() *table {
	t := p.table("money", "money.csv", "agent", "period#", "spent#", "earned#", "balance#")
	for _, m := range p.doc.Money {
		who := p.say("network")
		if m.Agent != "" {
			who = p.Agent(m.Agent)
		}
		t.Rows = append(t.Rows, row(who, strconv.Itoa(m.Period), p.money(m.Spent), p.money(m.Earned), p.money(m.Balance)))
	}
	return t.filled()
}

// money writes an amount of the network's money.
func (p *page) money(x float64) string { return p.lang.quantity(x, p.doc.Currency) }

func (p *page) impactTable() *table {
	t := p.table("impacts", "impacts.csv", "impact", "total#", "limit#", "basis", "share#")
	for _, x := range p.impactSums {
		found := false
		for _, l := range p.net.Limits {
			if l.What != x.id || l.Agent != "" {
				continue
			}
			found = true
			basis, used := p.say("basis.period"), p.highest(x.id)
			if l.Basis == network.InTotal {
				basis, used = p.say("basis.total"), x.quantity
			}
			share, _ := quotient(used, l.Quantity)
			t.Rows = append(t.Rows, []cell{
				{Text: p.Impact(x.id)}, {Text: p.lang.quantity(used, x.unit)}, {Text: p.lang.quantity(l.Quantity, x.unit)},
				{Text: basis}, barCell(p.shareOf(used, l.Quantity), share),
			})
		}
		if !found {
			t.Rows = append(t.Rows, row(p.Impact(x.id), p.lang.quantity(x.quantity, x.unit), "", p.say("basis.none"), ""))
		}
	}
	return t.filled()
}

// highest is an impact's largest quantity in one period.
func (p *page) highest(id string) float64 {
	byPeriod := map[int]float64{}
	for _, line := range p.doc.Impacts {
		if line.Impact == id {
			byPeriod[line.Period] += line.Quantity
		}
	}
	most := 0.0
	for _, q := range byPeriod {
		most = math.Max(most, q)
	}
	return most
}

func (p *page) tradeTable(id string, lines []plan.TradeLine) *table {
	t := p.table(id, id+".csv", "product", "supplier", "article", "periods", "quantity#", "money#")
	quantity, money, periods, units := sums{}, sums{}, map[[4]string]map[int]bool{}, map[string]string{}
	for _, x := range lines {
		key := [4]string{x.Product, x.Supplier, x.Article}
		quantity[key] += x.Quantity
		money[key] += x.Money
		if periods[key] == nil {
			periods[key] = map[int]bool{}
		}
		periods[key][x.Period] = true
		units[x.Product] = x.Unit
	}
	all := quantity.sorted()
	sort.SliceStable(all, func(i, j int) bool { return money[all[i].key] > money[all[j].key] })
	for _, line := range all {
		t.Rows = append(t.Rows, row(p.Thing(line.key[0]), line.key[1], line.key[2], p.periodsOf(periods[line.key]),
			p.lang.quantity(line.quantity, units[line.key[0]]), p.money(money[line.key])))
	}
	return t.filled()
}

func (p *page) addSurplus() error {
	data := struct {
		Disposals, Idle, CutOff, Ends *table
		Rounding                      *plan.Rounding
		Method                        string
		Loss                          []cell
	}{Disposals: p.disposalTable(), Idle: p.idleTable(), CutOff: p.cutOffTable(), Rounding: p.doc.Rounding}
	if r := p.doc.Rounding; r != nil {
		data.Method = p.lang.sayOr("rounding."+strings.ReplaceAll(r.Method, " ", "-"), r.Method)
		urgencies := sortedKeys(r.Loss)
		sort.SliceStable(urgencies, func(i, j int) bool { return p.rank[urgencies[i]] < p.rank[urgencies[j]] })
		for _, u := range urgencies {
			data.Loss = append(data.Loss, cell{Text: p.say("rounding.loss", "urgency", p.urgency(p.lang, u), "loss", p.lang.number(100*r.Loss[u]))})
		}
	}
	if data.Disposals == nil && data.Idle == nil && data.CutOff == nil && data.Rounding == nil {
		return nil
	}
	data.Idle.show()
	data.Disposals.show()
	return p.add("surplus", data)
}

// residue is less than anybody throws away: what the solver's tolerances leave.
const residue = 1e-4

func (p *page) disposalTable() *table {
	t := p.table("disposals", "disposals.csv", "product", "site", "periods", "quantity#")
	quantity, periods, units := sums{}, map[[4]string]map[int]bool{}, map[string]string{}
	for _, x := range p.doc.Disposals {
		if x.Quantity < residue {
			continue
		}
		key := [4]string{x.Product, x.Site}
		quantity[key] += x.Quantity
		if periods[key] == nil {
			periods[key] = map[int]bool{}
		}
		periods[key][x.Period] = true
		units[x.Product] = x.Unit
	}
	for _, line := range quantity.largest() {
		t.Rows = append(t.Rows, row(p.Thing(line.key[0]), p.Site(line.key[1]), p.periodsOf(periods[line.key]),
			p.lang.quantity(line.quantity, units[line.key[0]])))
	}
	return t.filled()
}

func (p *page) idleTable() *table {
	t := p.table("idle", "idle.csv", "kind", "what", "where", "used#", "offered#", "idle#")
	lines := append([]plan.Idle(nil), p.doc.Idle...)
	idle := func(x plan.Idle) float64 { s, _ := quotient(x.Offered-x.Used, x.Offered); return s }
	sort.SliceStable(lines, func(i, j int) bool { return idle(lines[i]) > idle(lines[j]) })
	for _, x := range lines {
		t.Rows = append(t.Rows, []cell{
			{Text: p.kind(x.Kind)}, {Text: p.thing(x.Kind, x.What)}, {Text: p.where(x.Where)},
			{Text: p.lang.quantity(x.Used, x.Unit)}, {Text: p.lang.quantity(x.Offered, x.Unit)}, barCell(p.lang.share(idle(x)), idle(x)),
		})
	}
	return t.filled()
}

func (p *page) cutOffTable() *table {
	t := p.table("cutoff", "cut_off.csv", "recipe", "direction", "what", "quantity#")
	for _, x := range p.doc.CutOff {
		t.Rows = append(t.Rows, row(p.Recipe(x.Recipe), p.lang.sayOr("flow."+x.Kind, x.Kind), p.Any(x.What), p.lang.number(x.Quantity)))
	}
	return t.filled()
}
