package report

import (
	"math"
	"sort"
	"strings"

	"bremen/network"
	"bremen/plan"
	"bremen/words"
)

// facts are what all pictures are drawn from: the plan, the network it was
// made from, and sums over both that do not depend on the language.
type facts struct {
	doc *plan.Document
	net *network.Network
	*words.Names
	cal  calendar
	rank map[string]int // of urgencies, 0 the most pressing
	sat  *satisfactions

	people         float64
	elements, met  int
	worst          *plan.NeedLine // nil without needs
	hours, offered float64
	spent, earned  float64
	impactSums     []amount // in order of first appearance
	weights        map[string]float64
	categories     map[string]string
	homes          map[string]string // site of an agent
	urgencies      []urgencySum
}

// amount is a quantity of something.
type amount struct {
	id       string
	quantity float64
	unit     string
}

// urgencySum is how needs of one urgency fare.
type urgencySum struct {
	id            string
	elements, met int
	mean, lowest  float64
}

func newFacts(n *network.Network, d *plan.Document) *facts {
	if n == nil {
		n = &network.Network{}
	}
	f := &facts{doc: d, net: n, Names: words.NewNames(n), cal: newCalendar(d.Calendar), rank: ranks(n)}
	f.sat = newSatisfactions(d, f.rank)
	f.weights, f.categories, f.homes = map[string]float64{}, map[string]string{}, map[string]string{}
	for _, p := range n.Products {
		f.weights[p.ID] = tonnes(p)
		f.categories[p.ID] = p.Category
	}
	for _, a := range n.Agents {
		f.homes[a.ID] = a.Site
		if a.Site == "" {
			f.homes[a.ID] = a.ID
		}
	}
	f.countNeeds()
	f.countPeople()
	f.sumUp()
	return f
}

// ranks orders the urgencies; those a network does not name come after all others.
func ranks(n *network.Network) map[string]int {
	rank := map[string]int{}
	for i, u := range n.Urgencies {
		rank[u.ID] = i + 1
	}
	if len(n.Urgencies) == 0 {
		rank = map[string]int{"vital": 1, "important": 2, "wish": 3}
	}
	return rank
}

// tonnes per unit of a product; 0 for what has no weight.
func tonnes(p network.Product) float64 {
	switch {
	case p.Weight > 0:
		return p.Weight / 1000
	case p.Unit == "kg":
		return 1e-3
	case p.Unit == "t":
		return 1
	case p.Unit == "g":
		return 1e-6
	}
	return 0
}

func (f *facts) countNeeds() {
	sums := map[string]*urgencySum{}
	for i := range f.doc.Needs {
		line := &f.doc.Needs[i]
		u := sums[line.Urgency]
		if u == nil {
			u = &urgencySum{id: line.Urgency, lowest: 1}
			sums[line.Urgency] = u
		}
		f.elements++
		u.elements++
		u.mean += clamp(line.Satisfaction)
		u.lowest = math.Min(u.lowest, clamp(line.Satisfaction))
		if line.Satisfaction >= full {
			f.met++
			u.met++
		}
		if f.worst == nil || f.worse(line, f.worst) {
			f.worst = line
		}
	}
	for _, u := range sums {
		u.mean /= float64(u.elements)
		f.urgencies = append(f.urgencies, *u)
	}
	sort.Slice(f.urgencies, func(i, j int) bool {
		a, b := f.urgencies[i].id, f.urgencies[j].id
		if f.rank[a] != f.rank[b] {
			return f.rank[a] < f.rank[b]
		}
		return a < b
	})
}

// worse orders needs by urgency first: what is least served among the most pressing that fall short.
func (f *facts) worse(a, b *plan.NeedLine) bool {
	shortA, shortB := a.Satisfaction < full, b.Satisfaction < full
	if shortA != shortB {
		return shortA
	}
	if f.rank[a.Urgency] != f.rank[b.Urgency] && shortA {
		return f.rank[a.Urgency] < f.rank[b.Urgency]
	}
	return a.Satisfaction < b.Satisfaction
}

func (f *facts) countPeople() {
	heads := map[string]float64{}
	for _, line := range f.doc.Needs {
		heads[line.Agent] = math.Max(heads[line.Agent], line.Persons)
	}
	for _, a := range f.net.Agents {
		if _, needs := heads[a.ID]; needs && a.Persons > 0 {
			heads[a.ID] = a.Persons
		}
	}
	for _, id := range f.sat.agents {
		f.people += heads[id]
	}
}

func (f *facts) sumUp() {
	for _, w := range f.doc.Work {
		f.hours += w.Hours
		f.offered += w.Offered
	}
	if total := idleHours(f.doc); total > 0 {
		f.offered = total
	}
	for _, m := range f.doc.Money {
		f.spent += m.Spent
		f.earned += m.Earned
	}
	at := map[string]int{}
	for _, line := range f.doc.Impacts {
		i, known := at[line.Impact]
		if !known {
			i = len(f.impactSums)
			at[line.Impact] = i
			f.impactSums = append(f.impactSums, amount{id: line.Impact, unit: line.Unit})
		}
		f.impactSums[i].quantity += line.Quantity
	}
}

// idleHours are all hours offered, used or not; 0 when the plan does not say.
func idleHours(d *plan.Document) float64 {
	total := 0.0
	for _, x := range d.Idle {
		if x.Kind == "work" {
			total += x.Offered
		}
	}
	return total
}

// carbon is the impact that stands for the climate, if the plan counts one.
func (f *facts) carbon() (amount, bool) {
	for _, x := range f.impactSums {
		name := strings.ToLower(x.id + " " + f.Impact(x.id))
		if strings.Contains(name, "co2") || strings.Contains(name, "co₂") || strings.Contains(name, "ghg") {
			return x, true
		}
	}
	return amount{}, false
}

// urgency names an urgency as the network does, else as the catalogue does.
func (f *facts) urgency(l Language, id string) string {
	for _, u := range f.net.Urgencies {
		if u.ID == id {
			if t := u.Title[string(l)]; t != "" {
				return t
			}
		}
	}
	return l.sayOr("urgency."+id, id)
}

// sortedKeys returns the keys of m in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
