// Package recordtest says what every store of records must hold, as tests: a store is done when [Run] passes.
package recordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

// Origin is the log that the tests use.
const Origin = "example.org/nordhof"

// Start is when the tests' clock begins.
var Start = time.Date(2027, 5, 3, 12, 0, 0, 0, time.UTC)

// Draft returns a statement of a member, entered through a session, that says text and keeps each of private as a
// payload.
func Draft(origin string, member int64, text string, private ...string) record.Draft {
	body, err := json.Marshal(map[string]string{"says": text})
	if err != nil {
		panic(err)
	}
	d := record.Draft{
		Statement: record.Statement{
			Version: record.Version, Origin: origin, Type: "test.say", Member: member, Right: "state",
			Nonce: record.NewNonce(), Body: body,
		},
		Signatures: []record.Signature{{Kind: record.Session}},
	}
	for i, data := range private {
		p, err := record.NewPayload(member, []byte(data))
		if err != nil {
			panic(err)
		}
		d.Payloads = append(d.Payloads, p)
		d.Statement.Payloads = append(d.Statement.Payloads, record.Ref{Name: fmt.Sprintf("text.%d", i), Person: member, Hash: p.Hash()})
	}
	return d
}

// Check reads a whole log and says what is wrong with it: entries that do not decode, gaps, times that decrease,
// statements that stand there twice, tree hashes that are not those of the entries. It returns the entries.
func Check(ctx context.Context, r record.Reader) ([]record.Entry, error) {
	var entries []record.Entry
	var hashes []record.Hash // all that the tree stores, computed from the entries alone
	tree := tlog.HashReaderFunc(func(indexes []int64) ([]record.Hash, error) {
		out := make([]record.Hash, len(indexes))
		for i, x := range indexes {
			out[i] = hashes[x]
		}
		return out, nil
	})
	seen := map[record.Hash]int64{}
	for {
		raw, err := r.Read(ctx, int64(len(entries)), 1000)
		if err != nil {
			return nil, err
		}
		if len(raw) == 0 {
			break
		}
		for _, data := range raw {
			e, err := record.Decode(data)
			if err != nil {
				return nil, fmt.Errorf("entry %d: %w", len(entries), err)
			}
			if err := follows(&e, entries, seen); err != nil {
				return nil, err
			}
			more, err := tlog.StoredHashes(e.Seq, data, tree)
			if err != nil {
				return nil, err
			}
			hashes, entries = append(hashes, more...), append(entries, e)
		}
	}
	return entries, checkHashes(ctx, r, int64(len(entries)), hashes)
}

func follows(e *record.Entry, before []record.Entry, seen map[record.Hash]int64) error {
	n := len(before)
	if e.Seq != int64(n) {
		return fmt.Errorf("entry %d stands at %d", e.Seq, n)
	}
	if n > 0 && e.Time.Before(before[n-1].Time) {
		return fmt.Errorf("entry %d is of %v, before that of the last, %v", n, e.Time, before[n-1].Time)
	}
	if at, ok := seen[e.StatementHash]; ok {
		return fmt.Errorf("entry %d is entry %d again", n, at)
	}
	seen[e.StatementHash] = e.Seq
	return nil
}

func checkHashes(ctx context.Context, r record.Reader, size int64, want []record.Hash) error {
	if n, err := r.Size(ctx); err != nil || n < size {
		return fmt.Errorf("size %d with %d entries, %w", n, size, err)
	}
	for from := 0; from < len(want); from += 5000 {
		var indexes []int64
		for i := from; i < min(from+5000, len(want)); i++ {
			indexes = append(indexes, int64(i))
		}
		got, err := r.Hashes(ctx, indexes)
		if err != nil {
			return err
		}
		for i, h := range got {
			if h != want[from+i] {
				return fmt.Errorf("tree hash %d is %v, of the entries %v", from+i, h, want[from+i])
			}
		}
	}
	return nil
}

// mustCheck is Check in a test.
func mustCheck(t *testing.T, r record.Reader, size int) []record.Entry {
	t.Helper()
	entries, err := Check(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != size {
		t.Fatalf("%d entries, expected %d", len(entries), size)
	}
	return entries
}
