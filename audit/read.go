package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"bremen/record"
)

const (
	// segment is how many entries are read at a time: four tiles.
	segment = 1024
	// ahead is how many segments are read, hashed and decoded side by side.
	ahead = 8
)

// read is what was read of one segment, with the entries' hashes as leaves; after an error what came before it.
type read struct {
	entries []record.Entry
	leaves  []record.Hash
	err     error
}

// segments reads the first size entries of a source, several segments ahead, and yields them in order.
func segments(ctx context.Context, s Source, head record.Head, size int64) iter.Seq[read] {
	return func(yield func(read) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		waiting := make(chan chan read, ahead)
		go func() {
			defer close(waiting)
			for from := int64(0); from < size; from += segment {
				one := make(chan read, 1)
				select {
				case waiting <- one:
				case <-ctx.Done():
					return
				}
				go func() { one <- readSegment(ctx, s, head, from, min(segment, size-from)) }()
			}
		}()
		for one := range waiting {
			if got := <-one; !yield(got) || got.err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(read{err: err})
		}
	}
}

func readSegment(ctx context.Context, s Source, head record.Head, from, count int64) read {
	out := read{entries: make([]record.Entry, 0, count), leaves: make([]record.Hash, 0, count)}
	for e, err := range s.Entries(ctx, head, from) {
		var data []byte
		if err == nil {
			data, err = e.Canonical()
		}
		if err != nil {
			out.err = err
			return out
		}
		out.entries, out.leaves = append(out.entries, e), append(out.leaves, record.LeafHash(data))
		if int64(len(out.entries)) == count {
			return out
		}
	}
	end := from + int64(len(out.entries))
	out.err = because(ReasonEnds, fmt.Errorf("the record ends before entry %d, which its checkpoint covers", end), "count", fmt.Sprint(end))
	return out
}

// predecessor is the body of an entry that goes on from another record.
type predecessor struct {
	Origin string      `json:"origin"`
	Size   int64       `json:"size"`
	Root   record.Hash `json:"root"`
}

// follows returns what the first entry of a record says of the one that it goes on from; nil if it was founded.
func follows(ctx context.Context, p *part) (*predecessor, error) {
	if p.head.Size == 0 {
		return nil, nil
	}
	for e, err := range p.source.Entries(ctx, p.head, 0) {
		if err != nil || e.Statement.Type != "log.succeed" {
			return nil, err
		}
		var before predecessor
		if err := json.Unmarshal(e.Statement.Body, &before); err != nil {
			return nil, fmt.Errorf("entry 0: %w", err)
		}
		return &before, nil
	}
	return nil, because(ReasonEnds, fmt.Errorf("the record has no entries, its checkpoint says %d", p.head.Size), "count", "0")
}
