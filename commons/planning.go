package commons

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"bremen/lp"
	"bremen/network"
	"bremen/plan"
	"bremen/record"
)

// Program is what plans made here name as the program that made them.
const Program = "bremen " + plan.Version

// Phases of Compute.
const (
	PhaseFreeze = "freeze" // the public network is written
	PhaseSolve  = "solve"  // the ladder of goals is climbed
	PhaseVerify = "verify" // the plan is verified as an outsider would
	PhaseStore  = "store"  // its files are kept
)

// Planning says how a plan is computed.
type Planning struct {
	Solver lp.Solver
	// Network is the file of a public network that was frozen before, for going on after an interruption; zero freezes one.
	Network record.Hash
	// Progress is told of what is being done; nil is not. It is called from one goroutine at a time.
	Progress func(Progress)
}

// Progress is how far a computation has come.
type Progress struct {
	Phase   string
	Network record.Hash   // the file of the public network, from PhaseSolve on
	Climb   plan.Progress // in PhaseSolve; what the solver reports stands beside the rung it works for
	Title   plan.Text     // of that rung
}

// Computed is a plan that was computed, with what proves it: all is in Commons.Files, nothing in the record.
type Computed struct {
	Adoption             // as AdoptPlan takes it; Status may also be "infeasible", which cannot be adopted
	Proofs   record.Hash // zero where there are none
	Rounds   int         // proven, as verified
	Gap      float64     // largest, as verified
}

// MayPlan returns the right or power by which somebody may have plans computed: whoever might adopt one now. Else the error
// is a *govern.Refusal that says who may.
func (n *Network) MayPlan(ctx context.Context, person int64) (right string, err error) {
	now := n.c.o.Clock()
	p, err := n.Prepare(ctx, Session(person), AdoptPlan(Adoption{Program: Program, From: now, Until: now.Add(time.Hour), Status: string(plan.Optimal)}))
	if err != nil {
		return "", err
	}
	return p.Statement.Right, nil
}

// Compute makes a plan of the network as it is stated now: it freezes the public network, climbs the ladder of goals that the
// network has decided, verifies what came out without the solver, and keeps the files. The plan in force is what the new one
// keeps close to, and its levels are the first guesses. A plan that is not proven is an error.
//
// Nothing is adopted by it: that is for those who have the power, with AdoptPlan, on their own devices.
func (n *Network) Compute(ctx context.Context, p Planning) (*Computed, error) {
	tell := func(s Progress) {
		if p.Progress != nil {
			p.Progress(s)
		}
	}
	tell(Progress{Phase: PhaseFreeze, Network: p.Network})
	public, hash, err := n.frozen(ctx, p.Network)
	if err != nil {
		return nil, err
	}
	tell(Progress{Phase: PhaseSolve, Network: hash})
	o := plan.Options{Progress: climbing(public, hash, tell)}
	o.InForce, o.Guess = n.inForce()
	made, err := plan.Make(ctx, public, p.Solver, o)
	if err != nil {
		return nil, err
	}
	c := &Computed{Adoption: Adoption{Network: hash, Program: Program, Status: string(made.Status)}}
	c.From, c.Until = public.Calendar.StartOf(1), public.Calendar.StartOf(public.Calendar.Periods+1)
	if made.Status == plan.Optimal {
		tell(Progress{Phase: PhaseVerify, Network: hash})
		v, err := plan.Verify(public, &made.Document, made.Proofs)
		if err != nil {
			return nil, err
		}
		if !v.Holds {
			return nil, fmt.Errorf("the plan is not proven: %s", v.Failures[0])
		}
		c.Rounds, c.Gap = v.Rounds, v.Gap
	}
	tell(Progress{Phase: PhaseStore, Network: hash})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c, n.keepPlan(made, c)
}

// climbing tells of the climb of the network's ladder.
func climbing(public *network.Network, hash record.Hash, tell func(Progress)) func(plan.Progress) {
	_, ladder, err := plan.LadderOf(public, "")
	if err != nil {
		ladder = nil // Make says why
	}
	var last plan.Progress
	return func(g plan.Progress) {
		if g.Goal == "" { // of the solver, which knows no rungs
			g.Rung, g.Goal, g.Level, g.Free, g.Of = last.Rung, last.Goal, last.Level, last.Free, last.Of
		}
		last = g
		p := Progress{Phase: PhaseSolve, Network: hash, Climb: g}
		if g.Rung < len(ladder) {
			p.Title = plan.Text(ladder[g.Rung].Title)
		}
		tell(p)
	}
}

// frozen reads a public network that was frozen before, or freezes one.
func (n *Network) frozen(ctx context.Context, h record.Hash) (*network.Network, record.Hash, error) {
	if h == (record.Hash{}) {
		f, err := n.Freeze(ctx)
		if err != nil {
			return nil, h, err
		}
		return f.Network, f.Hash, nil
	}
	file, err := n.file(h)
	if err != nil {
		return nil, h, err
	}
	public, err := ReadNetwork(file)
	return public, h, err
}

// inForce reads the plan in force with its proofs; nil where there is none, or its files are not here.
func (n *Network) inForce() (*plan.Document, *plan.Proofs) {
	var p *Plan
	now := n.c.o.Clock().UnixMilli()
	n.View(func(s *State) { p = s.PlanInForce(now) })
	if p == nil {
		return nil, nil
	}
	d, err := n.Document(p.Plan)
	if err != nil {
		return nil, nil
	}
	text, err := n.file(n.proofsHash(p.Plan))
	if err != nil {
		return d, nil
	}
	proofs, err := plan.ReadProofs(bytes.NewReader(text))
	if err != nil {
		return d, nil
	}
	return d, proofs
}

// keepPlan keeps a plan's files, proofs first, since plan.json names them.
func (n *Network) keepPlan(made *plan.Plan, c *Computed) (err error) {
	if made.Proofs != nil {
		var b bytes.Buffer
		if err := made.Proofs.Write(&b); err != nil {
			return err
		}
		sum := sha256.Sum256(b.Bytes())
		made.Certificates = &plan.FileRef{Name: "proofs.bin", SHA256: hex.EncodeToString(sum[:]), Bytes: int64(b.Len())}
		if c.Proofs, err = n.c.files.Put(b.Bytes()); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(&made.Document); err != nil {
		return err
	}
	if c.Plan, err = n.c.files.Put(b.Bytes()); err != nil {
		return err
	}
	if made.Status == plan.Optimal {
		n.proven.add(c.Plan, c.Network)
	}
	return nil
}
