package commons

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"

	"bremen/govern"
	"bremen/network"
	"bremen/network/tables"
)

// statement is a public row that goes into the network, with the entry it comes from.
type statement struct {
	entry int64
	Row
}

// public is what of the state a network is made from, taken out of it so that it can grow meanwhile.
type public struct {
	number        int64
	name          string
	statements    []statement
	stocks        []Stock
	organisations []string
	sites         map[govern.Scope]string
	groups        []Group
	publishedAs   map[string]string // agent under which a group is published
}

func (s *State) public() (*public, error) {
	groups, err := s.publishedGroups()
	if err != nil {
		return nil, err
	}
	p := &public{
		number: s.Size(), name: s.Govern.Name, stocks: s.Stocks.List(), organisations: sorted(s.Govern.Organisations),
		sites: map[govern.Scope]string{}, groups: groups, publishedAs: map[string]string{},
	}
	for _, g := range groups {
		for _, name := range g.Groups {
			p.publishedAs[name] = g.ID
		}
	}
	for scope, site := range s.Sites {
		p.sites[scope] = site
	}
	for _, entry := range sorted(s.Rows) {
		p.statements = append(p.statements, statement{entry, *s.Rows[entry]})
	}
	return p, nil
}

// Left is a statement that is not in a frozen network, and why.
type Left struct {
	Entry int64
	Why   string // may tell what was stated: for whoever stated it
}

// sheet is the rows of one table, from column to cell.
type sheet []map[string]string

// base makes a network of all that is public: everything but what people need and the work they offer.
func (p *public) base() (*network.Network, []Left, error) {
	sheets := map[string]sheet{}
	var left []Left
	settings := ""
	for _, st := range p.statements {
		rows, err := ParseRows(st.Row.Row)
		if err == nil {
			err = p.ownRows(st.Agent, rows)
		}
		if err != nil {
			left = append(left, Left{st.entry, err.Error()})
			continue
		}
		for _, table := range sorted(rows) {
			switch table {
			case settingsTable:
				for _, row := range rows[table] {
					settings = row["yaml"]
				}
			case "stocks": // see stockRows
			default:
				sheets[table] = append(sheets[table], rows[table]...)
			}
		}
	}
	sheets["agents"] = p.agents()
	sheets["sites"] = p.namedSites(sheets["sites"])
	n, err := readSheets(settings, sheets)
	if err != nil {
		return nil, left, err
	}
	sheets["stocks"] = p.stockRows(n)
	if n, err = readSheets(settings, sheets); err != nil {
		return nil, left, err
	}
	if n.ID == "" {
		n.ID = "network"
	}
	return n, left, nil
}

// personal are tables of what only the one who has it says, so that no office states it for others.
var personal = []string{"needs", "work", "preferences", "ratios"}

// ownRows gives rows their agent. An organisation or group speaks of itself only; the network's offices describe what is
// common, and state neither needs nor work. Groups go by the name under which they are published.
func (p *public) ownRows(agent govern.Scope, rows Rows) error {
	for _, table := range sorted(rows) {
		t := network.TableNamed(table)
		switch {
		case table == "agents":
			return errors.New("agents are who is here, not stated")
		case table == settingsTable && agent != govern.InNetwork:
			return errors.New("settings are the network's")
		case t == nil:
			continue
		case agent.Kind() != govern.InOrganisation && slices.Contains(personal, table):
			return fmt.Errorf("table %s is said by those who have it, not by %s", table, agent)
		case t.Column("agent") < 0:
			continue
		}
		for _, row := range rows[table] {
			own := govern.Scope(row["agent"])
			if agent != govern.InNetwork {
				if own != "" && own != agent {
					return fmt.Errorf("table %s: of %q, stated by %s", table, clip(string(own)), agent)
				}
				own = agent
			}
			if own != "" && p.as(own) == "" {
				return fmt.Errorf("table %s: nobody is in %s", table, own)
			}
			row["agent"] = p.as(own)
		}
	}
	return nil
}

// as is the agent under which a scope is published; "" for a group in which nobody is.
func (p *public) as(agent govern.Scope) string {
	if agent.Kind() == govern.InGroup {
		return p.publishedAs[agent.Name()]
	}
	return string(agent)
}

func (p *public) agents() sheet {
	var list sheet
	for _, g := range p.groups {
		name := g.Groups[0]
		for _, more := range g.Groups[1:] {
			name += ", " + more
		}
		list = append(list, map[string]string{"id": g.ID, "name": name, "type": "group", "site": g.Site, "persons": fmt.Sprint(g.Persons)})
	}
	for _, o := range p.organisations {
		scope := govern.OrganisationScope(o)
		list = append(list, map[string]string{"id": string(scope), "name": o, "type": "organisation", "site": p.sites[scope], "persons": ""})
	}
	return list
}

