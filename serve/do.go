package serve

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// command finds a command by the type of its entry.
func command(id string) *commons.Command {
	list := commons.Commands()
	if i := slices.IndexFunc(list, func(c commons.Command) bool { return c.ID == id }); i >= 0 {
		return &list[i]
	}
	return nil
}

// partField is how forms name the private parts of an entry.
const partField = "part."

// doField is one field of the form of a command.
type doField struct {
	Name, Label, Value, Hint string
	Input                    string // of which kind: text, long, choice, several, date or hidden
	Required                 bool
	Options                  []option
}

type doData struct {
	Type    *govern.Type
	Problem string
	For     int64
	Fields  []doField
}

// doPage is a form for any command, made from the table of types.
func (v *visit) doPage() error {
	c := command(v.r.PathValue("type"))
	if c == nil {
		return errNotFound
	}
	q := v.r.URL.Query()
	helped, _ := strconv.ParseInt(q.Get("for"), 10, 64)
	if c.ID == "person.describe" && (helped == 0 || helped == v.person) {
		contact, err := v.ownContact()
		if err != nil {
			return err
		}
		q = url.Values{partField + "name": {v.name(v.person)}, partField + "contact": {contact}}
	}
	return v.showDo(http.StatusOK, c, helped, "", q.Get)
}

// ownContact is what who is signed in said of how to reach them; "" if nothing.
func (v *visit) ownContact() (string, error) {
	entry := describedIn(v.net, v.person)
	if entry < 0 {
		return "", nil
	}
	text, err := v.net.Payload(v.ctx(), v.person, entry, "contact")
	if errors.Is(err, record.ErrNone) || errors.Is(err, record.ErrErased) {
		return "", nil
	}
	return string(text), err
}

func (v *visit) showDo(status int, c *commons.Command, helped int64, problem string, value func(string) string) error {
	d := doData{Type: c.Type, Problem: problem, For: helped}
	for i := range c.Fields {
		f := &c.Fields[i]
		d.Fields = append(d.Fields, v.doField(c.ID, f, value(f.Name)))
	}
	for _, p := range c.Parts {
		x := doField{
			Name: partField + p.Name, Label: v.say("label." + p.Name), Value: value(partField + p.Name), Input: "long", Required: slices.Contains(c.Needs, p.Name),
		}
		switch {
		case p.Holds != "text":
			x.Hint = "data"
		case p.Name == "name" || p.Name == "contact":
			x.Input = "text"
		}
		d.Fields = append(d.Fields, x)
	}
	return v.showWith(status, "do", v.action(c.Type), d)
}

// doField is the field of a form for a public value: chosen where there is something to choose from, else typed.
func (v *visit) doField(typ string, f *govern.Field, value string) doField {
	x := doField{Name: f.Name, Label: v.say("label." + f.Name), Value: value, Input: "text", Required: !f.Optional, Options: v.choices(typ, f)}
	if v.lang.Has("hint." + string(f.Kind)) {
		x.Hint = string(f.Kind)
	}
	switch {
	case f.Kind == govern.KindRules || f.Kind == govern.KindRow || f.Kind == govern.KindText && f.Max > 300:
		x.Input = "long"
	case f.Name == "base", (f.Kind == govern.KindBytes || f.Kind == govern.KindHash || f.Name == "rp") && value != "" && len(x.Options) == 0:
		x.Input = "hidden"
	case f.Kind == govern.KindTime && (f.Name == "until" || f.Name == "from" || f.Name == "due") && (value == "" || isDay(value)):
		x.Input, x.Hint = "date", ""
	case len(x.Options) > 0 && (value == "" || f.Kind == govern.KindPersons || slices.ContainsFunc(x.Options, func(o option) bool { return o.Value == value })):
		x.Input, x.Hint = "choice", ""
		if f.Kind == govern.KindPersons {
			x.Input = "several"
		}
	}
	if value == "" {
		v.govern(func(g *govern.State) {
			switch {
			case f.Kind == govern.KindRules:
				x.Value = string(g.Rules.YAML())
			case f.Name == "base":
				x.Value = formatNumber(g.RulesEntry)
			}
		})
	}
	return x
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// do carries out any command, from its form.
func (v *visit) do() error {
	c := command(v.r.PathValue("type"))
	if c == nil {
		return errNotFound
	}
	if err := v.parse(); err != nil {
		return err
	}
	intent, err := v.intent(c)
	helped, _ := strconv.ParseInt(v.form("for"), 10, 64)
	if err == nil {
		err = v.state(v.helping(helped), intent)
	}
	x := asFailure(err, v.lang)
	if err == nil || x.text == "" {
		return err
	}
	return v.showDo(x.status, c, helped, x.text, v.form)
}

// helping is who states something: oneself, or somebody whom one helps.
func (v *visit) helping(person int64) commons.Actor {
	if person == 0 || person == v.person {
		return v.actor()
	}
	return commons.Actor{Person: person, Kind: record.Assisted, Helper: v.person}
}

// intent reads the form of a command. Its cause is the entry that it is about, if it names one.
func (v *visit) intent(c *commons.Command) (commons.Intent, error) {
	i := commons.Intent{Type: c.ID, Body: map[string]any{}}
	for j := range c.Fields {
		f := &c.Fields[j]
		text := strings.Join(v.r.PostForm[f.Name], " ") // of several that are chosen all
		if f.Kind != govern.KindPersons {
			text = v.form(f.Name)
		}
		if text == "" && f.Optional {
			continue
		}
		value, err := readField(f, text)
		if err != nil {
			return i, bad(v.say("label."+f.Name) + ": " + err.Error())
		}
		i.Body[f.Name] = value
		if entry, ok := value.(int64); ok && f.Kind == govern.KindEntry && !f.Optional && i.Cause == 0 {
			i.Cause = entry
		}
	}
	for _, p := range c.Parts {
		i = i.With(p.Name, v.form(partField+p.Name))
	}
	return i, nil
}

// readField reads one field of a form as bodies of entries have it.
func readField(f *govern.Field, text string) (any, error) {
	switch f.Kind {
	case govern.KindPerson, govern.KindEntry:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errors.New(f.Name + ": expected a number")
		}
		return n, nil
	case govern.KindPersons:
		list := []int64{}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' }) {
			n, err := strconv.ParseInt(part, 10, 64)
			if err != nil {
				return nil, errors.New(f.Name + ": expected numbers")
			}
			list = append(list, n)
		}
		slices.Sort(list)
		return slices.Compact(list), nil
	case govern.KindNames:
		list := []string{}
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		slices.Sort(list)
		return slices.Compact(list), nil
	case govern.KindTime:
		return readTime(text), nil
	case govern.KindRules:
		return govern.ParseYAML([]byte(text))
	case govern.KindRow, govern.KindFounders:
		if !json.Valid([]byte(text)) {
			return nil, errors.New(f.Name + ": expected JSON")
		}
		return json.RawMessage(text), nil
	}
	return text, nil
}

// readTime takes a day as its beginning, and leaves the rest to the rules.
func readTime(text string) string {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.Format("2006-01-02T15:04:05Z")
	}
	return text
}

func formatNumber(n int64) string { return strconv.FormatInt(n, 10) }
