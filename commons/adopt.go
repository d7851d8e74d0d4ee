package commons

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"sync"

	"bremen/plan"
	"bremen/record"
)

// proven are plans that were verified here, by the hashes of plan.json and the public network, and where the proofs of
// adopted plans lie. Files never change, so what was found of them stays true.
type proven struct {
	mu     sync.Mutex
	plans  [][2]record.Hash
	proofs map[record.Hash]record.Hash // by plan.json; the zero hash of one without
}

// provenMost is how many verified plans are remembered.
const provenMost = 64

func (p *proven) has(plan, network record.Hash) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Contains(p.plans, [2]record.Hash{plan, network})
}

func (p *proven) add(plan, network record.Hash) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plans = append(p.plans[max(0, len(p.plans)-provenMost):], [2]record.Hash{plan, network})
}

// guardPlan refuses to adopt a plan whose files are not here, do not belong together, or do not prove it. Verifying takes as
// long as the plan is large, so whoever may not adopt, or has not signed, is refused before.
func (n *Network) guardPlan(ctx context.Context, d *record.Draft, hash record.Hash) error {
	size, err := n.log.Size(ctx)
	if err != nil {
		return err
	}
	if _, err := n.Wait(ctx, n.base()+size-1); err != nil {
		return err
	}
	e := record.Entry{Statement: d.Statement, Signatures: d.Signatures, StatementHash: hash}
	n.View(func(s *State) {
		if err = s.may(&e, n.c.o.Clock()); err == nil {
			_, err = s.Govern.Verify(&e)
		}
	})
	if err != nil {
		if seq, found := n.log.Find(ctx, hash); found == nil { // it is in already, and may be there once
			return &record.DuplicateError{Seq: seq}
		}
		return err
	}
	var b struct {
		Plan    record.Hash `json:"plan"`
		Network record.Hash `json:"network"`
		Status  string      `json:"status"`
	}
	if err := json.Unmarshal(d.Statement.Body, &b); err != nil {
		return err
	}
	return n.verifyFiles(b.Plan, b.Network, b.Status)
}

// verifyFiles refuses a plan that its files do not prove.
func (n *Network) verifyFiles(planned, network record.Hash, status string) error {
	d, err := n.Document(planned)
	if err != nil {
		return err
	}
	refused := func(found, wanted string) error { return &Refusal{Code: RefusedPlan, Found: found, Wanted: wanted} }
	if string(d.Status) != status || d.Status != plan.Optimal {
		return refused("status "+string(d.Status), "status "+string(plan.Optimal)+", which alone has proofs")
	}
	file, err := n.file(network)
	if err != nil {
		return err
	}
	ref, err := d.Certificates.Sum()
	if err != nil {
		return refused(err.Error(), "SHA-256 of the proofs")
	}
	text, err := n.file(ref)
	if err != nil || n.proven.has(planned, network) {
		return err
	}
	public, err := ReadNetwork(file)
	if err != nil {
		return refused(err.Error(), "a network")
	}
	proofs, err := plan.ReadProofs(bytes.NewReader(text))
	if err != nil {
		return refused(err.Error(), "proofs")
	}
	v, err := plan.Verify(public, d, proofs)
	switch {
	case err != nil:
		return refused(err.Error(), "a plan that can be verified")
	case !v.Holds:
		return refused(v.Failures[0], "a plan that its files prove")
	}
	n.proven.add(planned, network)
	return nil
}

// Document reads the plan.json with a hash, adopted or not; a *Refusal where it is not here, or none.
func (n *Network) Document(h record.Hash) (*plan.Document, error) {
	text, err := n.file(h)
	if err != nil {
		return nil, err
	}
	d := &plan.Document{}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, &Refusal{Code: RefusedPlan, Found: err.Error(), Wanted: "plan.json"}
	}
	return d, nil
}

func (n *Network) file(h record.Hash) ([]byte, error) {
	data, err := n.c.files.Get(h)
	if errors.Is(err, ErrNoFile) {
		return nil, &Refusal{Code: RefusedFile, Found: hex.EncodeToString(h[:])}
	}
	return data, err
}

// OpenPlanFile opens a file to which an adopted plan of the network is bound: its plan.json, its proofs, its public network.
// Of any other file it says ErrNoFile, whether or not another network has it.
func (n *Network) OpenPlanFile(h record.Hash) (*os.File, error) {
	var plans []Plan
	n.View(func(s *State) { plans = s.Plans[:len(s.Plans):len(s.Plans)] })
	for _, p := range slices.Backward(plans) {
		if h == p.Plan || h == p.Network || h == n.proofsHash(p.Plan) && h != (record.Hash{}) {
			return n.c.files.open(h)
		}
	}
	return nil, ErrNoFile
}

// ProofsOf returns the hash of the file with the proofs of an adopted plan; zero where it has none, or its plan.json is not here.
func (n *Network) ProofsOf(p *Plan) record.Hash { return n.proofsHash(p.Plan) }

// proofsHash returns the hash of the proofs of an adopted plan; zero where it has none, or is not here.
func (n *Network) proofsHash(planned record.Hash) record.Hash {
	p := &n.proven
	p.mu.Lock()
	defer p.mu.Unlock()
	h, known := p.proofs[planned]
	if known {
		return h
	}
	d, err := n.Document(planned)
	if err != nil {
		return h // it may yet be brought here
	}
	if h, err = d.Certificates.Sum(); err != nil {
		h = record.Hash{}
	}
	if p.proofs == nil {
		p.proofs = map[record.Hash]record.Hash{}
	}
	p.proofs[planned] = h
	return h
}
