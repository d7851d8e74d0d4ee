package iotable

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"bremen/network"

	"github.com/goccy/go-yaml"
)

// descriptionFile stands in the folder of a table and says which file is what.
const descriptionFile = "iotable.yaml"

// description is iotable.yaml; docs/iotable.md describes every key.
type description struct {
	Table       string       `yaml:"table"`
	Title       phrase       `yaml:"title"`
	Description phrase       `yaml:"description"`
	Licence     string       `yaml:"licence"`
	Sources     []sourceLine `yaml:"sources"`
	Year        int          `yaml:"year"`
	Currency    string       `yaml:"currency"`
	Unit        string       `yaml:"unit"`
	Figures     string       `yaml:"figures"` // totals (default), per-unit

	Sectors      *listFile       `yaml:"sectors"`
	Commodities  *listFile       `yaml:"commodities"`
	Industries   *listFile       `yaml:"industries"`
	Use          *cellFile       `yaml:"use"`
	Make         *cellFile       `yaml:"make"`
	Depreciation *cellFile       `yaml:"depreciation"`
	FinalDemand  *demandFile     `yaml:"final_demand"`
	Categories   *listFile       `yaml:"categories"`
	Satellites   []satelliteFile `yaml:"satellites"`
	Wages        *vectorFile     `yaml:"wages"`
	Plan         planLines       `yaml:"plan"`
}

type sourceLine struct {
	ID       string `yaml:"id"`
	Citation string `yaml:"citation"`
	Licence  string `yaml:"licence"`
	URL      string `yaml:"url"`
}

type listFile struct {
	File   string            `yaml:"file"`
	Code   string            `yaml:"code"`
	Name   string            `yaml:"name"`
	Unit   string            `yaml:"unit"`
	Output string            `yaml:"output"`
	Where  map[string]string `yaml:"where"`
}

type cellFile struct {
	File      string            `yaml:"file"`
	Commodity string            `yaml:"commodity"`
	Industry  string            `yaml:"industry"`
	Value     string            `yaml:"value"`
	Where     map[string]string `yaml:"where"`
}

type demandFile struct {
	NetOutput bool              `yaml:"net_output"`
	File      string            `yaml:"file"`
	Commodity string            `yaml:"commodity"`
	Category  string            `yaml:"category"`
	Value     string            `yaml:"value"`
	Where     map[string]string `yaml:"where"`
}

type satelliteFile struct {
	ID       string            `yaml:"id"`
	Name     string            `yaml:"name"`
	Unit     string            `yaml:"unit"`
	As       Role              `yaml:"as"`
	Figures  string            `yaml:"figures"` // totals (default), per-unit
	File     string            `yaml:"file"`
	Industry string            `yaml:"industry"`
	Value    string            `yaml:"value"`
	Where    map[string]string `yaml:"where"`
}

type vectorFile struct {
	File      string            `yaml:"file"`
	Commodity string            `yaml:"commodity"`
	Value     string            `yaml:"value"`
	Where     map[string]string `yaml:"where"`
}

type planLines struct {
	Least    []string `yaml:"least"`
	Capacity float64  `yaml:"capacity"`
	Work     float64  `yaml:"work"`
	Persons  float64  `yaml:"persons"`
	Place    string   `yaml:"place"`
}

// phrase is a network.Text that may also be written as a plain string.
type phrase network.Text

// UnmarshalYAML reads a string or a mapping from language to sentence.
func (p *phrase) UnmarshalYAML(unmarshal func(any) error) error {
	var languages map[string]string
	if unmarshal(&languages) == nil {
		*p = languages
		return nil
	}
	var one string
	if err := unmarshal(&one); err != nil {
		return err
	}
	*p = phrase{"de": one, "en": one}
	return nil
}

const perUnit = "per-unit"

// parseDescription reads iotable.yaml strictly: unknown and doubled keys are
// problems.
func parseDescription(text []byte, problems *Problems) *description {
	d := new(description)
	if err := yaml.UnmarshalWithOptions(text, d, yaml.Strict()); err != nil {
		problems.add(yamlProblem(err))
		return nil
	}
	d.check(problems)
	return d
}

func yamlProblem(err error) Problem {
	p := Problem{File: descriptionFile, Found: err.Error(), Expected: "YAML as in docs/iotable.md"}
	var at yaml.Error
	if errors.As(err, &at) {
		p.Found = at.GetMessage()
		if t := at.GetToken(); t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
		}
	}
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) && unknown.Token != nil {
		p.Nearest = nearest(unknown.Token.Value, knownKeys(reflect.TypeFor[description]()))
		p.Found, p.Expected = fmt.Sprintf("unknown key %q", unknown.Token.Value), "a key of docs/iotable.md"
	}
	return p
}

// knownKeys lists the keys of a type and the types below it.
func knownKeys(t reflect.Type) []Sector {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var keys []Sector
	for i := range t.NumField() {
		keys = append(keys, Sector{Code: t.Field(i).Tag.Get("yaml")})
		keys = append(keys, knownKeys(t.Field(i).Type)...)
	}
	return keys
}

