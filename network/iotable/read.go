package iotable

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

// Folder says whether path is a folder that holds an input-output table, that
// is, an iotable.yaml.
func Folder(path string) bool {
	info, err := os.Stat(filepath.Join(path, descriptionFile))
	return err == nil && info.Mode().IsRegular()
}

// Open reads the table in the folder; see Read.
func Open(ctx context.Context, folder string) (*Table, []Notice, error) {
	return Read(ctx, os.DirFS(folder))
}

// OpenNetwork reads the table in the folder and states it as a network, ready
// to be planned. Errors are those of Read and of Table.Network.
func OpenNetwork(ctx context.Context, folder string) (*network.Network, []Notice, error) {
	t, notices, err := Open(ctx, folder)
	if err != nil {
		return nil, notices, err
	}
	n, err := t.Network()
	return n, notices, err
}

// Read reads a table as iotable.yaml in files describes it, with notices on
// cells that mean something else than usual. Files are read as streams; beside
// the table itself at most 28 bytes per cell of the matrix being read are held.
// When the input is wrong the error is a *Problems; others come from the file
// system and ctx.
func Read(ctx context.Context, files fs.FS) (*Table, []Notice, error) {
	text, err := fs.ReadFile(files, descriptionFile)
	if err != nil {
		return nil, nil, fmt.Errorf("input-output table: %w", err)
	}
	r := &reader{ctx: ctx, files: files}
	if r.d = parseDescription(text, &r.problems); r.d == nil || len(r.problems.List) > 0 {
		return nil, nil, &r.problems
	}
	if err := r.read(); err != nil {
		return nil, r.notices, err
	}
	if len(r.problems.List) > 0 {
		return nil, r.notices, &r.problems
	}
	return r.t, r.notices, nil
}

// index finds a sector by its code.
type index struct {
	codes   *cells.Codes
	sectors []Sector
}

// reader is one call of Read.
type reader struct {
	ctx      context.Context
	files    fs.FS
	d        *description
	t        *Table
	problems Problems
	notices  []Notice

	commodities, industries *index
	outputStated            bool
}

func (r *reader) read() error {
	r.about()
	for _, step := range []func() error{r.lists, r.flows, r.output, r.demand, r.positiveOutput, r.satellites, r.wages} {
		if err := step(); err != nil {
			return err
		}
		if len(r.problems.List) > 0 && r.industries == nil {
			return nil // without sectors every other row would be a mistake
		}
	}
	if len(r.problems.List) == 0 {
		r.balance()
	}
	return nil
}

func (r *reader) about() {
	d := r.d
	r.t = &Table{
		About: About{
			ID: d.Table, Title: network.Text(d.Title), Description: network.Text(d.Description), Licence: d.Licence,
			Year: d.Year, Currency: d.Currency, Unit: d.Unit,
		},
		PerUnit: d.Figures == perUnit,
		Planning: Planning{
			Least: d.Plan.Least, Capacity: d.Plan.Capacity, Work: d.Plan.Work, Persons: d.Plan.Persons, Place: d.Plan.Place,
		},
	}
	for _, s := range d.Sources {
		r.t.Sources = append(r.t.Sources, network.Source{ID: s.ID, Citation: s.Citation, Licence: s.Licence, URL: s.URL})
	}
}

// rows calls row for each row of a file that meets the conditions.
func (r *reader) rows(file string, columns []string, where map[string]string, row func(cells.Sheet)) error {
	folder := cells.Folder{Files: r.files, Description: descriptionFile, Problems: &r.problems}
	return folder.Rows(r.ctx, file, columns, where, row)
}

