package network

import (
	"slices"
	"strings"

	"bremen/internal/mistake"
)

// cuttable are the tables whose rows can be cut off, in the order in which an
// ID is looked for.
var cuttable = []string{"agents", "sites", "products", "recipes", "links", "trade", "skills", "work", "needs", "limits", "commitments"}

// ParseCut reads what falls away: an ID, or TABLE.ID where several tables have it.
// What that means, by table:
//
//   - agents: the agent states nothing any more: no needs, recipes, work,
//     stocks, trade, budget or limits, and the links it serves are gone;
//   - sites: no link leads there or away;
//   - products: nobody makes, buys or has any at the start, and nothing comes back;
//     needs for it stand, and promises of it fall;
//   - skills: nobody offers this work;
//   - recipes, links, trade, work, needs, limits, commitments: the row falls away.
//
// Commitments that only what is cut could keep fall with it.
func ParseCut(text string) (Change, error) {
	id := strings.TrimSpace(text)
	c := Change{text: text, cut: true, row: id}
	if id == "" {
		return c, changeError(text, Mistake{Code: CodeCutUnknown})
	}
	return c, nil
}

// cutOff finds what a cut names and takes it away.
func (n *Network) cutOff(c Change) error {
	table, id, err := n.findCut(c)
	if err != nil {
		return err
	}
	switch table {
	case "agents":
		n.cutAgent(id)
	case "sites":
		n.cutLinks(func(l *Link) bool { return l.From == id || l.To == id })
	case "products":
		n.cutProduct(id)
	case "recipes":
		n.cutRecipes(func(r *Recipe) bool { return r.ID == id })
	case "links":
		n.cutLinks(func(l *Link) bool { return l.ID == id })
	case "trade":
		n.cutTrade(func(t *Trade) bool { return t.ID == id })
	case "skills":
		n.cutWork(func(w *WorkOffer) bool { return w.Skill == id })
	case "work":
		n.cutWork(func(w *WorkOffer) bool { return w.ID == id })
	case "needs":
		n.cutNeeds(func(d *Need) bool { return d.ID == id })
	case "limits":
		n.Limits = slices.DeleteFunc(n.Limits, func(l Limit) bool { return l.ID == id })
	case "commitments":
		n.Commitments = slices.DeleteFunc(n.Commitments, func(k Commitment) bool { return k.ID == id })
	}
	return nil
}

// findCut returns the table and ID that a cut means. An agent comes before its
// own site of the same ID; any other double meaning is a mistake.
func (n *Network) findCut(c Change) (table, id string, err error) {
	if t, rest, ok := strings.Cut(c.row, "."); ok && TableNamed(t) != nil {
		if !contains(cuttable, t) {
			return "", "", changeError(c.text, Mistake{Code: CodeCutTable, Found: t, Expected: strings.Join(cuttable, ", ")})
		}
		ids := n.idsOf(t)
		if !contains(ids, rest) {
			return "", "", changeError(c.text, Mistake{Code: CodeCutUnknown, Found: rest, Nearest: mistake.Nearest(rest, ids)})
		}
		return t, rest, nil
	}
	var in, all []string
	for _, t := range cuttable {
		ids := n.idsOf(t)
		if contains(ids, c.row) && !(t == "sites" && contains(in, "agents")) {
			in = append(in, t)
		}
		all = append(all, ids...)
	}
	switch len(in) {
	case 0:
		return "", "", changeError(c.text, Mistake{Code: CodeCutUnknown, Found: c.row, Nearest: mistake.Nearest(c.row, all)})
	case 1:
		return in[0], c.row, nil
	}
	for i := range in {
		in[i] += "." + c.row
	}
	return "", "", changeError(c.text, Mistake{Code: CodeCutAmbiguous, Found: c.row, Expected: strings.Join(in, ", ")})
}

// idsOf lists the IDs of a table.
func (n *Network) idsOf(table string) []string {
	t := TableNamed(table)
	cur, column := t.Cursor(n), t.Column("id")
	ids := make([]string, 0, cur.Len())
	for i := range cur.Len() {
		cur.Load(i)
		ids = append(ids, *cur.Field(column).(*string))
	}
	return ids
}

