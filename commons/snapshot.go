package commons

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"

	"github.com/go-json-experiment/json"

	"bremen/record"
)

// snapshotHead is the first line of a snapshot: which head of which record it stands for.
type snapshotHead struct {
	Schema int         `json:"schema"`
	Origin string      `json:"origin"`
	Base   int64       `json:"base"` // entries in earlier records
	Head   record.Head `json:"head"` // of the present record
	State  int         `json:"state"`
	Sum    record.Hash `json:"sum"` // SHA-256 of what follows
}

// snapshotSchema changes with the form of snapshots and with the fold: an older snapshot is then not read but replayed.
const snapshotSchema = 2

// snapshotFile is where a network's snapshot lies.
func (n *Network) snapshotFile() string {
	sum := sha256.Sum256([]byte(n.log.Origin()))
	return filepath.Join(n.c.o.Dir, "snapshots", hex.EncodeToString(sum[:16]))
}

// save writes a snapshot of the state. There is nothing private in it.
func (n *Network) save(ctx context.Context) error {
	n.mu.RLock()
	state, lines, size := n.state.JSON(), n.lines.append(nil), n.state.Size()
	n.mu.RUnlock()
	base := n.base()
	if size <= base {
		return nil // nothing of the present record
	}
	head, err := record.HeadAt(ctx, n.log, size-base)
	if err != nil {
		return err
	}
	data, err := encodeSnapshot(snapshotHead{Origin: n.log.Origin(), Base: base, Head: head}, state, lines)
	if err != nil {
		return err
	}
	if err := writeFile(n.snapshotFile(), data); err != nil {
		return err
	}
	n.mu.Lock()
	n.saved = size
	n.mu.Unlock()
	return nil
}

func encodeSnapshot(h snapshotHead, state, lines []byte) ([]byte, error) {
	body := append(state, lines...)
	h.Schema, h.State, h.Sum = snapshotSchema, len(state), sha256.Sum256(body)
	head, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return append(append(head, '\n'), body...), nil
}

// decodeSnapshot reads what encodeSnapshot wrote.
func decodeSnapshot(data []byte) (h snapshotHead, s *State, j journal, err error) {
	head, body, ok := bytes.Cut(data, []byte("\n"))
	if !ok {
		return h, nil, j, errors.New("snapshot: no head")
	}
	if err := json.Unmarshal(head, &h, json.RejectUnknownMembers(true)); err != nil {
		return h, nil, j, fmt.Errorf("snapshot: %w", err)
	}
	switch {
	case h.Schema != snapshotSchema:
		return h, nil, j, fmt.Errorf("snapshot: of schema %d, expected %d", h.Schema, snapshotSchema)
	case h.State < 0 || h.State > len(body) || sha256.Sum256(body) != h.Sum:
		return h, nil, j, errors.New("snapshot: damaged")
	}
	if j, err = parseJournal(body[h.State:]); err != nil {
		return h, nil, j, err
	}
	if s, err = ParseState(body[:h.State]); err != nil {
		return h, nil, j, err
	}
	if s.Size() != h.Base+h.Head.Size || int64(len(j.lines)) != s.Size() || s.Govern.Base != h.Base {
		return h, nil, j, fmt.Errorf("snapshot: of %d entries, its head says %d", s.Size(), h.Base+h.Head.Size)
	}
	return h, s, j, nil
}

// restore starts from the snapshot, if there is one of this program and the record still has the head that it stands for;
// otherwise everything is replayed.
func (n *Network) restore(ctx context.Context) error {
	data, err := os.ReadFile(n.snapshotFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	h, s, j, err := decodeSnapshot(data)
	if err == nil && (h.Origin != n.log.Origin() || h.Base != n.base()) {
		err = fmt.Errorf("snapshot: of record %q", h.Origin)
	}
	if err == nil {
		err = n.sameHead(ctx, h.Head)
	}
	if err != nil {
		n.c.o.Log.Warn("snapshot not used; replaying", "origin", n.log.Origin(), "err", err)
		return nil
	}
	n.state, n.lines, n.saved = s, j, s.Size()
	return nil
}

func (n *Network) sameHead(ctx context.Context, want record.Head) error {
	size, err := n.log.Size(ctx)
	if err != nil {
		return err
	}
	if size < want.Size {
		return fmt.Errorf("snapshot: of %d entries, the record has %d", want.Size, size)
	}
	have, err := record.HeadAt(ctx, n.log, want.Size)
	if err == nil && have != want {
		err = errors.New("snapshot: of another history than the record's")
	}
	return err
}

// decodeBatch decodes entries that stand from a place on, as far as no state is needed for it.
func decodeBatch(raw [][]byte, from int64, read Lookup) ([]*step, error) {
	entries, steps := make([]record.Entry, len(raw)), make([]*step, len(raw))
	for i := range raw {
		var err error
		if entries[i], err = record.Decode(raw[i]); err != nil {
			return nil, err
		}
		if entries[i].Seq != from+int64(i) {
			return nil, fmt.Errorf("%w: number %d stands at %d", record.ErrInvalid, entries[i].Seq, from+int64(i))
		}
		if steps[i], err = newStep(&entries[i], read); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// batchResult is a batch that was decoded, or why it could not be.
type batchResult struct {
	steps []*step
	err   error
}

// decoded reads entries as record.Entries does, decoding several batches side by side.
func decoded(ctx context.Context, r record.Reader, from int64, read Lookup) iter.Seq2[*step, error] {
	return func(yield func(*step, error) bool) {
		reading, stop := context.WithCancel(ctx)
		defer stop()
		for out := range batches(reading, r, from, read) {
			got := <-out
			if got.err != nil {
				yield(nil, got.err)
				return
			}
			for _, st := range got.steps {
				if !yield(st, nil) {
					return
				}
			}
		}
		if err := ctx.Err(); err != nil {
			yield(nil, err) // reading ended with it, and perhaps before the log did
		}
	}
}

// batches reads a log to its end, to the first error or until ctx ends. Each batch comes in its turn, when it is decoded.
func batches(ctx context.Context, r record.Reader, from int64, read Lookup) <-chan chan batchResult {
	const batch = 500
	results := make(chan chan batchResult, 2*runtime.GOMAXPROCS(0))
	go func() {
		defer close(results)
		for {
			raw, err := r.Read(ctx, from, batch)
			if err == nil && len(raw) == 0 {
				return
			}
			out, at := make(chan batchResult, 1), from
			select {
			case results <- out:
			case <-ctx.Done():
				return
			}
			if err != nil {
				out <- batchResult{err: err}
				return
			}
			go func() {
				steps, err := decodeBatch(raw, at, read)
				out <- batchResult{steps, err}
			}()
			from += int64(len(raw))
		}
	}()
	return results
}