func (r *reader) lists() error {
	var err error
	industries := r.d.Industries
	if r.d.Sectors != nil {
		industries = r.d.Sectors
	} else if r.commodities, err = r.sectors(r.d.Commodities, nil); err != nil {
		return err
	}
	var output []float64
	found, err := r.sectors(industries, &output)
	if err != nil || len(r.problems.List) > 0 {
		return err
	}
	r.industries = found
	if r.d.Sectors != nil {
		r.commodities = &index{found.codes.Reader(), found.sectors}
	}
	r.t.Commodities, r.t.Industries = r.commodities.sectors, r.industries.sectors
	r.t.Output, r.outputStated = output, industries.Output != ""
	return nil
}

// sectors reads a list; output, when wanted and stated, is filled beside it.
func (r *reader) sectors(l *listFile, output *[]float64) (*index, error) {
	x := &index{codes: cells.NewCodes()}
	err := r.rows(l.File, []string{l.Code, l.Name, l.Unit, l.Output}, l.Where, func(s cells.Sheet) {
		code := string(s.Text(0))
		if code == "" {
			s.Wrong(0, "nothing", "a code", "")
			return
		}
		if first, twice := x.codes.Find(s.Text(0)); twice {
			s.Wrong(0, strconv.Quote(code)+" again", fmt.Sprintf("each code once; it stands in line %d", x.sectors[first].Position.Line), "")
			return
		}
		if output != nil && l.Output != "" {
			v, ok := s.Number(3)
			if ok && v < 0 {
				s.Wrong(3, strconv.Quote(string(s.Text(3))), "an output of zero or more", "")
			}
			*output = append(*output, v)
		}
		x.codes.Add(code)
		x.sectors = append(x.sectors, Sector{
			Code: code, Name: string(s.Text(1)), Unit: string(s.Text(2)),
			Position: network.Position{File: l.File, Line: s.Line()},
		})
	})
	if err == nil && len(x.sectors) == 0 && len(r.problems.List) == 0 {
		r.problems.Add(Problem{File: l.File, Found: "no rows", Expected: "at least one sector"})
	}
	if len(x.sectors) > math.MaxInt32-1 {
		return nil, fmt.Errorf("%s: %d sectors are more than a table can hold", l.File, len(x.sectors))
	}
	return x, err
}

// place finds the sector in the k-th column of the row.
func (r *reader) place(s cells.Sheet, k int, x *index, what string) (int32, bool) {
	i, ok := s.Code(k, x.codes)
	if !ok {
		near := ""
		if !r.problems.Full() {
			near = cells.Nearest(string(s.Text(k)), x.codes.List())
		}
		s.Wrong(k, strconv.Quote(string(s.Text(k))), what, near)
	}
	return i, ok
}

func (r *reader) flows() error {
	var err error
	if r.t.Use, err = r.matrix(r.d.Use, NegativeUse, false); err != nil {
		return err
	}
	if r.d.Make != nil {
		if r.t.Make, err = r.matrix(r.d.Make, NegativeMake, true); err != nil {
			return err
		}
	}
	if r.d.Depreciation != nil {
		r.t.Depreciation, err = r.matrix(r.d.Depreciation, NegativeUse, false)
	}
	return err
}

// matrix reads cells by commodity and industry, or by industry and commodity.
func (r *reader) matrix(f *cellFile, negative NoticeKind, byIndustry bool) (*Matrix, error) {
	rows, cols := len(r.t.Commodities), len(r.t.Industries)
	if byIndustry {
		rows, cols = cols, rows
	}
	found := NewCells(rows, cols)
	err := r.rows(f.File, []string{f.Commodity, f.Industry, f.Value}, f.Where, func(s cells.Sheet) {
		i, known := r.place(s, 0, r.commodities, "a commodity")
		j, ok := r.place(s, 1, r.industries, "an industry")
		v, number := s.Number(2)
		if !known || !ok || !number {
			return
		}
		if v < 0 {
			r.notices = append(r.notices, Notice{Kind: negative, File: f.File, Line: s.Line(),
				Commodity: r.t.Commodities[i].Code, Industry: r.t.Industries[j].Code, Value: v})
		}
		if byIndustry {
			i, j = j, i
		}
		found.Add(int(i), int(j), v)
	})
	if err != nil {
		return nil, err
	}
	m, err := found.Matrix()
	var twice *DuplicateError
	if errors.As(err, &twice) {
		i, j := twice.Row, twice.Col
		if byIndustry {
			i, j = j, i
		}
		return nil, r.cellTwice(f, r.t.Commodities[i].Code, r.t.Industries[j].Code)
	}
	return m, err
}

