package interior

import (
	"cmp"
	"slices"
)

// symbolic is the plan of a factorisation: the order of elimination and the
// pattern of the factor, by supernodes, that is runs of columns with the same
// rows below them (Liu, Ng, Peyton 1993, SIAM J. Matrix Anal. Appl. 14(1)).
type symbolic struct {
	n       int
	perm    []int32 // perm[k] is the vertex eliminated as the k-th
	inverse []int32
	nodes   []supernode
	nodeOf  []int32 // of a column: its supernode
	size    int     // of all nodes' columns together, as dense trapezoids
	flops   float64
	largest int // rows of the largest front
}

// supernode is columns first to first+width−1 of the factor. rows are its
// rows: first the columns themselves, then those below, ascending.
type supernode struct {
	first, width int
	rows         []int32
	parent       int32 // −1 of a root
	at           int   // where its columns begin in the factor's values, each as long as rows
}

// analyse orders g and finds the pattern of its factor.
func analyse(g *graph) *symbolic {
	order := minimumDegree(g)
	parent := eliminationTree(g, order)
	order = permuted(order, postorder(parent))
	parent = eliminationTree(g, order)
	count := columnCounts(g, order, parent)
	group := supernodes(parent, count)
	return assemble(g, order, group)
}

func permuted(order, by []int32) []int32 {
	out := make([]int32, len(order))
	for k, i := range by {
		out[k] = order[i]
	}
	return out
}

func inverseOf(order []int32) []int32 {
	inv := make([]int32, len(order))
	for k, i := range order {
		inv[i] = int32(k)
	}
	return inv
}

// eliminationTree returns, per place in the order, the place of the parent, −1
// of a root (Liu 1990, SIAM J. Matrix Anal. Appl. 11(1), with path compression).
func eliminationTree(g *graph, order []int32) []int32 {
	n := g.vertices()
	inv := inverseOf(order)
	parent, ancestor := slices.Repeat([]int32{-1}, n), slices.Repeat([]int32{-1}, n)
	for k := range int32(n) {
		v := order[k]
		for _, u := range g.adj[g.start[v]:g.start[v+1]] {
			for i := inv[u]; i >= 0 && i < k; {
				next := ancestor[i]
				ancestor[i] = k
				if next < 0 {
					parent[i] = k
				}
				i = next
			}
		}
	}
	return parent
}

// postorder lists the places of a forest so that every subtree stands together, its root last.
func postorder(parent []int32) []int32 {
	n := len(parent)
	child, sibling := slices.Repeat([]int32{-1}, n), slices.Repeat([]int32{-1}, n)
	for i := n - 1; i >= 0; i-- {
		if p := parent[i]; p >= 0 {
			sibling[i], child[p] = child[p], int32(i)
		}
	}
	out := make([]int32, 0, n)
	var stack []int32
	for r := range int32(n) {
		if parent[r] >= 0 {
			continue
		}
		stack = append(stack, r)
		for len(stack) > 0 {
			i := stack[len(stack)-1]
			if c := child[i]; c >= 0 {
				child[i] = sibling[c]
				stack = append(stack, c)
				continue
			}
			stack = stack[:len(stack)-1]
			out = append(out, i)
		}
	}
	return out
}

// columnCounts returns the entries of each column of the factor, diagonal included.
func columnCounts(g *graph, order, parent []int32) []int32 {
	n := g.vertices()
	inv := inverseOf(order)
	count, mark := slices.Repeat([]int32{1}, n), slices.Repeat([]int32{-1}, n)
	for k := range int32(n) {
		mark[k] = k
		v := order[k]
		for _, u := range g.adj[g.start[v]:g.start[v+1]] {
			for i := inv[u]; i < k && mark[i] != k; i = parent[i] {
				mark[i] = k
				count[i]++
			}
		}
	}
	return count
}

// A supernode takes in a child if that adds few zeros: any where both are
// narrow, and less and less a share of the whole the wider it gets.
var relaxed = []struct {
	width int
	zeros float64
}{{4, 1}, {16, 0.6}, {48, 0.15}, {1 << 30, 0.05}}

// grouping says, per column, with which columns it forms a supernode.
type grouping struct {
	of     []int32 // supernode of a column
	count  int
	parent []int32 // per supernode
}

