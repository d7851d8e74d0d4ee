package series

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"bremen/internal/mistake"
	"bremen/internal/yamlnode"
	"bremen/network"
)

// maxDepth is how deep a file may be nested.
const maxDepth = 12

// Parse reads a series as somebody wrote it: YAML, or a table where the name ends in .csv. The error is Mistakes.
func Parse(name string, text []byte) (*Spec, error) {
	r := &reader{spec: &Spec{}}
	switch {
	case len(text) > MaxText:
		r.mistakes = append(r.mistakes, Mistake{Code: CodeLong})
	case strings.EqualFold(filepath.Ext(name), ".csv"):
		r.table(bytes.TrimPrefix(text, []byte("\ufeff")))
	default:
		r.yaml(text)
	}
	if len(r.mistakes) > 0 {
		return nil, r.mistakes
	}
	return r.spec, nil
}

type reader struct {
	spec     *Spec
	mistakes Mistakes
}

// report adds a mistake at a node.
func (r *reader) report(n ast.Node, m Mistake) {
	if p := yamlnode.Position(n); p != nil {
		m.Line, m.Column = p.Line, p.Column
	}
	r.mistakes = append(r.mistakes, m)
}

func (r *reader) yaml(text []byte) {
	documents, err := yamlnode.Parse(text, maxDepth)
	if err != nil {
		r.mistakes = append(r.mistakes, Mistake{Code: CodeYAML, Found: err.Message, Line: err.Line, Column: err.Column})
		return
	}
	if len(documents) != 1 || documents[0] == nil {
		r.mistakes = append(r.mistakes, Mistake{Code: CodeNothing, Line: 1, Column: 1})
		return
	}
	var kinds []string
	r.mapping(documents[0], []string{"title", "ladder", "set", "cut", "variants", "ranges", "cutoffs", "coalitions"}, func(key string, v ast.Node) {
		switch key {
		case "title":
			r.title(v)
		case "ladder":
			r.spec.Ladder = r.text(v)
		case "set", "cut":
			r.spec.Common = append(r.spec.Common, r.changes(v, key == "cut")...)
		default:
			if kinds = append(kinds, key); len(kinds) == 1 {
				r.kind(key, v)
			} else {
				r.report(v, Mistake{Code: CodeKinds, Found: key, Expected: kinds[0]})
			}
		}
	})
	if len(kinds) == 0 && len(r.mistakes) == 0 {
		r.report(documents[0], Mistake{Code: CodeNothing})
	}
}

func (r *reader) kind(key string, v ast.Node) {
	switch key {
	case "variants":
		for _, item := range r.list(v) {
			r.variant(item)
		}
		if len(r.spec.Variants) == 0 {
			r.report(v, Mistake{Code: CodeNothing})
		}
	case "ranges":
		items := r.list(v)
		if len(items) > 2 || len(items) == 0 {
			r.report(v, Mistake{Code: CodeRanges})
			return
		}
		for _, item := range items {
			r.stepped(item)
		}
		if k := r.spec.Ranges; len(k) == 2 && len(k[0].Values)*len(k[1].Values) >= MaxVariants {
			r.report(v, *tooMany(len(k[0].Values) * len(k[1].Values)))
		}
	case "cutoffs":
		for _, item := range r.list(v) {
			what := r.text(item)
			if !slices.Contains(cuttable, what) {
				r.report(item, *unknown(CodeCutOff, what, cuttable))
			}
			r.spec.CutOffs = append(r.spec.CutOffs, what)
		}
		if len(r.spec.CutOffs) == 0 {
			r.report(v, *unknown(CodeCutOff, "", cuttable))
		}
	case "coalitions":
		r.spec.Coalitions = true
		if text, ok := yamlnode.Scalar(v); ok && text == "all" {
			return
		}
		for _, item := range r.list(v) {
			r.spec.Players = append(r.spec.Players, r.text(item))
		}
		if len(r.spec.Players) < 2 {
			r.report(v, Mistake{Code: CodePlayers})
		}
	}
}

// mapping calls each for the keys of a mapping that are known.
func (r *reader) mapping(n ast.Node, known []string, each func(string, ast.Node)) {
	yamlnode.Entries(n, func(key string, v ast.Node) {
		if !slices.Contains(known, key) {
			r.report(v, *unknown(CodeKey, key, known))
			return
		}
		each(key, v)
	}, func(f yamlnode.Fault, at ast.Node, key string) {
		m := Mistake{Code: CodeMapping, Expected: strings.Join(known, ", ")}
		if f == yamlnode.Twice {
			m = Mistake{Code: CodeTwice, Found: key}
		}
		r.report(at, m)
	})
}

func (r *reader) title(n ast.Node) {
	if text, ok := yamlnode.Scalar(n); ok {
		r.spec.Title = map[string]string{"en": text, "de": text}
		return
	}
	r.spec.Title = map[string]string{}
	r.mapping(n, []string{"de", "en"}, func(key string, v ast.Node) { r.spec.Title[key] = r.text(v) })
}

// text of a plain value.
func (r *reader) text(n ast.Node) string {
	text, ok := yamlnode.Scalar(n)
	if !ok {
		r.report(n, Mistake{Code: CodeText})
	}
	return strings.TrimSpace(text)
}

