package commons

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"bremen/govern"
	"bremen/network"
	"bremen/network/tables"
	"bremen/record"
)

// Files of an export.
const (
	exportReadme      = "README.txt"
	exportPerson      = "person.json"     // who the record says one is
	exportStated      = "statements.json" // all that one stated, with what is private of it
	exportEntries     = "entries.csv"     // entries in one's name
	exportNeeds       = "needs.csv"       // needs that hold, as table needs
	exportPreferences = "preferences.csv" // preferences among variants of what is needed, as table preferences
	exportWork        = "work.csv"        // work offers that hold, as table work
	exportRecord      = "record.jsonl"    // the record as far as one may read it: an entry a line, canonical
	exportHead        = "checkpoint.txt"  // the newest checkpoint, to check the record with
	exportState       = "state.json"      // the public state that it folds to
)

const exportText = `Export of person %d from the network %q (%s), %d entries.

person.json      who the record says you are, with your keys
statements.json  all that you stated, with what is private of it; erased parts are marked
entries.csv      the entries in your name
needs.csv        your needs that hold, as table "needs" of Bremen and other planners
preferences.csv  which variants you like how much, as table "preferences"
work.csv         your work offers that hold, as table "work"
record.jsonl     the record, one entry a line in canonical JSON (RFC 8785); docs/record.md says how to check it
checkpoint.txt   the newest checkpoint (C2SP tlog-checkpoint)
state.json       the public state that the record folds to

Was du gesagt hast, auch das Nichtöffentliche, steht in statements.json; deine Bedürfnisse und Arbeitsangebote auch als
Tabellen. Mit record.jsonl und checkpoint.txt lässt sich das Protokoll prüfen und zu einem anderen Betreiber mitnehmen.
`

// Export writes all that is a person's own as a ZIP archive, with the record as far as they may read it: JSON and CSV, as
// docs/commons.md describes. Only they themselves may ask, while here and after they left.
func (n *Network) Export(ctx context.Context, person int64, w io.Writer) error {
	x := &exporting{n: n, ctx: ctx, person: person, zip: zip.NewWriter(w)}
	var may, all bool
	n.View(func(s *State) {
		g := s.Govern
		may, all = g.Persons[person] != nil && g.Holds(person, "export", true), g.Holds(person, "read", true)
		x.size, x.name, x.state = s.Size(), g.Name, s.JSON()
		if may {
			x.who = *g.Persons[person]
		}
	})
	if !may {
		return &Refusal{Code: RefusedReader, Found: fmt.Sprint(person), Wanted: "export"}
	}
	steps := []func() error{x.readme, x.about, x.statements, x.tables}
	if all {
		steps = append(steps, x.record)
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return x.zip.Close()
}

type exporting struct {
	n      *Network
	ctx    context.Context
	person int64
	who    govern.Person
	size   int64
	name   string
	state  []byte
	zip    *zip.Writer
}

func (x *exporting) file(name string, write func(io.Writer) error) error {
	f, err := x.zip.Create(name)
	if err != nil {
		return err
	}
	return write(f)
}

func (x *exporting) readme() error {
	return x.file(exportReadme, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, exportText, x.person, x.name, x.n.Origin(), x.size)
		return err
	})
}

func (x *exporting) json(name string, v any) error {
	return x.file(name, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(v)
	})
}

func (x *exporting) about() error {
	return x.json(exportPerson, struct {
		Number int64 `json:"number"`
		*govern.Person
	}{x.person, &x.who})
}

// own returns the numbers of all entries in the person's name.
func (x *exporting) own() []int64 {
	x.n.mu.RLock()
	defer x.n.mu.RUnlock()
	var list []int64
	for i := range x.n.lines.lines[:min(x.size, int64(len(x.n.lines.lines)))] {
		if int64(x.n.lines.lines[i].member) == x.person {
			list = append(list, int64(i))
		}
	}
	// Founders have signed an entry that is in the first one's name.
	if len(x.n.lines.lines) > 0 && x.who.Arrived == 0 && x.person != 1 {
		list = append([]int64{0}, list...)
	}
	return list
}

func (x *exporting) statements() error {
	numbers := x.own()
	items, err := x.n.items(x.ctx, x.person, numbers)
	if err != nil {
		return err
	}
	if err := x.json(exportStated, items); err != nil {
		return err
	}
	return x.file(exportEntries, func(w io.Writer) error {
		c := csv.NewWriter(w)
		err := c.Write([]string{"entry", "time", "type", "right", "signed", "helper", "cause"})
		for _, number := range numbers {
			e, _, failed := x.n.Entry(x.ctx, number)
			if failed != nil {
				return failed
			}
			s := &e.Statement
			err = errors.Join(err, c.Write([]string{
				strconv.FormatInt(number, 10), instant(e.Time), s.Type, s.Right, string(e.Kind()), strconv.FormatInt(s.Helper, 10), strconv.FormatInt(s.Cause, 10),
			}))
		}
		c.Flush()
		return errors.Join(err, c.Error())
	})
}

