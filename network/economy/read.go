package economy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"bremen/network"
	"bremen/network/cells"
)

// descriptionFile stands in the folder of an economy; docs/economy.md describes
// its keys and the tables beside it.
const descriptionFile = "economy.yaml"

// Folder says whether path is a folder that holds an economy, that is, an economy.yaml.
func Folder(path string) bool {
	info, err := os.Stat(filepath.Join(path, descriptionFile))
	return err == nil && info.Mode().IsRegular()
}

// description is economy.yaml.
type description struct {
	Economy     string       `yaml:"economy"`
	Title       cells.Phrase `yaml:"title"`
	Description cells.Phrase `yaml:"description"`
	Licence     string       `yaml:"licence"`
	Sources     []struct {
		ID       string `yaml:"id"`
		Citation string `yaml:"citation"`
		Licence  string `yaml:"licence"`
		URL      string `yaml:"url"`
	} `yaml:"sources"`
	Urgencies []struct {
		Name   string  `yaml:"name"`
		Weight float64 `yaml:"weight"`
	} `yaml:"urgencies"`
	Steps []struct {
		Share float64 `yaml:"share"`
		Slope float64 `yaml:"slope"`
	} `yaml:"steps"`
	Ladder ladderKey `yaml:"ladder"`
}

// Read reads an economy as economy.yaml and the tables beside it state it.
// Tables are read as streams; of the technology nothing is held but what
// cells.Collector says. When the input is wrong the error is a
// *cells.Problems; others come from the file system and ctx.
func Read(ctx context.Context, files fs.FS) (*Economy, error) {
	text, err := fs.ReadFile(files, descriptionFile)
	if err != nil {
		return nil, fmt.Errorf("economy: %w", err)
	}
	r := &reader{ctx: ctx, e: &Economy{}, problems: &cells.Problems{}}
	r.folder = cells.Folder{Files: files, Description: "docs/economy.md", Problems: r.problems}
	var d description
	if cells.ParseDescription(descriptionFile, "docs/economy.md", text, &d, r.problems) {
		r.describe(&d)
	}
	for _, step := range []func() error{r.lists, r.technology, r.means, r.transport, r.demand} {
		if len(r.problems.List) > 0 && len(r.e.Products) == 0 {
			break // without lists every row would be a mistake
		}
		if err := step(); err != nil {
			return nil, err
		}
	}
	if len(r.problems.List) > 0 {
		return nil, r.problems
	}
	if err := r.e.Validate(); err != nil {
		r.problems.Add(cells.Problem{File: descriptionFile, Found: err.Error(), Expected: "an economy that can be planned"})
		return nil, r.problems
	}
	return r.e, nil
}

// reader is one call of Read.
type reader struct {
	ctx      context.Context
	folder   cells.Folder
	problems *cells.Problems
	e        *Economy

	items   *cells.Codes // products, skills, capitals, limits
	columns *cells.Codes // techniques, capitals, modes
	regions *cells.Codes
	periods *cells.Codes
	urgency *cells.Codes
}

func (r *reader) describe(d *description) {
	e := r.e
	e.ID, e.Title, e.Description, e.Licence = d.Economy, network.Text(d.Title), network.Text(d.Description), d.Licence
	cells.KeyCheck{File: descriptionFile, Problems: r.problems}.Needed("economy", d.Economy)
	for _, s := range d.Sources {
		e.Sources = append(e.Sources, network.Source{ID: s.ID, Citation: s.Citation, Licence: s.Licence, URL: s.URL})
	}
	for _, u := range d.Urgencies {
		e.Urgencies = append(e.Urgencies, Urgency{u.Name, u.Weight})
	}
	for _, s := range d.Steps {
		e.Steps = append(e.Steps, Step{s.Share, s.Slope})
	}
	if e.Urgencies == nil {
		e.Urgencies = DefaultUrgencies()
	}
	if e.Steps == nil {
		e.Steps = DefaultSteps()
	}
	r.urgency = cells.NewCodes()
	for _, u := range e.Urgencies {
		if _, twice := r.urgency.Find([]byte(u.Name)); !twice {
			r.urgency.Add(u.Name)
		}
	}
	r.ladder(&d.Ladder)
}

// file returns the file of a table: NAME.csv or NAME.parquet; "" if there is none.
func (r *reader) file(name string, required bool) string {
	found := ""
	for _, end := range []string{".csv", ".parquet"} {
		if _, err := fs.Stat(r.folder.Files, name+end); err == nil {
			if found != "" {
				r.problems.Add(cells.Problem{File: name + end, Found: "a second table " + name, Expected: "either " + found + " or this"})
			}
			found = name + end
		}
	}
	if found == "" && required {
		r.problems.Add(cells.Problem{File: name + ".csv", Found: "no such file", Expected: "the " + name + ", as CSV or Parquet"})
	}
	return found
}

// rows calls row for each row of a table that may be missing.
func (r *reader) rows(name string, columns []string, row func(cells.Sheet)) error {
	if file := r.file(name, false); file != "" {
		return r.folder.Rows(r.ctx, file, columns, nil, row)
	}
	return nil
}

