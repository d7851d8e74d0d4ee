package interior

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bremen/lp"
	"bremen/lp/lptest"
)

// solved returns the answer by so many threads.
func solved(t testing.TB, p *lp.Problem, threads int) *lp.Solution {
	t.Helper()
	s, err := (&Solver{Threads: threads}).Solve(t.Context(), p, lp.Options{Method: lp.Sharp})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sameSolution compares answers bit by bit.
func sameSolution(t testing.TB, got, want *lp.Solution) {
	t.Helper()
	if got.Status != want.Status || got.Iterations != want.Iterations || got.Check != want.Check {
		t.Errorf("status %d after %d iterations, %+v; want %d after %d, %+v", got.Status, got.Iterations, got.Check, want.Status, want.Iterations, want.Check)
	}
	sameBits(t, "objective", []float64{got.Objective}, []float64{want.Objective})
	sameBits(t, "point", got.Col, want.Col)
	sameBits(t, "activity", got.Row, want.Row)
	sameBits(t, "row duals", got.RowDual, want.RowDual)
	sameBits(t, "rest of row duals", got.RowDualRest, want.RowDualRest)
	sameBits(t, "reduced costs", got.Reduced, want.Reduced)
}

// The program's fronts are large enough for two threads to share.
func TestTheSameBytesWithAnyThreads(t *testing.T) {
	t.Parallel()
	p := lptest.Planning(60, 3, 4, 1)
	one := solved(t, p, 1)
	if one.Status != lp.Optimal {
		t.Fatalf("status %d: %s", one.Status, one.Detail)
	}
	w := newNewton(newForm(p), 1)
	if r := w.fac.sy.largest; r*r*narrow < parallelWork {
		t.Errorf("the largest front has %d rows: no thread shares it", r)
	}
	sameSolution(t, solved(t, p, 1), one)
	sameSolution(t, solved(t, p, 2), one)
}

func TestTheSameBytesWithAnyKernel(t *testing.T) {
	p := lptest.Planning(30, 2, 3, 2)
	var plain *lp.Solution
	each(t, func(t *testing.T) {
		s := solved(t, p, 2)
		if plain == nil {
			plain = s
		}
		sameSolution(t, s, plain)
	})
}

// fusedLine is a line of an assembler listing: file and line of a fused multiply-add of arm64.
var fusedLine = regexp.MustCompile(`\(([^()]*\.go):(\d+)\)\s+FN?M(?:ADD|SUB)[DS]\s`)

// Other processors than amd64 fuse a product with the sum it stands in, unless
// float64(…) stands around it. What is fused there must be so everywhere, by
// math.FMA. Only the compiler knows: it fuses across statements and calls.
func TestNothingElseIsFused(t *testing.T) {
	t.Parallel()
	c := exec.CommandContext(t.Context(), "go", "build", "-gcflags=-S", ".")
	c.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	listing, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("go build for arm64: %v\n%s", err, listing)
	}
	found := map[string]bool{}
	for _, m := range fusedLine.FindAllSubmatch(listing, -1) {
		found[string(m[1])+":"+string(m[2])] = true
	}
	if len(found) < 4 {
		t.Fatalf("the listing shows %d lines that are fused, there are more calls of math.FMA", len(found))
	}
	lines := map[string][]string{}
	for _, at := range slices.Sorted(maps.Keys(found)) {
		file, number, _ := strings.Cut(filepath.Base(at), ":")
		if lines[file] == nil {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("%s is fused: %v", at, err)
			}
			lines[file] = strings.Split(string(text), "\n")
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		if line := lines[file][n-1]; !strings.Contains(line, "math.FMA(") {
			t.Errorf("%s:%d is fused on arm64: %s", file, n, strings.TrimSpace(line))
		}
	}
}
