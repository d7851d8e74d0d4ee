package audit

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/govern"
	"bremen/record"
)

// known is a signed checkpoint that the record must meet.
type known struct {
	record.Checkpoint
	signed []byte
	newest bool // the one that was read, not one from elsewhere
	kept   bool // one that lay with the record
}

// stored reads hashes of the tree for package tlog.
func (a *auditor) stored(indexes []int64) ([]record.Hash, error) {
	out := make([]record.Hash, len(indexes))
	for i, x := range indexes {
		if x >= int64(len(a.hashes)) {
			return nil, fmt.Errorf("tree hash %d is of entries not yet read", x)
		}
		out[i] = a.hashes[x]
	}
	return out, nil
}

// root returns the root that the record had with size entries, which have been read.
func (a *auditor) root(size int64) (record.Hash, error) {
	if r, ok := a.roots[size]; ok {
		return r, nil
	}
	r, err := tlog.TreeHash(size, tlog.HashReaderFunc(a.stored))
	if err == nil {
		a.roots[size] = r
	}
	return r, err
}

// seen checks that an entry's signer saw this history.
func (a *auditor) seen(e *record.Entry) error {
	seen := e.Statement.Seen
	if seen.Size == 0 {
		return nil
	}
	a.report.Seen++
	root, err := a.root(seen.Size)
	if err == nil && root != seen.Root {
		a.fail(Failure{Code: CodeSeen, Entry: e.Seq, Size: seen.Size, Err: fmt.Errorf("its signer saw %d entries with the root %v; here it is %v", seen.Size, seen.Root, root)})
	}
	return err
}

// knownOf lists the checkpoints of a record that are to be met on the way, by size.
func (a *auditor) knownOf(p *part) []known {
	var list []known
	for i, signed := range slices.Concat(a.Known, a.Kept) {
		c, err := record.PeekCheckpoint(signed)
		switch {
		case err != nil:
			a.fail(Failure{Code: CodeCheckpoint, Entry: -1, Err: detailed(ReasonUnread, err)})
		case c.Origin == p.origin && c.Size <= p.size:
			list = append(list, known{Checkpoint: c, signed: signed, kept: i >= len(a.Known)})
		}
	}
	if p.head.Size == p.size {
		list = append(list, known{Checkpoint: record.Checkpoint{Origin: p.origin, Head: p.head}, signed: p.signed, newest: true})
	}
	slices.SortStableFunc(list, func(x, y known) int { return cmp.Compare(x.Size, y.Size) })
	return list
}

// meet checks the checkpoints that cover what has been folded and no more; next is the time of the entry that follows,
// zero where there is none.
func (a *auditor) meet(next time.Time) error {
	for len(a.notes) > 0 && a.notes[0].Size == a.state.Size-a.at.base {
		k := a.notes[0]
		a.notes = a.notes[1:]
		if err := a.checkpoint(k, next); err != nil {
			return err
		}
	}
	return nil
}

func (a *auditor) checkpoint(k known, next time.Time) error {
	root, err := a.root(k.Size)
	if err != nil {
		return err
	}
	if a.state.LogKey == "" {
		if k.Size == 0 {
			return nil // nobody can say yet whose it is
		}
		a.fail(Failure{Code: CodeCheckpoint, Entry: -1, Size: k.Size, Err: because(ReasonKeyless, errors.New("the record names no key of its log"))})
		return nil
	}
	witnesses := slices.Sorted(maps.Keys(a.state.Witnesses))
	keys := make([]string, len(witnesses))
	for i, name := range witnesses {
		keys[i] = a.state.Witnesses[name]
	}
	c, err := record.OpenCheckpoint(k.signed, a.at.origin, a.state.LogKey, keys...)
	if err != nil {
		a.fail(Failure{Code: CodeCheckpoint, Entry: -1, Size: k.Size, Err: detailed(ReasonUnsigned, err, "key", a.state.LogKey)})
		return nil
	}
	if k.Root != root {
		a.forked(k)
		return nil
	}
	if len(c.Cosigned) > 0 {
		a.report.Cosigned++
	}
	if k.Size > 0 {
		if err := record.CheckTimes(c, a.last, next); err != nil {
			a.fail(Failure{Code: CodeTime, Entry: k.Size - 1, Size: k.Size, Err: timeReason(err)})
		}
	}
	if k.kept {
		a.report.Kept++
		return nil
	}
	if !k.newest {
		a.report.Known = append(a.report.Known, Known{Head: k.Head, Origin: k.Origin})
		return nil
	}
	a.witnessed(witnesses, c)
	return nil
}