// list is a sequence; a single value counts as one.
func (r *reader) list(n ast.Node) []ast.Node {
	if seq, ok := n.(*ast.SequenceNode); ok {
		return seq.Values
	}
	if _, null := n.(*ast.NullNode); null {
		return nil
	}
	return []ast.Node{n}
}

func (r *reader) changes(n ast.Node, cut bool) []network.Change {
	var list []network.Change
	for _, item := range r.list(n) {
		c, err := parse(Stated{cut, r.text(item)})
		if err != nil {
			r.report(item, Mistake{Code: CodeChange, Err: err})
			continue
		}
		list = append(list, c)
	}
	if len(list) > MaxChanges {
		r.report(n, Mistake{Code: CodeLong})
	}
	return list
}

func (r *reader) variant(n ast.Node) {
	var v Variant
	r.mapping(n, []string{"name", "set", "cut"}, func(key string, value ast.Node) {
		if key == "name" {
			v.Name = r.text(value)
			return
		}
		v.Changes = append(v.Changes, r.changes(value, key == "cut")...)
	})
	r.add(v, func(m Mistake) { r.report(n, m) })
}

// add takes a variant unless its name is missing or taken.
func (r *reader) add(v Variant, report func(Mistake)) {
	switch {
	case v.Name == "":
		report(Mistake{Code: CodeName})
	case slices.ContainsFunc(r.spec.Variants, func(o Variant) bool { return o.Name == v.Name }):
		report(Mistake{Code: CodeTwice, Found: v.Name})
	case len(r.spec.Variants) >= MaxVariants-1:
		if len(r.mistakes) == 0 {
			report(*tooMany(MaxVariants))
		}
	default:
		r.spec.Variants = append(r.spec.Variants, v)
	}
}

func (r *reader) stepped(n ast.Node) {
	text, ok := yamlnode.Scalar(n)
	name := ""
	if !ok {
		r.mapping(n, []string{"name", "set"}, func(key string, v ast.Node) {
			if key == "name" {
				name = r.text(v)
			} else {
				text = r.text(v)
			}
		})
	}
	s, m := stepped(strings.TrimSpace(text))
	if m != nil {
		r.report(n, *m)
		return
	}
	if name != "" {
		s.Name = name
	}
	r.spec.Ranges = append(r.spec.Ranges, *s)
}

// table reads one variant per row: column "name", columns headed by what they set (work[skill=baking].hours), "cut" with
// what falls away, several separated by blanks. An empty cell changes nothing.
func (r *reader) table(text []byte) {
	report := func(line int, m Mistake) {
		m.Line, m.Column = line, 1
		r.mistakes = append(r.mistakes, m)
	}
	in := csv.NewReader(bytes.NewReader(text))
	in.TrimLeadingSpace = true
	first, _, _ := bytes.Cut(text, []byte("\n"))
	semicolons := bytes.IndexByte(first, ';') >= 0
	if semicolons { // as spreadsheets write it where the comma is the decimal one
		in.Comma = ';'
	}
	var head []string
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line := 1
			if p := (*csv.ParseError)(nil); errors.As(err, &p) {
				line = p.Line
			}
			report(line, Mistake{Code: CodeTable, Found: mistake.Short(err.Error())})
			return
		}
		line, _ := in.FieldPos(0)
		if head == nil {
			if head = row; !slices.Contains(head, "name") {
				report(line, Mistake{Code: CodeHead})
				return
			}
			continue
		}
		var v Variant
		for i, cell := range row {
			r.cell(&v, head[i], strings.TrimSpace(cell), semicolons, func(m Mistake) { report(line, m) })
		}
		r.add(v, func(m Mistake) { report(line, m) })
		if len(r.mistakes) > mistakesKept {
			return
		}
	}
	if len(r.spec.Variants) == 0 && len(r.mistakes) == 0 {
		report(1, Mistake{Code: CodeNothing})
	}
}

// mistakesKept is from how many mistakes on a table is read no further.
const mistakesKept = 100

func (r *reader) cell(v *Variant, head, cell string, decimalComma bool, report func(Mistake)) {
	var stated []Stated
	switch {
	case cell == "":
	case head == "name":
		v.Name = cell
	case head == "cut":
		for _, id := range strings.Fields(cell) {
			stated = append(stated, Stated{true, id})
		}
	default:
		if decimalComma && isDecimalComma(cell) {
			cell = strings.Replace(cell, ",", ".", 1)
		}
		op := ""
		if strings.IndexByte("*+-", cell[0]) >= 0 && len(cell) > 1 && cell[1] == '=' { // "*=0.9" scales, as on the command line
			op, cell = cell[:1], cell[2:]
		}
		stated = append(stated, Stated{false, head + op + "=" + cell})
	}
	for _, s := range stated {
		c, err := parse(s)
		if err != nil {
			report(Mistake{Code: CodeChange, Err: err})
			return
		}
		v.Changes = append(v.Changes, c)
	}
}

// isDecimalComma: one comma between digits, and no point.
func isDecimalComma(s string) bool {
	i := strings.IndexByte(s, ',')
	digit := func(b byte) bool { return b >= '0' && b <= '9' }
	return i > 0 && i < len(s)-1 && strings.Count(s, ",") == 1 && !strings.Contains(s, ".") && digit(s[i-1]) && digit(s[i+1])
}
