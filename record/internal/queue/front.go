package queue

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

// Front is what the logs of all stores have in common: a queue of appends, and who waits for more entries.
type Front struct {
	Watch
	origin string
	queue  *Queue
}

// NewFront returns the front of a log that holds size entries.
func NewFront(origin string, clock func() time.Time, b Backend, size int64) *Front {
	f := &Front{origin: origin, queue: New(origin, clock, b)}
	f.Grow(size)
	return f
}

// Origin is record.Log's.
func (f *Front) Origin() string { return f.origin }

// Append is record.Appender's.
func (f *Front) Append(ctx context.Context, after record.After, drafts ...record.Draft) (*record.Pending, error) {
	return f.queue.Append(ctx, after, drafts...)
}

// Import is record.Appender's.
func (f *Front) Import(ctx context.Context, entries [][]byte, payloads []record.Payload) error {
	return f.queue.Import(ctx, entries, payloads)
}

// Close refuses further appends and waits until those that wait are committed.
func (f *Front) Close() { f.queue.Close() }

// TreeHashes returns the tree hashes of a row as stores keep them, one behind the other.
func (r *Row) TreeHashes() []byte {
	b := make([]byte, 0, len(r.Hashes)*tlog.HashSize)
	for _, h := range r.Hashes {
		b = append(b, h[:]...)
	}
	return b
}

// Holders returns the numbers of the entries with which tree hashes are kept, each once.
func Holders(indexes []int64) []int64 {
	seen := make(map[int64]bool, len(indexes))
	seqs := make([]int64, 0, len(indexes))
	for _, x := range indexes {
		if seq, _ := Locate(x); !seen[seq] {
			seen[seq] = true
			seqs = append(seqs, seq)
		}
	}
	return seqs
}

// Pick takes tree hashes out of what is kept with their entries, by number. The error may be record.ErrNone.
func Pick(indexes []int64, kept map[int64][]byte) ([]record.Hash, error) {
	out := make([]record.Hash, len(indexes))
	for i, x := range indexes {
		seq, place := Locate(x)
		row := kept[seq]
		if len(row) < (place+1)*tlog.HashSize {
			return nil, fmt.Errorf("tree hash %d, with entry %d: %w", x, seq, record.ErrNone)
		}
		out[i] = record.Hash(row[place*tlog.HashSize:])
	}
	return out, nil
}

// StateAt returns where a log ends: after its last entry, of the time ms in milliseconds; hashes reads those of its tree.
func StateAt(after record.After, ms int64, hashes func(indexes []int64) ([]record.Hash, error)) (State, error) {
	s := State{After: after, Time: time.UnixMilli(ms).UTC(), Edge: Edge{}}
	indexes := EdgeIndexes(s.Size)
	found, err := hashes(indexes)
	if err != nil {
		return s, err
	}
	for i, x := range indexes {
		s.Edge[x] = found[i]
	}
	return s, nil
}