// namedSites adds the sites that groups and organisations named and nobody described.
func (p *public) namedSites(list sheet) sheet {
	known := map[string]bool{}
	for _, row := range list {
		known[row["id"]] = true
	}
	named := map[string]bool{}
	for _, site := range p.sites {
		named[site] = !known[site]
	}
	for _, site := range sorted(named) {
		if named[site] {
			list = append(list, map[string]string{"id": site})
		}
	}
	return list
}

// place is where an agent has a product.
type place struct{ agent, site, product string }

// stockSheet gathers rows of table stocks.
type stockSheet struct {
	units network.Units
	sites map[string]string // of agents
	rows  map[place]map[string]string
	order []place
	sums  map[place]Decimal
}

// at returns the row of a stock, which it begins.
func (s *stockSheet) at(agent, site, product string) (place, map[string]string) {
	if site == "" {
		site = s.sites[agent]
	}
	k := place{agent, site, product}
	if s.rows[k] == nil {
		s.rows[k] = map[string]string{"agent": k.agent, "site": site, "product": product, "unit": s.units.Products[product]}
		if govern.Scope(agent) == govern.InNetwork {
			s.rows[k]["agent"] = ""
		}
		s.order = append(s.order, k)
	}
	return k, s.rows[k]
}

// stockRows are the stocks as they are now, by agent, site and product: what is in hand, in the product's unit, with what
// is wanted at the end as stated. What is below zero was used without being recorded, and counts as none.
func (p *public) stockRows(n *network.Network) sheet {
	s := &stockSheet{units: n.Units(), sites: map[string]string{}, rows: map[place]map[string]string{}, sums: map[place]Decimal{}}
	for i := range n.Agents {
		s.sites[n.Agents[i].ID] = n.Agents[i].Site
	}
	for _, st := range p.statements {
		if parsed, err := ParseRows(st.Row.Row); st.Type == "stock.state" && err == nil && p.ownRows(st.Agent, parsed) == nil {
			for _, row := range parsed["stocks"] {
				s.state(p.as(st.Agent), row)
			}
		}
	}
	for _, x := range p.stocks {
		agent := p.as(x.Agent)
		if _, known := s.units.Products[x.Product]; !known || agent == "" {
			continue // nothing plans with it
		}
		k, row := s.at(agent, x.Site, x.Product)
		if d, err := ParseDecimal(restate(x.Onhand.String(), x.Unit, row["unit"])); err == nil {
			s.sums[k] = s.sums[k].Add(d)
		}
	}
	var list sheet
	for _, k := range s.order {
		if d := s.sums[k]; d.Sign() > 0 {
			s.rows[k]["start"] = d.String()
		}
		list = append(list, s.rows[k])
	}
	return list
}

// state takes from a stated row what is wanted at the end.
func (s *stockSheet) state(agent string, row map[string]string) {
	_, to := s.at(agent, row["site"], row["product"])
	for _, column := range []string{"end", "urgency", "profile", "note", "source"} {
		if row[column] != "" {
			to[column] = row[column]
		}
	}
	if end := row["end"]; end != "" && row["unit"] != "" {
		to["end"] = restate(end, row["unit"], to["unit"])
	}
}

// restate writes a decimal in another unit, with nine places; as it is if the units do not fit, for the reader to report.
func restate(quantity, unit, of string) string {
	d, err := ParseDecimal(quantity)
	if err != nil || unit == of {
		return quantity
	}
	factor, err := network.UnitFactor(unit, of)
	if err != nil {
		return quantity
	}
	r, err := ParseDecimal(new(big.Rat).Mul(d.Rat(), factor).FloatString(places))
	if err != nil {
		return quantity
	}
	return r.String()
}

// readSheets reads tables as if they were files, with every check that files get.
func readSheets(settings string, sheets map[string]sheet) (_ *network.Network, err error) {
	dir, err := os.MkdirTemp("", "bremen-network-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if settings == "" {
		settings = "network: network\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "network.yaml"), []byte(settings), 0o600); err != nil {
		return nil, err
	}
	for _, table := range sorted(sheets) {
		if err := writeSheet(filepath.Join(dir, table+".csv"), network.TableNamed(table), sheets[table]); err != nil {
			return nil, fmt.Errorf("table %s: %w", table, err)
		}
	}
	n, err := tables.Read(dir)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", &Refusal{Code: RefusedTables, Found: err.Error()}, err)
	}
	return n, nil
}

func writeSheet(path string, t *network.Table, rows sheet) error {
	if t == nil {
		return errors.New("unknown")
	}
	var header []string
	for i := range t.Columns {
		header = append(header, t.Columns[i].Name)
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	err = w.Write(header)
	for _, row := range rows {
		cells := make([]string, len(header))
		for i, name := range header {
			cells[i] = row[name]
		}
		err = errors.Join(err, w.Write(cells))
	}
	w.Flush()
	return errors.Join(err, w.Error(), f.Close())
}
