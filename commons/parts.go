package commons

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"bremen/govern"
	"bremen/network"
)

// Reader says who may read a private part besides the person it is of.
type Reader string

// Readers.
const (
	Own      Reader = "own"      // nobody else
	Receiver Reader = "receiver" // who could accept or release it for its receiver
	Everyone Reader = "members"  // whoever has the right to read the record: members and guests, by default
)

// PartType is what a private part holds and who may read it.
type PartType struct {
	Name   string `json:"name"`
	Holds  string `json:"holds"` // "text", or the type of this package whose JSON it is: Need, Offer, Rows, Flow, Declined
	Reader Reader `json:"reader"`
}

// maxText bounds a private text, in bytes.
const maxText = 64 << 10

// partType says what a part of a type of entry is. What the table does not name is a text that members read.
func partType(typ, name string) PartType {
	for _, p := range []struct {
		typ string
		PartType
	}{
		{"need.state", PartType{"need", "Need", Own}},
		{"offer.state", PartType{"offer", "Offer", Own}},
		{"figure.decline", PartType{"figure", "Declined", Own}},
		{"recipe.state", PartType{"what", "Rows", Own}},
		{"stock.state", PartType{"what", "Rows", Own}},
		{"catalogue.state", PartType{"what", "Rows", Own}},
		{"commitment.make", PartType{"what", "Flow", Receiver}},
		{"event.record", PartType{"what", "Flow", Receiver}},
		{"network.found", PartType{"contact", "text", Own}},
		{"guest.arrive", PartType{"contact", "text", Own}},
		{"person.describe", PartType{"contact", "text", Own}},
		{"invitation.issue", PartType{"note", "text", Own}},
		{"token.grant", PartType{"name", "text", Own}},
		{"entry.disown", PartType{"reason", "text", Own}},
	} {
		if p.typ == typ && p.Name == name {
			return p.PartType
		}
	}
	return PartType{name, "text", Everyone}
}

// Need is what a person says they need, in the words of table needs. Quantities are exact decimals.
type Need struct {
	What     string   `json:"what"`              // a product, a kind or a property
	Of       string   `json:"of,omitempty"`      // for a property: only members of this kind count
	Quantity Decimal  `json:"quantity"`          // of a property at least
	Maximum  *Decimal `json:"maximum,omitempty"` // of a property at most
	Unit     string   `json:"unit"`
	Basis    string   `json:"basis,omitempty"`   // "period" (default), "day" or "total"
	Periods  string   `json:"periods,omitempty"` // "1-3,7" of the calendar; empty: all
	Profile  string   `json:"profile,omitempty"`
	Urgency  string   `json:"urgency,omitempty"` // a level of the network; empty: its second
	Words    string   `json:"words,omitempty"`   // in the person's own
	// Prefer are what the person likes among the members of a kind, 0 to 1.
	Prefer map[string]Decimal `json:"prefer,omitempty"`
}

// Offer is work that a person offers.
type Offer struct {
	Skill   string `json:"skill"`
	For     string `json:"for,omitempty"` // organisation, as a scope: "organisation:bakery"; empty: any
	Steps   []Step `json:"steps"`         // from the gladly given to what is hard
	Periods string `json:"periods,omitempty"`
	Profile string `json:"profile,omitempty"`
	Words   string `json:"words,omitempty"`
}

// Step is so many hours per period at a burden from 0 (gladly) to 10.
type Step struct {
	Hours  Decimal `json:"hours"`
	Burden Decimal `json:"burden"`
}

// Declined is a figure per head that does not hold for a person.
type Declined struct {
	Figure int64 `json:"figure"` // its entry
}

// checkPart checks what a private part holds.
func checkPart(p PartType, data []byte) error {
	var err error
	switch p.Holds {
	case "Need":
		var x Need
		if err = strict(data, &x); err == nil {
			err = x.check()
		}
	case "Offer":
		var x Offer
		if err = strict(data, &x); err == nil {
			err = x.check()
		}
	case "Declined":
		err = strict(data, &Declined{})
	case "Flow":
		err = strict(data, &Flow{})
	case "Rows":
		_, err = ParseRows(data)
	default:
		if len(data) > maxText || !utf8.Valid(data) {
			err = fmt.Errorf("expected a text of at most %d bytes", maxText)
		}
	}
	if err != nil {
		return &Refusal{Code: RefusedPart, Found: err.Error(), Wanted: p.Name}
	}
	return nil
}