// supernodes groups the columns of a postordered tree.
func supernodes(parent, count []int32) *grouping {
	n := len(parent)
	of := make([]int32, n)
	var width, rows []int32 // per supernode: columns, rows of its first column
	var zeros []float64
	var last []int32 // per supernode: its last column
	for j := range n {
		s := len(width) - 1
		if j > 0 && parent[j-1] == int32(j) && count[j-1] == count[j]+1 {
			of[j] = int32(s)
			width[s]++
			last[s] = int32(j)
			continue
		}
		of[j] = int32(s + 1)
		width, rows, zeros, last = append(width, 1), append(rows, count[j]), append(zeros, 0), append(last, int32(j))
	}
	m := len(width)
	into := make([]int32, m)
	up := make([]int32, m)
	for s := range m {
		into[s], up[s] = int32(s), -1
		if p := parent[last[s]]; p >= 0 {
			up[s] = of[p]
		}
	}
	find := func(s int32) int32 {
		for into[s] != s {
			into[s] = into[into[s]]
			s = into[s]
		}
		return s
	}
	for s := range int32(m) { // children stand before their parents
		if up[s] < 0 {
			continue
		}
		p := find(up[s])
		w := width[s] + width[p]
		grown := rows[p] + width[s]
		extra := zeros[s] + zeros[p] + float64(int(width[s])*int(grown-rows[s]))
		whole := float64(int(w)*int(grown) - int(w)*int(w-1)/2)
		for _, r := range relaxed {
			if int(w) <= r.width {
				if extra <= r.zeros*whole {
					into[s], width[p], rows[p], zeros[p] = p, w, grown, extra
				}
				break
			}
		}
	}
	number := slices.Repeat([]int32{-1}, m)
	g := &grouping{of: make([]int32, n)}
	for s := range int32(m) {
		if find(s) == s {
			number[s] = int32(g.count)
			g.count++
			g.parent = append(g.parent, up[s])
		}
	}
	for k, p := range g.parent {
		if p >= 0 {
			g.parent[k] = number[find(p)]
		}
	}
	for j := range n {
		g.of[j] = number[find(of[j])]
	}
	return g
}

// assemble numbers columns by supernode in postorder and finds each one's rows.
func assemble(g *graph, order []int32, group *grouping) *symbolic {
	n := g.vertices()
	nodes := postorder(group.parent)
	place := inverseOf(nodes)
	sy := &symbolic{n: n, perm: make([]int32, n), nodeOf: make([]int32, n), nodes: make([]supernode, group.count)}
	columns := make([][]int32, group.count)
	for k, v := range order {
		s := place[group.of[k]]
		columns[s] = append(columns[s], v)
	}
	at := 0
	for s, list := range columns {
		node := &sy.nodes[s]
		node.first, node.width, node.parent = at, len(list), -1
		if p := group.parent[nodes[s]]; p >= 0 {
			node.parent = place[p]
		}
		for _, v := range list {
			sy.perm[at], sy.nodeOf[at] = v, int32(s)
			at++
		}
	}
	sy.inverse = inverseOf(sy.perm)
	sy.fill(g)
	return sy
}

// fill finds the rows of each supernode: those of its columns in the matrix and those of its children.
func (sy *symbolic) fill(g *graph) {
	mark := slices.Repeat([]int32{-1}, sy.n)
	children := make([][]int32, len(sy.nodes))
	for s := range sy.nodes {
		node := &sy.nodes[s]
		end := int32(node.first + node.width)
		for k := node.first; k < int(end); k++ {
			node.rows = append(node.rows, int32(k))
		}
		below := []int32{}
		add := func(i int32) {
			if i >= end && mark[i] != int32(s) {
				mark[i] = int32(s)
				below = append(below, i)
			}
		}
		for k := node.first; k < int(end); k++ {
			v := sy.perm[k]
			for _, u := range g.adj[g.start[v]:g.start[v+1]] {
				add(sy.inverse[u])
			}
		}
		for _, c := range children[s] {
			for _, i := range sy.nodes[c].rows[sy.nodes[c].width:] {
				add(i)
			}
		}
		slices.SortFunc(below, cmp.Compare)
		node.rows = append(node.rows, below...)
		if node.parent >= 0 {
			children[node.parent] = append(children[node.parent], int32(s))
		}
		f := len(node.rows)
		node.at = sy.size
		sy.size += f * node.width
		sy.largest = max(sy.largest, f)
		for k := range node.width {
			sy.flops += float64((f - k) * (f - k))
		}
	}
}