// tables writes needs and offers that hold as tables.
func (x *exporting) tables() error {
	items, err := x.n.Mine(x.ctx, x.person)
	if err != nil {
		return err
	}
	net, agent := &network.Network{}, string(govern.PersonScope(x.person))
	for _, item := range items {
		id := fmt.Sprintf("%s-%d", item.Type[:4], item.Number)
		var need Need
		var offer Offer
		switch {
		case item.Type == "need.state" && strict([]byte(item.Parts["need"]), &need) == nil:
			net.Needs = append(net.Needs, need.row(id, agent))
			net.Preferences = append(net.Preferences, need.likes(agent)...)
		case item.Type == "offer.state" && strict([]byte(item.Parts["offer"]), &offer) == nil:
			net.Work = append(net.Work, offer.rows(id, agent)...)
		}
	}
	last := map[variant]int{} // the table has one of each; what was said last counts
	for i, p := range net.Preferences {
		last[variant{p.Kind, p.Product}] = i
	}
	all := net.Preferences
	net.Preferences = nil
	for i, p := range all {
		if last[variant{p.Kind, p.Product}] == i {
			net.Preferences = append(net.Preferences, p)
		}
	}
	for name, table := range map[string]string{exportNeeds: "needs", exportPreferences: "preferences", exportWork: "work"} {
		err := x.file(name, func(w io.Writer) error { return tables.WriteCSV(w, network.TableNamed(table), net) })
		if err != nil {
			return err
		}
	}
	return nil
}

// row is the need as a row of table needs; periods that cannot be read without a calendar stand in the note.
func (x *Need) row(id, agent string) network.Need {
	quantity, _ := x.Quantity.Rat().Float64()
	d := network.Need{
		ID: id, Agent: agent, What: x.What, Of: x.Of, Quantity: quantity, Unit: x.Unit, Basis: network.Basis(x.Basis), Profile: x.Profile,
		Urgency: x.Urgency, Row: network.Row{Note: x.Words},
	}
	if x.Maximum != nil {
		d.Maximum, _ = x.Maximum.Rat().Float64()
	}
	var note string
	if d.Periods, note = periodsOf(x.Periods); note != "" {
		d.Note = note + " " + d.Note
	}
	return d
}

// likes are rows of table preferences.
func (x *Need) likes(agent string) []network.Preference {
	var list []network.Preference
	for _, product := range sorted(x.Prefer) {
		p := network.Preference{Agent: agent, Kind: x.What, Product: product}
		p.Preference, _ = x.Prefer[product].Rat().Float64()
		list = append(list, p)
	}
	return list
}

func (x *Offer) rows(id, agent string) []network.WorkOffer {
	var list []network.WorkOffer
	for i, s := range x.Steps {
		o := network.WorkOffer{ID: fmt.Sprintf("%s-%d", id, i+1), Agent: agent, Skill: x.Skill, For: x.For, Profile: x.Profile, Row: network.Row{Note: x.Words}}
		o.Hours, _ = s.Hours.Rat().Float64()
		o.Burden, _ = s.Burden.Rat().Float64()
		var note string
		if o.Periods, note = periodsOf(x.Periods); note != "" {
			o.Note = note + " " + o.Note
		}
		list = append(list, o)
	}
	return list
}

// periodsOf reads periods that are numbers; others are returned as they are.
func periodsOf(s string) (network.Periods, string) {
	const many = 100_000
	p, err := network.ParsePeriods(s, network.Calendar{Unit: network.Week, Periods: many})
	if err != nil {
		return nil, s
	}
	return p, ""
}

func (x *exporting) record() error {
	err := x.file(exportRecord, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		for raw, err := range x.n.Raw(x.ctx, 0, x.size) {
			if err != nil {
				return err
			}
			b.Write(raw)
			b.WriteByte('\n')
		}
		return b.Flush()
	})
	if err != nil {
		return err
	}
	if err := x.file(exportState, func(w io.Writer) error { _, err := w.Write(x.state); return err }); err != nil {
		return err
	}
	signed, err := x.n.log.LatestCheckpoint(x.ctx)
	if errors.Is(err, record.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	return x.file(exportHead, func(w io.Writer) error { _, err := w.Write(signed); return err })
}
