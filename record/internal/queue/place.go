package queue

import (
	"fmt"
	"math/bits"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

// Edge holds the hashes of the complete subtrees that make up a tree, by tlog's index: what is needed to add to it.
type Edge map[int64]record.Hash

// EdgeIndexes returns the indexes of the edge of a tree of n leaves.
func EdgeIndexes(n int64) []int64 {
	var out []int64
	for level := bits.Len64(uint64(n)) - 1; level >= 0; level-- {
		if n>>level&1 == 1 {
			out = append(out, tlog.StoredHashIndex(level, n>>level-1))
		}
	}
	return out
}

// ReadHashes is tlog.HashReader's.
func (e Edge) ReadHashes(indexes []int64) ([]record.Hash, error) {
	out := make([]record.Hash, len(indexes))
	for i, x := range indexes {
		h, ok := e[x]
		if !ok {
			return nil, fmt.Errorf("tree hash %d is not on the edge", x)
		}
		out[i] = h
	}
	return out, nil
}

// Locate returns the entry with which a tree hash is kept, and its place among that entry's hashes.
func Locate(index int64) (seq int64, place int) {
	level, n := tlog.SplitStoredHashIndex(index)
	return (n+1)<<level - 1, level
}

// placement places appends one after the other.
type placement struct {
	state State
	known Known
	rows  []Row
}

// item places one append, or says why it cannot stand here and leaves everything as it was.
func (p *placement) item(it *item) error {
	if it.after != record.Anywhere && it.after != p.state.After {
		return fmt.Errorf("%w: it has %d entries or other ones, expected %d", record.ErrHeadMoved, p.state.Size, it.after.Size)
	}
	// What a failed append leaves in the edge lies beyond the tree, and is written over before it is read.
	saved, rows := p.state, len(p.rows)
	if err := p.all(it); err != nil {
		for i := range p.rows[rows:] {
			delete(p.known.Statements, p.rows[rows+i].Statement)
		}
		p.state, p.rows = saved, p.rows[:rows]
		return err
	}
	for i, d := range it.drafts {
		it.entries[i] = d.Entry
	}
	return nil
}

func (p *placement) all(it *item) error {
	if p.known.Moved != "" && len(it.drafts) > 0 {
		return &record.MovedError{To: p.known.Moved}
	}
	for _, d := range it.drafts {
		t, err := next(p.state.Time, it.taken)
		if err != nil {
			return err
		}
		data, err := d.Place(p.state.Size, t)
		if err != nil {
			return err
		}
		row := Row{Seq: p.state.Size, Time: d.Entry.Time, Statement: d.Entry.StatementHash, Data: data, Payloads: d.Payloads}
		for i := range d.Payloads {
			if n := d.Payloads[i].Person; p.known.Erased[n] {
				return fmt.Errorf("payload of person %d: %w", n, record.ErrErased)
			}
		}
		if err := p.row(row); err != nil {
			return err
		}
	}
	for _, row := range it.fixed {
		switch {
		case row.Seq != p.state.Size:
			return fmt.Errorf("%w: it has %d entries, the import goes on at %d", record.ErrHeadMoved, p.state.Size, row.Seq)
		case row.Time.Before(p.state.Time):
			return fmt.Errorf("%w: entry %d of %s follows one of %s", record.ErrInvalid, row.Seq, row.Time.Format(time.RFC3339Nano), p.state.Time.Format(time.RFC3339Nano))
		}
		// What was erased here stays erased, whatever the import still holds.
		kept := row.Payloads[:0:0]
		for _, payload := range row.Payloads {
			if !p.known.Erased[payload.Person] {
				kept = append(kept, payload)
			}
		}
		row.Payloads = kept
		if err := p.row(row); err != nil {
			return err
		}
	}
	return nil
}

// row adds one row and moves the state behind it.
func (p *placement) row(row Row) error {
	if seq, ok := p.known.Statements[row.Statement]; ok {
		return &record.DuplicateError{Seq: seq}
	}
	hashes, err := tlog.StoredHashesForRecordHash(row.Seq, record.LeafHash(row.Data), p.state.Edge)
	if err != nil {
		return err
	}
	row.Hashes = hashes
	first := tlog.StoredHashIndex(0, row.Seq)
	for i, h := range hashes {
		p.state.Edge[first+int64(i)] = h
	}
	edge := make(Edge, 8)
	for _, x := range EdgeIndexes(row.Seq + 1) {
		edge[x] = p.state.Edge[x]
	}
	p.state = State{After: record.After{Size: row.Seq + 1, Last: row.Statement}, Time: row.Time, Edge: edge}
	p.known.Statements[row.Statement] = row.Seq
	p.rows = append(p.rows, row)
	return nil
}
