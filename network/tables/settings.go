package tables

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"bremen/internal/mistake"
	"bremen/internal/yamlnode"
	"bremen/network"
)

// Bounds of what network.yaml may hold.
const (
	maxSettings = 1 << 20
	maxDepth    = 32
)

// settingsReader decodes YAML into network.Settings. Unlike a general decoder
// it goes on after a mistake, so that all are reported.
type settingsReader struct {
	report   func(line int, key string, m network.Mistake)
	calendar network.Calendar
	at       func(key string, line int) // told of every key
}

// readYAML decodes the text of network.yaml.
func (s *settingsReader) readYAML(text []byte, into *network.Settings) {
	if len(text) > maxSettings {
		s.report(0, "", network.Mistake{Code: network.CodeTooBig, Expected: fmt.Sprint(maxSettings)})
		return
	}
	body := s.parse(text, 1, "")
	if body == nil {
		return
	}
	if m, ok := body.(*ast.MappingNode); ok {
		s.readCalendar(m, into)
	}
	s.value(body, reflect.ValueOf(into).Elem(), "", 0)
}

// readCalendar reads the calendar first, since periods are read by it.
func (s *settingsReader) readCalendar(m *ast.MappingNode, into *network.Settings) {
	quiet := settingsReader{report: func(int, string, network.Mistake) {}}
	for _, v := range m.Values {
		if v.Key.String() == "calendar" {
			quiet.value(v.Value, reflect.ValueOf(&into.Calendar).Elem(), "calendar", 0)
		}
	}
	s.calendar = into.Calendar
}

// parse returns the one document of a text, nil when it is empty or cannot be parsed.
func (s *settingsReader) parse(text []byte, line int, key string) (body ast.Node) {
	documents, err := yamlnode.Parse(text, maxDepth)
	if err != nil {
		s.report(line+err.Line-1, key, network.Mistake{Code: network.CodeYAML, Found: err.Message})
	}
	for _, d := range documents {
		switch {
		case d == nil:
		case body != nil:
			s.report(lineOf(d), key, network.Mistake{Code: network.CodeYAML, Found: "---"})
		default:
			body = d
		}
	}
	return body
}

func lineOf(n ast.Node) int {
	if p := yamlnode.Position(n); p != nil {
		return p.Line
	}
	return 0
}

func (s *settingsReader) value(n ast.Node, v reflect.Value, key string, depth int) {
	if depth > maxDepth {
		s.report(lineOf(n), key, network.Mistake{Code: network.CodeYAML, Found: yamlnode.TooDeep})
		return
	}
	if s.at != nil {
		s.at(key, lineOf(n))
	}
	if _, ok := n.(*ast.NullNode); ok {
		return
	}
	switch {
	case v.Type() == reflect.TypeFor[network.Text]():
		s.text(n, v, key)
	case v.Type() == reflect.TypeFor[network.Periods](), v.Type() == reflect.TypeFor[time.Time](), v.Kind() < reflect.Array, v.Kind() == reflect.String:
		s.plain(n, v, key)
	case v.Kind() == reflect.Struct:
		s.object(n, v, key, depth)
	case v.Kind() == reflect.Map:
		s.entries(n, key, func(k string, value ast.Node) {
			e := reflect.New(v.Type().Elem()).Elem()
			s.value(value, e, key+"."+k, depth+1)
			if v.IsNil() {
				v.Set(reflect.MakeMap(v.Type()))
			}
			v.SetMapIndex(reflect.ValueOf(k), e)
		})
	case v.Kind() == reflect.Slice:
		s.list(n, v, key, depth)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.value(n, v.Elem(), key, depth+1)
	}
}

// entries calls each for the keys of a mapping.
func (s *settingsReader) entries(n ast.Node, key string, each func(k string, value ast.Node)) {
	yamlnode.Entries(n, each, func(f yamlnode.Fault, at ast.Node, k string) {
		m := network.Mistake{Code: network.CodeDuplicateKey, Found: k}
		switch f {
		case yamlnode.NoMapping:
			m = network.Mistake{Code: network.CodeNotMapping, Found: key}
		case yamlnode.NoName:
			m = network.Mistake{Code: network.CodeNotPlain}
		}
		s.report(lineOf(at), key, m)
	})
}

