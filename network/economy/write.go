package economy

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"bremen/lp/block"
	"bremen/network"
	"bremen/network/cells"

	"github.com/goccy/go-yaml"
)

// Format of the large tables that Write writes; lists are CSV always.
type Format string

const (
	CSV     Format = "csv"
	Parquet Format = "parquet"
)

// Write writes an economy as Read reads it. create opens each file to write; it
// is closed before the next. Figures are written with as many digits as it takes
// to read the same ones; zeros that mean nothing are left out.
func (e *Economy) Write(create func(file string) (io.WriteCloser, error), format Format) error {
	w := &writer{e: e, create: create, format: format}
	w.description()
	w.lists()
	w.technology()
	w.means()
	w.limits()
	w.arcs()
	w.demand()
	return w.err
}

// writer keeps the first error; after it nothing is written.
type writer struct {
	e      *Economy
	create func(file string) (io.WriteCloser, error)
	format Format
	err    error
}

func (w *writer) description() {
	e := w.e
	d := yaml.MapSlice{{Key: "economy", Value: e.ID}}
	add := func(key string, value any, stated bool) {
		if stated {
			d = append(d, yaml.MapItem{Key: key, Value: value})
		}
	}
	add("title", phrase(e.Title), len(e.Title) > 0)
	add("description", phrase(e.Description), len(e.Description) > 0)
	add("licence", e.Licence, e.Licence != "")
	var sources, urgencies, steps []yaml.MapSlice
	for _, s := range e.Sources {
		sources = append(sources, yaml.MapSlice{{Key: "id", Value: s.ID}, {Key: "citation", Value: s.Citation}, {Key: "licence", Value: s.Licence}, {Key: "url", Value: s.URL}})
	}
	for _, u := range e.Urgencies {
		urgencies = append(urgencies, yaml.MapSlice{{Key: "name", Value: u.Name}, {Key: "weight", Value: u.Weight}})
	}
	for _, s := range e.Steps {
		steps = append(steps, yaml.MapSlice{{Key: "share", Value: s.Share}, {Key: "slope", Value: s.Slope}})
	}
	add("sources", sources, sources != nil)
	add("urgencies", urgencies, true)
	add("steps", steps, true)
	add("ladder", w.ladder(), w.e.Ladder.Rungs != nil || w.e.Ladder.Window != 0 || w.e.Ladder.Keep != 0)
	text, err := yaml.Marshal(d)
	w.file(descriptionFile, func(out io.Writer) error {
		if err == nil {
			_, err = io.Copy(out, bytes.NewReader(text))
		}
		return err
	})
}

// ladder is what the economy states of its ladder.
func (w *writer) ladder() (out yaml.MapSlice) {
	l := w.e.Ladder
	if l.Rungs != nil {
		rungs := make([]yaml.MapSlice, len(l.Rungs))
		for k, r := range l.Rungs {
			for u, height := range r {
				if height > 0 {
					rungs[k] = append(rungs[k], yaml.MapItem{Key: w.e.Urgencies[u].Name, Value: height})
				}
			}
		}
		out = append(out, yaml.MapItem{Key: "rungs", Value: rungs})
	}
	if l.Window != 0 {
		out = append(out, yaml.MapItem{Key: "window", Value: l.Window})
	}
	if l.Keep != 0 {
		out = append(out, yaml.MapItem{Key: "keep", Value: l.Keep})
	}
	return out
}

// phrase puts the languages of a text in a fixed order.
func phrase(t network.Text) yaml.MapSlice {
	var s yaml.MapSlice
	for _, lang := range []string{"de", "en"} {
		if v, ok := t[lang]; ok {
			s = append(s, yaml.MapItem{Key: lang, Value: v})
		}
	}
	return s
}

func (w *writer) file(name string, write func(io.Writer) error) {
	if w.err != nil {
		return
	}
	f, err := w.create(name)
	if err == nil {
		err = write(f)
		if e := f.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		w.err = fmt.Errorf("%s: %w", name, err)
	}
}

