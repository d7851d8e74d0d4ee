package report

import (
	"bremen/network"
)

// Makers that are no agents, by the key of their name in the catalogue.
const (
	bought  = "\x00bought"
	inStock = "\x00stock"
)

// provenance says who supplied what is consumed, and where it goes.
type provenance struct {
	units    map[string]string             // of products
	supply   map[string]map[string]float64 // product, maker: share of all supply
	consumed sums                          // product, agent
}

// provenance shares what is consumed of each product out among its makers, in
// proportion to what each put into the network over the whole plan: harvests
// and batches of the same product are not told apart.
func (f *facts) provenance() *provenance {
	v := &provenance{units: map[string]string{}, supply: map[string]map[string]float64{}, consumed: sums{}}
	add := func(product, maker string, q float64) {
		if q <= 0 {
			return
		}
		if v.supply[product] == nil {
			v.supply[product] = map[string]float64{}
		}
		v.supply[product][maker] += q
	}
	f.yields(func(y yield) {
		if y.direction == network.Out {
			add(y.product, y.run.Agent, y.quantity)
		}
	})
	for _, x := range f.doc.Purchases {
		add(x.Product, bought, x.Quantity)
	}
	for _, x := range f.doc.Stocks {
		if x.Period == 0 {
			add(x.Product, inStock, x.Quantity)
		}
	}
	for _, c := range f.doc.Consumed {
		v.consumed[[4]string{c.Product, c.Agent}] += c.Quantity
		v.units[c.Product] = c.Unit
	}
	for _, makers := range v.supply {
		total := 0.0
		for _, m := range sortedKeys(makers) {
			total += makers[m]
		}
		for m := range makers {
			makers[m] /= total
		}
	}
	return v
}

func (p *page) maker(id string) string {
	switch id {
	case bought:
		return p.say("maker.bought")
	case inStock:
		return p.say("maker.stock")
	}
	return p.Agent(id)
}

func (p *page) addFlows() error {
	data := struct {
		Sankey    bool
		Consumed  *table
		Map       *siteMap
		Transfers *table
	}{}
	data.Consumed = p.consumedTable()
	data.Sankey = data.Consumed != nil
	data.Transfers = p.transferTable()
	data.Map = p.siteMap()
	if !data.Sankey && data.Transfers == nil {
		return nil
	}
	return p.add("flows", data)
}

func (p *page) consumedTable() *table {
	t := p.table("consumed", "consumed.csv", "product", "maker", "share#", "consumed#")
	v := p.provenance()
	totals := sums{}
	for k, q := range v.consumed {
		totals[[4]string{k[0]}] += q
	}
	for _, line := range totals.sorted() {
		product := line.key[0]
		makers := sums{}
		for m, share := range v.supply[product] {
			makers[[4]string{m}] = share
		}
		if len(makers) == 0 {
			t.Rows = append(t.Rows, row(p.Thing(product), "–", "", p.lang.quantity(line.quantity, v.units[product])))
		}
		for _, m := range makers.largest() {
			t.Rows = append(t.Rows, []cell{
				{Text: p.Thing(product)}, {Text: p.maker(m.key[0])}, barCell(p.lang.share(m.quantity), m.quantity),
				{Text: p.lang.quantity(line.quantity*m.quantity, v.units[product])},
			})
		}
	}
	return t.filled()
}

func (p *page) transferTable() *table {
	t := p.table("transfers", "transfers.csv", "from", "to", "carrier", "weight#", "goods")
	weight, goods := sums{}, map[[4]string]map[string]bool{}
	for _, x := range p.doc.Transfers {
		key := [4]string{x.From, x.To, x.Agent}
		weight[key] += x.Quantity * p.weights[x.Product]
		if goods[key] == nil {
			goods[key] = map[string]bool{}
		}
		goods[key][x.Product] = true
	}
	for _, line := range weight.largest() {
		names, list := sortedKeys(goods[line.key]), ""
		for i, g := range names {
			if i == 6 {
				list = p.say("list.more", "list", list, "count", len(names)-i)
				break
			}
			if i > 0 {
				list += ", "
			}
			list += p.Thing(g)
		}
		t.Rows = append(t.Rows, row(p.Site(line.key[0]), p.Site(line.key[1]), p.where(line.key[2]), p.lang.quantity(line.quantity, "t"), list))
	}
	return t.filled()
}
