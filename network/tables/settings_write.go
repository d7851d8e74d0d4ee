package tables

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"bremen/network"
)

// WriteSettings writes network.yaml: what is stated only, in the order of
// network.Settings, ladders by name.
func WriteSettings(w io.Writer, s *network.Settings) error {
	var e emitter
	e.mapping(fieldsOf(reflect.ValueOf(s).Elem()), 0)
	_, err := w.Write(e.text)
	return err
}

// emitter writes YAML: block style, texts in quotation marks unless they are plain words.
type emitter struct{ text []byte }

// pair is a key and what is stated under it.
type pair struct {
	key   string
	value reflect.Value
}

// fieldsOf lists the stated fields of a struct.
func fieldsOf(v reflect.Value) []pair {
	var out []pair
	for i := range v.NumField() {
		tag, f := v.Type().Field(i).Tag.Get("yaml"), v.Field(i)
		if tag != "" && !f.IsZero() && !((f.Kind() == reflect.Slice || f.Kind() == reflect.Map) && f.Len() == 0) {
			out = append(out, pair{tag, f})
		}
	}
	return out
}

// entriesOf lists a map in the order of its keys.
func entriesOf(v reflect.Value) []pair {
	values := map[string]reflect.Value{}
	for _, k := range v.MapKeys() {
		values[k.String()] = v.MapIndex(k)
	}
	var out []pair
	for _, k := range slices.Sorted(maps.Keys(values)) {
		out = append(out, pair{k, values[k]})
	}
	return out
}

func (e *emitter) indent(depth int) {
	for range depth {
		e.text = append(e.text, "  "...)
	}
}

func (e *emitter) mapping(pairs []pair, depth int) {
	for i, p := range pairs {
		if i > 0 || depth == 0 || e.atLineStart() {
			e.indent(depth)
		}
		e.text = append(e.text, scalarText(p.key)...)
		e.text = append(e.text, ':')
		e.value(p.value, depth+1)
	}
}

func (e *emitter) atLineStart() bool { return len(e.text) > 0 && e.text[len(e.text)-1] == '\n' }

// value writes what follows a key, with the line end.
func (e *emitter) value(v reflect.Value, depth int) {
	if s, ok := plainText(v); ok {
		e.text = append(append(append(e.text, ' '), s...), '\n')
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		e.value(v.Elem(), depth)
	case reflect.Struct:
		e.nested(fieldsOf(v), depth)
	case reflect.Map:
		e.nested(entriesOf(v), depth)
	case reflect.Slice:
		e.sequence(v, depth)
	}
}

func (e *emitter) nested(pairs []pair, depth int) {
	if len(pairs) == 0 {
		e.text = append(e.text, " {}\n"...)
		return
	}
	e.text = append(e.text, '\n')
	e.mapping(pairs, depth)
}

func (e *emitter) sequence(v reflect.Value, depth int) {
	if v.Len() == 0 {
		e.text = append(e.text, " []\n"...)
		return
	}
	e.text = append(e.text, '\n')
	for i := range v.Len() {
		e.indent(depth)
		pairs := fieldsOf(v.Index(i))
		if len(pairs) == 0 {
			e.text = append(e.text, "- {}\n"...)
			continue
		}
		e.text = append(e.text, "- "...)
		e.mapping(pairs, depth+1)
	}
}

// plainText is the text of a value that is no list and no mapping.
func plainText(v reflect.Value) (string, bool) {
	switch x := v.Interface().(type) {
	case network.Text:
		if len(x) == 2 && x["de"] == x["en"] && x["de"] != "" {
			return scalarText(x["de"]), true
		}
		return "", false
	case network.Periods:
		return strconv.Quote(x.String()), true
	case time.Time:
		return x.Format(time.DateOnly), true
	}
	switch v.Kind() {
	case reflect.String:
		return scalarText(v.String()), true
	case reflect.Float64:
		return formatNumber(v.Float()), true
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.Bool:
		return yesNo(v.Bool()), true
	}
	return "", false
}

var plainWord = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*$`)

// scalarText quotes a text the JSON way, which YAML reads, unless it is a plain word.
func scalarText(s string) string {
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
	default:
		if plainWord.MatchString(s) {
			return s
		}
	}
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	if err := j.Encode(s); err != nil {
		return fmt.Sprintf("%q", s)
	}
	return strings.TrimSpace(b.String())
}

// settingsRows are the rows of the sheet of settings: single values by path, lists and ladders as YAML.
func settingsRows(s *network.Settings) [][2]string {
	var out [][2]string
	var walk func(path string, pairs []pair)
	walk = func(path string, pairs []pair) {
		for _, p := range pairs {
			key := strings.TrimPrefix(path+"."+p.key, ".")
			switch {
			case p.value.Kind() == reflect.Struct && p.value.Type() != reflect.TypeFor[time.Time]():
				walk(key, fieldsOf(p.value))
			case p.value.Kind() == reflect.Map:
				walk(key, entriesOf(p.value))
			case p.value.Kind() == reflect.String:
				out = append(out, [2]string{key, p.value.String()})
			default:
				if text, ok := plainText(p.value); ok {
					out = append(out, [2]string{key, text})
					continue
				}
				var e emitter
				e.value(p.value, 0)
				out = append(out, [2]string{key, strings.TrimSpace(string(e.text))})
			}
		}
	}
	walk("", fieldsOf(reflect.ValueOf(s).Elem()))
	return out
}