func (r *reader) lists() error {
	e := r.e
	r.items, r.columns, r.regions, r.periods = cells.NewCodes(), cells.NewCodes(), cells.NewCodes(), cells.NewCodes()
	both := []*cells.Codes{r.items, r.columns}
	for _, l := range []struct {
		name     string
		required bool
		codes    []*cells.Codes
		more     []string
		add      func(s cells.Sheet, i Item)
	}{
		{"products", true, both[:1], []string{"keep?", "room?", "weight?"}, func(s cells.Sheet, i Item) {
			e.Products = append(e.Products, Product{i, r.atMost(s, 3, 1), r.atMost(s, 4, math.MaxFloat64), r.atMost(s, 5, math.MaxFloat64)})
		}},
		{"skills", true, both[:1], nil, func(_ cells.Sheet, i Item) { e.Skills = append(e.Skills, i) }},
		{"techniques", true, both[1:], nil, func(_ cells.Sheet, i Item) { e.Techniques = append(e.Techniques, i) }},
		{"capitals", false, both, []string{"wear?"}, func(s cells.Sheet, i Item) { e.Capitals = append(e.Capitals, Capital{i, r.atMost(s, 3, 1)}) }},
		{"limits", false, both[:1], []string{"scope?"}, func(s cells.Sheet, i Item) { e.Limits = append(e.Limits, Limit{Item: i, Scope: r.scope(s)}) }},
		{"modes", false, both[1:], nil, func(_ cells.Sheet, i Item) { e.Modes = append(e.Modes, i) }},
		{"regions", true, []*cells.Codes{r.regions}, nil, func(_ cells.Sheet, i Item) { e.Regions = append(e.Regions, i) }},
		{"periods", true, []*cells.Codes{r.periods}, nil, func(_ cells.Sheet, i Item) { e.Periods = append(e.Periods, i) }},
	} {
		file := r.file(l.name, l.required)
		if file == "" {
			continue
		}
		rows := 0
		if err := r.folder.Rows(r.ctx, file, append([]string{"code", "name?", "unit?"}, l.more...), nil, func(s cells.Sheet) {
			rows++
			if code, ok := r.code(s, l.codes); ok {
				l.add(s, Item{code, string(s.Text(1)), string(s.Text(2))})
			}
		}); err != nil {
			return err
		}
		if rows == 0 && l.required && len(r.problems.List) == 0 {
			r.problems.Add(cells.Problem{File: file, Found: "no rows", Expected: "at least one"})
		}
	}
	return nil
}

// code reads the code of a row that is new to lists, and adds it.
func (r *reader) code(s cells.Sheet, lists []*cells.Codes) (string, bool) {
	code := string(s.Text(0))
	if code == "" {
		s.Wrong(0, "nothing", "a code", "")
		return "", false
	}
	for _, l := range lists {
		if _, twice := l.Find([]byte(code)); twice {
			s.Wrong(0, strconv.Quote(code)+" again", "each code once, also among lists that a table can name alike", "")
			return "", false
		}
	}
	for _, l := range lists {
		l.Add(code)
	}
	return code, true
}

// atMost reads a figure from 0 to most; nothing is 0.
func (r *reader) atMost(s cells.Sheet, k int, most float64) float64 {
	if len(s.Text(k)) == 0 {
		return 0
	}
	v, ok := s.Number(k)
	if ok && !within(v, 0, most) {
		expected := "at least 0"
		if most == 1 {
			expected = "0 to 1"
		}
		s.Wrong(k, strconv.Quote(string(s.Text(k))), expected, "")
	}
	return v
}

func (r *reader) scope(s cells.Sheet) Scope {
	word := string(s.Text(3))
	if word == "" {
		return PerBlock
	}
	at := slices.Index(scopeNames[:], word)
	if at < 0 {
		s.Wrong(3, strconv.Quote(word), fmt.Sprint("one of ", scopeNames), cells.Nearest(word, scopeNames[:]))
		return PerBlock
	}
	return Scope(at)
}

// find returns the number of the code in a column, or reports it.
func (r *reader) find(s cells.Sheet, k int, codes *cells.Codes, what string) (int, bool) {
	i, ok := s.Code(k, codes)
	if !ok {
		near := ""
		if !r.problems.Full() {
			near = cells.Nearest(string(s.Text(k)), codes.List())
		}
		s.Wrong(k, strconv.Quote(string(s.Text(k))), what, near)
	}
	return int(i), ok
}

// technology reads what one unit of each column brings and takes.
func (r *reader) technology() error {
	file := r.file("technology", true)
	if file == "" {
		return nil
	}
	room := r.folder.Count(file)
	c := cells.NewCollector(len(r.columns.List()), room)
	products := len(r.e.Products)
	capitals := products + len(r.e.Skills) + len(r.e.Capitals)
	columns := []string{"technique", "item", "value"}
	if err := r.folder.Rows(r.ctx, file, columns, nil, func(s cells.Sheet) {
		j, known := r.find(s, 0, r.columns, "a technique, capital or mode")
		i, ok := r.find(s, 1, r.items, "a product, skill, capital or limit")
		v, number := s.Number(2)
		if !known || !ok || !number {
			return
		}
		if v < 0 && i >= products && i < capitals {
			s.Wrong(2, strconv.Quote(string(s.Text(2))), "labour and capital of at least 0", "")
			return
		}
		c.Add(int32(i), int32(j), v)
	}); err != nil {
		return err
	}
	m, err := c.Columns()
	var twice *cells.DuplicateError
	if errors.As(err, &twice) {
		return r.twice(file, r.columns.List()[twice.Col], r.items.List()[twice.Row])
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	r.e.split(m)
	return nil
}

// twice reads the technology again to name the rows of a cell stated twice.
func (r *reader) twice(file, technique, item string) error {
	first := 0
	return r.folder.Rows(r.ctx, file, []string{"item", "value"}, map[string]string{"technique": technique}, func(s cells.Sheet) {
		if string(s.Text(0)) != item {
			return
		}
		if v, ok := s.Number(1); !ok || v == 0 {
			return
		}
		if first == 0 {
			first = s.Line()
			return
		}
		s.Wrong(1, fmt.Sprintf("%s of %s again", item, technique), fmt.Sprintf("each cell once; it stands in row %d", first), "")
	})
}
