package pdhg

import (
	"math"

	"bremen/lp/block"
)

// blocks is the operator of a program in blocks. Each direction has its own
// lists of what an item is made of, so that a pass reads them from front to
// back and calls kernels. It makes one pass at a time.
type blocks struct {
	rows, cols   int
	byCol, byRow *side
}

// newBlocks returns the operator of a valid program, for so many threads. It
// keeps nothing of p, so that what comes after changes of p does not see them.
func newBlocks(p *block.Problem, threads int) *blocks {
	c := newCrew(threads)
	return &blocks{
		rows: p.Rows(), cols: p.Cols(),
		byCol: newSide(p, true, c), byRow: newSide(p, false, c),
	}
}

func (b *blocks) size() (rows, cols int) { return b.rows, b.cols }

func (b *blocks) parts() int { return max(b.byCol.count(), b.byRow.count()) }

func (b *blocks) eachCol(y []float64, f func(part, first int, g []float64)) { b.byCol.pass(y, f) }

func (b *blocks) eachRow(x []float64, f func(part, first int, g []float64)) { b.byRow.pass(x, f) }

// side is one direction of an operator: it computes vectors out of vectors in.
//
// What adds up many values of in to one of out (a row over all blocks, a row
// of very many entries) would make a whole pass for itself. Instead a pass
// first makes partial sums, each needed once or more, along with all pieces
// that need none; the pieces that do come late, out of in and the sums.
type side struct {
	crew    *crew
	in      int // length
	now     source
	late    source // reads sums
	sums    []float64
	blocked []stretch // the first sums: n values of in from src on, stored at dst
	chunked []stretch // further sums: n sparse entries of now from src on

	early, after share

	// Of the pass that is going on.
	from    []float64
	f       func(part, first int, g []float64)
	scratch [][]float64 // per worker
	first   func(worker, part int)
	second  func(worker, part int)
}

// share is how pieces are shared out.
type share struct {
	pieces []piece
	ends   []int // per part: pieces before its end
	sums   []int // per part: sums before their end
	work   int   // about how many nanoseconds it takes
}

// piece is a run of out values that are computed together.
type piece struct {
	first, n     int32
	blocks       int32 // values per item
	now, late    int32 // its first item in a source, −1 for none
	sparse, rest int32 // its first row of sparse entries in now and late, −1 for none
}

// source is what items are made of that one vector gives. What item i has
// lies between ends[i] and ends[i+1] in each list.
type source struct {
	ends []ends

	// A value times as many values of the vector as the item has blocks.
	whole  []int32
	wholes []float64
	// A value times one of the vector, for all blocks.
	level  []int32
	levels []float64
	// A value times what a pattern takes out of the vector.
	partial  []patterned
	patterns []pattern
	// A value times one of the vector, for some of the blocks.
	spread []spread

	// Sparse entries: those of row i lie between start[i] and start[i+1].
	start []int
	index []int32
	value []float64
}

type ends struct{ whole, level, partial, spread int32 }

// spread adds a value times in[src] to n blocks from dst on.
type spread struct {
	stretch
	value float64
}

func (s *side) count() int { return len(s.early.ends) + len(s.after.ends) }

func (s *side) pass(in []float64, f func(part, first int, g []float64)) {
	s.from, s.f = in[:s.in], f
	s.crew.run(len(s.early.ends), s.early.work, s.first)
	s.crew.run(len(s.after.ends), s.after.work, s.second)
	s.from, s.f = nil, nil
}

// begin makes what a pass calls.
func (s *side) begin() {
	widest := 1
	for _, h := range []*share{&s.early, &s.after} {
		for _, p := range h.pieces {
			widest = max(widest, int(p.n))
		}
	}
	for range s.crew.threads {
		s.scratch = append(s.scratch, make([]float64, widest, (widest+31)&^15))
	}
	s.first = func(worker, part int) {
		s.makeSums(before(s.early.sums, part), s.early.sums[part])
		for k := before(s.early.ends, part); k < s.early.ends[part]; k++ {
			s.piece(&s.early.pieces[k], worker, part)
		}
	}
	s.second = func(worker, part int) {
		for k := before(s.after.ends, part); k < s.after.ends[part]; k++ {
			s.piece(&s.after.pieces[k], worker, len(s.early.ends)+part)
		}
	}
}

