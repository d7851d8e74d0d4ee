// Package witness cosigns the checkpoints of logs, as C2SP tlog-witness has it: a witness signs a checkpoint only if it
// extends the one that it signed before, so whoever trusts the witness knows that the log has shown it one history.
// Handler is the witness's side, Client the log's.
package witness

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

const (
	// maxRequest is the longest request that is read: 63 hashes and a checkpoint with many signatures.
	maxRequest = 64 << 10
	maxProof   = 63
	sizeType   = "text/x.tlog.size"
)

// Witness cosigns checkpoints.
type Witness struct {
	seen   record.Witnessed
	signer note.Signer
	logs   map[string]note.Verifiers
}

// New returns a witness that signs with a private key (of which cosignature/v1 is made) and serves logs, by origin, each
// with the public keys of which one must have signed. What it has signed it keeps in seen.
func New(seen record.Witnessed, private string, logs map[string][]string) (*Witness, error) {
	signer, err := cosign.NewSignerForCosignatureV1(private)
	if err != nil {
		return nil, fmt.Errorf("witness key: %w", err)
	}
	w := &Witness{seen: seen, signer: signer, logs: map[string]note.Verifiers{}}
	for origin, keys := range logs {
		var list []note.Verifier
		for _, key := range keys {
			v, err := cosign.NewVerifier(key)
			if err != nil {
				return nil, fmt.Errorf("key %q of log %q: %w", key, origin, err)
			}
			list = append(list, v)
		}
		w.logs[origin] = note.VerifierList(list...)
	}
	return w, nil
}

// PublicKey returns the public key that verifies the cosignatures of a witness with a private key.
func PublicKey(private string) (string, error) {
	public, err := record.PublicKey(private)
	if err != nil {
		return "", err
	}
	return cosign.VKeyToCosignatureV1(public)
}

// refusal is an answer other than a cosignature.
type refusal struct {
	status int
	size   int64 // what the witness has seen, of a conflict
	reason string
}

func (r *refusal) Error() string { return r.reason }

// Handler serves POST /add-checkpoint.
func (w *Witness) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /add-checkpoint", func(out http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(out, r.Body, maxRequest))
		if err != nil {
			http.Error(out, "request too long", http.StatusRequestEntityTooLarge)
			return
		}
		lines, err := w.add(r.Context(), body)
		var no *refusal
		switch {
		case err == nil:
			out.Header().Set("Content-Type", "text/plain; charset=utf-8")
			out.Write(lines)
		case errors.As(err, &no) && no.status == http.StatusConflict:
			out.Header().Set("Content-Type", sizeType)
			out.WriteHeader(no.status)
			fmt.Fprintf(out, "%d\n", no.size)
		case errors.As(err, &no):
			http.Error(out, no.reason, no.status)
		default:
			http.Error(out, "the witness cannot answer at present", http.StatusInternalServerError)
		}
	})
	return mux
}

// add checks a request, remembers its checkpoint and returns the cosignature lines.
func (w *Witness) add(ctx context.Context, body []byte) ([]byte, error) {
	old, proof, signed, err := parseRequest(body)
	if err != nil {
		return nil, &refusal{status: http.StatusBadRequest, reason: err.Error()}
	}
	c, err := record.PeekCheckpoint(signed)
	if err != nil {
		return nil, &refusal{status: http.StatusBadRequest, reason: err.Error()}
	}
	verifiers, ok := w.logs[c.Origin]
	if !ok {
		return nil, &refusal{status: http.StatusNotFound, reason: fmt.Sprintf("log %q is not witnessed here", c.Origin)}
	}
	opened, err := note.Open(signed, verifiers)
	if err != nil {
		return nil, &refusal{status: http.StatusForbidden, reason: fmt.Sprintf("no signature of log %q: %v", c.Origin, err)}
	}
	if old > c.Size {
		return nil, &refusal{status: http.StatusBadRequest, reason: fmt.Sprintf("old size %d of a checkpoint of size %d", old, c.Size)}
	}
	seen, err := w.seen.Witnessed(ctx, c.Origin)
	if err != nil {
		return nil, err
	}
	if err := follows(seen, old, proof, c); err != nil {
		return nil, err
	}
	kept, err := note.Sign(&note.Note{Text: opened.Text}, w.signer)
	if err != nil {
		return nil, err
	}
	// What was signed is remembered before anybody sees the signature.
	switch ok, err := w.seen.SetWitnessed(ctx, c.Origin, seen, signed); {
	case err != nil:
		return nil, err
	case !ok: // another came first
		return w.add(ctx, body)
	}
	_, lines, _ := bytes.Cut(kept, []byte("\n\n"))
	return lines, nil
}

// follows checks that a checkpoint extends what was seen.
func follows(seen []byte, old int64, proof tlog.TreeProof, c record.Checkpoint) error {
	var last record.Checkpoint
	if len(seen) > 0 {
		var err error
		if last, err = record.PeekCheckpoint(seen); err != nil {
			return err
		}
	}
	conflict := &refusal{status: http.StatusConflict, size: last.Size, reason: "the witness has seen another checkpoint"}
	if old != last.Size {
		return conflict
	}
	switch {
	case old == 0 && len(proof) == 0:
		return nil
	case old == c.Size && len(proof) == 0:
		if c.Root != last.Root {
			return conflict
		}
		return nil
	}
	if old == 0 || old == c.Size {
		return &refusal{status: http.StatusUnprocessableEntity, reason: "a proof where none is needed"}
	}
	if err := tlog.CheckTree(proof, c.Size, c.Root, old, last.Root); err != nil {
		return &refusal{status: http.StatusUnprocessableEntity, reason: fmt.Sprintf("consistency proof from %d to %d: %v", old, c.Size, err)}
	}
	return nil
}

// parseRequest reads "old", a size, the lines of a consistency proof, an empty line and a signed checkpoint.
func parseRequest(body []byte) (old int64, proof tlog.TreeProof, signed []byte, err error) {
	head, signed, ok := bytes.Cut(body, []byte("\n\n"))
	if !ok {
		return 0, nil, nil, errors.New("no empty line before the checkpoint")
	}
	lines := strings.Split(string(head), "\n")
	size, ok := strings.CutPrefix(lines[0], "old ")
	old, err = strconv.ParseInt(size, 10, 64)
	if !ok || err != nil || old < 0 || strconv.FormatInt(old, 10) != size {
		return 0, nil, nil, fmt.Errorf("first line %q, expected \"old\" and a size", lines[0])
	}
	if len(lines)-1 > maxProof {
		return 0, nil, nil, fmt.Errorf("proof of %d hashes, at most %d", len(lines)-1, maxProof)
	}
	for _, line := range lines[1:] {
		h, err := tlog.ParseHash(line)
		if err != nil || base64.StdEncoding.EncodeToString(h[:]) != line {
			return 0, nil, nil, fmt.Errorf("proof line %q, expected a hash in base64", line)
		}
		proof = append(proof, h)
	}
	return old, proof, signed, nil
}

// formatRequest writes what parseRequest reads.
func formatRequest(old int64, proof tlog.TreeProof, signed []byte) []byte {
	b := fmt.Appendf(nil, "old %d\n", old)
	for _, h := range proof {
		b = append(b, h.String()...)
		b = append(b, '\n')
	}
	return append(append(b, '\n'), signed...)
}
