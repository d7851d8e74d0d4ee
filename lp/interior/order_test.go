package interior

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// graphOf makes a graph of n vertices from edges, however often they are named.
func graphOf(n int, edges [][2]int) *graph {
	lists := make([][]int32, n)
	for _, e := range edges {
		if a, b := int32(e[0]), int32(e[1]); a != b {
			lists[a], lists[b] = append(lists[a], b), append(lists[b], a)
		}
	}
	g := &graph{start: []int{0}}
	for _, l := range lists {
		slices.Sort(l)
		g.adj = append(g.adj, slices.Compact(l)...)
		g.start = append(g.start, len(g.adj))
	}
	return g
}

func star(n int) *graph {
	var e [][2]int
	for i := 1; i < n; i++ {
		e = append(e, [2]int{0, i})
	}
	return graphOf(n, e)
}

func clique(n int) *graph {
	var e [][2]int
	for i := range n {
		for j := range i {
			e = append(e, [2]int{i, j})
		}
	}
	return graphOf(n, e)
}

// grid is n by n vertices, each next to four.
func grid(n int) *graph {
	var e [][2]int
	for i := range n {
		for j := range n {
			if j > 0 {
				e = append(e, [2]int{i*n + j, i*n + j - 1})
			}
			if i > 0 {
				e = append(e, [2]int{i*n + j, i*n + j - n})
			}
		}
	}
	return graphOf(n*n, e)
}

// scattered has about degree edges per vertex and hubs that are next to half of all.
func scattered(n, degree, hubs int, seed uint64) *graph {
	r := rand.New(rand.NewPCG(seed, 5))
	var e [][2]int
	for i := range n {
		for range degree {
			e = append(e, [2]int{i, r.IntN(n)})
		}
		for h := range hubs {
			if r.IntN(2) == 0 {
				e = append(e, [2]int{i, h * n / hubs})
			}
		}
	}
	return graphOf(n, e)
}

func shapes() map[string]*graph {
	return map[string]*graph{
		"nothing":            graphOf(0, nil),
		"one vertex":         graphOf(1, nil),
		"no edges":           graphOf(7, nil),
		"one edge":           graphOf(2, [][2]int{{0, 1}}),
		"a star":             star(40),
		"a star too dense":   star(500),
		"a clique":           clique(12),
		"a clique too dense": clique(40),
		"a grid":             grid(12),
		"two parts":          graphOf(9, [][2]int{{0, 1}, {1, 2}, {2, 0}, {4, 5}, {5, 6}, {6, 8}}),
		"scattered":          scattered(150, 2, 0, 1),
		"with hubs":          scattered(400, 1, 3, 2),
		"all dense":          scattered(60, 40, 4, 3),
	}
}

func drawGraph(t *rapid.T) *graph {
	n := rapid.IntRange(0, 45).Draw(t, "vertices")
	if n == 0 {
		return graphOf(0, nil)
	}
	vertex := rapid.IntRange(0, n-1)
	var e [][2]int
	for range rapid.IntRange(0, 4*n).Draw(t, "edges") {
		e = append(e, [2]int{vertex.Draw(t, "a"), vertex.Draw(t, "b")})
	}
	for range rapid.IntRange(0, 2).Draw(t, "hubs") {
		hub := vertex.Draw(t, "hub")
		for i := range n {
			if rapid.IntRange(0, 3).Draw(t, "spoke") > 0 {
				e = append(e, [2]int{hub, i})
			}
		}
	}
	return graphOf(n, e)
}

// bySomeGraph checks a law on all shapes and on random graphs.
func bySomeGraph(t *testing.T, law func(t rapid.TB, g *graph)) {
	for name, g := range shapes() {
		t.Run(name, func(t *testing.T) { law(t, g) })
	}
	t.Run("random", rapid.MakeCheck(func(r *rapid.T) { law(r, drawGraph(r)) }))
}

// fill eliminates the vertices of g in order, densely, and returns per place
// the places after it that it is then next to: the true pattern of the factor.
func fill(g *graph, order []int32) [][]int32 {
	n := g.vertices()
	inv := inverseOf(order)
	next := make([][]bool, n)
	for i := range next {
		next[i] = make([]bool, n)
	}
	for v := range n {
		for _, u := range g.adj[g.start[v]:g.start[v+1]] {
			next[inv[v]][inv[u]] = true
		}
	}
	out := make([][]int32, n)
	for k := range n {
		for i := k + 1; i < n; i++ {
			if next[k][i] {
				out[k] = append(out[k], int32(i))
			}
		}
		for _, i := range out[k] {
			for _, j := range out[k] {
				next[i][j] = i != j
			}
		}
	}
	return out
}

func entries(columns [][]int32) int {
	n := 0
	for _, c := range columns {
		n += len(c)
	}
	return n
}

func isPermutation(order []int32, n int) bool {
	sorted := slices.Clone(order)
	slices.Sort(sorted)
	for i, v := range sorted {
		if int(v) != i {
			return false
		}
	}
	return len(order) == n
}

func TestMinimumDegreeIsAPermutation(t *testing.T) {
	t.Parallel()
	bySomeGraph(t, func(t rapid.TB, g *graph) {
		before := slices.Clone(g.adj)
		order := minimumDegree(g)
		if !isPermutation(order, g.vertices()) {
			t.Errorf("%v is no order of %d vertices", order, g.vertices())
		}
		if !slices.Equal(before, g.adj) {
			t.Error("the graph has changed")
		}
		if !slices.Equal(order, minimumDegree(g)) {
			t.Error("another order the second time")
		}
	})
}

func TestMinimumDegreeFillsLittle(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"a star": 39, "a star too dense": 499, "a clique": 66, "two parts": 6, "no edges": 0} {
		if n := entries(fill(shapes()[name], minimumDegree(shapes()[name]))); n > most {
			t.Errorf("%s: %d entries, possible are %d", name, n, most)
		}
	}
	// Against the least degree found by looking at all: the bound may mislead a little.
	for _, g := range []*graph{grid(14), scattered(150, 2, 0, 1), scattered(200, 3, 2, 9)} {
		got, want := entries(fill(g, minimumDegree(g))), entries(fill(g, leastDegree(g)))
		if float64(got) > 1.15*float64(want) {
			t.Errorf("%d entries, %d by exact degrees", got, want)
		}
	}
}

// leastDegree orders by degrees as they are, found densely.
func leastDegree(g *graph) []int32 {
	n := g.vertices()
	next := make([]map[int32]bool, n)
	for v := range n {
		next[v] = map[int32]bool{}
		for _, u := range g.adj[g.start[v]:g.start[v+1]] {
			next[v][u] = true
		}
	}
	gone := make([]bool, n)
	var order []int32
	for range n {
		best := -1
		for v := range n {
			if !gone[v] && (best < 0 || len(next[v]) < len(next[best])) {
				best = v
			}
		}
		gone[best] = true
		order = append(order, int32(best))
		for u := range next[best] {
			delete(next[u], int32(best))
			for w := range next[best] {
				if u != w {
					next[u][w] = true
				}
			}
		}
	}
	return order
}
