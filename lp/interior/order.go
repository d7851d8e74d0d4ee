package interior

import (
	"cmp"
	"math"
	"slices"
)

// graph is the pattern of a symmetric matrix without its diagonal: vertex i
// has the neighbours adj[start[i]:start[i+1]], each edge standing on both sides.
type graph struct {
	start []int
	adj   []int32
}

func (g *graph) vertices() int { return len(g.start) - 1 }

// minimumDegree returns an order of elimination with little fill: at each step
// the vertex that has the fewest neighbours left goes, by an upper bound on
// their number (approximate minimum degree: Amestoy, Davis, Duff 1996, SIAM J.
// Matrix Anal. Appl. 17(4), algorithm 2, with element absorption, mass
// elimination and indistinguishable vertices). Vertices of very many
// neighbours go last. The order depends on the graph alone.
func minimumDegree(g *graph) []int32 {
	q := newQuotient(g)
	for q.left > 0 {
		q.eliminate(q.cheapest())
	}
	return q.order()
}

// quotient is what is left of a graph while vertices are eliminated: variables
// not yet eliminated, and elements, each standing for eliminated ones and for
// the clique they leave behind.
type quotient struct {
	vars   [][]int32 // of a variable: neighbours not covered by an element; of an element: its clique
	elems  [][]int32 // of a variable: the elements it belongs to
	size   []int32   // of a variable: how many it stands for; 0 when it is none any more
	clique []int32   // of an element: how many variables its clique stands for; 0 when absorbed
	degree []int32   // of a variable: bound on its neighbours
	joined [][]int32 // variables that are eliminated together with this one

	head       []int32 // per degree: the first variable, −1 none
	next, prev []int32
	lowest     int

	mark, seen []int32 // tags of the present step
	outside    []int32 // of an element: how many of its clique lie outside the present one
	tag        int32
	left       int // not yet eliminated
	done       []int32
	dense      []int32
	hashed     []hashed
}

func newQuotient(g *graph) *quotient {
	n := g.vertices()
	q := &quotient{
		vars: make([][]int32, n), elems: make([][]int32, n), joined: make([][]int32, n),
		size: make([]int32, n), clique: make([]int32, n), degree: make([]int32, n),
		head: slices.Repeat([]int32{-1}, n+1), next: make([]int32, n), prev: make([]int32, n),
		mark: make([]int32, n), seen: make([]int32, n), outside: make([]int32, n),
	}
	limit := max(16, int(10*math.Sqrt(float64(n))))
	for i := range n {
		if g.start[i+1]-g.start[i] > limit {
			q.dense = append(q.dense, int32(i))
		} else {
			q.size[i] = 1
			q.left++
		}
	}
	slices.SortStableFunc(q.dense, func(a, b int32) int {
		return (g.start[a+1] - g.start[a]) - (g.start[b+1] - g.start[b])
	})
	for i := range n {
		if q.size[i] == 0 {
			continue
		}
		list := make([]int32, 0, g.start[i+1]-g.start[i]+1)
		for _, j := range g.adj[g.start[i]:g.start[i+1]] {
			if q.size[j] > 0 {
				list = append(list, j)
			}
		}
		q.vars[i], q.degree[i] = list, int32(len(list))
	}
	for i := n - 1; i >= 0; i-- {
		if q.size[i] > 0 {
			q.insert(int32(i))
		}
	}
	return q
}

func (q *quotient) insert(i int32) {
	d := q.degree[i]
	q.prev[i], q.next[i] = -1, q.head[d]
	if q.head[d] >= 0 {
		q.prev[q.head[d]] = i
	}
	q.head[d] = i
	q.lowest = min(q.lowest, int(d))
}

func (q *quotient) remove(i int32) {
	if q.prev[i] >= 0 {
		q.next[q.prev[i]] = q.next[i]
	} else {
		q.head[q.degree[i]] = q.next[i]
	}
	if q.next[i] >= 0 {
		q.prev[q.next[i]] = q.prev[i]
	}
}

// cheapest takes a variable of least degree out of the lists.
func (q *quotient) cheapest() int32 {
	for q.head[q.lowest] < 0 {
		q.lowest++
	}
	p := q.head[q.lowest]
	q.remove(p)
	return p
}

