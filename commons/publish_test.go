package commons

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// cosigner is a witness that does as it is told.
type cosigner func() ([]byte, error)

func (c cosigner) Cosign(context.Context, []byte, func(int64) (tlog.TreeProof, error)) ([]byte, error) {
	return c()
}

// While one call waits for a witness in vain, another of the same size gets its cosignature: it stays.
func TestCosignaturesOfCallsSideBySide(t *testing.T) {
	t.Parallel()
	w := village(t)
	const line = "— witness.example AAAAAAAAAAA=\n"
	away := errors.New("the witness is away")
	_, err := w.n.Publish(t.Context(), cosigner(func() ([]byte, error) {
		_, err := w.n.Publish(t.Context(), cosigner(func() ([]byte, error) { return []byte(line), nil }))
		return nil, errors.Join(err, away)
	}))
	if !errors.Is(err, away) {
		t.Fatal(err)
	}
	newest, err := w.n.Checkpoint(t.Context())
	w.ok(err)
	stored, err := w.n.Log().LatestCheckpoint(t.Context())
	w.ok(err)
	if !strings.Contains(string(newest), line) || string(newest) != string(stored) {
		t.Errorf("got\n%s\nstored\n%s\nwant both with %q", newest, stored, line)
	}
}