// forked notes a checkpoint that is signed with the log's key and of other entries: with the newest one it proves, to
// anybody, that whoever holds the key has shown two histories. If a loss was declared that covers it, it was no secret.
func (a *auditor) forked(k known) {
	a.notesLost(k, Failure{Code: CodeFork, Entry: -1, Size: k.Size, Err: fmt.Errorf("a checkpoint of %d entries with the root %v is signed with the log's key; the record had another root then", k.Size, k.Root)})
}

// notesLost is for checkpoints that a declared loss may explain; whether it does is known only at the end.
func (a *auditor) notesLost(k known, f Failure) { a.unmet = append(a.unmet, unmet{k, f}) }

// unmet is a checkpoint from elsewhere that does not fit.
type unmet struct {
	known
	failure Failure
}

// covers tells whether a declared loss explains a checkpoint of a record of which left entries were left: it is of more
// than those and of no more than were lost, and if of just as many, of those.
func covers(l govern.Loss, left int64, c record.Head) bool {
	return c.Size > left && (c.Size < l.Size || c.Size == l.Size && record.Hash(l.Root) == c.Root)
}

// reckon says what becomes of checkpoints that did not fit.
func (a *auditor) reckon(parts []part) {
	last := &parts[len(parts)-1]
	for _, signed := range a.Known {
		c, err := record.PeekCheckpoint(signed)
		if err != nil {
			continue
		}
		if i := slices.IndexFunc(parts[:len(parts)-1], func(p part) bool { return p.origin == c.Origin }); i >= 0 {
			a.beyond(&parts[i], &parts[i+1], &a.report.Earlier[i], c, signed)
			continue
		}
		if c.Size <= last.size && c.Origin == last.origin {
			continue
		}
		k := known{Checkpoint: c, signed: signed}
		if _, err := record.OpenCheckpoint(signed, c.Origin, a.state.LogKey); err != nil {
			a.fail(Failure{Code: CodeCheckpoint, Entry: -1, Size: c.Size, Err: detailed(ReasonUnsigned, err, "key", a.state.LogKey)})
			continue
		}
		a.notesLost(k, Failure{Code: CodeShrunk, Entry: -1, Size: c.Size, Err: fmt.Errorf("a checkpoint of %d entries is signed with the log's key; the record now shows %d", c.Size, last.size)})
	}
	for _, u := range a.unmet {
		if u.Origin == last.origin && slices.ContainsFunc(a.state.Losses, func(l govern.Loss) bool { return covers(l, l.Entry-last.base, u.Head) }) {
			a.report.Known = append(a.report.Known, Known{Head: u.Head, Origin: u.Origin, Lost: true})
			continue
		}
		a.fail(u.failure)
	}
}

// beyond says what becomes of a checkpoint of an earlier record that is of more entries than were carried over: either
// the record that goes on declares their loss, or the earlier one has gone on, too. One that is not signed with the key
// that was in force when the next record began says nothing: the key may have changed since, or it is nobody's.
func (a *auditor) beyond(p, next *part, e *Earlier, c record.Checkpoint, signed []byte) {
	if c.Size <= p.size {
		return
	}
	if _, err := record.OpenCheckpoint(signed, c.Origin, p.key); err != nil {
		return
	}
	if slices.ContainsFunc(a.state.Losses, func(l govern.Loss) bool {
		return l.Entry >= next.base && l.Entry < next.base+next.size && covers(l, p.size, c.Head)
	}) {
		a.report.Known = append(a.report.Known, Known{Head: c.Head, Origin: c.Origin, Lost: true})
		return
	}
	e.GoesOn = max(e.GoesOn, c.Size-p.size)
}

// keyName returns the name in a public key that note wrote.
func keyName(public string) string {
	name, _, _ := strings.Cut(public, "+")
	return name
}

// witnessed notes who of those that the record names has cosigned its newest checkpoint.
func (a *auditor) witnessed(names []string, c record.Checkpoint) {
	a.report.Witnesses = a.report.Witnesses[:0]
	for _, name := range names {
		w := Witness{Name: name, Key: a.state.Witnesses[name]}
		for _, s := range c.Cosigned {
			if s.Name == keyName(w.Key) {
				w.Time = s.Time
			}
		}
		a.report.Witnesses = append(a.report.Witnesses, w)
	}
}
