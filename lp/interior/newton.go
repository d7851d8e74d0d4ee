package interior

import (
	"math"
	"slices"
)

// newton solves the linear systems of a step,
//
//	−D·dx + Aᵀ·dy = h      (columns)
//	 A·dx + E·dy  = g      (rows)
//
// with D, E ≥ 0 diagonal: columns of few entries are eliminated at once, what
// is left is quasidefinite and factored.
type newton struct {
	f     *form
	kept  []int32 // columns that are not eliminated: those of many entries
	place []int32 // per column: vertex if kept, −1
	fac   *factor

	target []int32 // where each product of a column's figures goes in the factor's values, in order
	keptAt []int32 // the same for each figure of a kept column
	diag   []int32 // per vertex: its diagonal place

	d, e         []float64
	rhs, rem     []float64
	dx, dy       []float64
	h, g         []float64
	regularD     float64
	skipD, decay float64
}

// fewEntries is the most entries of a column that is eliminated first.
const fewEntries = 20

// Added to the diagonals D and E, so that dependent rows and free columns have a pivot.
const (
	regularD = 1e-12
	regularE = 1e-8
)

func newNewton(f *form, threads int) *newton {
	w := &newton{f: f, place: slices.Repeat([]int32{-1}, f.n)}
	for j := range f.n {
		free := math.IsInf(f.lower[j], -1) && math.IsInf(f.upper[j], 1)
		if f.start[j+1]-f.start[j] > fewEntries || free {
			w.place[j] = int32(f.m + len(w.kept))
			w.kept = append(w.kept, int32(j))
		}
	}
	g := w.pattern()
	negative := make([]bool, g.vertices())
	sy := analyse(g)
	for k := range w.kept {
		negative[sy.inverse[f.m+k]] = true
	}
	w.fac = newFactor(sy, negative, threads)
	w.locate()
	n := g.vertices()
	w.d, w.e = make([]float64, f.n), make([]float64, f.m)
	w.rhs, w.rem = make([]float64, n), make([]float64, f.m+f.n)
	w.regularD = regularD
	w.skipD, w.decay = regularD, 2
	w.dx, w.dy, w.h, w.g = make([]float64, f.n), make([]float64, f.m), make([]float64, f.n), make([]float64, f.m)
	return w
}

// pattern is the graph of what is left when the columns of few entries are eliminated.
func (w *newton) pattern() *graph {
	f := w.f
	n := f.m + len(w.kept)
	degree := make([]int, n+1)
	each := func(edge func(a, b int32)) {
		for j := range f.n {
			rows := f.index[f.start[j]:f.start[j+1]]
			if v := w.place[j]; v >= 0 {
				for _, i := range rows {
					edge(i, v)
					edge(v, i)
				}
				continue
			}
			for _, a := range rows {
				for _, b := range rows {
					if a != b {
						edge(a, b)
					}
				}
			}
		}
	}
	each(func(a, b int32) { degree[a]++ })
	start := make([]int, n+1)
	for i := range n {
		start[i+1] = start[i] + degree[i]
	}
	adj, next := make([]int32, start[n]), slices.Clone(start)
	each(func(a, b int32) { adj[next[a]] = b; next[a]++ })
	g := &graph{start: make([]int, n+1)}
	for i := range n {
		list := adj[start[i]:start[i+1]]
		slices.Sort(list)
		g.adj = append(g.adj, slices.Compact(list)...)
		g.start[i+1] = len(g.adj)
	}
	return g
}

// locate finds where each product goes in the factor.
func (w *newton) locate() {
	f, sy := w.f, w.fac.sy
	for j := range f.n {
		rows := f.index[f.start[j]:f.start[j+1]]
		if v := w.place[j]; v >= 0 {
			for _, i := range rows {
				w.keptAt = append(w.keptAt, sy.at(i, v))
			}
			continue
		}
		for a := range rows {
			for b := range a + 1 {
				w.target = append(w.target, sy.at(rows[a], rows[b]))
			}
		}
	}
	for v := range sy.n {
		w.diag = append(w.diag, sy.at(int32(v), int32(v)))
	}
}

// at returns where the entry of vertices u and v lies in the factor's values.
func (sy *symbolic) at(u, v int32) int32 {
	a, b := sy.inverse[u], sy.inverse[v]
	if a < b {
		a, b = b, a
	}
	node := &sy.nodes[sy.nodeOf[b]]
	k, _ := slices.BinarySearch(node.rows, a)
	return int32(node.at + (int(b)-node.first)*len(node.rows) + k)
}

