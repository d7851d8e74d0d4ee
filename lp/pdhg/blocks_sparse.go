package pdhg

// sparse lays out what does not repeat: the program's sparse columns and the
// terms of groups of one block.
func (b *sideBuilder) sparse() {
	long := b.now.gather(b, b.eachSparse, func(p *piece) *int32 { return &p.sparse }, chunk)
	b.late.gather(b, func(emit func(out, at int, v float64)) {
		b.eachLate(emit)
		at := len(b.sums)
		for _, l := range long {
			for range l.chunks() {
				emit(l.out, at, 1)
				at++
			}
		}
	}, func(p *piece) *int32 { return &p.rest }, 1<<62)
	for _, l := range long {
		for range l.chunks() {
			n := min(chunk, l.n)
			b.chunked = append(b.chunked, stretch{int32(l.from), int32(len(b.sums)), int32(n)})
			b.sums = append(b.sums, 0)
			l.from, l.n = l.from+n, l.n-n
		}
	}
}

// longItem is an out value with very many sparse entries: n from from on.
type longItem struct{ out, from, n int }

func (l longItem) chunks() int { return (l.n + chunk - 1) / chunk }

// eachSparse calls emit for every sparse entry that in gives.
func (b *sideBuilder) eachSparse(emit func(out, in int, v float64)) {
	b.eachFlat(func(t *seenTerm, out, i int, v float64) {
		for _, off := range t.single {
			emit(out, b.in[t.in].First+i*b.in[t.in].Blocks+int(off), v)
		}
	})
	if b.p.Start == nil {
		return
	}
	for j := range b.p.Cols() {
		for k := b.p.Start[j]; k < b.p.Start[j+1]; k++ {
			if i := int(b.p.Index[k]); b.cols {
				emit(j, i, b.p.Value[k])
			} else {
				emit(i, j, b.p.Value[k])
			}
		}
	}
}

// eachLate calls emit for every sparse entry that block sums give.
func (b *sideBuilder) eachLate(emit func(out, at int, v float64)) {
	b.eachFlat(func(t *seenTerm, out, i int, v float64) {
		for _, q := range t.lateSingle {
			emit(out, int(b.sumsOf[t.in].at[i]+q), v)
		}
	})
}

// eachFlat calls f for the entries of terms whose out group has one block.
func (b *sideBuilder) eachFlat(f func(t *seenTerm, out, i int, v float64)) {
	for k := range b.terms {
		t := &b.terms[k]
		if !t.flat {
			continue
		}
		for j := range t.m.Cols {
			for e := t.m.Start[j]; e < t.m.Start[j+1]; e++ {
				f(t, b.out[t.out].First+j, int(t.m.Index[e]), t.m.Value[e])
			}
		}
	}
}

// gather stores sparse entries by the out values of the pieces that have any,
// and says in row where those of a piece begin. What out values with more
// than limit entries have comes last and is returned; they have none otherwise.
func (s *source) gather(b *sideBuilder, each func(emit func(out, at int, v float64)), row func(*piece) *int32, limit int) []longItem {
	slot, total := make([]int32, b.outs()), 0 // entries of each out value, later its place in next
	each(func(out, _ int, _ float64) {
		slot[out]++
		total++
	})
	if total == 0 {
		return nil
	}
	var next []int // where its next entry goes
	var long []longItem
	at := 0
	for k := range b.all {
		p := &b.all[k]
		n := 0
		for i := p.first; i < p.first+p.n; i++ {
			if c := int(slot[i]); c > limit {
				long = append(long, longItem{out: int(i), n: c})
			} else {
				n += c
			}
		}
		if n == 0 {
			continue
		}
		*row(p) = int32(len(s.start))
		for i := p.first; i < p.first+p.n; i++ {
			c := int(slot[i])
			slot[i] = int32(len(s.start))
			s.start = append(s.start, at)
			if c <= limit {
				at += c
			}
		}
		s.start = append(s.start, at)
		b.work[k] += 2*n + int(p.n)
	}
	next = append(next, s.start...)
	for k := range long {
		l := &long[k]
		l.from = at
		slot[l.out] = int32(len(next))
		next = append(next, at)
		at += l.n
	}
	s.index, s.value = make([]int32, total), make([]float64, total)
	each(func(out, in int, v float64) {
		k := &next[slot[out]]
		s.index[*k], s.value[*k] = int32(in), v
		*k++
	})
	return long
}

func (b *sideBuilder) outs() int {
	if b.cols {
		return b.p.Cols()
	}
	return b.p.Rows()
}

// share divides the pieces into those that need sums and the others, and each into parts.
func (b *sideBuilder) share() {
	var early, after []int
	for k, p := range b.all {
		if p.late >= 0 || p.rest >= 0 {
			b.after.pieces, after = append(b.after.pieces, p), append(after, b.work[k])
		} else {
			b.early.pieces, early = append(b.early.pieces, p), append(early, b.work[k])
		}
	}
	var sums []int
	for _, s := range b.blocked {
		sums = append(sums, 5+int(s.n)/8)
	}
	for _, s := range b.chunked {
		sums = append(sums, int(s.n))
	}
	parts := min(mostParts, max(len(early), len(sums)))
	b.early.ends, b.early.work = split(early, parts)
	var summing int
	b.early.sums, summing = split(sums, parts)
	b.early.work += summing
	b.after.ends, b.after.work = split(after, min(mostParts, len(after)))
}

// split cuts a list into parts of about the same work; it returns where each
// ends, and all the work.
func split(work []int, parts int) (ends []int, total int) {
	for _, w := range work {
		total += w
	}
	at, done := 0, 0
	for k := range parts {
		for at < len(work) && (k == parts-1 || done+work[at]/2 < total*(k+1)/parts) {
			done += work[at]
			at++
		}
		ends = append(ends, at)
	}
	return ends, total
}