// cellTwice reads the file again to name the lines of a doubled cell.
func (r *reader) cellTwice(f *cellFile, commodity, industry string) error {
	first := 0
	return r.rows(f.File, []string{f.Commodity, f.Industry, f.Value}, f.Where, func(s cells.Sheet) {
		if string(s.Text(0)) != commodity || string(s.Text(1)) != industry {
			return
		}
		if v, ok := cells.ParseNumber(s.Text(2)); !ok || v == 0 {
			return
		}
		if first == 0 {
			first = s.Line()
			return
		}
		s.Wrong(2, fmt.Sprintf("%s for %s again", commodity, industry), fmt.Sprintf("each cell once; it stands in line %d", first), "")
	})
}

// output derives gross output where it is not stated: what is made, or what
// goes into use and final demand (which demand adds).
func (r *reader) output() error {
	if r.outputStated || len(r.problems.List) > 0 {
		return nil
	}
	r.t.Output = make([]float64, len(r.t.Industries))
	m := r.t.Make
	if m == nil {
		m = r.t.Use
	}
	for j := range m.Rows {
		_, values := m.Row(j)
		r.t.Output[j] = sumOf(values)
		if d := r.t.Depreciation; d != nil && r.t.Symmetrical() {
			_, values = d.Row(j)
			r.t.Output[j] += sumOf(values)
		}
	}
	return nil
}

func (r *reader) demand() error {
	f := r.d.FinalDemand
	if len(r.problems.List) > 0 && f.NetOutput {
		return nil
	}
	if f.NetOutput {
		return r.netOutput()
	}
	names, err := r.categoryNames()
	if err != nil {
		return err
	}
	at := map[string]int{}
	var seen [][]bool
	err = r.rows(f.File, []string{f.Commodity, f.Category, f.Value}, f.Where, func(s cells.Sheet) {
		i, known := r.place(s, 0, r.commodities, "a commodity")
		v, number := s.Number(2)
		if !known || !number {
			return
		}
		code := string(s.Text(1))
		if code == "" {
			code = "final_demand"
		}
		c, ok := at[code]
		if !ok {
			c = len(r.t.Demand)
			at[code] = c
			r.t.Demand = append(r.t.Demand, Category{Code: code, Name: names[code], Amount: make([]float64, len(r.t.Commodities))})
			seen = append(seen, make([]bool, len(r.t.Commodities)))
		}
		if seen[c][i] {
			s.Wrong(0, fmt.Sprintf("%s for %s again", r.t.Commodities[i].Code, code), "each cell once", "")
		}
		seen[c][i] = true
		r.t.Demand[c].Amount[i] = v
		if v < 0 {
			r.notices = append(r.notices, Notice{Kind: NegativeDemand, File: f.File, Line: s.Line(), Commodity: r.t.Commodities[i].Code, Category: code, Value: v})
		}
	})
	if err == nil && !r.outputStated && r.t.Symmetrical() && len(r.problems.List) == 0 {
		for i, v := range r.t.FinalDemand() {
			r.t.Output[i] += v
		}
	}
	return err
}

// positiveOutput reports derived outputs below zero.
func (r *reader) positiveOutput() error {
	for j, x := range r.t.Output {
		if x < 0 && !r.outputStated {
			p := r.t.Industries[j].Position
			r.problems.Add(Problem{File: p.File, Line: p.Line, Found: fmt.Sprintf("uses and final demand of %s that add up to %g", r.t.Industries[j].Code, x), Expected: "an output of zero or more"})
		}
	}
	return nil
}

