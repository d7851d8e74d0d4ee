package network

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf16"
)

// Hash returns the SHA-256 of a network's canonical JSON, in hexadecimal. It
// does not depend on the order of rows nor on where they were stated. Take it
// of a normalised network.
func Hash(n *Network) string {
	h := sha256.New()
	if err := WriteJSON(h, n); err != nil {
		panic(err) // a hash takes all that is written
	}
	return hex.EncodeToString(h.Sum(nil))
}

// WriteJSON writes the canonical JSON of a network: one object with the keys
// of Settings and the names of Tables; what is empty, zero or not stated is
// left out; keys are sorted, numbers and texts written as in RFC 8785, and the rows of a
// table sorted by their text. Numbers that are not finite are null.
func WriteJSON(w io.Writer, n *Network) error {
	parts := map[string]func(io.Writer) error{}
	settings := reflect.ValueOf(&n.Settings).Elem()
	for i := range settings.NumField() {
		if f := settings.Field(i); !empty(f) {
			parts[settings.Type().Field(i).Tag.Get("yaml")] = func(w io.Writer) error {
				_, err := w.Write(appendJSON(nil, f))
				return err
			}
		}
	}
	for t := range Tables {
		if c := Tables[t].Cursor(n); c.Len() > 0 {
			parts[Tables[t].Name] = c.writeRows
		}
	}
	lead := "{"
	for _, k := range slices.Sorted(maps.Keys(parts)) {
		if _, err := io.WriteString(w, lead+string(appendText(nil, k))+":"); err != nil {
			return err
		}
		if err := parts[k](w); err != nil {
			return err
		}
		lead = ","
	}
	if lead == "{" {
		_, err := io.WriteString(w, "{}")
		return err
	}
	_, err := io.WriteString(w, "}")
	return err
}

// writeRows writes a table's rows as a sorted array of objects.
func (c *Cursor) writeRows(w io.Writer) error {
	order := make([]int, len(c.fields)) // columns by name
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return bytes.Compare([]byte(c.Table.Columns[a].Name), []byte(c.Table.Columns[b].Name))
	})
	var all []byte
	ends := make([]int, c.Len()+1)
	for i := range c.Len() {
		c.Load(i)
		all = c.appendRow(all, order)
		ends[i+1] = len(all)
	}
	rows := make([]int, c.Len())
	for i := range rows {
		rows[i] = i
	}
	text := func(i int) []byte { return all[ends[i]:ends[i+1]] }
	slices.SortFunc(rows, func(a, b int) int { return bytes.Compare(text(a), text(b)) })
	lead := []byte{'['}
	for _, i := range rows {
		if _, err := w.Write(lead); err != nil {
			return err
		}
		if _, err := w.Write(text(i)); err != nil {
			return err
		}
		lead = []byte{','}
	}
	_, err := w.Write([]byte{']'})
	return err
}

func (c *Cursor) appendRow(b []byte, order []int) []byte {
	b = append(b, '{')
	begin := len(b)
	key := func(i int) {
		if len(b) > begin {
			b = append(b, ',')
		}
		b = append(appendText(b, c.Table.Columns[i].Name), ':')
	}
	for _, i := range order {
		switch p := c.fields[i].(type) {
		case *string:
			if *p != "" {
				key(i)
				b = appendText(b, *p)
			}
		case *float64:
			if *p != 0 {
				key(i)
				b = appendNumber(b, *p)
			}
		case **float64:
			if *p != nil {
				key(i)
				b = appendNumber(b, **p)
			}
		case *int:
			if *p != 0 {
				key(i)
				b = strconv.AppendInt(b, int64(*p), 10)
			}
		case *bool:
			if *p {
				key(i)
				b = append(b, "true"...)
			}
		case *Span:
			if *p != (Span{}) {
				key(i)
				b = appendText(b, p.String())
			}
		case *Periods:
			if len(*p) > 0 {
				key(i)
				b = appendText(b, p.String())
			}
		}
	}
	return append(b, '}')
}

func empty(v reflect.Value) bool {
	return v.IsZero() || (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

// appendJSON writes a value of Settings.
func appendJSON(b []byte, v reflect.Value) []byte {
	switch x := v.Interface().(type) {
	case Periods:
		return appendText(b, x.String())
	case time.Time:
		return appendText(b, x.Format(time.DateOnly))
	}
	switch v.Kind() {
	case reflect.String:
		return appendText(b, v.String())
	case reflect.Float64:
		return appendNumber(b, v.Float())
	case reflect.Int:
		return strconv.AppendInt(b, v.Int(), 10)
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Pointer:
		return appendJSON(b, v.Elem())
	case reflect.Slice:
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, v.Index(i))
		}
		return append(b, ']')
	}
	fields := map[string]reflect.Value{}
	if v.Kind() == reflect.Map {
		for _, k := range v.MapKeys() {
			fields[k.String()] = v.MapIndex(k)
		}
	} else {
		for i := range v.NumField() {
			if !empty(v.Field(i)) {
				fields[v.Type().Field(i).Tag.Get("yaml")] = v.Field(i)
			}
		}
	}
	keys := slices.SortedFunc(maps.Keys(fields), func(a, b string) int {
		return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
	})
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(append(appendText(b, k), ':'), fields[k])
	}
	return append(b, '}')
}

// appendText writes a text as RFC 8785 does.
func appendText(b []byte, s string) []byte {
	const hexadecimal = "0123456789abcdef"
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\t':
			b = append(b, '\\', 't')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\b':
			b = append(b, '\\', 'b')
		case c == '\f':
			b = append(b, '\\', 'f')
		case c < ' ':
			b = append(b, '\\', 'u', '0', '0', hexadecimal[c>>4], hexadecimal[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// appendNumber writes a number as RFC 8785 does, which is how encoding/json writes it.
func appendNumber(b []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(b, "null"...)
	}
	if x == 0 {
		return append(b, '0')
	}
	text, err := json.Marshal(x)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, text...)
}
