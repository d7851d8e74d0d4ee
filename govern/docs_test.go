package govern

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"bremen/record"
)

var update = flag.Bool("update", false, "write the tables of docs/rules.md")

const tablesFrom = "<!-- From here on written by go test ./govern -run Docs -update. Do not edit. -->\n"

// TestDocsAreCurrent keeps the tables of docs/rules.md the same as the code and the default rules.
func TestDocsAreCurrent(t *testing.T) {
	t.Parallel()
	const name = "../docs/rules.md"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	prose, tables, ok := strings.Cut(string(text), tablesFrom)
	if !ok {
		t.Fatalf("%s has no line %q", name, tablesFrom)
	}
	want := docTables()
	if *update {
		if err := os.WriteFile(name, []byte(prose+tablesFrom+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if tables != want {
		t.Errorf("%s is not what the code says; run go test ./govern -run Docs -update", name)
	}
}

func docTables() string {
	var b bytes.Buffer
	r := Default()
	docNumbers(&b, r)
	docRights(&b, r)
	docOffices(&b, r)
	docAssents(&b, r)
	docTypes(&b, r)
	docActions(&b)
	return b.String()
}

func docNumbers(b *bytes.Buffer, r *Rules) {
	b.WriteString("\n## Figures\n\n| figure | default | least | most | unit | what it is | was es ist |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, n := range Numbers() {
		fmt.Fprintf(b, "| `%s` | %d | %d | %d | %s | %s | %s |\n", n.Key, r.Numbers[n.Key], n.Least, n.Most, n.Unit, n.Explain.En, n.Explain.De)
	}
}

func code(list []string) string {
	if len(list) == 0 {
		return "–"
	}
	return "`" + strings.Join(list, "` `") + "`"
}

func docRights(b *bytes.Buffer, r *Rules) {
	b.WriteString("\n## Rights\n\n| right | who has it | within | may append | what it is | was es ist |\n| --- | --- | --- | --- | --- | --- |\n")
	for _, x := range r.Rights {
		var who []string
		for _, h := range x.Holders {
			who = append(who, string(h))
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s: %s | %s: %s |\n", x.ID, strings.Join(who, ", "), strings.Join(x.Within, ", "), code(x.Appends),
			x.Title.En, x.Explain.En, x.Title.De, x.Explain.De)
	}
}

func docOffices(b *bytes.Buffer, r *Rules) {
	b.WriteString("\n## Powers and offices\n\n| power | kind | may append | what it is | was es ist |\n| --- | --- | --- | --- | --- |\n")
	for _, p := range r.Powers {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s: %s | %s: %s |\n", p.ID, p.Kind, code(p.Appends), p.Title.En, p.Explain.En, p.Title.De, p.Explain.De)
	}
	b.WriteString("\n| office | scope | powers | longest term | seats | what it is | was es ist |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, o := range r.Offices {
		fmt.Fprintf(b, "| `%s` | %s | %s | %d days | %d | %s: %s | %s: %s |\n", o.ID, o.Scope, code(o.Powers), o.TermDays, o.Seats,
			o.Title.En, o.Explain.En, o.Title.De, o.Explain.De)
	}
}

func docAssents(b *bytes.Buffer, r *Rules) {
	b.WriteString("\n## Assent\n\n| act | at once: at least | and more than | or after | if so many spoke | and this share | more than so many of them for it |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, a := range r.Assents {
		q := a.Quiet
		fmt.Fprintf(b, "| `%s` | %d | %d %% | %d days | %d | %d %% | %d %% |\n", a.Entry, a.Least, a.Percent, q.Days, q.Least, q.Percent, q.Majority)
	}
}

func docTypes(b *bytes.Buffer, r *Rules) {
	b.WriteString("\n## Entries\n\nFields in brackets may be left out. Private parts are payloads; those in bold must be there.\n" +
		"\n| entry | public fields | private parts | signatures that suffice | right or power | what it is | was es ist |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for i := range types {
		t := &types[i]
		needs, _ := NewState().whoCould(r, t, "", 0)
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s: %s | %s: %s |\n", t.ID, docFields(t), docPayloads(t), docKinds(t), code(needs),
			t.Title.En, t.Explain.En, t.Title.De, t.Explain.De)
	}
}

func docFields(t *Type) string {
	var list []string
	for _, f := range t.Fields {
		s := fmt.Sprintf("`%s` %s", f.Name, f.Kind)
		switch f.Kind {
		case KindChoice:
			if len(f.Choices) < 10 {
				s = fmt.Sprintf("`%s` %s", f.Name, strings.Join(f.Choices, "/"))
			}
		case KindText:
			s += fmt.Sprintf(" ≤ %d characters", f.Max)
		case KindBytes:
			s += fmt.Sprintf(" ≤ %d", f.Max)
		}
		if f.Optional {
			s = "[" + s + "]"
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

func docPayloads(t *Type) string {
	var list []string
	for _, p := range t.Payloads {
		if len(t.Needs) > 0 && p == t.Needs[0] {
			p = "**" + p + "**"
		}
		list = append(list, p)
	}
	return strings.Join(list, ", ")
}

func docKinds(t *Type) string {
	var list []string
	add := func(kinds []record.Kind) {
		for _, k := range kinds {
			if !strings.Contains(strings.Join(list, " "), string(k)) {
				list = append(list, string(k))
			}
		}
	}
	for _, h := range t.Standings {
		add(t.Kinds(h))
	}
	if len(t.Standings) == 0 {
		add(t.Kinds(Member))
	}
	s := strings.Join(list, ", ")
	if t.Act {
		s += "; others sign along or assent later"
	}
	return s
}

func docActions(b *bytes.Buffer) {
	b.WriteString("\n## Actions of events\n\nThe 19 actions of Valueflows 1.0.0 with their effects on a resource.\n" +
		"\n| action | quantity | process | accounting | on hand | creates | was es ist |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, a := range Actions() {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", a.ID, a.Quantity, a.InputOutput, a.Accounting, a.Onhand, a.Creates, a.Title.De)
	}
}