// strict reads JSON with known members only.
func strict(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("more than one JSON value")
	}
	return nil
}

var bases = []string{"", string(network.PerPeriod), string(network.PerDay), string(network.InTotal)}

func (x *Need) check() error {
	switch {
	case x.What == "" || x.Unit == "":
		return fmt.Errorf("a need says what and in which unit")
	case x.Quantity.Sign() < 0 || x.Maximum != nil && x.Maximum.Sign() < 0:
		return &Refusal{Code: RefusedNegative, Found: x.Quantity.String()}
	case !slices.Contains(bases, x.Basis):
		return fmt.Errorf("basis %q: expected period, day or total", clip(x.Basis))
	}
	for _, name := range []string{x.What, x.Of, x.Unit, x.Profile, x.Urgency} {
		if err := network.CheckID(name); err != nil {
			return err
		}
	}
	one, _ := ParseDecimal("1")
	for _, what := range sorted(x.Prefer) {
		if d := x.Prefer[what]; d.Sign() < 0 || d.Cmp(one) > 0 {
			return fmt.Errorf("preference %s for %q: expected 0 to 1", d, clip(what))
		}
	}
	return nil
}

func (x *Offer) check() error {
	ten, _ := ParseDecimal("10")
	if x.Skill == "" || len(x.Steps) == 0 || len(x.Steps) > 20 {
		return fmt.Errorf("an offer says which skill and 1 to 20 steps of hours")
	}
	for _, s := range x.Steps {
		if s.Hours.Sign() < 0 || s.Burden.Sign() < 0 || s.Burden.Cmp(ten) > 0 {
			return fmt.Errorf("%s hours at burden %s: expected no less than 0 hours, burden 0 to 10", s.Hours, s.Burden)
		}
	}
	for _, name := range []string{x.Skill, x.For, x.Profile} {
		if err := network.CheckID(name); err != nil {
			return err
		}
	}
	return nil
}

// checkIntent checks private parts and rows, which the rules do not look into.
func (n *Network) checkIntent(typ *govern.Type, i Intent) error {
	if typ == nil {
		return nil // the rules refuse it with the nearest known type
	}
	for _, p := range i.Private {
		if !slices.Contains(typ.Payloads, p.Name) {
			continue // the rules refuse it with those that are known
		}
		if err := checkPart(partType(typ.ID, p.Name), p.Data); err != nil {
			return err
		}
	}
	row, ok := i.Body["row"]
	states := slices.ContainsFunc(typ.Fields, func(f govern.Field) bool { return f.Name == "row" && f.Kind == govern.KindRow })
	if ok && states {
		data, err := json.Marshal(row)
		if err != nil {
			return fmt.Errorf("row: %w", err)
		}
		return checkRows(typ.ID, i.Body, data)
	}
	return nil
}

// tablesOf are the tables that a type of statement may have rows of; of catalogue.state the one it names.
var tablesOf = map[string][]string{
	"recipe.state": {"recipes", "flows", "blends"},
	"stock.state":  {"stocks"},
}

// settingsTable names the settings among the tables of the catalogue: one row with the cell "yaml".
const settingsTable = network.SettingsTable

// checkRows checks that rows have tables and columns that are known, and that quantities of stock are decimals.
func checkRows(typ string, body map[string]any, data []byte) error {
	bad := func(found, wanted string) error { return &Refusal{Code: RefusedRow, Found: found, Wanted: wanted} }
	rows, err := ParseRows(data)
	if err != nil {
		return bad(err.Error(), "{\"stocks\": [{\"product\": \"rye\", …}]}")
	}
	known := tablesOf[typ]
	if typ == "catalogue.state" {
		table, _ := body["table"].(string)
		known = []string{table}
	}
	for _, name := range sorted(rows) {
		t := network.TableNamed(name)
		if !slices.Contains(known, name) || t == nil && name != settingsTable {
			return bad(fmt.Sprintf("table %q", name), fmt.Sprint(known))
		}
		for _, row := range rows[name] {
			for _, column := range sorted(row) {
				if t != nil && t.Column(column) < 0 || t == nil && column != "yaml" {
					return bad(fmt.Sprintf("column %q of table %s", column, name), "one of the table's columns")
				}
			}
			if typ != "stock.state" {
				continue
			}
			if d, err := ParseDecimal(row["start"]); row["start"] != "" && (err != nil || d.Sign() < 0) {
				return bad(fmt.Sprintf("start %q", row["start"]), "a decimal, at least 0")
			}
		}
	}
	return nil
}
