package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"bremen/network"
	"bremen/plan"
	"bremen/record"
)

// adopt notes an adopted plan; it is proven when all has been read.
func (a *auditor) adopt(e *record.Entry) {
	var body struct {
		Plan    record.Hash `json:"plan"`
		Network record.Hash `json:"network"`
		Status  string      `json:"status"`
	}
	if err := json.Unmarshal(e.Statement.Body, &body); err != nil {
		a.fail(Failure{Code: CodePlan, Entry: e.Seq, Err: detailed(ReasonUnread, err)})
		return
	}
	a.report.Plans = append(a.report.Plans, Plan{Entry: e.Seq, Hash: body.Plan, Network: body.Network, Status: body.Status})
}

// plans verifies the certificate of every adopted plan whose files are there.
func (a *auditor) plans(ctx context.Context) error {
	for i := range a.report.Plans {
		p := &a.report.Plans[i]
		err := a.prove(ctx, p)
		var missing *missingFile
		switch {
		case errors.As(err, &missing):
			p.Missing = missing.what
		case err != nil && unreadable(ctx, err):
			return err
		case err != nil:
			a.fail(Failure{Code: CodePlan, Entry: p.Entry, Err: planReason(err)})
		default:
			p.Checked = true
		}
	}
	return nil
}

// planReason is the reason of a plan that is not proven.
func planReason(err error) error {
	var known *Reason
	if errors.As(err, &known) {
		return err
	}
	return detailed(ReasonUnread, err)
}

// missingFile: a public file is not beside the log.
type missingFile struct{ what string }

func (m *missingFile) Error() string { return m.what + " is not there" }

func (a *auditor) prove(ctx context.Context, p *Plan) error {
	text, err := a.file(ctx, "plan", p.Hash)
	if err != nil {
		return err
	}
	d := &plan.Document{}
	if err := json.Unmarshal(text, d); err != nil {
		return fmt.Errorf("plan %v: %w", p.Hash, err)
	}
	if string(d.Status) != p.Status {
		return because(ReasonStatus, fmt.Errorf("plan %v calls itself %q, adopted as %q", p.Hash, d.Status, p.Status), "status", string(d.Status), "adopted", p.Status)
	}
	n, err := a.network(ctx, p)
	if err != nil {
		return err
	}
	if d.Status != plan.Optimal {
		if h := network.Hash(n); h != d.NetworkHash {
			return because(ReasonNetwork, fmt.Errorf("plan %v is of network %s, its file holds %s", p.Hash, d.NetworkHash, h), "hash", d.NetworkHash, "found", h)
		}
		return &missingFile{"certificate"} // it claims none, and was adopted as one that has none
	}
	proofs, err := a.proofs(ctx, d)
	if err != nil {
		return err
	}
	v, err := plan.Verify(n, d, proofs)
	if err != nil {
		return err
	}
	if !v.Holds {
		return because(ReasonUnproven, fmt.Errorf("plan %v is not proven: %s", p.Hash, v.Failures[0]), "detail", v.Failures[0])
	}
	p.Rounds, p.Gap = v.Rounds, v.Gap
	return nil
}

// network reads the frozen network of a plan. That it is the one the plan was made from, plan.Verify checks.
func (a *auditor) network(ctx context.Context, p *Plan) (*network.Network, error) {
	text, err := a.file(ctx, "network", p.Network)
	if err != nil {
		return nil, err
	}
	n, err := a.Network(text)
	if err != nil {
		return nil, fmt.Errorf("network %v: %w", p.Network, err)
	}
	return n, nil
}

func (a *auditor) proofs(ctx context.Context, d *plan.Document) (*plan.Proofs, error) {
	if d.Certificates == nil {
		return nil, because(ReasonProofless, fmt.Errorf("plan of network %s calls itself proven and names no proofs", d.NetworkHash))
	}
	sum, err := d.Certificates.Sum()
	if err != nil {
		return nil, err
	}
	text, err := a.file(ctx, "proofs", sum)
	if err != nil {
		return nil, err
	}
	return plan.ReadProofs(bytes.NewReader(text))
}

// file returns a public file, which must have the hash by which it is asked for.
func (a *auditor) file(ctx context.Context, what string, hash record.Hash) ([]byte, error) {
	if a.File == nil || what == "network" && a.Network == nil {
		return nil, &missingFile{what}
	}
	text, err := a.File(ctx, hash)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &missingFile{what}
	}
	if sum := record.Hash(sha256.Sum256(text)); err == nil && sum != hash {
		return nil, because(ReasonFile, fmt.Errorf("the file of %s %x has the hash %x", what, hash[:], sum[:]), "what", what, "hash", hex.EncodeToString(hash[:]), "found", hex.EncodeToString(sum[:]))
	}
	return text, err
}
