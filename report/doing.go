package report

import (
	"math"
	"sort"
	"strconv"

	"bremen/network"
)

func (p *page) addProduction() error {
	if len(p.doc.Runs) == 0 {
		return nil
	}
	runs := p.table("runs", "runs.csv", "agent", "recipe", "periods", "runs#", "most#")
	total, most, periods, units := sums{}, sums{}, map[[4]string]map[int]bool{}, map[string]string{}
	for _, r := range p.doc.Runs {
		key := [4]string{r.Agent, r.Recipe}
		total[key] += r.Runs
		most[key] = math.Max(most[key], r.Runs)
		if periods[key] == nil {
			periods[key] = map[int]bool{}
		}
		if r.Runs > 0 {
			periods[key][r.Period] = true
		}
		units[r.Recipe] = r.Unit
	}
	for _, line := range total.sorted() {
		if line.quantity <= 0 {
			continue
		}
		unit := units[line.key[1]]
		runs.Rows = append(runs.Rows, row(p.Agent(line.key[0]), p.Recipe(line.key[1]), p.periodsOf(periods[line.key]),
			p.lang.quantity(line.quantity, unit), p.lang.quantity(most[line.key], unit)))
	}
	data := struct {
		Runs, Made *table
		Gantt      bool
	}{runs.filled(), p.madeTable(), p.doc.Calendar.Periods > 1}
	if !data.Gantt {
		data.Runs.show()
	}
	return p.add("production", data)
}

func (p *page) madeTable() *table {
	t := p.table("made", "runs.csv", "product", "agent", "made#")
	units := map[string]string{}
	for _, x := range p.net.Products {
		units[x.ID] = x.Unit
	}
	made := sums{}
	p.yields(func(y yield) {
		if y.direction == network.Out {
			made[[4]string{y.product, y.run.Agent}] += y.quantity
		}
	})
	for _, line := range made.sorted() {
		if line.quantity > 0 {
			t.Rows = append(t.Rows, row(p.Thing(line.key[0]), p.Agent(line.key[1]), p.lang.quantity(line.quantity, units[line.key[0]])))
		}
	}
	return t.filled()
}

func (p *page) addWork() error {
	if len(p.doc.Work) == 0 {
		return nil
	}
	t := p.table("work", "work.csv", "for", "skill", "burden#", "hours#", "offered#")
	hours, offered := sums{}, sums{}
	for _, w := range p.doc.Work {
		key := [4]string{w.For, w.Skill, strconv.FormatFloat(w.Burden, 'g', -1, 64)}
		hours[key] += w.Hours
		offered[key] += w.Offered
	}
	for _, line := range hours.sorted() {
		burden, _ := strconv.ParseFloat(line.key[2], 64)
		share, _ := quotient(line.quantity, offered[line.key])
		t.Rows = append(t.Rows, []cell{
			{Text: p.Agent(line.key[0])}, {Text: p.Skill(line.key[1])}, {Text: p.lang.number(burden)},
			barCell(p.lang.quantity(line.quantity, p.say("unit.h")), share), {Text: p.lang.quantity(offered[line.key], p.say("unit.h"))},
		})
	}
	return p.add("work", struct{ Table *table }{t.filled()})
}

// stock is how much of a product is kept at a site through the periods.
type stock struct {
	product, site, unit string
	level               []float64 // by period, 0 = at the start
	known               []bool
}

// stocks gathers what is kept, leaving out what is nothing throughout.
func (f *facts) stocks() []stock {
	byKey := map[[2]string]*stock{}
	for _, x := range f.doc.Stocks {
		if x.Period < 0 || x.Period > f.doc.Calendar.Periods {
			continue
		}
		key := [2]string{x.Product, x.Site}
		s := byKey[key]
		if s == nil {
			n := f.doc.Calendar.Periods + 1
			s = &stock{product: x.Product, site: x.Site, unit: x.Unit, level: make([]float64, n), known: make([]bool, n)}
			byKey[key] = s
		}
		s.level[x.Period] += x.Quantity
		s.known[x.Period] = true
	}
	var all []stock
	for _, s := range byKey {
		if s.peak() > 1e-9 {
			all = append(all, *s)
		}
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].product != all[j].product {
			return all[i].product < all[j].product
		}
		return all[i].site < all[j].site
	})
	return all
}

func (s *stock) peak() float64 {
	most := 0.0
	for _, x := range s.level {
		most = math.Max(most, x)
	}
	return most
}

func (p *page) addStocks() error {
	all := p.stocks()
	if len(all) == 0 {
		return nil
	}
	t := p.table("stocks", "stocks.csv", "product", "site", "start#", "highest#", "at", "end#")
	for _, s := range all {
		peakAt, peak := 0, s.peak()
		for i, x := range s.level {
			if x == peak {
				peakAt = i
				break
			}
		}
		at := p.say("period.start")
		if peakAt > 0 {
			at = p.lang.period(p.cal, peakAt)
		}
		t.Rows = append(t.Rows, row(p.Thing(s.product), p.Site(s.site), p.lang.quantity(s.level[0], s.unit),
			p.lang.quantity(peak, s.unit), at, p.lang.quantity(s.level[len(s.level)-1], s.unit)))
	}
	data := struct {
		Table *table
		Chart bool
	}{t.filled(), p.doc.Calendar.Periods > 1}
	if !data.Chart {
		data.Table.show()
	}
	return p.add("stocks", data)
}
