package iotable

import (
	"fmt"

	"bremen/network/cells"
)

// descriptionFile stands in the folder of a table and says which file is what.
const descriptionFile = "iotable.yaml"

// description is iotable.yaml; docs/iotable.md describes every key.
type description struct {
	Table       string       `yaml:"table"`
	Title       cells.Phrase `yaml:"title"`
	Description cells.Phrase `yaml:"description"`
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

const perUnit = "per-unit"

// parseDescription reads iotable.yaml strictly: unknown and doubled keys are
// problems.
func parseDescription(text []byte, problems *Problems) *description {
	d := new(description)
	if !cells.ParseDescription(descriptionFile, "docs/iotable.md", text, d, problems) {
		return nil
	}
	d.check(problems)
	return d
}

// check reports keys that are missing or contradict each other.
func (d *description) check(problems *Problems) {
	c := cells.KeyCheck{File: descriptionFile, Problems: problems}
	c.Needed("table", d.Table)
	if d.Year < 1 || d.Year > 9999 {
		c.Wrong("year", fmt.Sprint(d.Year), "the year of the table")
	}
	c.Choice("figures", d.Figures, "totals", perUnit)
	symmetric := d.Sectors != nil
	if symmetric == (d.Commodities != nil || d.Industries != nil || d.Make != nil) ||
		!symmetric && (d.Commodities == nil || d.Industries == nil || d.Make == nil) {
		c.Wrong("sectors", "neither or both", "either sectors (symmetric) or commodities, industries and make")
	}
	checkList(c, "sectors", d.Sectors)
	checkList(c, "commodities", d.Commodities)
	checkList(c, "industries", d.Industries)
	checkList(c, "categories", d.Categories)
	if d.Commodities != nil && d.Commodities.Output != "" {
		c.Wrong("commodities.output", fmt.Sprintf("%q", d.Commodities.Output), "output of industries only")
	}
	if d.Use == nil {
		c.Wrong("use", "nothing", "the file of uses")
	}
	checkCells(c, "use", d.Use)
	checkCells(c, "make", d.Make)
	checkCells(c, "depreciation", d.Depreciation)
	if d.Figures == perUnit && symmetric && d.Sectors.Output == "" {
		c.Wrong("sectors.output", "nothing", "the column of gross output, since figures are per unit")
	}
	d.checkDemand(c)
	d.checkSatellites(c)
	if d.Wages != nil {
		c.Needed("wages.file", d.Wages.File)
		c.Needed("wages.commodity", d.Wages.Commodity)
		c.Needed("wages.value", d.Wages.Value)
	}
	c.Amount("plan.capacity", d.Plan.Capacity)
	c.Amount("plan.work", d.Plan.Work)
	c.Amount("plan.persons", d.Plan.Persons)
}

func (d *description) checkDemand(c cells.KeyCheck) {
	f := d.FinalDemand
	switch {
	case f == nil:
		c.Wrong("final_demand", "nothing", "a file, or net_output: true")
	case f.NetOutput && (f.File != "" || f.Commodity != "" || f.Value != ""):
		c.Wrong("final_demand", "a file and net_output", "one of them")
	case f.NetOutput && d.Sectors != nil && d.Sectors.Output == "":
		c.Wrong("sectors.output", "nothing", "the column of gross output, since final demand is what it leaves")
	case !f.NetOutput:
		c.Needed("final_demand.file", f.File)
		c.Needed("final_demand.commodity", f.Commodity)
		c.Needed("final_demand.value", f.Value)
	}
}

func (d *description) checkSatellites(c cells.KeyCheck) {
	ids := map[string]Role{}
	for i, s := range d.Satellites {
		key := fmt.Sprintf("satellites[%d].", i)
		c.Needed(key+"id", s.ID)
		c.Needed(key+"file", s.File)
		c.Needed(key+"industry", s.Industry)
		c.Needed(key+"value", s.Value)
		c.Choice(key+"as", string(s.As), string(Value), string(Impact), string(Labour))
		c.Choice(key+"figures", s.Figures, "totals", perUnit)
		if _, twice := ids[s.ID]; twice {
			c.Wrong(key+"id", fmt.Sprintf("%q twice", s.ID), "each satellite once")
		}
		ids[s.ID] = s.As
	}
	for _, id := range d.Plan.Least {
		if role := ids[id]; role != Labour && role != Impact {
			c.Wrong("plan.least", fmt.Sprintf("%q", id), "the id of a satellite that is labour or impact")
		}
	}
}

func checkList(c cells.KeyCheck, key string, l *listFile) {
	if l != nil {
		c.Needed(key+".file", l.File)
		c.Needed(key+".code", l.Code)
	}
}

func checkCells(c cells.KeyCheck, key string, f *cellFile) {
	if f != nil {
		c.Needed(key+".file", f.File)
		c.Needed(key+".commodity", f.Commodity)
		c.Needed(key+".industry", f.Industry)
		c.Needed(key+".value", f.Value)
	}
}
