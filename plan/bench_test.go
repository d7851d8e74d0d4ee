package plan

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"bremen/lp"
	"bremen/network"
)

// settlement is a large made-up network: villages that grow, mill and bake,
// each with groups that need a dozen goods every week, and roads between them.
func settlement(villages, weeks int) *network.Network {
	n := &network.Network{Settings: network.Settings{
		ID: "settlement", Allowance: "none",
		Calendar: network.Calendar{Start: time.Date(2027, 5, 3, 0, 0, 0, 0, time.UTC), Unit: network.Week, Periods: weeks},
	}}
	n.Skills = []network.Skill{{ID: "work"}}
	n.Impacts = []network.Impact{{ID: "co2", Unit: "kg"}}
	const goods = 12
	for g := range goods {
		n.Products = append(n.Products, network.Product{ID: fmt.Sprint("good", g), Unit: "kg", Weight: 1, Storable: true, Loss: 0.01})
	}
	n.Products = append(n.Products, network.Product{ID: "tool", Unit: "h", Durable: true, Storable: true, Reach: network.OnSite})
	for v := range villages {
		site := fmt.Sprint("v", v)
		n.Sites = append(n.Sites, network.Site{ID: site, Transit: true})
		org := "farm" + strconv.Itoa(v)
		n.Agents = append(n.Agents, network.Agent{ID: org, Type: network.Organisation, Site: site})
		n.Stocks = append(n.Stocks, network.Stock{Site: site, Product: "tool", Start: 100})
		n.Work = append(n.Work, network.WorkOffer{Agent: org, Skill: "work", Hours: 300, Burden: 1})
		for g := range goods {
			id := fmt.Sprint("make", g, "at", v)
			n.Recipes = append(n.Recipes, network.Recipe{ID: id, Agent: org, Most: 50})
			n.Flows = append(n.Flows,
				network.Flow{Recipe: id, Direction: network.Out, What: fmt.Sprint("good", g), Quantity: float64(5 + g), Offset: network.Span{From: 1, To: 3}},
				network.Flow{Recipe: id, Direction: network.In, What: fmt.Sprint("good", (g+5)%goods), Quantity: 0.5},
				network.Flow{Recipe: id, Direction: network.Use, What: "tool", Quantity: 1},
				network.Flow{Recipe: id, Direction: network.Labour, What: "work", Quantity: 2, Offset: network.Span{From: 0, To: 3}},
				network.Flow{Recipe: id, Direction: network.Burdens, What: "co2", Quantity: 1})
		}
		for k := range 3 {
			id := fmt.Sprint("group", k, "of", v)
			n.Agents = append(n.Agents, network.Agent{ID: id, Type: network.Group, Persons: float64(20 + 10*k), Site: site})
			for g := range goods {
				n.Needs = append(n.Needs, network.Need{Agent: id, What: fmt.Sprint("good", g), Quantity: float64(g+k+1) / 10, PerPerson: true, Urgency: "vital"})
			}
		}
		for _, to := range []int{(v + 1) % villages, (v + 7) % villages} {
			n.Links = append(n.Links, network.Link{ID: fmt.Sprint("road", v, "to", to), Agent: org, From: site, To: fmt.Sprint("v", to), TwoWay: true, Distance: 10, Mode: "van", Capacity: figure(500)})
		}
	}
	n.LinkFlows = []network.LinkFlow{{Link: "van", Direction: network.Labour, What: "work", PerTonne: 2}, {Link: "van", Direction: network.Burdens, What: "co2", PerKm: 0.2}}
	n.Normalise()
	return n
}

// BenchmarkBuild: 10^6 nonzeros a second or better, and at most three times
// the size of the program's arrays in memory.
func BenchmarkBuild(b *testing.B) {
	n := settlement(150, 52)
	b.ReportAllocs()
	var p *Program
	for b.Loop() {
		p = nil
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begin := time.Now()
		var err error
		if p, err = Build(n, nil); err != nil {
			b.Fatal(err)
		}
		seconds := time.Since(begin).Seconds()
		runtime.GC()
		runtime.ReadMemStats(&after)
		arrays := arraysOf(p.LP)
		b.ReportMetric(float64(p.LP.NNZ()), "nonzeros")
		b.ReportMetric(float64(p.LP.NNZ())/seconds, "nonzeros/s")
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/arrays, "kept/arrays")
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/arrays, "allocated/arrays")
	}
	runtime.KeepAlive(p)
}

