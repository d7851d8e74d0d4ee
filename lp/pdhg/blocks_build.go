package pdhg

import (
	"slices"

	"bremen/lp/block"
)

const (
	mostParts  = 64   // of a pass; enough for the balance, few enough to be cheap
	pieceLeast = 64   // values of a piece at least, if its group has that many
	pieceFlat  = 256  // values of a piece of a group of one block
	chunk      = 4096 // sparse entries from which an item is summed in parts
)

// sideBuilder lays out one direction of a program.
type sideBuilder struct {
	*side
	p       *block.Problem
	cols    bool // out is the columns
	out, in []block.Group
	terms   []seenTerm
	sumsOf  []groupSums // per in group

	all  []piece
	work []int // per piece
}

// seenTerm is a term as out sees it.
type seenTerm struct {
	out, in int
	m       *block.Matrix // column j: what goes into out item j
	flat    bool          // out has one block: entries are sparse

	// The runs, by kind. Offsets are blocks of in, or numbers of block sums.
	whole, level, lateWhole []int32
	near, lateNear          int32 // patterns, −1 for none
	spread                  []stretch
	single, lateSingle      []int32
}

// groupSums are the block sums of a group that are needed: those of every kind
// for each item that is used, item after item.
type groupSums struct {
	kinds []stretch // n blocks from src on
	used  []bool
	at    []int32 // per item
}

func newSide(p *block.Problem, cols bool, c *crew) *side {
	b := &sideBuilder{side: &side{crew: c}, p: p, cols: cols, out: p.RowGroups, in: p.ColGroups}
	b.side.in = p.Cols()
	if cols {
		b.out, b.in, b.side.in = p.ColGroups, p.RowGroups, p.Rows()
	}
	b.now.ends, b.late.ends = []ends{{}}, []ends{{}}
	b.sumsOf = make([]groupSums, len(b.in))
	b.see()
	b.number()
	for g := range b.out {
		b.group(g)
	}
	b.sparse()
	b.share()
	b.begin()
	return b.side
}

// see turns the terms the way out sees them.
func (b *sideBuilder) see() {
	turned := map[*block.Matrix]*block.Matrix{}
	for i := range b.p.Terms {
		t := &b.p.Terms[i]
		s := seenTerm{out: t.Rows, in: t.Cols, m: turned[t.Matrix]}
		if b.cols {
			s.out, s.in, s.m = t.Cols, t.Rows, t.Matrix
		} else if s.m == nil {
			s.m = t.Matrix.Transposed()
			turned[t.Matrix] = s.m
		}
		s.flat = b.out[s.out].Blocks == 1
		b.sort(&s, t.Runs)
		b.terms = append(b.terms, s)
	}
}

// sort puts the runs of a term under their kinds.
func (b *sideBuilder) sort(s *seenTerm, runs []block.Run) {
	var near, late []stretch
	n := int32(b.out[s.out].Blocks)
	for _, r := range runs {
		dst, src, dstStep, srcStep := r.Row, r.Col, r.RowStep, r.ColStep
		if b.cols {
			dst, src, dstStep, srcStep = r.Col, r.Row, r.ColStep, r.RowStep
		}
		run := stretch{int32(src), int32(dst), int32(r.Count)}
		switch {
		case r.Count == 1 && s.flat:
			s.single = append(s.single, run.src)
		case r.Count == 1 || dstStep == 1 && srcStep == 1:
			near = append(near, run)
		case dstStep == 1 && run.n == n:
			s.level = append(s.level, run.src)
		case dstStep == 1:
			s.spread = append(s.spread, run)
		default:
			q := b.sumsOf[s.in].kind(stretch{src: run.src, n: run.n})
			if s.flat {
				s.lateSingle = append(s.lateSingle, q)
			} else {
				late = append(late, stretch{q, run.dst, 1})
			}
		}
	}
	if len(s.lateSingle) > 0 || late != nil {
		b.sumsOf[s.in].use(s.m, b.in[s.in].Items)
	}
	s.whole, s.near = b.now.pattern(near, n)
	s.lateWhole, s.lateNear = b.late.pattern(late, n)
}

