package report

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"bremen/capacity"
	"bremen/internal/browsertest"
)

// measured is a report of a machine, made up.
func measured() *capacity.Report {
	r := &capacity.Report{
		Machine: capacity.Machine{OS: "linux", Architecture: "amd64", Kernels: "AVX-512", Threads: 2, Memory: 24e9, Base: 14e6, Axpy: 34.7e9, Triad: 20e9},
		Regions: 4, Periods: 12, Tolerance: 1e-4, Seed: 1, Budget: 60, End: capacity.EndTime,
		Time: &capacity.Growth{Exponent: 1.12, Factor: 1e-6, Points: 3, Spread: 1.3}, Memory: &capacity.Growth{Exponent: 0.9, Factor: 100, Points: 3, Spread: 1.1},
	}
	for k, n := range []int{50, 200, 800, 1600} {
		size := 1000 * math.Pow(float64(n), 1.3)
		r.Steps = append(r.Steps, capacity.Step{
			Products: n, Coefficients: int(size), Columns: 250 * n, Rows: 100 * n, Seconds: r.Time.At(size), CPU: 1.8 * r.Time.At(size), Iterations: 5000,
			Memory: int64(r.Memory.At(size)), Solved: k < 3, Gap: 1.2e-4,
		})
	}
	r.End = capacity.EndStopped
	r.Ahead = r.Time
	for _, span := range capacity.Spans {
		size := r.Time.Until(span)
		r.Answers = append(r.Answers, capacity.Answer{Seconds: span, Coefficients: size, Products: size / 5000, Memory: r.Memory.At(size), Limit: capacity.EndTime, Beyond: size / float64(r.Steps[2].Coefficients)})
	}
	r.Answers[2].Limit = capacity.EndMemory
	return r
}

// The page is whole in both languages, with little measured and with much.
func TestCapacityIsWhole(t *testing.T) {
	t.Parallel()
	empty := &capacity.Report{End: capacity.EndTime, Regions: 1, Periods: 1}
	short := measured()
	short.Steps, short.Time, short.Memory, short.Ahead, short.Answers = short.Steps[3:], nil, nil, nil, nil
	for name, r := range map[string]*capacity.Report{"much": measured(), "little": short, "nothing": empty} {
		var b bytes.Buffer
		if err := Capacity(&b, r); errors.Is(err, ErrNoAssets) {
			t.Skip(err)
		} else if err != nil {
			t.Fatal(err)
		}
		page := withoutScripts(b.String())
		for _, bad := range []string{"ZgotmplZ", "%!", "NaN", "Inf", "[capacity", "[col", "[table", "{"} {
			if i := strings.Index(page, bad); i >= 0 {
				t.Errorf("%s: page holds %q: …%s…", name, bad, page[max(0, i-80):i+20])
			}
		}
		if name == "much" {
			for _, want := range []string{"In einer Stunde", "In an hour", "hier endet der Speicher", "nicht in", `class="hollow"`, `class="ahead"`} {
				if !strings.Contains(page, want) {
					t.Errorf("page lacks %q", want)
				}
			}
			if n := strings.Count(page, "<circle"); n != 2*2*4 {
				t.Errorf("%d dots, want 16", n)
			}
		}
	}
}

// Dots lie inside the frame, at what the scales say.
func TestPlotScales(t *testing.T) {
	t.Parallel()
	s := scales{3, 6, -1, 4}
	for v, want := range map[float64]float64{1e3: plotLeft, 1e6: plotRight, 3.1622776601683795e4: (plotLeft + plotRight) / 2} {
		if got := s.x(v); got != want {
			t.Errorf("%v lies at %v, want %v", v, got, want)
		}
	}
	if lo, hi := s.y(0.1), s.y(1e4); lo != plotBottom || hi != plotTop {
		t.Errorf("from %v to %v", lo, hi)
	}
	p, err := newPage(nil, English)
	if err != nil {
		t.Fatal(err)
	}
	for _, drawn := range p.plots(measured()) {
		for _, d := range drawn.Dots {
			if d.X < plotLeft || d.X > plotRight || d.Y < plotTop || d.Y > plotBottom {
				t.Errorf("%s: a dot at %v, %v", drawn.ID, d.X, d.Y)
			}
		}
	}
}

func TestCapacityIsQuietAndAccessible(t *testing.T) {
	t.Parallel()
	url := pageOf(t, func(f *os.File) error { return Capacity(f, measured()) })
	browser := browsertest.Start(t)
	for _, v := range []view{{1280, "light", "en"}, {390, "light", "de"}, {1280, "dark", "de"}, {390, "dark", "en"}} {
		t.Run(v.String(), func(t *testing.T) {
			tab := browsertest.Open(t, browser, url)
			v.open(tab, url)
			if got := browsertest.Eval[string](tab, shown); got != v.lang {
				t.Errorf("shown is %q", got)
			}
			if wide := browsertest.Eval[bool](tab, `document.documentElement.scrollWidth > innerWidth`); wide {
				t.Error("the page is wider than the screen")
			}
			shoot(tab, "capacity-"+v.String())
			tab.Axe("what a machine can plan")
			tab.Quiet()
		})
	}
}