func (s *settingsReader) object(n ast.Node, v reflect.Value, key string, depth int) {
	s.entries(n, key, func(k string, value ast.Node) {
		path := k
		if key != "" {
			path = key + "." + k
		}
		if f := fieldOfKey(v, k); f.IsValid() {
			s.value(value, f, path, depth+1)
			return
		}
		keys := keysOf(v.Type())
		s.report(lineOf(value), path, network.Mistake{
			Code: network.CodeUnknownKey, Found: k,
			Expected: strings.Join(keys, ", "), Nearest: mistake.Nearest(k, keys),
		})
	})
}

func fieldOfKey(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		if tag := v.Type().Field(i).Tag.Get("yaml"); tag != "" && tag == key {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}

func keysOf(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag != "" {
			keys = append(keys, tag)
		}
	}
	sort.Strings(keys)
	return keys
}

func (s *settingsReader) list(n ast.Node, v reflect.Value, key string, depth int) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		s.report(lineOf(n), key, network.Mistake{Code: network.CodeNotList, Found: key})
		return
	}
	if len(seq.Values) == 0 {
		return
	}
	out := reflect.MakeSlice(v.Type(), len(seq.Values), len(seq.Values))
	for i, item := range seq.Values {
		s.value(item, out.Index(i), fmt.Sprintf("%s[%d]", key, i+1), depth+1)
	}
	v.Set(out)
}

// text is a sentence for all languages, or one per language.
func (s *settingsReader) text(n ast.Node, v reflect.Value, key string) {
	if t, ok := yamlnode.Scalar(n); ok {
		v.Set(reflect.ValueOf(network.Plain(strings.TrimSpace(t))))
		return
	}
	t := network.Text{}
	s.entries(n, key, func(lang string, value ast.Node) {
		sentence, ok := yamlnode.Scalar(value)
		if !ok {
			s.report(lineOf(value), key+"."+lang, network.Mistake{Code: network.CodeNotPlain})
			return
		}
		if !slices.Contains(languages, lang) {
			s.report(lineOf(value), key, network.Mistake{Code: network.CodeUnknownKey, Found: lang, Expected: strings.Join(languages, ", ")})
			return
		}
		if sentence = strings.TrimSpace(sentence); sentence != "" {
			t[lang] = sentence
		}
	})
	if len(t) > 0 {
		v.Set(reflect.ValueOf(t))
	}
}

// languages in which texts are stated.
var languages = []string{"de", "en"}

func (s *settingsReader) plain(n ast.Node, v reflect.Value, key string) {
	text, ok := yamlnode.Scalar(n)
	if !ok {
		s.report(lineOf(n), key, network.Mistake{Code: network.CodeNotPlain})
		return
	}
	text = strings.TrimSpace(text)
	if err := s.set(v, text); err != nil {
		s.report(lineOf(n), key, asMistake(err))
	}
}

func (s *settingsReader) set(v reflect.Value, text string) error {
	if text == "" {
		return nil
	}
	switch p := v.Addr().Interface().(type) {
	case *network.Periods:
		ps, err := network.ParsePeriods(text, s.calendar)
		*p = ps
		return err
	case *network.Unit:
		*p = network.UnitNamed(text)
	case *time.Time:
		d, ok := network.ParseDay(text)
		if !ok {
			return network.Mistake{Code: network.CodeDate, Found: text}
		}
		*p = d
	case *float64:
		x, err := parseNumber(text, false)
		*p = x
		return err
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return network.Mistake{Code: network.CodeCalendarMany, Found: text, Expected: strconv.Itoa(network.MaxCalendar)}
		}
		*p = n
	case *bool:
		b, ok := flags[strings.ToLower(text)]
		if !ok {
			return network.Mistake{Code: network.CodeFlag, Found: text}
		}
		*p = b
	default:
		v.SetString(text)
	}
	return nil
}