// check reports keys that are missing or contradict each other.
func (d *description) check(problems *Problems) {
	c := keyCheck{problems}
	c.needed("table", d.Table)
	if d.Year < 1 || d.Year > 9999 {
		c.wrong("year", fmt.Sprint(d.Year), "the year of the table")
	}
	c.choice("figures", d.Figures, "totals", perUnit)
	symmetric := d.Sectors != nil
	if symmetric == (d.Commodities != nil || d.Industries != nil || d.Make != nil) ||
		!symmetric && (d.Commodities == nil || d.Industries == nil || d.Make == nil) {
		c.wrong("sectors", "neither or both", "either sectors (symmetric) or commodities, industries and make")
	}
	c.list("sectors", d.Sectors)
	c.list("commodities", d.Commodities)
	c.list("industries", d.Industries)
	c.list("categories", d.Categories)
	if d.Commodities != nil && d.Commodities.Output != "" {
		c.wrong("commodities.output", fmt.Sprintf("%q", d.Commodities.Output), "output of industries only")
	}
	if d.Use == nil {
		c.wrong("use", "nothing", "the file of uses")
	}
	c.cells("use", d.Use)
	c.cells("make", d.Make)
	c.cells("depreciation", d.Depreciation)
	if d.Figures == perUnit && symmetric && d.Sectors.Output == "" {
		c.wrong("sectors.output", "nothing", "the column of gross output, since figures are per unit")
	}
	d.checkDemand(c)
	d.checkSatellites(c)
	if d.Wages != nil {
		c.needed("wages.file", d.Wages.File)
		c.needed("wages.commodity", d.Wages.Commodity)
		c.needed("wages.value", d.Wages.Value)
	}
	c.amount("plan.capacity", d.Plan.Capacity)
	c.amount("plan.work", d.Plan.Work)
	c.amount("plan.persons", d.Plan.Persons)
}

func (d *description) checkDemand(c keyCheck) {
	f := d.FinalDemand
	switch {
	case f == nil:
		c.wrong("final_demand", "nothing", "a file, or net_output: true")
	case f.NetOutput && (f.File != "" || f.Commodity != "" || f.Value != ""):
		c.wrong("final_demand", "a file and net_output", "one of them")
	case f.NetOutput && d.Sectors != nil && d.Sectors.Output == "":
		c.wrong("sectors.output", "nothing", "the column of gross output, since final demand is what it leaves")
	case !f.NetOutput:
		c.needed("final_demand.file", f.File)
		c.needed("final_demand.commodity", f.Commodity)
		c.needed("final_demand.value", f.Value)
	}
}

func (d *description) checkSatellites(c keyCheck) {
	ids := map[string]Role{}
	for i, s := range d.Satellites {
		key := fmt.Sprintf("satellites[%d].", i)
		c.needed(key+"id", s.ID)
		c.needed(key+"file", s.File)
		c.needed(key+"industry", s.Industry)
		c.needed(key+"value", s.Value)
		c.choice(key+"as", string(s.As), string(Value), string(Impact), string(Labour))
		c.choice(key+"figures", s.Figures, "totals", perUnit)
		if _, twice := ids[s.ID]; twice {
			c.wrong(key+"id", fmt.Sprintf("%q twice", s.ID), "each satellite once")
		}
		ids[s.ID] = s.As
	}
	for _, id := range d.Plan.Least {
		if role := ids[id]; role != Labour && role != Impact {
			c.wrong("plan.least", fmt.Sprintf("%q", id), "the id of a satellite that is labour or impact")
		}
	}
}

// keyCheck reports problems of iotable.yaml by key.
type keyCheck struct{ problems *Problems }

func (c keyCheck) wrong(key, found, expected string) {
	c.problems.add(Problem{File: descriptionFile, Field: key, Found: found, Expected: expected})
}

func (c keyCheck) needed(key, value string) {
	if value == "" {
		c.wrong(key, "nothing", "a value")
	}
}

func (c keyCheck) choice(key, value string, choices ...string) {
	if value != "" && !slices.Contains(choices, value) {
		c.wrong(key, fmt.Sprintf("%q", value), strings.Join(choices, " or "))
	}
}

func (c keyCheck) amount(key string, v float64) {
	if !(v >= 0 && v <= 1e15) {
		c.wrong(key, fmt.Sprint(v), "a number from 0 to 1e15")
	}
}

func (c keyCheck) list(key string, l *listFile) {
	if l != nil {
		c.needed(key+".file", l.File)
		c.needed(key+".code", l.Code)
	}
}

func (c keyCheck) cells(key string, f *cellFile) {
	if f != nil {
		c.needed(key+".file", f.File)
		c.needed(key+".commodity", f.Commodity)
		c.needed(key+".industry", f.Industry)
		c.needed(key+".value", f.Value)
	}
}

// conditions returns the columns and wanted values of a where, by name.
func conditions(where map[string]string) (columns, values []string) {
	columns = slices.Sorted(maps.Keys(where))
	for _, c := range columns {
		values = append(values, where[c])
	}
	return columns, values
}