// table writes a table. rows is handed a function for each row.
func (w *writer) table(name string, format Format, texts, numbers []string, rows func(row func(texts []string, numbers ...float64))) {
	name += "." + string(format)
	w.file(name, func(out io.Writer) error {
		t := cells.NewWriter(out, name, texts, numbers)
		var err error
		rows(func(texts []string, numbers ...float64) {
			if err == nil {
				err = t.Row(texts, numbers...)
			}
		})
		if err == nil {
			err = t.Close()
		}
		return err
	})
}

func (w *writer) lists() {
	e := w.e
	named := []string{"code", "name", "unit"}
	text := func(i Item) []string { return []string{i.Code, i.Name, i.Unit} }
	plain := func(name string, items []Item) {
		if len(items) > 0 {
			w.table(name, CSV, named, nil, func(row func([]string, ...float64)) {
				for _, i := range items {
					row(text(i))
				}
			})
		}
	}
	w.table("products", CSV, named, []string{"keep", "room", "weight"}, func(row func([]string, ...float64)) {
		for _, p := range e.Products {
			row(text(p.Item), p.Keep, p.Room, p.Weight)
		}
	})
	plain("skills", e.Skills)
	plain("techniques", e.Techniques)
	if len(e.Capitals) > 0 {
		w.table("capitals", CSV, named, []string{"wear"}, func(row func([]string, ...float64)) {
			for _, c := range e.Capitals {
				row(text(c.Item), c.Wear)
			}
		})
	}
	if len(e.Limits) > 0 {
		w.table("limits", CSV, append(named, "scope"), nil, func(row func([]string, ...float64)) {
			for _, l := range e.Limits {
				row(append(text(l.Item), l.Scope.String()))
			}
		})
	}
	plain("modes", e.Modes)
	plain("regions", e.Regions)
	plain("periods", e.Periods)
}

func (w *writer) technology() {
	e := w.e
	codes := e.itemCodes()
	w.table("technology", w.format, []string{"technique", "item"}, []string{"value"}, func(row func([]string, ...float64)) {
		texts := make([]string, 2)
		for _, side := range []struct {
			of    Technology
			codes func(j int) string
			cols  int
		}{
			{e.Making, func(j int) string { return e.Techniques[j].Code }, len(e.Techniques)},
			{e.Building, func(j int) string { return e.Capitals[j].Code }, len(e.Capitals)},
			{e.Moving, func(j int) string { return e.Modes[j].Code }, len(e.Modes)},
		} {
			for j := range side.cols {
				texts[0] = side.codes(j)
				for k, m := range []*block.Matrix{side.of.Product, side.of.Labour, side.of.Capital, side.of.Limit} {
					if m == nil {
						continue
					}
					for entry := m.Start[j]; entry < m.Start[j+1]; entry++ {
						texts[1] = codes[k][m.Index[entry]]
						row(texts, m.Value[entry])
					}
				}
			}
		}
	})
}

// itemCodes returns the codes of products, skills, capitals and limits.
func (e *Economy) itemCodes() [4][]string {
	var codes [4][]string
	for _, p := range e.Products {
		codes[0] = append(codes[0], p.Code)
	}
	for _, s := range e.Skills {
		codes[1] = append(codes[1], s.Code)
	}
	for _, c := range e.Capitals {
		codes[2] = append(codes[2], c.Code)
	}
	for _, l := range e.Limits {
		codes[3] = append(codes[3], l.Code)
	}
	return codes
}

// byBlock writes a vector item-major by block, or by region where periods is 1.
// Equal figures of an item are written as one row for everywhere.
func (w *writer) byBlock(name, column string, codes []string, v []float64, periods int) {
	if v == nil || len(codes) == 0 {
		return
	}
	e := w.e
	texts := []string{column, "region", "period"}
	if periods == 1 {
		texts = texts[:2]
	}
	n := len(e.Regions) * periods
	w.table(name, w.format, texts, []string{"value"}, func(row func([]string, ...float64)) {
		cell := make([]string, len(texts))
		for i, code := range codes {
			cell[0] = code
			w.places(cell[1:], v[i*n:][:n], periods, 0, func(v float64) { row(cell, v) })
		}
	})
}

