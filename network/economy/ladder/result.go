package ladder

import (
	"io"
	"iter"
	"slices"

	"bremen/lp/block"
	"bremen/network/economy"
)

// Summary is what a climb comes to. It is written as plan.json.
type Summary struct {
	Goal    string `json:"goal"` // ladder
	Economy string `json:"economy"`
	Status  string `json:"status"` // climbed, or stopped before the top
	// Ladder is the economy's, as it was planned by.
	Ladder Goals `json:"ladder"`
	// Broken is the most by which a row or bound is broken, relative to 1 + its size.
	Broken float64 `json:"broken"`
	Unit   float64 `json:"unit"` // amounts of the program are in this many of the products' units

	Rows         int     `json:"rows"` // of the programs
	Columns      int     `json:"columns"`
	Coefficients int     `json:"coefficients"`
	Tolerance    float64 `json:"tolerance"`
	Iterations   int     `json:"iterations"`
	Seconds      float64 `json:"seconds"`

	// Steps are the programs in their order. Levels are those of the plan as it is
	// written: what later steps were allowed to take of them (Ladder.Keep) is taken.
	Steps []Step `json:"steps"`

	Satisfactions []economy.RegionSatisfaction `json:"satisfactions"`
	Worst         []Need                       `json:"worst"` // served, the worst first; those served in full are left out
	// Scarce is what holds the first level that is short of its height. A price is the share of the
	// rung's way that one more unit in every period would lift the worst-served by.
	Scarce     []economy.Scarcity `json:"scarce"`
	ScarceStep int                `json:"scarce_step"` // number of that step, from 1; 0: there is none

	// Files are the SHA-256 of all other files of the plan, in hexadecimal, by name. Writing sets them.
	Files map[string]string `json:"files,omitempty"`
}

// Goals is a ladder in the words of its economy.
type Goals struct {
	Rungs  []map[string]float64 `json:"rungs"` // urgency → height
	Window float64              `json:"window"`
	Keep   float64              `json:"keep"`
}

// Need is a demand and how it fares.
type Need struct {
	Product      string  `json:"product"`
	Urgency      string  `json:"urgency"`
	Region       string  `json:"region"`
	Period       string  `json:"period"`
	Satisfaction float64 `json:"satisfaction"`
}

// worstListed is how many of the worst-served a summary lists.
const worstListed = 20

// Result is a plan with what proves its bounds.
type Result struct {
	Summary *Summary
	Climbed *Climbed
	Plan    *economy.Plan
}

// Conclude makes a plan of what a climb came to; its figures are worked out from the plan and the duals.
// How it was solved is the climb's.
func Conclude(e *economy.Economy, p *block.Problem, ix *economy.Index, c *Climbed, o Options) *Result {
	r := &Result{Climbed: c, Plan: ix.Read(e, p, c.Col)}
	a := newAudit(e, p, ix, c.Col)
	r.Summary = a.summary(r.Plan)
	r.Summary.Tolerance, r.Summary.Status = o.Tolerance, statusOf(c.Stopped)
	if o.Tolerance == 0 {
		r.Summary.Tolerance = tolerance
	}
	at := 0
	for k, s := range c.Steps {
		from := at
		for at < len(c.Fixings) && c.Fixings[at].Step == k+1 {
			at++
		}
		a.step(&s, c.Duals[k], c.Fixings[from:at])
		r.Summary.Steps = append(r.Summary.Steps, s)
		r.Summary.Iterations += s.Iterations
		r.Summary.Seconds += s.Seconds
	}
	r.Summary.Scarce, r.Summary.ScarceStep = a.scarce, a.scarceStep
	return r
}

func statusOf(stopped bool) string {
	if stopped {
		return "stopped"
	}
	return "climbed"
}

// goals puts a ladder in the words of its economy.
func goals(e *economy.Economy) Goals {
	l := e.Goals()
	g := Goals{Window: l.Window, Keep: l.Keep}
	for _, r := range l.Rungs {
		rung := map[string]float64{}
		for u, height := range r {
			if height > 0 {
				rung[e.Urgencies[u].Name] = height
			}
		}
		g.Rungs = append(g.Rungs, rung)
	}
	return g
}

// Write writes the proof: columns.parquet, one figure for each column of the economy's program; duals.parquet, for
// each step one for each row; and the table floors, what each step fixed; the tables of the plan in a format; and plan.json, with
// Summary.Files as it sets them. create is as for Economy.Write.
func (r *Result) Write(create func(file string) (io.WriteCloser, error), format economy.Format, e *economy.Economy) error {
	w := economy.NewPlanWriter(create, format)
	w.Vector("columns", slices.Values(r.Climbed.Col))
	w.Vector("duals", chained(r.Climbed.Duals))
	w.Table(floors(e, r.Climbed.Fixings))
	for _, t := range r.Plan.Tables(e) {
		w.Table(t)
	}
	r.Summary.Files = w.Files()
	w.Summary(r.Summary)
	return w.Err()
}

func chained(lists [][]float64) iter.Seq[float64] {
	return func(yield func(float64) bool) {
		for _, l := range lists {
			for _, v := range l {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// floorTexts and floorNumbers are the columns of the table floors.
var (
	floorTexts   = []string{"product", "urgency", "region", "period"}
	floorNumbers = []string{"step", "floor"}
)

func floors(e *economy.Economy, fixings []Fixing) economy.Table {
	return economy.Table{Name: "floors", Texts: floorTexts, Numbers: floorNumbers, Rows: func(row func([]string, ...float64)) {
		for _, f := range fixings {
			n := named(e, f.Element)
			row([]string{n.Product, n.Urgency, n.Region, n.Period}, float64(f.Step), f.Floor)
		}
	}}
}

// named says what an element is.
func named(e *economy.Economy, element int) Need {
	n, b, t := e.Needs[element/e.Blocks()], element%e.Blocks(), len(e.Periods)
	return Need{Product: e.Products[n.Product].Code, Urgency: e.Urgencies[n.Urgency].Name, Region: e.Regions[b/t].Code, Period: e.Periods[b%t].Code}
}