// arraysOf is the size in bytes of a program's arrays.
func arraysOf(p *lp.Problem) float64 {
	return float64(8*(len(p.Cost)+len(p.Lower)+len(p.Upper)+len(p.RowLower)+len(p.RowUpper)+len(p.Start)+len(p.Value)) + 4*len(p.Index))
}

// BenchmarkVillage100: check and plan of a hundred agents over twelve weeks, under 2 s with a warm compile cache.
func BenchmarkVillage100(b *testing.B) {
	n := example(b, "village-100")
	solver := testSolver(b)
	for b.Loop() {
		if problems := n.Validate(); len(problems) > 0 {
			b.Fatal(problems)
		}
		n.Check(n.Calendar.Start)
		pl, err := Make(b.Context(), n, solver, Options{})
		if err != nil {
			b.Fatal(err)
		}
		reportPlan(b, pl)
	}
}

// BenchmarkRegion: a whole ladder with its explanation, which is solved beside it.
func BenchmarkRegion(b *testing.B)       { benchmarkRegion(b, "") }
func BenchmarkRegionStrict(b *testing.B) { benchmarkRegion(b, "strict") }

func benchmarkRegion(b *testing.B, ladder string) {
	n := example(b, "region")
	solver := testSolver(b)
	for b.Loop() {
		pl, err := Make(b.Context(), n, solver, Options{Ladder: ladder, Explain: &ExplainOptions{}})
		if err != nil {
			b.Fatal(err)
		}
		reportPlan(b, pl)
		for _, r := range pl.Ladder {
			b.Logf("%-14s %8.6g  %2d programs %7.1f s  levels %.4f", r.Goal, r.Value, r.Programs, r.Seconds, r.Levels)
		}
	}
}

func reportPlan(b *testing.B, pl *Plan) {
	b.Helper()
	b.ReportMetric(float64(pl.Document.Program.Solves), "programs")
	b.ReportMetric(pl.Document.Program.Seconds, "solver-s")
	b.ReportMetric(peak(b), "peak-MiB")
}

// peak is the most memory the process has held so far, in MiB.
func peak(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			kib, _ := strconv.ParseFloat(f[1], 64)
			return kib / 1024
		}
	}
	return 0
}

// BenchmarkRegionReplan: one figure changed, with the last plan's levels as
// guesses, under a third of the first time.
func BenchmarkRegionReplan(b *testing.B) {
	n := example(b, "region")
	solver := testSolver(b)
	begin := time.Now()
	old, err := Make(b.Context(), n, solver, Options{})
	if err != nil {
		b.Fatal(err)
	}
	first := time.Since(begin)
	n.Work[0].Hours *= 1.01
	for b.Loop() {
		begin := time.Now()
		pl, err := Make(b.Context(), n, solver, Options{Guess: old.Proofs})
		if err != nil {
			b.Fatal(err)
		}
		reportPlan(b, pl)
		b.ReportMetric(time.Since(begin).Seconds()/first.Seconds(), "of-first-time")
	}
}

// BenchmarkRegionPlainSolve: HiGHS alone on the region's program with the weighted sum as its goal.
func BenchmarkRegionPlainSolve(b *testing.B) {
	n := example(b, "region")
	p, err := Build(n, nil)
	if err != nil {
		b.Fatal(err)
	}
	_, ladder, err := LadderOf(p.Net, "weighted")
	if err != nil {
		b.Fatal(err)
	}
	q, err := p.WithObjective(&ladder[0])
	if err != nil {
		b.Fatal(err)
	}
	solver := testSolver(b)
	for b.Loop() {
		sol, err := solver.Solve(b.Context(), q, lp.Options{Method: lp.Interior})
		if err != nil || sol.Status != lp.Optimal {
			b.Fatalf("%v %+v", err, sol.Detail)
		}
		b.ReportMetric(float64(sol.Iterations), "iterations")
		b.ReportMetric(sol.Objective, "objective")
	}
}
