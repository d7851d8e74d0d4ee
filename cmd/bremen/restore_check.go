package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"bremen/audit"
	"bremen/govern"
	"bremen/record"
	"bremen/record/tiles"
)

// measure audits a restored record and holds it against the newest checkpoints known of it.
func (c *call) measure(ctx context.Context, s record.Store, l record.Log, known map[string][][]byte, mayLose bool, x *restoredLog) error {
	var err error
	if x.Size, err = l.Size(ctx); err != nil || x.Size == 0 {
		return err
	}
	for _, signed := range known[x.Origin] {
		if k, err := record.PeekCheckpoint(signed); err == nil {
			x.Known = max(x.Known, k.Size)
		}
	}
	report, err := c.auditStored(ctx, s, l, known[x.Origin])
	if err != nil {
		return err
	}
	missing := false
	for _, f := range report.Failures {
		if f.Code == audit.CodeShrunk {
			missing = true
			continue
		}
		x.Faults = append(x.Faults, c.lang.fault(f))
	}
	switch {
	case mayLose || x.succeeded:
	case missing:
		x.Unmet = "missing"
	case x.Known == 0:
		x.Unmet = "unknown"
	}
	return nil
}

// auditStored audits a record in a store, signed as far as it goes: entries behind the newest checkpoint that was kept
// are covered by one that is signed here and shown to nobody.
func (c *call) auditStored(ctx context.Context, s record.Store, l record.Log, known [][]byte) (*audit.Report, error) {
	signed, err := signedHere(ctx, l)
	if err != nil {
		return nil, err
	}
	r, err := storedSource(s, l, signed)
	if err != nil {
		return nil, err
	}
	o := audit.Options{Known: known, Network: publicNetwork}
	for {
		report, err := audit.Run(ctx, r, o)
		var earlier *audit.EarlierError
		if !errors.As(err, &earlier) {
			return report, err
		}
		before, err := s.Log(ctx, earlier.Origin)
		if err != nil {
			return nil, err
		}
		signed, err := before.LatestCheckpoint(ctx)
		if err != nil {
			return nil, err
		}
		p, err := storedSource(s, before, signed)
		if err != nil {
			return nil, err
		}
		o.Earlier = append([]audit.Source{p}, o.Earlier...)
	}
}

// signedHere returns a checkpoint of all that a log holds: the newest that was kept, or one signed now.
func signedHere(ctx context.Context, l record.Log) ([]byte, error) {
	size, err := l.Size(ctx)
	if err != nil {
		return nil, err
	}
	if signed, err := l.Checkpoint(ctx, size); err == nil {
		return signed, nil
	}
	key, err := l.Key(ctx)
	if err != nil {
		return nil, err
	}
	signers, err := record.Signers(l.Origin(), key)
	if err != nil {
		return nil, err
	}
	head, err := record.HeadAt(ctx, l, size)
	if err != nil {
		return nil, err
	}
	return record.SignCheckpoint(l.Origin(), head, signers...)
}

// storedLog is a log with a checkpoint that it has not kept.
type storedLog struct {
	record.Log
	signed []byte
}

// LatestCheckpoint is record.Checkpoints'.
func (l storedLog) LatestCheckpoint(context.Context) ([]byte, error) { return l.signed, nil }

func storedSource(s record.Store, l record.Log, signed []byte) (*openedRecord, error) {
	h := handlerTransport{tiles.Handler(storedLog{l, signed})}
	client, err := tiles.NewClient("http://store", &http.Client{Transport: h})
	return &openedRecord{Client: client, store: s, log: l}, err
}

