package audit

import (
	"errors"
	"fmt"

	"bremen/govern"
	"bremen/record"
)

// Reason says more exactly what does not hold: a code of which programs have sentences, and what to fill in there. Its
// error text is English.
type Reason struct {
	Code string   // see the constants
	With []string // names and what they stand for, in turn
	err  error
}

// Codes of reasons; what is filled in stands behind them. detail is the English text of an error.
const (
	ReasonKeyless   = "keyless"   // a checkpoint, and the record names no key of its log
	ReasonUnsigned  = "unsigned"  // a checkpoint without a good signature: key, detail
	ReasonUnread    = "unread"    // cannot be read: detail
	ReasonEnds      = "ends"      // the record ends: count, entries that are there
	ReasonForm      = "form"      // an entry in another form than entries have: detail
	ReasonTree      = "tree"      // an entry that is not the one in the tree: detail
	ReasonBad       = "bad"       // a signature that does not fit: person, detail
	ReasonAhead     = "ahead"     // an entry dated forward: time, witness, seen
	ReasonBehind    = "behind"    // an entry dated back: time, witness, seen
	ReasonOther     = "other"     // a payload that is another than was stated: name
	ReasonStatus    = "status"    // a plan of another status than adopted: status, adopted
	ReasonNetwork   = "network"   // a plan of another network than its file: hash, found
	ReasonFile      = "file"      // a file of another hash: what ("plan", "network", "proofs"), hash, found
	ReasonProofless = "proofless" // a plan that calls itself proven and names no proofs
	ReasonUnproven  = "unproven"  // a plan that does not verify: detail
)

func (r *Reason) Error() string { return r.err.Error() }

// Unwrap returns what the reason was made of.
func (r *Reason) Unwrap() error { return r.err }

// because is an error with a reason.
func because(code string, err error, with ...string) *Reason {
	return &Reason{Code: code, With: with, err: err}
}

// detailed is an error with a reason that shows its text, and what else is filled in.
func detailed(code string, err error, with ...string) *Reason {
	return because(code, err, append(with, "detail", err.Error())...)
}

// unreadTree is the reason of an error of reading on.
func unreadTree(err error) error {
	var known *Reason
	var refused *govern.Refusal
	switch {
	case errors.As(err, &known), errors.As(err, &refused):
		return err
	case errors.Is(err, record.ErrInvalid):
		return detailed(ReasonForm, err)
	}
	return detailed(ReasonTree, err)
}

// timeReason is the reason of an error of record.CheckTimes.
func timeReason(err error) error {
	var e *record.TimeError
	if !errors.As(err, &e) {
		return detailed(ReasonUnread, err)
	}
	code := ReasonBehind
	if e.Ahead {
		code = ReasonAhead
	}
	return because(code, err, "time", e.Time.UTC().Format("2006-01-02 15:04:05"), "witness", e.Witness, "seen", e.Seen.UTC().Format("2006-01-02 15:04:05"))
}

// badSignature is the reason of a signature that does not verify.
func badSignature(person int64, err error) error {
	return detailed(ReasonBad, err, "person", fmt.Sprint(person))
}
