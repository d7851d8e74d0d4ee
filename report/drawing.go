package report

import (
	"math"
	"sort"
	"strings"

	"bremen/network"
	"bremen/words"
)

// drawing is what the page's scripts draw from. Lists refer to each other by
// index; figures are rounded to five digits, which no picture shows more of.
type drawing struct {
	Titles    map[Language]string            `json:"titles"`
	Words     map[Language]map[string]string `json:"words"` // the catalogue's "js." entries
	Periods   int                            `json:"periods"`
	Unit      string                         `json:"unit"`
	Starts    []string                       `json:"starts"`
	Agents    []string                       `json:"agents"`   // who has needs, as in the heat map
	Needs     []string                       `json:"needs"`    // what is needed, likewise
	Heat      [][]heatSeries                 `json:"heat"`     // [agent][need]
	Flows     *flowDrawing                   `json:"flows"`    // null: nothing consumed
	Runs      []runSeries                    `json:"runs"`     //
	Work      []workSeries                   `json:"work"`     //
	Stocks    []stockSeries                  `json:"stocks"`   //
	Timeline  []int                          `json:"timeline"` // indices into needs of the timeline's rows
	LevelFrom []float64                      `json:"levels"`
}

// heatSeries is one need: what is required, and its satisfaction in
// ten-thousandths (−1: nothing required); index 0 is the total over periods.
type heatSeries struct {
	Required []float64 `json:"r,omitempty"`
	Served   []int     `json:"s,omitempty"`
}

type flowDrawing struct {
	Makers   []string      `json:"makers"`
	Products []flowProduct `json:"products"`
	Sites    []string      `json:"sites"`
	Takers   []flowTaker   `json:"takers"`
}

type flowProduct struct {
	Name     string       `json:"n"`
	Category string       `json:"c"`
	Unit     string       `json:"u"`
	Tonnes   float64      `json:"t"` // per unit
	Supply   [][2]float64 `json:"s"` // maker, share
	Taken    [][2]float64 `json:"k"` // taker, quantity
}

type flowTaker struct {
	Name string `json:"n"`
	Site int    `json:"s"`
}

type runSeries struct {
	Recipe string       `json:"n"`
	Agent  string       `json:"a"`
	Unit   string       `json:"u"`
	Length int          `json:"l"` // periods a run lasts
	Runs   [][2]float64 `json:"r"` // period, runs
}

type workSeries struct {
	For    string       `json:"f"`
	Skill  string       `json:"s"`
	Burden float64      `json:"b"`
	Hours  [][2]float64 `json:"h"` // period, hours
}

type stockSeries struct {
	Product string    `json:"p"`
	Site    string    `json:"s"`
	Unit    string    `json:"u"`
	Level   []float64 `json:"l"`
}

// round5 rounds to five significant digits.
func round5(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	e := math.Pow(10, 4-math.Floor(math.Log10(math.Abs(x))))
	if math.IsInf(e, 0) || e == 0 {
		return x
	}
	return math.Round(x*e) / e
}

func newDrawing(f *facts) *drawing {
	d := &drawing{
		Titles: map[Language]string{}, Words: map[Language]map[string]string{},
		Periods: f.doc.Calendar.Periods, Unit: f.doc.Calendar.Unit, LevelFrom: levels,
	}
	if len(f.cal.starts) > 0 {
		d.Starts = f.doc.Calendar.Starts
	}
	for _, l := range Languages {
		d.Words[l] = scriptWords(l)
		p := page{facts: f, lang: l}
		d.Titles[l] = p.title().Text + " · " + l.say("kicker")
	}
	f.drawHeat(d)
	d.Flows = f.drawFlows()
	d.Runs, d.Work, d.Stocks = f.drawRuns(), f.drawWork(), f.drawStocks()
	return d
}

// scriptWords are the catalogue's entries that scripts use: those under "js.", months and periods.
func scriptWords(l Language) map[string]string {
	w := map[string]string{}
	for key, m := range catalogue[words.Language(l)] {
		if strings.HasPrefix(key, "js.") {
			w[strings.TrimPrefix(key, "js.")] = m.Other
		}
		if strings.HasPrefix(key, "month.") || strings.HasPrefix(key, "period.") || strings.HasPrefix(key, "date.") || strings.HasPrefix(key, "unit.") {
			w[key] = m.Other
		}
	}
	return w
}

func (f *facts) drawHeat(d *drawing) {
	p := page{facts: f, lang: English}
	if len(f.sat.whats) == 0 {
		return
	}
	whats, agents := f.sat.whats, f.sat.agents
	if len(whats) > mostHeat {
		whats = p.lowest(whats, func(w string) float64 { return p.lowestOf("", w) })
	}
	if len(agents) > mostHeat {
		agents = p.lowest(agents, func(a string) float64 { return p.lowestOf(a, "") })
	}
	for i, w := range whats {
		d.Needs = append(d.Needs, f.Thing(w))
		for t := 1; t <= f.sat.periods; t++ {
			if _, ok := f.sat.together(w, t); ok {
				d.Timeline = append(d.Timeline, i)
				break
			}
		}
	}
	for _, a := range agents {
		d.Agents = append(d.Agents, f.Agent(a))
		row := make([]heatSeries, len(whats))
		for i, w := range whats {
			row[i] = newHeatSeries(f.sat.pairs[[2]string{a, w}])
		}
		d.Heat = append(d.Heat, row)
	}
}

