package record

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// InclusionDelay is how long after an entry's time a checkpoint must cover it at the latest.
const InclusionDelay = time.Minute

const receiptHeader = "bremen receipt v1"

// Receipt is the log's signed promise that an entry stands in it and will be covered by a checkpoint in time.
type Receipt struct {
	Origin    string
	Seq       int64
	Leaf      Hash // hash of the entry as a leaf of the tree (RFC 6962), see [LeafHash]
	Statement Hash
	Time      time.Time // the entry's time
	By        time.Time // when a checkpoint covers it at the latest
}

// LeafHash returns an entry's hash as a leaf of the tree: SHA-256 of a zero byte and its canonical bytes.
func LeafHash(entry []byte) Hash { return tlog.RecordHash(entry) }

// SignReceipt promises that an entry, given as its canonical bytes, is in the log. Only durable entries may be promised.
func SignReceipt(entry []byte, signer note.Signer) ([]byte, error) {
	e, err := Decode(entry)
	if err != nil {
		return nil, err
	}
	text := strings.Join([]string{
		receiptHeader, e.Statement.Origin, strconv.FormatInt(e.Seq, 10), LeafHash(entry).String(), e.StatementHash.String(),
		e.Time.Format(timeFormat), e.Time.Add(InclusionDelay).Format(timeFormat),
	}, "\n") + "\n"
	return note.Sign(&note.Note{Text: text}, signer)
}

// OpenReceipt reads a receipt, which must be signed with the log's public key.
func OpenReceipt(signed []byte, public string) (Receipt, error) {
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Receipt{}, fmt.Errorf("public key %q: %w", public, err)
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	r, err := parseReceipt(n.Text)
	if err != nil {
		return Receipt{}, fmt.Errorf("receipt: %w", err)
	}
	if r.Origin != verifier.Name() {
		return Receipt{}, fmt.Errorf("receipt: of log %q, signed by %q", r.Origin, verifier.Name())
	}
	return r, nil
}

func parseReceipt(text string) (r Receipt, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 8 || lines[0] != receiptHeader || lines[7] != "" {
		return r, fmt.Errorf("expected 7 lines, the first being %q", receiptHeader)
	}
	r.Origin = lines[1]
	if err := CheckOrigin(r.Origin); err != nil {
		return r, err
	}
	r.Seq, err = strconv.ParseInt(lines[2], 10, 64)
	if err != nil || r.Seq < 0 || strconv.FormatInt(r.Seq, 10) != lines[2] {
		return r, fmt.Errorf("number %q", lines[2])
	}
	if r.Leaf, err = tlog.ParseHash(lines[3]); err != nil {
		return r, fmt.Errorf("leaf hash %q", lines[3])
	}
	if r.Statement, err = tlog.ParseHash(lines[4]); err != nil {
		return r, fmt.Errorf("statement hash %q", lines[4])
	}
	if r.Time, err = time.Parse(timeFormat, lines[5]); err != nil {
		return r, fmt.Errorf("time %q", lines[5])
	}
	if r.By, err = time.Parse(timeFormat, lines[6]); err != nil {
		return r, fmt.Errorf("time %q", lines[6])
	}
	return r, nil
}

// ProveInclusion returns the proof (C2SP tlog-proof) that entry seq is in the tree of a signed checkpoint.
func ProveInclusion(ctx context.Context, r Reader, seq int64, checkpoint []byte) ([]byte, error) {
	c, err := PeekCheckpoint(checkpoint)
	if err != nil {
		return nil, err
	}
	if seq < 0 || seq >= c.Size {
		return nil, fmt.Errorf("entry %d is not among the %d of the checkpoint", seq, c.Size)
	}
	hashes, err := tlog.ProveRecord(c.Size, seq, HashReader(ctx, r))
	if err != nil {
		return nil, err
	}
	return formatProof(seq, hashes, checkpoint), nil
}

func formatProof(seq int64, hashes tlog.RecordProof, checkpoint []byte) []byte {
	p := proof.TLogProof{Index: uint64(seq), Checkpoint: checkpoint}
	for _, h := range hashes {
		p.Hashes = append(p.Hashes, h)
	}
	return p.Marshal()
}

// VerifyInclusion checks offline that a proof shows the entry with this number and leaf hash to be in a checkpoint
// that is signed with the log's public key, and returns the checkpoint with the witnesses that have cosigned it.
func VerifyInclusion(proofText []byte, seq int64, leaf Hash, origin, public string, witnesses ...string) (Checkpoint, error) {
	var p proof.TLogProof
	if err := p.Unmarshal(proofText); err != nil {
		return Checkpoint{}, fmt.Errorf("proof: %w", err)
	}
	c, err := OpenCheckpoint(p.Checkpoint, origin, public, witnesses...)
	if err != nil {
		return Checkpoint{}, err
	}
	if seq < 0 || p.Index != uint64(seq) {
		return Checkpoint{}, fmt.Errorf("proof: of entry %d, expected %d", p.Index, seq)
	}
	var hashes tlog.RecordProof
	for _, h := range p.Hashes {
		hashes = append(hashes, h)
	}
	if err := tlog.CheckRecord(hashes, c.Size, c.Root, seq, leaf); err != nil {
		return Checkpoint{}, fmt.Errorf("proof of entry %d in %d: %w", seq, c.Size, err)
	}
	return c, nil
}

// Verify checks offline that the log kept the promise of a receipt: proofText shows its entry to be in a checkpoint.
// The checkpoint may be signed with a later key than the receipt; public is the checkpoint's.
func (r *Receipt) Verify(proofText []byte, public string, witnesses ...string) (Checkpoint, error) {
	return VerifyInclusion(proofText, r.Seq, r.Leaf, r.Origin, public, witnesses...)
}
