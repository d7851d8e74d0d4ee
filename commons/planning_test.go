package commons

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"bremen/lp"
	"bremen/lp/highs"
	"bremen/plan"
	"bremen/record"
)

func solver(t *testing.T) lp.Solver {
	t.Helper()
	s, err := highs.New(highs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestAPlanIsComputedAndAdopted(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	if right, err := w.n.MayPlan(t.Context(), 1); err != nil || right != "adopt" {
		t.Errorf("the planning office may plan by %q, %v", right, err)
	}
	_, err := w.n.MayPlan(t.Context(), 2)
	w.hasCode("no-mandate", err)
	var phases []string
	c, err := w.n.Compute(t.Context(), Planning{Solver: solver(t), Progress: func(p Progress) {
		if n := len(phases); n == 0 || phases[n-1] != p.Phase {
			phases = append(phases, p.Phase)
		}
	}})
	w.ok(err)
	if got := strings.Join(phases, " "); got != "freeze solve verify store" {
		t.Errorf("phases %s", got)
	}
	if c.Status != "optimal" || c.Rounds == 0 || !c.Until.After(c.From) {
		t.Errorf("computed: %+v", c)
	}
	if _, err := w.n.OpenPlanFile(c.Plan); !errors.Is(err, ErrNoFile) {
		t.Errorf("a plan that nobody adopted is public: %v", err)
	}
	w.refused("no-mandate", 2, AdoptPlan(c.Adoption))
	entry := w.say(1, AdoptPlan(c.Adoption))
	w.n.View(func(s *State) {
		if p := s.PlanInForce(w.clock().UnixMilli()); p == nil || p.Entry != entry || p.Network != c.Network {
			t.Errorf("in force is %+v, want the plan of entry %d", p, entry)
		}
	})
	for _, h := range []record.Hash{c.Plan, c.Network, c.Proofs} {
		f, err := w.n.OpenPlanFile(h)
		w.ok(err)
		text, err := io.ReadAll(f)
		w.ok(errors.Join(err, f.Close()))
		if record.Hash(sha256.Sum256(text)) != h {
			t.Errorf("the file %x is another", h[:4])
		}
	}
	other, err := w.commons.Files().Put([]byte("of another network"))
	w.ok(err)
	for _, h := range []record.Hash{other, {}} {
		if _, err := w.n.OpenPlanFile(h); !errors.Is(err, ErrNoFile) {
			t.Errorf("file %x is public: %v", h[:4], err)
		}
	}
	// Going on from a network frozen before gives the same plan; the one in force guides it.
	again, err := w.n.Compute(t.Context(), Planning{Solver: solver(t), Network: c.Network})
	w.ok(err)
	if again.Network != c.Network {
		t.Error("another network was frozen")
	}
	w.say(1, AdoptPlan(again.Adoption))
}

func TestNoPlanIsAdoptedThatItsFilesDoNotProve(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	c, err := w.n.Compute(t.Context(), Planning{Solver: solver(t)})
	w.ok(err)
	text, err := w.commons.Files().Get(c.Plan)
	w.ok(err)
	change := func(edit func(d *plan.Document)) Adoption {
		d := &plan.Document{}
		w.ok(json.Unmarshal(text, d))
		edit(d)
		out, err := json.Marshal(d)
		w.ok(err)
		a := c.Adoption
		a.Plan, err = w.commons.Files().Put(out)
		w.ok(err)
		return a
	}
	file, err := w.commons.Files().Get(c.Proofs)
	w.ok(err)
	proofs, err := plan.ReadProofs(bytes.NewReader(file))
	w.ok(err)
	proofs.Primal[0] += 100
	var wrong bytes.Buffer
	w.ok(proofs.Write(&wrong))
	false_, err := w.commons.Files().Put(wrong.Bytes())
	w.ok(err)
	missing := c.Adoption
	missing.Network = record.Hash{1}
	stopped := change(func(d *plan.Document) { d.Status = plan.Stopped })
	stopped.Status = "stopped"
	for _, x := range []struct {
		name, code, says string
		a                Adoption
	}{
		{"a figure changed", RefusedPlan, "runs", change(func(d *plan.Document) { d.Runs[0].Runs *= 2 })},
		{"other proofs", RefusedPlan, "", change(func(d *plan.Document) { d.Certificates.SHA256 = hex.EncodeToString(false_[:]) })},
		{"proofs that are no proofs", RefusedPlan, "proofs", change(func(d *plan.Document) { d.Certificates.SHA256 = hex.EncodeToString(c.Network[:]) })},
		{"no proofs", RefusedPlan, "names no proofs", change(func(d *plan.Document) { d.Certificates = nil })},
		{"proofs that are not here", RefusedFile, "", change(func(d *plan.Document) { d.Certificates.SHA256 = strings.Repeat("00", 32) })},
		{"a network that is not here", RefusedFile, "", missing},
		{"another status", RefusedPlan, "status", change(func(d *plan.Document) { d.Status = plan.Stopped })},
		{"stopped", RefusedPlan, "status", stopped},
	} {
		_, err := w.try(1, AdoptPlan(x.a))
		w.hasCode(x.code, err)
		if !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, want a word of %q", x.name, err, x.says)
		}
	}
	// Nothing is computed for who has no right to it.
	w.refused("no-mandate", 2, AdoptPlan(missing))
	p, err := w.n.Prepare(t.Context(), Session(1), AdoptPlan(missing))
	w.ok(err)
	forged := device(2, p.Hash)
	if _, err := w.n.Append(t.Context(), p, forged); err == nil || strings.Contains(err.Error(), "file") {
		t.Errorf("another's signature: %v", err)
	}
}

func TestComputingCanBeCancelled(t *testing.T) {
	t.Parallel()
	w := village(t)
	w.needs()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := w.n.Compute(ctx, Planning{Solver: solver(t), Progress: func(p Progress) {
		if p.Climb.Rung > 1 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want it cancelled", err)
	}
}
