package commons

import (
	"encoding/binary"
	"errors"
	"slices"

	"bremen/record"
)

// journal has a line for each entry, so that pages can find entries by type, member and cause.
type journal struct {
	names []string // types, as they first came
	lines []line
}

type line struct {
	cause  int64
	member uint32
	typ    uint16 // place in names
}

func (j *journal) add(e *record.Entry) {
	s := &e.Statement
	i := slices.Index(j.names, s.Type)
	if i < 0 {
		i = len(j.names)
		j.names = append(j.names, s.Type)
	}
	j.lines = append(j.lines, line{cause: s.Cause, member: uint32(min(s.Member, 1<<32-1)), typ: uint16(min(i, 1<<16-1))})
}

// Query says which entries are looked for. Zero values do not narrow it.
type Query struct {
	Types  []string // any of these
	Member *int64   // in whose name; 0 is the server
	Cause  int64    // entries that follow from this one
	Before int64    // only entries with lower numbers
	Limit  int      // at most so many; 0 means 100, at most 10,000
}

// Search returns the numbers of entries, the newest first.
func (n *Network) Search(q Query) []int64 {
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	limit = min(limit, 10_000)
	n.mu.RLock()
	defer n.mu.RUnlock()
	wanted := make([]bool, len(n.lines.names))
	for i, name := range n.lines.names {
		wanted[i] = len(q.Types) == 0 || slices.Contains(q.Types, name)
	}
	end := int64(len(n.lines.lines))
	if q.Before > 0 {
		end = min(end, q.Before)
	}
	var list []int64
	for i := end - 1; i >= 0 && len(list) < limit; i-- {
		l := &n.lines.lines[i]
		if wanted[l.typ] && (q.Member == nil || int64(l.member) == *q.Member) && (q.Cause == 0 || l.cause == q.Cause) {
			list = append(list, i)
		}
	}
	return list
}

// append writes the journal: a count of names, the names, then 14 bytes a line, little endian.
func (j *journal) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(j.names)))
	for _, name := range j.names {
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
	}
	b = binary.AppendUvarint(b, uint64(len(j.lines)))
	for _, l := range j.lines {
		b = binary.LittleEndian.AppendUint64(b, uint64(l.cause))
		b = binary.LittleEndian.AppendUint32(b, l.member)
		b = binary.LittleEndian.AppendUint16(b, l.typ)
	}
	return b
}

var errJournal = errors.New("journal: damaged")

// parseJournal reads what append wrote.
func parseJournal(b []byte) (journal, error) {
	var j journal
	number := func(most int) (int, bool) {
		x, k := binary.Uvarint(b)
		if k <= 0 || x > uint64(most) {
			return 0, false
		}
		b = b[k:]
		return int(x), true
	}
	names, ok := number(1 << 16)
	if !ok {
		return j, errJournal
	}
	for range names {
		k, ok := number(len(b))
		if !ok || k > len(b) {
			return j, errJournal
		}
		j.names = append(j.names, string(b[:k]))
		b = b[k:]
	}
	count, ok := number(len(b))
	if !ok || len(b) != 14*count {
		return j, errJournal
	}
	j.lines = make([]line, count)
	for i := range j.lines {
		l := &j.lines[i]
		l.cause = int64(binary.LittleEndian.Uint64(b))
		l.member, l.typ = binary.LittleEndian.Uint32(b[8:]), binary.LittleEndian.Uint16(b[12:])
		if int(l.typ) >= names {
			return j, errJournal
		}
		b = b[14:]
	}
	return j, nil
}
