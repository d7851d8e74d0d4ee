package record

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Cosigner is a witness that is asked to cosign checkpoints; see record/witness.
type Cosigner interface {
	// Cosign returns the witness's signature lines for a signed checkpoint. prove gives the proof that the checkpoint's
	// tree extends the one of the size that the witness saw last.
	Cosign(ctx context.Context, checkpoint []byte, prove func(old int64) (tlog.TreeProof, error)) ([]byte, error)
}

// Publish signs the log's durable head with its key, keeps the checkpoint, asks the witnesses to cosign it and keeps
// what they answer. If nothing was appended since the last checkpoint it only asks again those who are missing. To
// keep the promise of receipts it must be called well within [InclusionDelay] after an append.
//
// It returns the checkpoint also where a witness did not answer; the error then says which.
func Publish(ctx context.Context, l Log, witnesses ...Cosigner) ([]byte, error) {
	signed, size, err := sign(ctx, l)
	if err != nil {
		return nil, err
	}
	prove := func(old int64) (tlog.TreeProof, error) {
		if old < 0 || old > size {
			return nil, fmt.Errorf("the witness has seen %d entries, the log holds %d", old, size)
		}
		if old == 0 || old == size {
			return nil, nil
		}
		return tlog.ProveTree(size, old, HashReader(ctx, l))
	}
	var failed []error
	for _, w := range witnesses {
		lines, err := w.Cosign(ctx, signed, prove)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		merged, err := MergeSignatures(signed, append(noteText(signed), lines...))
		if err != nil {
			return signed, err
		}
		signed = merged
	}
	if err := l.PutCheckpoint(ctx, size, signed); err != nil {
		return nil, err
	}
	return signed, errors.Join(failed...)
}

// noteText returns a note's text with the empty line that ends it.
func noteText(signed []byte) []byte {
	text, _, _ := strings.Cut(string(signed), "\n\n")
	return []byte(text + "\n\n")
}

// sign returns the newest checkpoint, which it signs and keeps if there is none for the durable head.
func sign(ctx context.Context, l Log) ([]byte, int64, error) {
	size, err := l.Size(ctx)
	if err != nil {
		return nil, 0, err
	}
	latest, err := l.LatestCheckpoint(ctx)
	switch {
	case err == nil:
		if c, err := PeekCheckpoint(latest); err != nil || c.Size >= size {
			return latest, c.Size, err
		}
	case !errors.Is(err, ErrNone):
		return nil, 0, err
	}
	key, err := l.Key(ctx)
	if err != nil {
		return nil, 0, err
	}
	signers, err := Signers(l.Origin(), key)
	if err != nil {
		return nil, 0, err
	}
	head, err := HeadAt(ctx, l, size)
	if err != nil {
		return nil, 0, err
	}
	signed, err := SignCheckpoint(l.Origin(), head, signers...)
	if err != nil {
		return nil, 0, err
	}
	return signed, size, l.PutCheckpoint(ctx, size, signed)
}
