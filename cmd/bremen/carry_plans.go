package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"bremen/audit"
	"bremen/internal/wholefile"
	"bremen/plan"
	"bremen/record"
)

// carryPlans keeps in a data folder the files of the plans that an audited record has adopted, as far as they lie with it.
func carryPlans(ctx context.Context, data string, r *openedRecord) error {
	for _, p := range r.plans {
		text, err := carryFile(ctx, data, r, p.Hash)
		if err != nil {
			return err
		}
		if _, err := carryFile(ctx, data, r, p.Network); err != nil {
			return err
		}
		var d plan.Document
		if text == nil || json.Unmarshal(text, &d) != nil {
			continue
		}
		if sum, err := d.Certificates.Sum(); err == nil {
			if _, err := carryFile(ctx, data, r, sum); err != nil {
				return err
			}
		}
	}
	return nil
}

// carryNewPlans keeps the files of the plans that were adopted in the last n entries of a log, as far as they lie with r.
func carryNewPlans(ctx context.Context, data string, l record.Log, n int64, r *openedRecord) error {
	size, err := l.Size(ctx)
	if err != nil || n == 0 {
		return err
	}
	r.plans = nil
	for e, err := range record.Entries(ctx, l, size-n) {
		if err != nil {
			return err
		}
		var b struct{ Plan, Network record.Hash }
		if e.Statement.Type == "plan.adopt" && json.Unmarshal(e.Statement.Body, &b) == nil {
			r.plans = append(r.plans, audit.Plan{Hash: b.Plan, Network: b.Network})
		}
	}
	return carryPlans(ctx, data, r)
}

// carryFile keeps a file under its hash and returns it; nil where it does not lie with the record.
func carryFile(ctx context.Context, data string, r *openedRecord, h record.Hash) ([]byte, error) {
	text, err := r.file(ctx, h)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if sum := record.Hash(sha256.Sum256(text)); sum != h {
		return nil, fmt.Errorf("file %x has the hash %x", h[:], sum[:])
	}
	dir := filepath.Join(data, filesName)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return text, wholefile.Write(filepath.Join(dir, hex.EncodeToString(h[:])), 0o666, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}
