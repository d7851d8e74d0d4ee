// Package audit checks a record from outside, with nothing but what is public.
//
// Run reads a record from a Source, folds it as govern has it, and says in a Report what it checked, what failed and
// what was not there to be checked: that the checkpoint is signed with the log's key and extends every checkpoint known
// from elsewhere; that every entry is in its tree, signed by whom it says, and allowed by the rules then in force; that
// times never decrease and agree with those of witnesses; that what was signed with a history in view stands in that
// history; that payloads, as far as they are given, are what was stated; that adopted plans are proven. docs/record.md
// describes all of it, for those who write another auditor.
//
// The package trusts neither the server nor the store; keys come from the record itself, so whoever has a checkpoint
// or a key of the log from elsewhere should compare. It does no input or output of its own. Start reading at Run.
package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"runtime"
	"slices"

	"bremen/network"
	"bremen/record"
)

// Source is a record as an outsider reads it; *tiles.Client is one.
type Source interface {
	// Checkpoint returns the newest checkpoint, a signed note.
	Checkpoint(ctx context.Context) ([]byte, error)
	// Entries reads the entries from number from on that a head covers, each checked to be in its tree. It ends at the
	// first error.
	Entries(ctx context.Context, head record.Head, from int64) iter.Seq2[record.Entry, error]
}

// Options are what an auditor brings.
type Options struct {
	// Known are signed checkpoints of the record, or of one that it succeeds, from elsewhere: an earlier audit, a
	// receipt, a printout, a witness.
	Known [][]byte
	// Kept are checkpoints that lie with the record itself. They are checked as Known ones are, and only counted.
	Kept [][]byte
	// Earlier are the records that this one goes on from (log.succeed), oldest first.
	Earlier []Source
	// File returns the public file of a SHA-256, or an error that wraps fs.ErrNotExist. It may be nil.
	File func(ctx context.Context, hash record.Hash) ([]byte, error)
	// Network reads the file of a plan's network. It may be nil if File is.
	Network func(file []byte) (*network.Network, error)
	// Payloads returns those payloads of a log that the auditor was given. It may be nil.
	Payloads func(ctx context.Context, origin string, refs []record.Ref) (map[record.Hash]record.Payload, error)
	// Progress is told how many of all entries have been read. It may be nil.
	Progress func(read, of int64)
}

// EarlierError: the record goes on from others, which are needed to know who had which right.
type EarlierError struct {
	Origin string // of the record that is missing
	Given  int    // how many earlier records were given
}

func (e *EarlierError) Error() string {
	return fmt.Sprintf("the record goes on from %q, which is needed too", e.Origin)
}

// Run audits a record. The error says why it could not be audited at all: it could not be read, or ctx ended; whatever
// is wrong with the record itself stands in the report.
func Run(ctx context.Context, newest Source, o Options) (*Report, error) {
	a := newAuditor(o)
	defer a.close()
	parts, err := a.parts(ctx, newest)
	if err != nil {
		return nil, err
	}
	for i := range parts {
		if err := a.part(ctx, &parts[i]); err != nil {
			if unreadable(ctx, err) {
				return nil, err
			}
			a.fail(Failure{Code: CodeTree, Entry: a.state.Size - parts[i].base, Err: unreadTree(err)})
			break // nothing behind it can be folded
		}
		parts[i].key = a.state.LogKey
	}
	a.checks.wait()
	if err := a.plans(ctx); err != nil {
		return nil, err
	}
	return a.finish(parts), nil
}

// unreadable tells whether an error lies in the reading and not in the record.
func unreadable(ctx context.Context, err error) bool {
	var transport *url.Error
	return ctx.Err() != nil || errors.As(err, &transport)
}

// part is one record of the one or several that were succeeded.
type part struct {
	source Source
	signed []byte
	head   record.Head // of the checkpoint
	origin string
	size   int64 // entries that count: all, or those before the next record
	root   record.Hash
	base   int64  // entries in the records before
	key    string // of the log, in force at its end
}

// parts reads the checkpoints of all records and where each goes on from the one before.
func (a *auditor) parts(ctx context.Context, newest Source) ([]part, error) {
	var parts []part
	for _, s := range append(a.Earlier[:len(a.Earlier):len(a.Earlier)], newest) {
		signed, err := s.Checkpoint(ctx)
		if err != nil {
			return nil, err
		}
		c, err := record.PeekCheckpoint(signed)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{source: s, signed: signed, head: c.Head, origin: c.Origin, size: c.Size, root: c.Root})
	}
	before := int64(0) // entries in the records before
	for i := range parts {
		p, err := follows(ctx, &parts[i])
		switch {
		case err != nil && unreadable(ctx, err):
			return nil, err
		case err != nil:
			return parts[i:], nil // reading on will say what is wrong
		case p == nil && i == 0:
			continue
		case p == nil:
			return nil, fmt.Errorf("record %q goes on from no other one: it was founded", parts[i].origin)
		case i == 0:
			return nil, &EarlierError{Origin: p.Origin, Given: len(a.Earlier)}
		}
		// Sizes count from the founding on, across records.
		last := &parts[i-1]
		size := p.Size - before
		if p.Origin != last.origin || size < 0 || size > last.head.Size {
			return nil, fmt.Errorf("record %q goes on from %d entries of %q; given was %q with %d", parts[i].origin, size, p.Origin, last.origin, last.head.Size)
		}
		last.size, last.root, before = size, p.Root, p.Size
	}
	return parts, a.ofThese(parts)
}

// ofThese checks that the checkpoints that were given are of the records that are audited.
func (a *auditor) ofThese(parts []part) error {
	for _, signed := range a.Known {
		c, err := record.PeekCheckpoint(signed)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(parts, func(p part) bool { return p.origin == c.Origin }) {
			return fmt.Errorf("a checkpoint of record %q was given; audited is %q", c.Origin, parts[len(parts)-1].origin)
		}
	}
	return nil
}

// workers is how many goroutines verify signatures.
func workers() int { return max(1, runtime.GOMAXPROCS(0)) }