func (r *reader) netOutput() error {
	net, err := r.t.NetOutput(true)
	if err != nil {
		r.problems.Add(Problem{File: r.d.Use.File, Found: err.Error(), Expected: "output where there are uses"})
		return nil
	}
	r.t.Demand = []Category{{Code: "net_output", Amount: net}}
	for i, v := range net {
		if v < 0 {
			r.notices = append(r.notices, Notice{Kind: NegativeDemand, File: descriptionFile, Commodity: r.t.Commodities[i].Code, Category: "net_output", Value: v})
		}
	}
	return nil
}

func (r *reader) categoryNames() (map[string]string, error) {
	names := map[string]string{}
	l := r.d.Categories
	if l == nil {
		return names, nil
	}
	return names, r.rows(l.File, []string{l.Code, l.Name}, l.Where, func(s cells.Sheet) {
		names[string(s.Text(0))] = string(s.Text(1))
	})
}

func (r *reader) satellites() error {
	for _, f := range r.d.Satellites {
		s := Satellite{ID: f.ID, Name: f.Name, Unit: f.Unit, Role: f.As, PerUnit: f.Figures == perUnit}
		if s.Role == "" {
			s.Role = Value
		}
		if s.Unit == "" {
			s.Unit = r.d.Unit
		}
		var err error
		s.Amount, err = r.vector(f.File, f.Industry, f.Value, f.Where, r.industries, "an industry", s.Role == Value)
		if err != nil {
			return err
		}
		r.t.Satellites = append(r.t.Satellites, s)
	}
	return nil
}

func (r *reader) wages() error {
	f := r.d.Wages
	if f == nil {
		return nil
	}
	var err error
	r.t.Wages, err = r.vector(f.File, f.Commodity, f.Value, f.Where, r.commodities, "a commodity", false)
	return err
}

// vector reads one figure per sector; sectors without a row have 0.
func (r *reader) vector(file, code, value string, where map[string]string, x *index, what string, negative bool) ([]float64, error) {
	amount := make([]float64, len(x.sectors))
	seen := make([]bool, len(x.sectors))
	err := r.rows(file, []string{code, value}, where, func(s cells.Sheet) {
		i, known := r.place(s, 0, x, what)
		v, number := s.Number(1)
		if !known || !number {
			return
		}
		if seen[i] {
			s.Wrong(0, strconv.Quote(x.sectors[i].Code)+" again", "each sector once", "")
		}
		if v < 0 && !negative {
			s.Wrong(1, strconv.Quote(string(s.Text(1))), "zero or more", "")
		}
		seen[i] = true
		amount[i] = v
	})
	return amount, err
}

// balance adds notices on industries without output and on commodities whose
// uses and final demand differ from what is made.
func (r *reader) balance() {
	t := r.t
	for _, j := range idle(t) {
		r.notices = append(r.notices, Notice{Kind: NoOutput, File: t.Industries[j].Position.File, Line: t.Industries[j].Position.Line, Industry: t.Industries[j].Code})
	}
	net, err := t.NetOutput(true)
	if err != nil {
		r.problems.Add(Problem{File: r.d.Use.File, Found: err.Error(), Expected: "output where there are uses"})
		return
	}
	made, demand := t.supply(), t.FinalDemand()
	for i, v := range net {
		if rest := v - demand[i]; math.Abs(rest) > 1e-6*max(made[i], math.Abs(demand[i])) {
			r.notices = append(r.notices, Notice{Kind: Unbalanced, File: t.Commodities[i].Position.File, Line: t.Commodities[i].Position.Line, Commodity: t.Commodities[i].Code, Value: rest})
		}
	}
}

// idle lists industries without output.
func idle(t *Table) []int {
	var list []int
	for j, x := range t.Output {
		if x == 0 {
			list = append(list, j)
		}
	}
	return slices.Clip(list)
}