// prepare factors the system with the present d and e.
func (w *newton) prepare() {
	w.regularD = max(w.regularD/w.decay, regularD)
	for range 4 {
		w.decompose()
		if w.fac.skipped == 0 || w.regularD >= w.skipD {
			return
		}
		w.raise()
	}
}

// raise makes D larger, where the system could not be solved well. It reports whether that was possible.
func (w *newton) raise() bool {
	if w.regularD >= mostD {
		return false
	}
	w.regularD = min(w.regularD*raiseBy, mostD)
	return true
}

// How the figure added to D is raised.
const (
	raiseBy  = 10
	mostD    = 1e-7
	carefulD = 1e-8 // up to which pivots that vanish raise it in a careful attempt
)

func (w *newton) decompose() {
	f, val := w.f, w.fac.val
	clear(val)
	t, q := 0, 0
	for j := range f.n {
		values := f.value[f.start[j]:f.start[j+1]]
		d := w.d[j] + w.regularD
		if v := w.place[j]; v >= 0 {
			for _, a := range values {
				val[w.keptAt[q]] += a
				q++
			}
			val[w.diag[v]] -= d
			continue
		}
		for a, va := range values {
			va /= d
			for _, vb := range values[:a+1] {
				val[w.target[t]] += float64(va * vb)
				t++
			}
		}
	}
	for i, e := range w.e {
		val[w.diag[i]] += e + regularE
	}
	w.fac.decompose()
}

// refinements is how often a solution is improved, at most.
const refinements = 6

// solve finds dx and dy for h and g, with iterative refinement. It returns the
// largest residual of the rows, relative to the largest figure of g.
func (w *newton) solve() float64 {
	clear(w.dx)
	clear(w.dy)
	size := 1e-300
	for _, v := range w.g {
		size = max(size, math.Abs(v))
	}
	worst := math.Inf(1)
	h, g := w.rem[:w.f.n], w.rem[w.f.n:]
	copy(h, w.h)
	copy(g, w.g)
	for round := range 1 + refinements {
		w.step(h, g)
		r := w.remainder(h, g) / size
		if r < 1e-12 || r > 0.5*worst || round == refinements {
			worst = min(worst, r)
			break
		}
		worst = r
	}
	return worst
}

// step adds the factored system's solution for h and g to dx and dy.
func (w *newton) step(h, g []float64) {
	f, inv := w.f, w.fac.sy.inverse
	for i, v := range g {
		w.rhs[inv[i]] = v
	}
	for j := range f.n {
		if v := w.place[j]; v >= 0 {
			w.rhs[inv[v]] = h[j]
			continue
		}
		if h[j] == 0 {
			continue
		}
		s := h[j] / (w.d[j] + w.regularD)
		for k := f.start[j]; k < f.start[j+1]; k++ {
			i := inv[f.index[k]]
			w.rhs[i] = math.FMA(f.value[k], s, w.rhs[i])
		}
	}
	w.fac.solve(w.rhs)
	for j := range f.n {
		if v := w.place[j]; v >= 0 {
			w.dx[j] += w.rhs[inv[v]]
			continue
		}
		s := -h[j]
		for k := f.start[j]; k < f.start[j+1]; k++ {
			s = math.FMA(f.value[k], w.rhs[inv[f.index[k]]], s)
		}
		w.dx[j] += s / (w.d[j] + w.regularD)
	}
	for i := range w.dy {
		w.dy[i] += w.rhs[inv[i]]
	}
}

// remainder puts what dx and dy miss of h and g into its arguments and returns the largest of the rows.
func (w *newton) remainder(h, g []float64) float64 {
	f := w.f
	copy(g, w.g)
	for j := range f.n {
		s := w.h[j] + float64((w.d[j]+w.regularD)*w.dx[j])
		x := w.dx[j]
		for k := f.start[j]; k < f.start[j+1]; k++ {
			i := f.index[k]
			s -= float64(f.value[k] * w.dy[i])
			g[i] -= float64(f.value[k] * x)
		}
		h[j] = s
	}
	worst := 0.0
	for i := range g {
		g[i] -= float64((w.e[i] + regularE) * w.dy[i])
		worst = max(worst, math.Abs(g[i]))
	}
	return worst
}
