package serve

import (
	"encoding/json"
	"errors"
	"net/http"
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
	Required, Long           bool
	Choices                  []string
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
	return v.showDo(http.StatusOK, c, helped, "", q.Get)
}

func (v *visit) showDo(status int, c *commons.Command, helped int64, problem string, value func(string) string) error {
	d := doData{Type: c.Type, Problem: problem, For: helped}
	for i := range c.Fields {
		f := &c.Fields[i]
		x := doField{Name: f.Name, Label: v.say("label." + f.Name), Value: value(f.Name), Required: !f.Optional, Choices: f.Choices}
		if v.lang.Has("hint." + string(f.Kind)) {
			x.Hint = string(f.Kind)
		}
		x.Long = f.Kind == govern.KindRules || f.Kind == govern.KindRow || f.Kind == govern.KindText && f.Max > 300
		if f.Kind == govern.KindRules && x.Value == "" {
			v.govern(func(g *govern.State) { x.Value = string(g.Rules.YAML()) })
		}
		if f.Name == "base" && x.Value == "" {
			v.govern(func(g *govern.State) { x.Value = formatNumber(g.RulesEntry) })
		}
		d.Fields = append(d.Fields, x)
	}
	for _, p := range c.Parts {
		x := doField{
			Name: partField + p.Name, Label: v.say("label." + p.Name), Value: value(partField + p.Name), Long: true,
			Required: slices.Contains(c.Needs, p.Name),
		}
		if p.Holds != "text" {
			x.Hint = "data"
		}
		d.Fields = append(d.Fields, x)
	}
	return v.showWith(status, "do", c.Title.In(string(v.lang)), d)
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
		text := v.form(f.Name)
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
