package plan

import (
	"fmt"

	"bremen/network"
)

// The second half of an audit: what was delivered, and what must not be exceeded.

// needs checks that nobody gets more than asked, nor more than is consumed.
func (a *audit) needs() {
	stated := map[string][]*network.Need{}
	for i := range a.n.Needs {
		stated[a.n.Needs[i].ID] = append(stated[a.n.Needs[i].ID], &a.n.Needs[i])
	}
	for _, l := range a.d.Needs {
		a.atMost(fmt.Sprintf("delivery of %s in %d", l.Need, l.Period), l.Delivered, l.Required)
		if l.Satisfaction < 0 || l.Satisfaction > 1 {
			a.wrong = append(a.wrong, fmt.Sprintf("satisfaction of %s in %d is %g", l.Need, l.Period, l.Satisfaction))
		}
		a.equal("satisfaction of "+l.Need, l.Satisfaction*l.Required, l.Delivered, l.Required)
		var consumed, size float64
		for _, c := range a.d.Consumed {
			if c.Agent != l.Agent || (l.Period > 0 && c.Period != l.Period) || (l.Period == 0 && !stated[l.Need][0].Periods.Has(c.Period)) {
				continue
			}
			consumed += c.Quantity * a.counts(l.What, c.Product)
			size += a.size[c.Product]
		}
		if l.Delivered > consumed+2e-6*(1+size+l.Required) {
			a.wrong = append(a.wrong, fmt.Sprintf("%s in %d: %.9g delivered, only %.9g consumed", l.Need, l.Period, l.Delivered, consumed))
		}
	}
}

// counts is how much of what one unit of a product is.
func (a *audit) counts(what, product string) float64 {
	if what == product {
		return 1
	}
	for _, v := range a.n.Variants {
		if v.Kind != what {
			continue
		}
		if r := v.Rate * a.counts(v.Product, product); r > 0 {
			return r
		}
	}
	for _, c := range a.n.Contents {
		if c.Property == what && c.Product == product {
			return c.Quantity
		}
	}
	return 0
}

// bounds checks recipes, links, trade, durables and stores against what was stated of them.
func (a *audit) bounds() {
	used := map[account]float64{}
	for _, r := range a.d.Runs {
		rec := a.recipe[r.Recipe]
		if rec.Most > 0 {
			a.atMost(fmt.Sprintf("runs of %s in %d", r.Recipe, r.Period), r.Runs, rec.Most*a.factor(rec.Season, r.Period))
		}
		if !rec.Starts.Has(r.Period) {
			a.wrong = append(a.wrong, fmt.Sprintf("%s starts in %d", r.Recipe, r.Period))
		}
		for _, f := range a.n.Flows {
			for off := f.Offset.From; f.Recipe == r.Recipe && f.Direction == network.Use && off <= f.Offset.To; off++ {
				used[account{r.Site, f.What, r.Period + off}] += r.Runs * f.Quantity * a.factor(f.Profile, r.Period)
			}
		}
	}
	for k, v := range used {
		if k.t <= a.n.Calendar.Periods && a.product[k.product].Reach != network.Anywhere {
			a.atMost(fmt.Sprintf("use of %s at %s in %d", k.product, k.site, k.t), v, a.capacity(k))
		}
	}
	carried := map[account]float64{}
	for _, l := range a.d.Transfers {
		carried[account{site: l.From, product: l.Link, t: l.Period}] += l.Quantity * a.product[l.Product].Weight
	}
	for k, v := range carried {
		if c := a.link[k.product].Capacity; c != nil {
			a.atMost("load of "+k.product, v, *c)
		}
	}
	bought, total := map[account]float64{}, map[string]float64{}
	for _, l := range append(append([]TradeLine{}, a.d.Purchases...), a.d.Sales...) {
		bought[account{product: l.Trade, t: l.Period}] += l.Quantity
		total[l.Trade] += l.Quantity
	}
	for _, t := range a.n.Trade {
		for p := 1; t.Most != nil && p <= a.n.Calendar.Periods; p++ {
			a.atMost("trade "+t.ID, bought[account{product: t.ID, t: p}], *t.Most)
		}
		if t.Total != nil {
			a.atMost("trade "+t.ID+" in all", total[t.ID], *t.Total)
		}
	}
	for _, s := range a.n.Storage {
		kept := map[int]float64{}
		for _, l := range a.d.Stocks {
			if l.Site == s.Site && l.Period > 0 && (s.What == l.Product || s.What == "" && !a.product[l.Product].Durable) {
				v := l.Quantity
				if s.What == "" {
					v *= a.product[l.Product].Weight / 1000
				}
				kept[l.Period] += v
			}
		}
		for t, v := range kept {
			if s.Capacity != nil {
				a.atMost(fmt.Sprintf("store at %s in %d", s.Site, t), v, *s.Capacity)
			}
		}
	}
}

func (a *audit) capacity(k account) float64 {
	start, profile := 0.0, ""
	for _, s := range a.n.Stocks {
		if s.Site == k.site && s.Product == k.product {
			start += s.Start
			profile = s.Profile
		}
	}
	if a.listed(a.product[k.product]) {
		start = 0
		for _, l := range a.d.Stocks {
			if l.Site == k.site && l.Product == k.product && l.Period == k.t {
				start += l.Quantity
			}
		}
	}
	return start * a.factor(profile, k.t)
}