func newHeatSeries(c *course) heatSeries {
	if c == nil {
		return heatSeries{}
	}
	s := heatSeries{Served: make([]int, len(c.required))}
	same := true
	for t := range c.required {
		share, ok := c.at(t)
		s.Served[t] = -1
		if ok {
			s.Served[t] = int(share * 10000)
			if share >= full {
				s.Served[t] = 10000
			}
		}
		if t > 1 && c.required[t] != c.required[1] {
			same = false
		}
	}
	if same && len(c.required) > 1 {
		s.Required = []float64{round5(c.required[0]), round5(c.required[1])}
		return s
	}
	for _, q := range c.required {
		s.Required = append(s.Required, round5(q))
	}
	return s
}

func (f *facts) drawFlows() *flowDrawing {
	v := f.provenance()
	if len(v.consumed) == 0 {
		return nil
	}
	d := &flowDrawing{}
	makers, sites, takers := indices{}, indices{}, indices{}
	taken := map[string][][2]float64{}
	for _, line := range v.consumed.sorted() {
		if line.quantity <= 0 {
			continue
		}
		product, agent := line.key[0], line.key[1]
		k, added := takers.of(agent)
		if added {
			s, fresh := sites.of(f.homes[agent])
			if fresh {
				d.Sites = append(d.Sites, f.Site(f.homes[agent]))
			}
			d.Takers = append(d.Takers, flowTaker{f.Agent(agent), s})
		}
		taken[product] = append(taken[product], [2]float64{float64(k), round5(line.quantity)})
	}
	for _, product := range sortedKeys(taken) {
		fp := flowProduct{Name: f.Thing(product), Category: f.categories[product], Unit: v.units[product],
			Tonnes: f.weights[product], Taken: taken[product], Supply: [][2]float64{}}
		for _, m := range sortedKeys(v.supply[product]) {
			k, added := makers.of(m)
			if added {
				d.Makers = append(d.Makers, f.makerName(m))
			}
			fp.Supply = append(fp.Supply, [2]float64{float64(k), round5(v.supply[product][m])})
		}
		d.Products = append(d.Products, fp)
	}
	return d
}

// makerName is a maker's name; those that are no agents keep a mark that scripts translate.
func (f *facts) makerName(id string) string {
	switch id {
	case bought:
		return "@bought"
	case inStock:
		return "@stock"
	}
	return f.Agent(id)
}

// indices numbers IDs in the order they come.
type indices map[string]int

func (x indices) of(id string) (int, bool) {
	if k, known := x[id]; known {
		return k, false
	}
	x[id] = len(x)
	return x[id], true
}

func (f *facts) drawRuns() []runSeries {
	length := map[string]int{}
	for _, fl := range f.net.Flows {
		if fl.Direction == network.Out || fl.Direction == network.Use || fl.Direction == network.Labour {
			length[fl.Recipe] = max(length[fl.Recipe], fl.Offset.From+1, fl.Offset.To+1)
		}
	}
	runs, unit := sums{}, map[string]string{}
	byKey := map[[4]string]map[int]float64{}
	for _, r := range f.doc.Runs {
		key := [4]string{r.Agent, r.Recipe}
		runs[key] += r.Runs
		unit[r.Recipe] = r.Unit
		if byKey[key] == nil {
			byKey[key] = map[int]float64{}
		}
		byKey[key][r.Period] += r.Runs
	}
	var list []runSeries
	for _, line := range runs.sorted() {
		if line.quantity <= 1e-9 {
			continue
		}
		list = append(list, runSeries{
			Recipe: f.Recipe(line.key[1]), Agent: f.Agent(line.key[0]), Unit: unit[line.key[1]],
			Length: max(1, length[line.key[1]]), Runs: sparse(byKey[line.key]),
		})
	}
	return list
}

// sparse lists what is not nothing, by period.
func sparse(m map[int]float64) [][2]float64 {
	list := [][2]float64{}
	for t, q := range m {
		if q > 1e-9 {
			list = append(list, [2]float64{float64(t), round5(q)})
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i][0] < list[j][0] })
	return list
}

func (f *facts) drawWork() []workSeries {
	type key struct {
		who, skill string
		burden     float64
	}
	hours := map[key]map[int]float64{}
	for _, w := range f.doc.Work {
		k := key{w.For, w.Skill, w.Burden}
		if hours[k] == nil {
			hours[k] = map[int]float64{}
		}
		hours[k][w.Period] += w.Hours
	}
	keys := make([]key, 0, len(hours))
	for k := range hours {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if a.who != b.who {
			return a.who < b.who
		}
		if a.skill != b.skill {
			return a.skill < b.skill
		}
		return a.burden < b.burden
	})
	var list []workSeries
	for _, k := range keys {
		list = append(list, workSeries{f.Agent(k.who), f.Skill(k.skill), k.burden, sparse(hours[k])})
	}
	return list
}

// mostSeries is how many courses of stocks a page holds, the fullest first.
const mostSeries = 500

func (f *facts) drawStocks() []stockSeries {
	all := f.stocks()
	if len(all) > mostSeries {
		sort.SliceStable(all, func(i, j int) bool { return all[i].peak() > all[j].peak() })
		all = all[:mostSeries]
		sort.SliceStable(all, func(i, j int) bool { return all[i].product < all[j].product })
	}
	var list []stockSeries
	for _, s := range all {
		v := stockSeries{Product: f.Thing(s.product), Site: f.Site(s.site), Unit: s.unit}
		for _, x := range s.level {
			v.Level = append(v.Level, round5(x))
		}
		list = append(list, v)
	}
	return list
}