// eliminate turns variable p into an element.
func (q *quotient) eliminate(p int32) {
	q.tag++
	q.done = append(q.done, p)
	q.left -= int(q.size[p])
	clique := q.neighbours(p)
	weight := int32(0)
	for _, i := range clique {
		weight += q.size[i]
		q.remove(i)
	}
	for _, i := range clique {
		for _, e := range q.elems[i] {
			if q.clique[e] == 0 {
				continue
			}
			if q.seen[e] != q.tag {
				q.seen[e], q.outside[e] = q.tag, q.clique[e]
			}
			q.outside[e] -= q.size[i]
		}
	}
	q.hashed = q.hashed[:0]
	for _, i := range clique {
		hash, alone := q.update(p, i)
		if alone { // nothing but this element is left of it: it goes along with p
			q.joined[p] = append(q.joined[p], i)
			weight -= q.size[i]
			q.left -= int(q.size[i])
			q.size[i] = 0
			continue
		}
		q.hashed = append(q.hashed, hashed{hash, i})
	}
	q.mergeEqual()
	rest := clique[:0]
	for _, i := range clique {
		if q.size[i] == 0 {
			continue
		}
		rest = append(rest, i)
		q.degree[i] = min(q.degree[i]+weight-q.size[i], int32(q.left)-q.size[i])
		q.insert(i)
	}
	q.vars[p], q.elems[p], q.clique[p], q.size[p] = rest, nil, weight, 0
}

// neighbours returns the variables that p is connected with, through edges and
// elements, and absorbs these elements.
func (q *quotient) neighbours(p int32) []int32 {
	q.mark[p] = q.tag
	var clique []int32
	add := func(list []int32) {
		for _, i := range list {
			if q.size[i] > 0 && q.mark[i] != q.tag {
				q.mark[i] = q.tag
				clique = append(clique, i)
			}
		}
	}
	add(q.vars[p])
	for _, e := range q.elems[p] {
		if q.clique[e] > 0 {
			add(q.vars[e])
			q.clique[e], q.vars[e] = 0, nil
		}
	}
	return clique
}

// update rids variable i of what the new element p covers, bounds its degree
// outside of p's clique, and tells whether nothing else is left of it.
func (q *quotient) update(p, i int32) (hash uint64, alone bool) {
	d := int32(0)
	elems := q.elems[i][:0]
	for _, e := range q.elems[i] {
		switch {
		case q.clique[e] == 0:
		case q.outside[e] == 0: // inside p's clique altogether
			q.clique[e], q.vars[e] = 0, nil
		default:
			d += q.outside[e]
			elems = append(elems, e)
			hash += uint64(e) * 0x9e3779b97f4a7c15
		}
	}
	vars := q.vars[i][:0]
	for _, j := range q.vars[i] {
		if q.size[j] > 0 && q.mark[j] != q.tag {
			d += q.size[j]
			vars = append(vars, j)
			hash += uint64(j) * 0xc2b2ae3d27d4eb4f
		}
	}
	q.elems[i], q.vars[i] = append(elems, p), vars
	q.degree[i] = min(q.degree[i], d)
	return hash, d == 0
}

// hashed is a variable with a hash of its neighbours.
type hashed struct {
	hash     uint64
	variable int32
}

// mergeEqual joins those variables of the present clique that have equal neighbours.
func (q *quotient) mergeEqual() {
	slices.SortFunc(q.hashed, func(a, b hashed) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.variable, b.variable))
	})
	for a := 0; a < len(q.hashed); {
		b := a + 1
		for b < len(q.hashed) && q.hashed[b].hash == q.hashed[a].hash {
			b++
		}
		if b-a > 1 {
			q.merge(q.hashed[a:b])
		}
		a = b
	}
}

// merge joins variables of equal neighbours into one.
func (q *quotient) merge(list []hashed) {
	for a, h := range list {
		i := h.variable
		if q.size[i] == 0 {
			continue
		}
		q.tag++
		for _, e := range q.elems[i] {
			q.seen[e] = q.tag
		}
		for _, j := range q.vars[i] {
			q.mark[j] = q.tag
		}
		for _, other := range list[a+1:] {
			k := other.variable
			if q.size[k] > 0 && q.equal(i, k) {
				q.size[i] += q.size[k]
				q.joined[i] = append(q.joined[i], k)
				q.size[k], q.vars[k], q.elems[k] = 0, nil, nil
			}
		}
	}
}

// equal tells whether variable k has the neighbours that the present tag marks as i's.
func (q *quotient) equal(i, k int32) bool {
	if len(q.elems[i]) != len(q.elems[k]) || len(q.vars[i]) != len(q.vars[k]) {
		return false
	}
	for _, e := range q.elems[k] {
		if q.seen[e] != q.tag {
			return false
		}
	}
	for _, j := range q.vars[k] {
		if q.mark[j] != q.tag {
			return false
		}
	}
	return true
}

// order lists all vertices as they were eliminated.
func (q *quotient) order() []int32 {
	out := make([]int32, 0, len(q.size))
	var list func(i int32)
	list = func(i int32) {
		out = append(out, i)
		for _, j := range q.joined[i] {
			list(j)
		}
	}
	for _, p := range q.done {
		list(p)
	}
	return append(out, q.dense...)
}