func before(ends []int, part int) int {
	if part == 0 {
		return 0
	}
	return ends[part-1]
}

func (s *side) makeSums(from, to int) {
	for k := from; k < min(to, len(s.blocked)); k++ {
		b := s.blocked[k]
		s.sums[b.dst] = sum(s.from[b.src : b.src+b.n])
	}
	for k := max(0, from-len(s.blocked)); k < to-len(s.blocked); k++ {
		c := s.chunked[k]
		s.sums[c.dst] = s.now.sparse(int(c.src), int(c.src+c.n), s.from)
	}
}

func (s *side) piece(p *piece, worker, part int) {
	g := s.scratch[worker][:p.n]
	if p.now >= 0 {
		for k := int32(0); k*p.blocks < p.n; k++ {
			s.now.fill(int(p.now+k), s.from, g[k*p.blocks:][:p.blocks])
		}
	} else {
		clear(g)
	}
	if p.sparse >= 0 {
		s.now.addSparse(int(p.sparse), s.from, g)
	}
	if p.late >= 0 {
		for k := int32(0); k*p.blocks < p.n; k++ {
			s.late.add(int(p.late+k), s.sums, g[k*p.blocks:][:p.blocks])
		}
	}
	if p.rest >= 0 {
		s.late.addSparse(int(p.rest), s.sums, g)
	}
	s.f(part, int(p.first), g)
}

// fill computes what a source gives to an item.
func (s *source) fill(item int, in, g []float64) {
	a, b := &s.ends[item], &s.ends[item+1]
	accumulate(g, s.same(a, b, in), in, s.whole[a.whole:b.whole], s.wholes[a.whole:b.whole], s.partial[a.partial:b.partial], s.patterns)
	for _, e := range s.spread[a.spread:b.spread] {
		e.add(in, g)
	}
}

// add adds it.
func (s *source) add(item int, in, g []float64) {
	a, b := &s.ends[item], &s.ends[item+1]
	for k := a.whole; k < b.whole; k++ {
		axpy(s.wholes[k], in[s.whole[k]:][:len(g)], g)
	}
	addPartial(g, in, s.partial[a.partial:b.partial], s.patterns)
}

func (e *spread) add(in, g []float64) {
	v := float64(e.value * in[e.src])
	g = g[e.dst:][:e.n]
	for b := range g {
		g[b] += v
	}
}

// same adds up what is the same for all blocks.
func (s *source) same(a, b *ends, in []float64) float64 {
	t := 0.0
	for k := a.level; k < b.level; k++ {
		t = math.FMA(s.levels[k], in[s.level[k]], t)
	}
	return t
}

// addSparse adds what the sparse entries of rows give, from row on.
func (s *source) addSparse(row int, in, g []float64) {
	start := s.start[row:][:len(g)+1]
	from := start[0]
	for k, to := range start[1:] {
		if from < to {
			g[k] += s.sparse(from, to, in)
		}
		from = to
	}
}

// sparse adds up sparse entries, one after the other if there are few, else in four lanes.
func (s *source) sparse(from, to int, in []float64) float64 {
	if to-from > 3 {
		return s.lanes(from, to, in)
	}
	t := 0.0
	for k := from; k < to; k++ {
		t = math.FMA(s.value[k], in[s.index[k]], t)
	}
	return t
}

func (s *source) lanes(from, to int, in []float64) float64 {
	index, value := s.index[from:to], s.value[from:to]
	var a, b, c, d float64
	for len(index) >= 4 && len(value) >= 4 {
		a = math.FMA(value[0], in[index[0]], a)
		b = math.FMA(value[1], in[index[1]], b)
		c = math.FMA(value[2], in[index[2]], c)
		d = math.FMA(value[3], in[index[3]], d)
		index, value = index[4:], value[4:]
	}
	for k, i := range index {
		a = math.FMA(value[k], in[i], a)
	}
	return (a + b) + (c + d)
}
