package interior

// factor is the decomposition L·D·Lᵀ of a symmetric quasidefinite matrix, whose
// pivots need no choosing (Vanderbei 1995, SIAM J. Optim. 5(1)), by supernodes
// and update matrices (multifrontal: Duff, Reid 1983, ACM TOMS 9(3)).
type factor struct {
	sy       *symbolic
	val      []float64 // per supernode its columns, see supernode.at
	pivot    []float64 // D, per column
	negative []bool    // per column: the pivot is to be negative
	diagonal []float64 // per column: what stood there, the pivot's measure
	skipped  int       // pivots that vanished

	relative [][]int32 // per supernode: where its rows below stand in its parent's rows
	runs     [][]int32 // per supernode and row below: where the run of rows ends that stand together there too
	stack    []float64 // update matrices
	work     *packed
	buffer   []float64
	children [][]int32
}

// vanished is the share of a diagonal figure that a pivot has to keep; less is rounding.
const vanished = 1e-18

// infinite stands for a pivot that vanished: its unknown becomes zero.
const infinite = 1e128

func newFactor(sy *symbolic, negative []bool, threads int) *factor {
	f := &factor{
		sy: sy, val: make([]float64, sy.size), pivot: make([]float64, sy.n), diagonal: make([]float64, sy.n),
		negative: negative, relative: make([][]int32, len(sy.nodes)), runs: make([][]int32, len(sy.nodes)), children: make([][]int32, len(sy.nodes)),
		work: newPacked(threads, sy.largest), buffer: make([]float64, sy.largest),
	}
	place := make([]int32, sy.n)
	held, peak := 0, 0
	for s := range sy.nodes {
		node := &sy.nodes[s]
		for k, i := range node.rows {
			place[i] = int32(k)
		}
		for _, c := range f.children[s] {
			below := sy.nodes[c].below()
			rel := make([]int32, len(below))
			for k, i := range below {
				rel[k] = place[i]
			}
			f.relative[c], f.runs[c] = rel, runsOf(rel)
		}
		r := len(node.below())
		peak = max(peak, held+r*r)
		for _, c := range f.children[s] {
			n := len(sy.nodes[c].below())
			held -= n * n
		}
		held += r * r
		if node.parent >= 0 {
			f.children[node.parent] = append(f.children[node.parent], int32(s))
		}
	}
	f.stack = make([]float64, peak)
	return f
}

// runsOf returns, for each of the rows of a child, where the run ends in which rows follow
// each other in the parent too.
func runsOf(rel []int32) []int32 {
	end := make([]int32, len(rel))
	for k := len(rel) - 1; k >= 0; k-- {
		if k+1 < len(rel) && rel[k+1] == rel[k]+1 {
			end[k] = end[k+1]
		} else {
			end[k] = int32(k) + 1
		}
	}
	return end
}

// below returns the rows beneath the supernode's own columns.
func (n *supernode) below() []int32 { return n.rows[n.width:] }

// decompose factors what stands in val.
func (f *factor) decompose() {
	f.skipped = 0
	top := 0
	for s := range f.sy.nodes {
		node := &f.sy.nodes[s]
		rows, w := len(node.rows), node.width
		r := rows - w
		part := f.val[node.at : node.at+rows*w]
		for k := range w {
			f.diagonal[node.first+k] = part[k*rows+k]
		}
		base := top
		for _, c := range f.children[s] {
			n := len(f.sy.nodes[c].below())
			base -= n * n
		}
		update := f.stack[top : top+r*r]
		for j := range r {
			clear(update[j*r+j : (j+1)*r])
		}
		from := base
		for _, c := range f.children[s] {
			n := len(f.relative[c])
			extend(part, rows, w, update, r, f.stack[from:from+n*n], f.relative[c], f.runs[c])
			from += n * n
		}
		f.columns(part, rows, node.first, 0, w)
		if r > 0 {
			f.work.subtract(r, r, w, part[w:], rows, part[w:], rows, f.pivot[node.first:], update, r, 0)
		}
		for j := range r {
			copy(f.stack[base+j*r+j:base+(j+1)*r], update[j*r+j:])
		}
		top = base + r*r
	}
}