func (n *Network) cutAgent(id string) {
	n.cutRecipes(func(r *Recipe) bool { return r.Agent == id })
	n.cutWork(func(w *WorkOffer) bool { return w.Agent == id || w.For == id })
	n.cutNeeds(func(d *Need) bool { return d.Agent == id })
	n.cutLinks(func(l *Link) bool { return l.Agent == id })
	n.cutTrade(func(t *Trade) bool { return t.Agent == id })
	n.Preferences = slices.DeleteFunc(n.Preferences, func(p Preference) bool { return p.Agent == id })
	n.Ratios = slices.DeleteFunc(n.Ratios, func(r Ratio) bool { return r.Agent == id })
	n.Stocks = slices.DeleteFunc(n.Stocks, func(s Stock) bool { return s.Agent == id })
	n.Budgets = slices.DeleteFunc(n.Budgets, func(b Budget) bool { return b.Agent == id })
	n.Limits = slices.DeleteFunc(n.Limits, func(l Limit) bool { return l.Agent == id })
	n.Commitments = slices.DeleteFunc(n.Commitments, func(k Commitment) bool { return k.Agent == id })
}

func (n *Network) cutProduct(id string) {
	n.Flows = slices.DeleteFunc(n.Flows, func(f Flow) bool { return f.Direction == Out && f.What == id })
	n.Returns = slices.DeleteFunc(n.Returns, func(r Return) bool { return r.Returned == id })
	n.Stocks = slices.DeleteFunc(n.Stocks, func(s Stock) bool { return s.Product == id })
	n.cutTrade(func(t *Trade) bool { return t.Product == id })
	wanted := map[string]bool{}
	for _, d := range n.Needs {
		wanted[d.ID] = wanted[d.ID] || d.What == id
	}
	n.Commitments = slices.DeleteFunc(n.Commitments, func(k Commitment) bool {
		return k.Product == id || (k.Type == Delivery && wanted[k.Of])
	})
}

func (n *Network) cutRecipes(gone func(*Recipe) bool) {
	ids := cutRows(&n.Recipes, gone, func(r *Recipe) string { return r.ID })
	n.Flows = slices.DeleteFunc(n.Flows, func(f Flow) bool { return ids[f.Recipe] })
	n.Blends = slices.DeleteFunc(n.Blends, func(b Blend) bool { return ids[b.Recipe] })
	n.cutCommitments(ids, Runs)
}

func (n *Network) cutWork(gone func(*WorkOffer) bool) {
	n.cutCommitments(cutRows(&n.Work, gone, func(w *WorkOffer) string { return w.ID }), Working)
}

func (n *Network) cutNeeds(gone func(*Need) bool) {
	n.cutCommitments(cutRows(&n.Needs, gone, func(d *Need) string { return d.ID }), Delivery)
}

func (n *Network) cutTrade(gone func(*Trade) bool) {
	n.cutCommitments(cutRows(&n.Trade, gone, func(t *Trade) string { return t.ID }), Purchase, Sale)
}

func (n *Network) cutLinks(gone func(*Link) bool) {
	n.cutCommitments(cutRows(&n.Links, gone, func(l *Link) string { return l.ID }), Transfer)
	left := map[string]bool{}
	for i := range n.Links {
		left[n.Links[i].ID], left[n.Links[i].Mode] = true, true
	}
	n.LinkFlows = slices.DeleteFunc(n.LinkFlows, func(f LinkFlow) bool { return !left[f.Link] })
}

func (n *Network) cutCommitments(ids map[string]bool, types ...CommitmentType) {
	n.Commitments = slices.DeleteFunc(n.Commitments, func(k Commitment) bool { return ids[k.Of] && slices.Contains(types, k.Type) })
}

// cutRows deletes rows and returns the IDs of which no row is left.
func cutRows[R any](rows *[]R, gone func(*R) bool, id func(*R) string) map[string]bool {
	ids := map[string]bool{}
	*rows = slices.DeleteFunc(*rows, func(r R) bool {
		if gone(&r) {
			ids[id(&r)] = true
			return true
		}
		return false
	})
	for i := range *rows {
		delete(ids, id(&(*rows)[i]))
	}
	return ids
}
