package interior

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestEliminationTree(t *testing.T) {
	t.Parallel()
	bySomeGraph(t, func(t rapid.TB, g *graph) {
		order := minimumDegree(g)
		columns := fill(g, order)
		parent := eliminationTree(g, order)
		count := columnCounts(g, order, parent)
		for k, rows := range columns {
			want := int32(-1)
			if len(rows) > 0 {
				want = rows[0]
			}
			if parent[k] != want {
				t.Errorf("column %d has the parent %d, want %d", k, parent[k], want)
			}
			if int(count[k]) != 1+len(rows) {
				t.Errorf("column %d has %d entries, want %d", k, count[k], 1+len(rows))
			}
		}
		post := postorder(parent)
		if !isPermutation(post, g.vertices()) {
			t.Fatalf("%v is no order of %d columns", post, g.vertices())
		}
		place, size := inverseOf(post), slices.Repeat([]int32{1}, len(post))
		for _, i := range post {
			if p := parent[i]; p >= 0 {
				size[p] += size[i]
			}
		}
		for i, p := range parent { // a subtree stands right before its root
			if p >= 0 && (place[i] >= place[p] || place[i]-size[i] < place[p]-size[p]) {
				t.Errorf("column %d with %d below it stands at %d, its parent with %d at %d", i, size[i], place[i], size[p], place[p])
			}
		}
	})
}

func TestSymbolic(t *testing.T) {
	t.Parallel()
	bySomeGraph(t, func(t rapid.TB, g *graph) {
		sy := analyse(g)
		if sy.n != g.vertices() || !isPermutation(sy.perm, sy.n) || !slices.Equal(sy.inverse, inverseOf(sy.perm)) {
			t.Fatalf("order %v, inverse %v of %d vertices", sy.perm, sy.inverse, g.vertices())
		}
		at, size, largest := 0, 0, 0
		for s := range sy.nodes {
			node := &sy.nodes[s]
			if node.first != at || node.width < 1 || node.at != size {
				t.Fatalf("supernode %d: columns from %d, %d wide, figures from %d; want columns from %d, figures from %d", s, node.first, node.width, node.at, at, size)
			}
			sy.checkRows(t, s)
			at += node.width
			size += len(node.rows) * node.width
			largest = max(largest, len(node.rows))
		}
		if at != sy.n || size != sy.size || largest != sy.largest {
			t.Errorf("%d columns, %d figures, fronts of up to %d rows; stated are %d, %d, %d", at, size, largest, sy.n, sy.size, sy.largest)
		}
		sy.checkFill(t, fill(g, sy.perm))
	})
}

// checkRows checks what a supernode says of its own columns, its rows and its parent.
func (sy *symbolic) checkRows(t rapid.TB, s int) {
	node := &sy.nodes[s]
	if !slices.IsSorted(node.rows) || len(slices.Compact(slices.Clone(node.rows))) != len(node.rows) {
		t.Errorf("supernode %d: rows %v do not ascend", s, node.rows)
	}
	for k := range node.width {
		if node.rows[k] != int32(node.first+k) || sy.nodeOf[node.first+k] != int32(s) {
			t.Errorf("supernode %d: rows begin with %v, column %d is of supernode %d", s, node.rows[:node.width], node.first+k, sy.nodeOf[node.first+k])
		}
	}
	below := node.below()
	switch {
	case node.parent < 0:
		if len(below) > 0 {
			t.Errorf("supernode %d is a root and has rows %v below", s, below)
		}
		return
	case int(node.parent) <= s:
		t.Errorf("supernode %d has the parent %d before it", s, node.parent)
		return
	}
	parent := &sy.nodes[node.parent]
	if len(below) > 0 && sy.nodeOf[below[0]] != node.parent {
		t.Errorf("supernode %d has the parent %d, its first row below is of %d", s, node.parent, sy.nodeOf[below[0]])
	}
	for _, i := range below { // the update matrix fits into the parent's front
		if _, ok := slices.BinarySearch(parent.rows, i); !ok {
			t.Errorf("supernode %d: row %d is not among those of its parent %d", s, i, node.parent)
		}
	}
}

// checkFill checks that every entry of the true factor has a place, that at
// finds it, and that not too many others have one.
func (sy *symbolic) checkFill(t rapid.TB, columns [][]int32) {
	taken := map[int32]bool{}
	for k, rows := range columns {
		node := &sy.nodes[sy.nodeOf[k]]
		for _, i := range append([]int32{int32(k)}, rows...) {
			place, ok := slices.BinarySearch(node.rows, i)
			if !ok {
				t.Errorf("entry (%d, %d) of the factor has no place", i, k)
				continue
			}
			want := int32(node.at + (k-node.first)*len(node.rows) + place)
			u, v := sy.perm[i], sy.perm[k]
			if sy.at(u, v) != want || sy.at(v, u) != want || taken[want] {
				t.Errorf("entry (%d, %d) is looked for at %d and %d, want %d", i, k, sy.at(u, v), sy.at(v, u), want)
			}
			taken[want] = true
		}
	}
}

// Wide supernodes take in few zeros, narrow ones any number.
func TestSupernodesTakeInFewZeros(t *testing.T) {
	t.Parallel()
	for name, g := range map[string]*graph{"grid": grid(20), "scattered": scattered(250, 3, 0, 4)} {
		sy := analyse(g)
		columns := fill(g, sy.perm)
		for s := range sy.nodes {
			node := &sy.nodes[s]
			real, room := 0, 0
			for k := range node.width {
				real += 1 + len(columns[node.first+k])
				room += len(node.rows) - k
			}
			share := 1 - float64(real)/float64(room)
			for _, r := range relaxed {
				if node.width <= r.width {
					if share > r.zeros+1e-12 {
						t.Errorf("%s: supernode %d of %d columns has a share of %.2f zeros, at most %v", name, s, node.width, share, r.zeros)
					}
					break
				}
			}
		}
	}
}
