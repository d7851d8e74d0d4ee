package report

import (
	"sort"

	"bremen/network"
	"bremen/plan"
)

// sum adds quantities under a key of up to four IDs.
type sums map[[4]string]float64

// sumLine is one entry of sums.
type sumLine struct {
	key      [4]string
	quantity float64
}

// sorted returns the entries in the order of their keys.
func (s sums) sorted() []sumLine {
	lines := make([]sumLine, 0, len(s))
	for k, q := range s {
		lines = append(lines, sumLine{k, q})
	}
	sort.Slice(lines, func(i, j int) bool { return lessKey(lines[i].key, lines[j].key) })
	return lines
}

// largest returns the entries with the largest quantity first.
func (s sums) largest() []sumLine {
	lines := s.sorted()
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].quantity > lines[j].quantity })
	return lines
}

func lessKey(a, b [4]string) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// factors looks up what a profile multiplies a figure by; no profile is 1 throughout.
func factors(n *network.Network) func(profile string, t int) float64 {
	rows := map[string][]network.Profile{}
	for _, p := range n.Profiles {
		rows[p.ID] = append(rows[p.ID], p)
	}
	return func(profile string, t int) float64 {
		for _, p := range rows[profile] {
			if len(p.Periods) == 0 {
				return p.Factor
			}
			for _, s := range p.Periods {
				if t >= s.From && t <= s.To {
					return p.Factor
				}
			}
		}
		return 1
	}
}

// flowsOf lists a network's flows by recipe.
func flowsOf(n *network.Network) map[string][]network.Flow {
	flows := map[string][]network.Flow{}
	for _, f := range n.Flows {
		flows[f.Recipe] = append(flows[f.Recipe], f)
	}
	return flows
}

// yield is what a run puts out or takes of a product in one period.
type yield struct {
	run       *plan.RunLine
	product   string
	period    int
	quantity  float64
	direction network.Direction
}

// yields calls f for everything that the plan's runs put out and take of
// named products within the calendar. Kinds appear as the mix that was taken,
// in the period in which the run starts.
func (f *facts) yields(each func(yield)) {
	flows, factor := flowsOf(f.net), factors(f.net)
	kinds := map[string]bool{}
	for _, v := range f.net.Variants {
		kinds[v.Kind] = true
	}
	for i := range f.doc.Runs {
		r := &f.doc.Runs[i]
		for _, m := range r.Mix {
			each(yield{r, m.Product, r.Period, m.Quantity, network.In})
		}
		for _, fl := range flows[r.Recipe] {
			if fl.Direction != network.In && fl.Direction != network.Out || fl.Direction == network.In && kinds[fl.What] {
				continue
			}
			for o := fl.Offset.From; o <= max(fl.Offset.From, fl.Offset.To); o++ {
				if t := r.Period + o; t <= f.doc.Calendar.Periods {
					each(yield{r, fl.What, t, r.Runs * fl.Quantity * factor(fl.Profile, r.Period), fl.Direction})
				}
			}
		}
	}
}