// declareLosses declares in every record that is still appended to what it lost, if it did: what the newest checkpoint
// shows, or, where none is known, whatever came after the backup.
func (c *call) declareLosses(ctx context.Context, s record.Store, known map[string][][]byte, r *restoreFlags, out *restoreResult) error {
	as := r.as
	for _, x := range out.Logs {
		if x.succeeded || x.Size == 0 || x.Known > 0 && x.Known <= x.Size {
			continue
		}
		l, err := s.Log(ctx, x.Origin)
		if err != nil {
			return err
		}
		have, err := record.HeadAt(ctx, l, x.Size)
		if err != nil {
			return err
		}
		lost := have
		for _, signed := range known[x.Origin] {
			if k, err := record.PeekCheckpoint(signed); err == nil && k.Size > lost.Size {
				lost = k.Head
			}
		}
		state, _, err := folded(ctx, s, x.Origin, -1)
		if err != nil {
			return err
		}
		switch {
		case as != "":
			x.As, as = as, ""
			l, err = c.underNewName(ctx, s, state, l, x.As)
		case len(state.Witnesses) > 0:
			// They have cosigned more, and never cosign what does not extend it. Under its name nobody could trust it again.
			err = &failure{status: exitInput, err: errors.New(c.lang.say("restore/witnessed", "origin", x.Origin)), next: c.lang.say("restore/witnessed/next")}
		}
		if err != nil {
			return err
		}
		e, err := c.sayAsServer(ctx, s, l, "loss.declare", map[string]any{"size": lost.Size, "root": lost.Root, "why": r.loss})
		if err != nil {
			return err
		}
		x.Loss = e.Seq
		if x.As == "" {
			x.Size = e.Seq + 1
		}
		if _, err := record.Publish(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// underNewName begins a record that goes on from one of which entries are lost. Nothing is added under the old name, so
// that it has one history, and witnesses can cosign the new one.
func (c *call) underNewName(ctx context.Context, s record.Store, state *govern.State, old record.Log, as string) (record.Log, error) {
	if _, err := record.Publish(ctx, old); err != nil {
		return nil, err
	}
	m := &moveFlags{as: as, operator: state.Operator}
	if err := c.mayBegin(ctx, s, []*openedRecord{{origin: old.Origin()}}, as); err != nil {
		return nil, err
	}
	if err := old.Move(ctx, as); err != nil {
		return nil, err
	}
	if _, err := c.follow(ctx, s, old, m); err != nil {
		return nil, err
	}
	return s.Log(ctx, as)
}

// sayAsServer appends a statement by the server itself, if the rules allow it.
func (c *call) sayAsServer(ctx context.Context, s record.Store, l record.Log, typ string, body map[string]any) (*record.Entry, error) {
	state, _, err := folded(ctx, s, l.Origin(), -1)
	if err != nil {
		return nil, err
	}
	return c.sayIn(ctx, state, l, typ, body)
}

// sayIn appends a statement by the server to a log whose state is known.
func (c *call) sayIn(ctx context.Context, state *govern.State, l record.Log, typ string, body map[string]any) (*record.Entry, error) {
	key, err := l.Key(ctx)
	if err != nil {
		return nil, err
	}
	rights := state.Rights(0, typ, govern.InNetwork, c.now().UnixMilli())
	if len(rights) == 0 {
		return nil, fmt.Errorf("the rules of %q let no server state %q", state.Name, typ)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	st := record.Statement{Version: record.Version, Origin: l.Origin(), Type: typ, Right: rights[0], Nonce: record.NewNonce(), Body: text}
	sig, err := record.SignServer(key, &st)
	if err != nil {
		return nil, err
	}
	size, err := l.Size(ctx)
	if err != nil {
		return nil, err
	}
	p, err := record.Prepare(l.Origin(), record.Draft{Statement: st, Signatures: []record.Signature{sig}})
	if err != nil {
		return nil, err
	}
	now := c.now().UTC()
	if last := time.UnixMilli(state.Time); size > 0 && now.Before(last) && last.Sub(now) <= record.MaxBackstep {
		now = last // as the log will
	}
	if _, err := p.Place(size, now); err != nil {
		return nil, err
	}
	if err := state.May(&p.Entry); err != nil {
		return nil, err
	}
	entries, err := record.Append(ctx, l, record.Anywhere, record.Draft{Statement: st, Signatures: []record.Signature{sig}})
	if err != nil {
		return nil, err
	}
	return &entries[0], nil
}

// printRestored says what was restored, or what is missing and how it is got.
func (c *call) printRestored(r *restoreFlags, out *restoreResult) error {
	l, w := c.lang, c.out
	slices.SortFunc(out.Logs, func(a, b *restoredLog) int { return cmp.Compare(a.Origin, b.Origin) })
	for _, x := range out.Logs {
		fmt.Fprintln(w, wrap(l.say("restore/log", "origin", x.Origin, "count", l.count(int(x.Size)), "fetched", l.count(int(x.Fetched)), "erased", l.count(len(x.Erased))), width))
		switch {
		case x.Unmet == "missing":
			fmt.Fprintln(w, hang(l.say("restore/missing", "known", l.count(int(x.Known)), "count", l.count(int(x.Known-x.Size))), "  ", width))
		case x.Unmet == "unknown":
			fmt.Fprintln(w, hang(l.say("restore/unknown"), "  ", width))
		case x.As != "":
			fmt.Fprintln(w, hang(l.say("restore/loss/as", "as", x.As, "entry", l.count(int(x.Loss))), "  ", width))
		case x.Loss > 0:
			fmt.Fprintln(w, hang(l.say("restore/loss", "entry", l.count(int(x.Loss))), "  ", width))
		}
		for _, f := range x.Faults {
			fmt.Fprintln(w, hang(f, "  ", width))
		}
	}
	if n := len(out.Witnessed); n > 0 && out.Restored {
		fmt.Fprintln(w, wrap(l.say("restore/witness", "count", l.count(n)), width))
	}
	last := l.say("restore/no")
	switch {
	case out.Restored && r.to.database != "":
		last = l.say("restore/done/database")
	case out.Restored:
		last = l.say("restore/done", "name", r.to.data)
	}
	_, err := fmt.Fprintln(w, wrap(last, width))
	return err
}