// extend adds the lower half of a child's update matrix into its parent's front.
func extend(part []float64, rows, w int, update []float64, r int, child []float64, rel, end []int32) {
	n := len(rel)
	for j, at := range rel {
		col := child[j*n : (j+1)*n]
		dst, first := update, (int(at)-w)*r-w
		if int(at) < w {
			dst, first = part, int(at)*rows
		}
		for k := j; k < n; k = int(end[k]) {
			src, to := col[k:end[k]], dst[first+int(rel[k]):]
			if len(src) >= long {
				axpy(1, src, to)
				continue
			}
			for i, v := range src {
				to[i] += v
			}
		}
	}
}

// long is from how many figures on a kernel adds them faster than a loop does.
const long = 12

// narrow is how many columns are worked one by one.
const narrow = 8

// columns factors columns lo to hi of a front, halving them until they are narrow.
func (f *factor) columns(part []float64, rows, first, lo, hi int) {
	if hi-lo > narrow {
		mid := lo + (hi-lo+1)/2
		f.columns(part, rows, first, lo, mid)
		left := part[lo*rows+mid:]
		f.work.subtract(rows-mid, hi-mid, mid-lo, left, rows, left, rows, f.pivot[first+lo:], part[mid*rows+mid:], rows, 0)
		f.columns(part, rows, first, mid, hi)
		return
	}
	for k := lo; k < hi; k++ {
		col := part[k*rows : (k+1)*rows]
		for q := lo; q < k; q++ {
			before := part[q*rows : (q+1)*rows]
			axpy(-before[k]*f.pivot[first+q], before[k:], col[k:])
		}
		d := f.choose(first+k, col[k])
		f.pivot[first+k] = d
		inverse := 1 / d
		for i := k + 1; i < rows; i++ {
			col[i] *= inverse
		}
	}
}

// choose returns the pivot of column k, infinite where it vanished.
func (f *factor) choose(k int, d float64) float64 {
	least := vanished * max(f.diagonal[k], -f.diagonal[k])
	if f.negative[k] {
		if d < -least {
			return d
		}
		f.skipped++
		return -infinite
	}
	if d > least {
		return d
	}
	f.skipped++
	return infinite
}

// solve replaces x, in the order of elimination, by the solution.
func (f *factor) solve(x []float64) {
	for s := range f.sy.nodes {
		node := &f.sy.nodes[s]
		rows, w := len(node.rows), node.width
		part := f.val[node.at : node.at+rows*w]
		own := x[node.first : node.first+w]
		for k := range w {
			if own[k] != 0 {
				axpy(-own[k], part[k*rows+k+1:k*rows+w], own[k+1:])
			}
		}
		if rows == w {
			continue
		}
		sum := f.buffer[:rows-w]
		clear(sum)
		for k := range w {
			if own[k] != 0 {
				axpy(own[k], part[k*rows+w:(k+1)*rows], sum)
			}
		}
		for k, i := range node.below() {
			x[i] -= sum[k]
		}
	}
	for k, d := range f.pivot {
		x[k] /= d
	}
	for s := len(f.sy.nodes) - 1; s >= 0; s-- {
		node := &f.sy.nodes[s]
		rows, w := len(node.rows), node.width
		part := f.val[node.at : node.at+rows*w]
		own := x[node.first : node.first+w]
		sum := f.buffer[:rows-w]
		for k, i := range node.below() {
			sum[k] = x[i]
		}
		for k := w - 1; k >= 0; k-- {
			own[k] -= dot(part[k*rows+w:(k+1)*rows], sum)
			own[k] -= dot(part[k*rows+k+1:k*rows+w], own[k+1:])
		}
	}
}