// pattern joins runs that continue each other. Those over all n blocks it
// returns by their offsets, the others as the number of a pattern.
func (s *source) pattern(runs []stretch, n int32) (whole []int32, number int32) {
	var rest []stretch
	for _, r := range runs {
		if k := len(rest) - 1; k >= 0 && rest[k].src+rest[k].n == r.src && rest[k].dst+rest[k].n == r.dst {
			rest[k].n += r.n
		} else {
			rest = append(rest, r)
		}
	}
	rest = slices.DeleteFunc(rest, func(r stretch) bool {
		if r.n == n && n > 1 {
			whole = append(whole, r.src)
			return true
		}
		return false
	})
	if len(rest) == 0 {
		return whole, -1
	}
	s.patterns = append(s.patterns, pattern{rest, linesOf(rest)})
	return whole, int32(len(s.patterns) - 1)
}

func (g *groupSums) kind(k stretch) int32 {
	for q, have := range g.kinds {
		if have == k {
			return int32(q)
		}
	}
	g.kinds = append(g.kinds, k)
	return int32(len(g.kinds) - 1)
}

// use marks the items that a matrix refers to.
func (g *groupSums) use(m *block.Matrix, items int) {
	if g.used == nil {
		g.used = make([]bool, items)
	}
	for _, i := range m.Index {
		g.used[i] = true
	}
}

// number gives the block sums their places.
func (b *sideBuilder) number() {
	n := int32(0)
	for k := range b.sumsOf {
		s, g := &b.sumsOf[k], b.in[k]
		s.at = make([]int32, len(s.used))
		for i, used := range s.used {
			if !used {
				continue
			}
			s.at[i] = n
			for _, kind := range s.kinds {
				b.blocked = append(b.blocked, stretch{int32(g.First+i*g.Blocks) + kind.src, n, kind.n})
				n++
			}
		}
	}
	b.sums = make([]float64, n)
}

// group lays out the pieces of an out group.
func (b *sideBuilder) group(number int) {
	g := b.out[number]
	var terms []*seenTerm
	for t := range b.terms {
		if b.terms[t].out == number && !b.terms[t].flat {
			terms = append(terms, &b.terms[t])
		}
	}
	each := max(1, pieceLeast/g.Blocks)
	if g.Blocks == 1 {
		each = pieceFlat
	}
	for lo := 0; lo < g.Items; lo += each {
		hi := min(g.Items, lo+each)
		p := piece{first: int32(g.First + lo*g.Blocks), n: int32((hi - lo) * g.Blocks), blocks: int32(g.Blocks), now: -1, late: -1, sparse: -1, rest: -1}
		work := 25 + int(p.n)
		if len(terms) > 0 {
			p.now = int32(len(b.now.ends) - 1)
		}
		if slices.ContainsFunc(terms, func(t *seenTerm) bool {
			return t.m.Start[lo] < t.m.Start[hi] && (t.lateWhole != nil || t.lateNear >= 0)
		}) {
			p.late = int32(len(b.late.ends) - 1)
		}
		for i := lo; i < hi; i++ {
			for _, t := range terms {
				work += b.item(t, i, g.Blocks)
			}
			if p.now >= 0 {
				b.now.end()
			}
			if p.late >= 0 {
				b.late.end()
			}
		}
		b.all, b.work = append(b.all, p), append(b.work, work)
	}
}

// item appends what a term gives to an out item and returns about how long it takes.
func (b *sideBuilder) item(t *seenTerm, item, blocks int) (work int) {
	g := b.in[t.in]
	for k := t.m.Start[item]; k < t.m.Start[item+1]; k++ {
		i, v := int(t.m.Index[k]), t.m.Value[k]
		at := int32(g.First + i*g.Blocks)
		work += b.now.entry(at, v, t.whole, t.near, blocks)
		for _, off := range t.level {
			b.now.level, b.now.levels = append(b.now.level, at+off), append(b.now.levels, v)
			work += 2
		}
		for _, r := range t.spread {
			r.src += at
			b.now.spread = append(b.now.spread, spread{r, v})
			work += 3 + int(r.n)/2
		}
		if t.lateWhole != nil || t.lateNear >= 0 {
			work += b.late.entry(b.sumsOf[t.in].at[i], v, t.lateWhole, t.lateNear, blocks)
		}
	}
	return work
}

func (s *source) entry(at int32, v float64, whole []int32, near int32, blocks int) (work int) {
	for _, off := range whole {
		s.whole, s.wholes = append(s.whole, at+off), append(s.wholes, v)
		work += 2 + blocks/16
	}
	if near >= 0 {
		s.partial = append(s.partial, patterned{near, at, v})
		work += 4 + len(s.patterns[near].lines)
	}
	return work
}

func (s *source) end() {
	s.ends = append(s.ends, ends{int32(len(s.whole)), int32(len(s.level)), int32(len(s.partial)), int32(len(s.spread))})
}
