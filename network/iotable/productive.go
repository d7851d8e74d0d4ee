package iotable

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// UnproductiveError says that a table cannot yield what is asked: some sectors
// that need each other in a circle use up more of their own products than they
// make. The theorem of Hawkins and Simon (1949), in the form of Berman and
// Plemmons (chapter 6): x = A·x + y has a solution x ≥ 0 for every y ≥ 0
// exactly when the spectral radius of A is below 1.
type UnproductiveError struct {
	// Sectors of the circle, the one that weighs most in it first.
	Sectors []int32
	// Radius is a lower bound of the circle's spectral radius: at the best
	// prices there are, every sector of the circle uses up inputs from it
	// worth at least Radius per unit it makes. At least 1, within 1e-9.
	Radius float64
	// Names of Sectors, or nil.
	Names []string
}

func (e *UnproductiveError) Error() string {
	name := func(i int) string {
		if i < len(e.Names) {
			return strconv.Quote(e.Names[i])
		}
		return strconv.Itoa(int(e.Sectors[i]))
	}
	if len(e.Sectors) == 1 {
		return fmt.Sprintf("table is not productive: sector %s uses up %.6g of its own product per unit made", name(0), e.Radius)
	}
	var others []string
	for i := 1; i < len(e.Sectors) && i <= 5; i++ {
		others = append(others, name(i))
	}
	if more := len(e.Sectors) - 6; more > 0 {
		others = append(others, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("table is not productive: sector %s, in a circle with %s, uses up %.6g times what it makes",
		name(0), strings.Join(others, ", "), e.Radius)
}

// unproductive looks for a circle of sectors with a spectral radius of 1 or
// more among those that y needs, and returns nil when there is none (or none
// could be proven). It assumes that nothing is negative.
func (s *system) unproductive() error {
	needed := neededBy(s.a, s.y)
	var found *UnproductiveError
	for _, circle := range circles(s.a) {
		if !needed[circle[0]] {
			continue
		}
		radius, weights := radiusOf(s.a, circle)
		if radius < 1-1e-9 || found != nil && radius <= found.Radius {
			continue
		}
		order := make([]int, len(circle))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case weights[a] > weights[b]:
				return -1
			case weights[a] < weights[b]:
				return 1
			}
			return int(circle[a]) - int(circle[b])
		})
		found = &UnproductiveError{Radius: radius}
		for _, i := range order {
			found.Sectors = append(found.Sectors, circle[i])
		}
	}
	if found == nil {
		return nil
	}
	return found
}

// neededBy marks the products that y takes directly or through inputs.
func neededBy(a *Matrix, y []float64) []bool {
	inputs := a.Transpose()
	needed := make([]bool, len(y))
	var open []int32
	for i, v := range y {
		if v != 0 {
			needed[i] = true
			open = append(open, int32(i))
		}
	}
	for len(open) > 0 {
		j := open[len(open)-1]
		open = open[:len(open)-1]
		cols, values := inputs.Row(int(j))
		for k, i := range cols {
			if values[k] != 0 && !needed[i] {
				needed[i] = true
				open = append(open, i)
			}
		}
	}
	return needed
}

// circles returns the strongly connected components of the table that hold a
// cell (a single sector only when it uses its own product), members ascending,
// by Tarjan's algorithm without recursion.
func circles(a *Matrix) [][]int32 {
	const unseen = -1
	n := a.Rows
	index, low := make([]int32, n), make([]int32, n)
	onStack := make([]bool, n)
	next := slices.Clone(a.Start[:n])
	for i := range index {
		index[i] = unseen
	}
	var found [][]int32
	var stack, path []int32
	var counter int32
	enter := func(v int32) {
		index[v], low[v] = counter, counter
		counter++
		stack, path, onStack[v] = append(stack, v), append(path, v), true
	}
	for root := range n {
		if index[root] != unseen {
			continue
		}
		enter(int32(root))
		for len(path) > 0 {
			v := path[len(path)-1]
			if next[v] < a.Start[v+1] {
				w := a.Col[next[v]]
				next[v]++
				switch {
				case index[w] == unseen:
					enter(w)
				case onStack[w]:
					low[v] = min(low[v], index[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				parent := path[len(path)-1]
				low[parent] = min(low[parent], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			at := len(stack) - 1
			for stack[at] != v {
				at--
			}
			members := slices.Clone(stack[at:])
			stack = stack[:at]
			for _, w := range members {
				onStack[w] = false
			}
			if len(members) > 1 || a.At(int(v), int(v)) != 0 {
				slices.Sort(members)
				found = append(found, members)
			}
		}
	}
	return found
}

// radiusOf returns a lower bound of the spectral radius of one circle, within
// 1e-10 of it unless that took too long, and the weight of each member in the
// circle (the right eigenvector).
func radiusOf(a *Matrix, circle []int32) (float64, []float64) {
	part := a.part(circle)
	lower, _, weights := perron(func(dst, x []float64) { part.rows(dst, x, 0, part.Rows) }, len(circle), 1e-10)
	return lower, weights
}

// part is the square submatrix of the members, which ascend.
func (m *Matrix) part(members []int32) *Matrix {
	at := make([]int32, m.Cols)
	for i := range at {
		at[i] = -1
	}
	for i, v := range members {
		at[v] = int32(i)
	}
	p := NewMatrix(len(members), len(members))
	for i, v := range members {
		cols, values := m.Row(int(v))
		for k, c := range cols {
			if at[c] >= 0 {
				p.Col, p.Value = append(p.Col, at[c]), append(p.Value, values[k])
			}
		}
		p.Start[i+1] = int64(len(p.Col))
	}
	return p
}

// perron brackets the largest eigenvalue of a nonnegative operator by the
// quotients of Collatz and Wielandt: for positive x, min (Mx)ᵢ/xᵢ ≤ ρ(M) ≤
// max (Mx)ᵢ/xᵢ. It stops when the bracket is within tolerance of itself, or
// after 20,000 steps, and returns bracket and vector (largest entry 1). The
// power method runs on M + σI, which has no second eigenvalue of equal size.
func perron(apply func(dst, x []float64), n int, tolerance float64) (lower, upper float64, x []float64) {
	x = make([]float64, n)
	y := make([]float64, n)
	for i := range x {
		x[i] = 1
	}
	shift := 0.0
	for range 20000 {
		apply(y, x)
		low, high, largest := math.Inf(1), 0.0, 0.0
		for i, v := range y {
			q := v / x[i]
			low, high = min(low, q), max(high, q)
		}
		lower, upper = max(lower, low), high
		if high == 0 || high-low <= tolerance*high {
			break
		}
		shift = (low + high) / 4
		for i := range x {
			y[i] += shift * x[i]
			largest = max(largest, y[i])
		}
		for i := range x {
			x[i] = max(y[i]/largest, 1e-300)
		}
	}
	return lower, upper, x
}
