package series

import (
	"slices"
	"strings"

	"bremen/network"
)

// Spec is a series as somebody wrote it. Exactly one of Variants, Ranges, CutOffs and Coalitions says what varies.
type Spec struct {
	Title  map[string]string // per language
	Ladder string
	Common []network.Change // in every variant, and in the network as it is
	// Variants one by one.
	Variants []Variant
	// Ranges: one, or two that make a grid.
	Ranges []Stepped
	// CutOffs names what is taken away, one at a time: "agents" that offer something, "suppliers", or a table of things that can be cut.
	CutOffs []string
	// Coalitions of the Players; without Players, of all organisations that offer something.
	Coalitions bool
	Players    []string
}

// Stepped is a change with several values, one after the other.
type Stepped struct {
	Axis
	Changes []network.Change // one per value
}

// Of makes the series of a network. The error is a *Mistake.
func (s *Spec) Of(n *network.Network) (*Series, error) {
	out := &Series{Title: s.Title, Ladder: s.Ladder, Variants: []Variant{{Changes: s.Common}}}
	var list []Variant
	var err error
	switch {
	case len(s.Ranges) == 1:
		out.Kind, list = Range, steps(s.Ranges[0])
		out.Axes = []Axis{s.Ranges[0].Axis}
	case len(s.Ranges) == 2:
		out.Kind, list = Grid, grid(s.Ranges[0], s.Ranges[1])
		out.Axes = []Axis{s.Ranges[0].Axis, s.Ranges[1].Axis}
	case len(s.CutOffs) > 0:
		out.Kind = CutOffs
		list, err = cutOffs(n, s.CutOffs)
	case s.Coalitions:
		out.Kind = Coalitions
		out.Players, list, err = coalitions(n, s.Players)
	default:
		out.Kind, list = Variants, s.Variants
	}
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, &Mistake{Code: CodeNothing}
	}
	if len(list) >= MaxVariants {
		return nil, tooMany(len(list))
	}
	for _, v := range list {
		v.Changes = append(slices.Clone(s.Common), v.Changes...)
		out.Variants = append(out.Variants, v)
	}
	return out, nil
}

func steps(r Stepped) []Variant {
	var list []Variant
	for i, value := range r.Values {
		list = append(list, Variant{Name: value, At: []string{value}, Changes: []network.Change{r.Changes[i]}})
	}
	return list
}

func grid(a, b Stepped) []Variant {
	var list []Variant
	for i, x := range a.Values {
		for k, y := range b.Values {
			list = append(list, Variant{Name: x + " / " + y, At: []string{x, y}, Changes: []network.Change{a.Changes[i], b.Changes[k]}})
		}
	}
	return list
}

// offering are the agents that others could miss: who works, makes, keeps, carries or trades something.
func offering(n *network.Network) map[string]bool {
	m := map[string]bool{}
	for i := range n.Recipes {
		m[n.Recipes[i].Agent] = true
	}
	for i := range n.Work {
		m[n.Work[i].Agent] = true
	}
	for i := range n.Stocks {
		m[n.Stocks[i].Agent] = true
	}
	for i := range n.Links {
		m[n.Links[i].Agent] = true
	}
	for i := range n.Trade {
		m[n.Trade[i].Agent] = true
	}
	delete(m, "")
	return m
}

// Suppliers and Agents are what cut-offs may name beside tables.
const (
	Suppliers = "suppliers"
	Agents    = "agents"
)

// cuttable is all that cut-offs may name.
var cuttable = []string{Agents, Suppliers, "sites", "products", "skills", "recipes", "links", "trade", "work"}

func cutOffs(n *network.Network, what []string) ([]Variant, error) {
	var list []Variant
	for _, w := range what {
		if w == Suppliers {
			more, err := withoutSuppliers(n)
			if err != nil {
				return nil, err
			}
			list = append(list, more...)
			continue
		}
		offer := offering(n)
		for _, id := range ids(n, w) {
			if w == Agents && !offer[id] {
				continue
			}
			c, err := network.ParseCut(w + "." + id)
			if err != nil {
				return nil, err
			}
			list = append(list, Variant{Name: w + "." + id, Changes: []network.Change{c}})
		}
	}
	return list, nil
}

// ids of a table, sorted, each once.
func ids(n *network.Network, table string) []string {
	t := network.TableNamed(table)
	cursor, column := t.Cursor(n), t.Column("id")
	var list []string
	for i := range cursor.Len() {
		cursor.Load(i)
		list = append(list, *cursor.Field(column).(*string))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// withoutSuppliers takes away all that one supplier sells, for each.
func withoutSuppliers(n *network.Network) ([]Variant, error) {
	trade := map[string][]string{}
	for i := range n.Trade {
		if t := &n.Trade[i]; t.Type == "buy" {
			name := t.Supplier
			if name == "" {
				name = t.ID // nobody is named: a source of its own
			}
			trade[name] = append(trade[name], t.ID)
		}
	}
	var list []Variant
	for _, name := range sortedKeys(trade) {
		v := Variant{Name: Suppliers + "." + name}
		slices.Sort(trade[name])
		for _, id := range slices.Compact(trade[name]) {
			c, err := network.ParseCut("trade." + id)
			if err != nil {
				return nil, err
			}
			v.Changes = append(v.Changes, c)
		}
		list = append(list, v)
	}
	return list, nil
}

// coalitions of players: all of them up to AllCoalitions players, the smaller first; else each alone, all without each, and all.
func coalitions(n *network.Network, players []string) ([]string, []Variant, error) {
	agents := ids(n, Agents)
	if len(players) == 0 {
		offer := offering(n)
		for i := range n.Agents {
			if a := &n.Agents[i]; a.Type == network.Organisation && offer[a.ID] {
				players = append(players, a.ID)
			}
		}
	}
	for _, p := range players {
		if !slices.Contains(agents, p) {
			return nil, nil, unknown(CodePlayer, p, agents)
		}
	}
	players = slices.Compact(slices.Sorted(slices.Values(players)))
	cut := map[string]network.Change{}
	for _, p := range players {
		c, err := network.ParseCut("agents." + p)
		if err != nil {
			return nil, nil, err
		}
		cut[p] = c
	}
	var list []Variant
	for _, in := range chosen(len(players)) {
		v := Variant{}
		for i, p := range players {
			if in(i) {
				v.Players = append(v.Players, p)
			} else {
				v.Changes = append(v.Changes, cut[p])
			}
		}
		v.Name = strings.Join(v.Players, " + ")
		list = append(list, v)
	}
	slices.SortStableFunc(list, func(a, b Variant) int { return len(a.Players) - len(b.Players) })
	return players, list, nil
}

// chosen returns which of n players are in each coalition.
func chosen(n int) []func(int) bool {
	var all []func(int) bool
	if n <= AllCoalitions {
		for mask := 1; mask < 1<<n; mask++ {
			all = append(all, func(i int) bool { return mask>>i&1 == 1 })
		}
		return all
	}
	for k := range n {
		all = append(all, func(i int) bool { return i == k })
	}
	for k := range n {
		all = append(all, func(i int) bool { return i != k })
	}
	return append(all, func(int) bool { return true })
}