// places calls f for each figure by region and period that is not what counts
// anyway, with the codes of its place in cell; if all are the same, once for everywhere.
func (w *writer) places(cell []string, v []float64, periods int, otherwise float64, f func(v float64)) {
	same := true
	for _, x := range v {
		same = same && x == v[0]
	}
	clear(cell)
	if same {
		if v[0] != otherwise {
			f(v[0])
		}
		return
	}
	for b, x := range v {
		if x == otherwise {
			continue
		}
		if cell[0] = ""; len(v) != periods { // one region only: periods alone say where
			cell[0] = w.e.Regions[b/periods].Code
		}
		if len(cell) > 1 && periods > 1 {
			cell[1] = w.e.Periods[b%periods].Code
		}
		f(x)
	}
}

func (w *writer) means() {
	e := w.e
	codes, periods := e.itemCodes(), len(e.Periods)
	w.byBlock("labour", "skill", codes[1], e.Labour, periods)
	w.byBlock("supply", "product", codes[0], e.Supply, periods)
	w.byBlock("stock", "product", codes[0], e.Stock, 1)
	w.byBlock("installed", "capital", codes[2], e.Installed, 1)
	w.byBlock("kept", "capital", codes[2], e.Kept, 1)
	if len(e.Most) == 0 {
		return
	}
	w.table("most", w.format, []string{"technique", "region", "period"}, []string{"value"}, func(row func([]string, ...float64)) {
		for _, m := range e.Most {
			cell := []string{e.Techniques[m.Technique].Code, "", ""}
			if m.Region != Everywhere {
				cell[1] = e.Regions[m.Region].Code
			}
			if m.Period != Everywhere {
				cell[2] = e.Periods[m.Period].Code
			}
			row(cell, m.Amount)
		}
	})
}

func (w *writer) limits() {
	e := w.e
	bounded := false
	for _, l := range e.Limits {
		for _, v := range l.Most {
			bounded = bounded || v < math.Inf(1)
		}
	}
	if !bounded {
		return
	}
	w.table("limits_most", CSV, []string{"limit", "region", "period"}, []string{"value"}, func(row func([]string, ...float64)) {
		for _, l := range e.Limits {
			cell := []string{l.Code, "", ""}
			for at, v := range l.Most {
				if math.IsInf(v, 1) {
					continue
				}
				region, period := l.Scope.names(at, len(e.Periods))
				cell[1], cell[2] = "", ""
				if region >= 0 {
					cell[1] = e.Regions[region].Code
				}
				if period >= 0 {
					cell[2] = e.Periods[period].Code
				}
				row(cell, v)
			}
		}
	})
}

// names returns the region and period that figure at of a limit is for, or Everywhere.
func (s Scope) names(at, periods int) (region, period int) {
	switch s {
	case PerBlock:
		return at / periods, at % periods
	case PerRegion:
		return at, Everywhere
	case PerPeriod:
		return Everywhere, at
	}
	return Everywhere, Everywhere
}

func (w *writer) arcs() {
	e := w.e
	if len(e.Arcs) == 0 {
		return
	}
	w.table("arcs", CSV, []string{"from", "to", "mode", "period"}, []string{"distance", "capacity"}, func(row func([]string, ...float64)) {
		for _, a := range e.Arcs {
			for t, v := range a.Capacity {
				row([]string{e.Regions[a.From].Code, e.Regions[a.To].Code, e.Modes[a.Mode].Code, e.Periods[t].Code}, a.Distance, v)
			}
		}
	})
}

func (w *writer) demand() {
	e := w.e
	n := e.Blocks()
	w.table("demand", w.format, []string{"product", "urgency", "region", "period"}, []string{"value"}, func(row func([]string, ...float64)) {
		cell := make([]string, 4)
		for k, need := range e.Needs {
			cell[0], cell[1] = e.Products[need.Product].Code, e.Urgencies[need.Urgency].Name
			figures := e.Demand[k*n:][:n]
			if slices.Max(figures) == 0 {
				clear(cell[2:])
				row(cell, 0)
				continue
			}
			w.places(cell[2:], figures, len(e.Periods), 0, func(v float64) { row(cell, v) })
		}
	})
}
