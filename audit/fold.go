package audit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/govern"
	"bremen/record"
)

// auditor carries one audit.
type auditor struct {
	Options
	state  *govern.State
	checks *checks
	report Report
	mu     sync.Mutex // of report.Failures and report.Verified

	statements map[record.Hash]struct{} // that stand in the record
	unmet      []unmet

	// Of the record that is being read.
	at     *part
	hashes []record.Hash         // of its tree, as tlog stores them, computed from the entries alone
	roots  map[int64]record.Hash // by size, as far as they were asked for
	notes  []known               // checkpoints to be met, by size
	last   time.Time             // of the last entry
}

func newAuditor(o Options) *auditor {
	a := &auditor{Options: o, state: govern.NewState(), statements: map[record.Hash]struct{}{}}
	a.report.Kinds = map[record.Kind]int64{}
	a.report.Failures, a.report.Known, a.report.Losses = []Failure{}, []Known{}, []Loss{}
	a.report.Witnesses, a.report.Earlier, a.report.Plans = []Witness{}, []Earlier{}, []Plan{}
	a.checks = newChecks(workers(), func(c *check, err error) {
		if err != nil {
			a.fail(Failure{Code: CodeSignature, Entry: c.entry, Err: badSignature(c.person, err)})
			return
		}
		a.mu.Lock()
		a.report.Verified++
		a.mu.Unlock()
	})
	return a
}

func (a *auditor) close() { a.checks.wait() }

// part folds one record. The error says where it could not be read further.
func (a *auditor) part(ctx context.Context, p *part) error {
	p.base = a.state.Size
	// The checkpoint may say any size, so what it says is not set aside beyond 128 MiB.
	a.hashes = make([]record.Hash, 0, min(2*p.size, 1<<22))
	a.at, a.roots, a.last = p, map[int64]record.Hash{}, time.Time{}
	a.notes = a.knownOf(p)
	for got := range segments(ctx, p.source, p.head, p.size) {
		for i := range got.entries {
			if err := a.next(&got.entries[i], got.leaves[i]); err != nil {
				return err
			}
		}
		if err := errors.Join(got.err, a.payloads(ctx, got.entries)); err != nil {
			return err
		}
		a.checks.flush()
		if a.Progress != nil {
			a.Progress(a.state.Size, p.base+p.size)
		}
	}
	root, err := a.root(p.size)
	if err != nil {
		return err
	}
	if root != p.root {
		a.fail(Failure{Code: CodeEarlier, Entry: -1, Size: p.size, Err: fmt.Errorf("the first %d entries of %q have the root %v; the record that goes on from them says %v", p.size, p.origin, root, p.root)})
	}
	return a.meet(time.Time{})
}

// next adds an entry to the tree and folds it, the checkpoints before it first.
func (a *auditor) next(e *record.Entry, leaf record.Hash) error {
	if err := a.meet(e.Time); err != nil {
		return err
	}
	if err := a.entry(e); err != nil {
		return err
	}
	more, err := tlog.StoredHashesForRecordHash(e.Seq, leaf, tlog.HashReaderFunc(a.stored))
	a.hashes = append(a.hashes, more...)
	return err
}

// entry checks one entry and folds it. The error ends the audit.
func (a *auditor) entry(e *record.Entry) error {
	r := &a.report
	if r.First.IsZero() {
		r.First = e.Time
	}
	r.Last, a.last = e.Time, e.Time
	r.Kinds[e.Kind()]++
	if _, there := a.statements[e.StatementHash]; there {
		a.fail(Failure{Code: CodeTwice, Entry: e.Seq, Err: fmt.Errorf("statement %v stands in the record already", e.StatementHash)})
	}
	a.statements[e.StatementHash] = struct{}{}
	if err := a.seen(e); err != nil {
		return err
	}
	if err := a.state.May(e); err != nil {
		a.fail(Failure{Code: CodeRight, Entry: e.Seq, Err: err})
		return a.state.Void(e)
	}
	// Those who found, arrive or succeed sign with keys that only their entry brings.
	if brings(e) || e.Kind() == record.Server {
		if !a.verify(e) {
			return a.state.Void(e)
		}
	} else {
		a.later(e)
	}
	a.count(e)
	return a.state.Apply(e)
}

func brings(e *record.Entry) bool {
	switch e.Statement.Type {
	case "network.found", "guest.arrive", "log.succeed":
		return true
	}
	return false
}

// count notes what the report tells of an entry that is allowed.
func (a *auditor) count(e *record.Entry) {
	r := &a.report
	t := govern.TypeByID(e.Statement.Type)
	switch {
	case t.Act && e.Statement.Member != 0:
		r.Decisions.Opened++
	case t.ID == "act.assent" || t.ID == "act.refuse":
		r.Decisions.Answers++
	case t.ID == "entry.disown":
		r.Disowned++
	case t.ID == "plan.adopt":
		a.adopt(e)
	}
}

// payloads checks those that were given.
func (a *auditor) payloads(ctx context.Context, list []record.Entry) error {
	var refs []record.Ref
	for i := range list {
		refs = append(refs, list[i].Statement.Payloads...)
	}
	a.report.Payloads += int64(len(refs))
	if a.Payloads == nil || len(refs) == 0 {
		return nil
	}
	given, err := a.Payloads(ctx, a.at.origin, refs)
	if err != nil {
		a.fail(Failure{Code: CodePayload, Entry: list[0].Seq, Err: detailed(ReasonUnread, err)})
		return ctx.Err()
	}
	for i := range list {
		for _, ref := range list[i].Statement.Payloads {
			p, ok := given[ref.Hash]
			if !ok {
				continue
			}
			if p.Hash() != ref.Hash || p.Person != ref.Person {
				a.fail(Failure{Code: CodePayload, Entry: list[i].Seq, Err: because(ReasonOther, fmt.Errorf("payload %q is not what was stated", ref.Name), "name", ref.Name)})
				continue
			}
			a.report.PayloadsHad++
		}
	}
	return nil
}
