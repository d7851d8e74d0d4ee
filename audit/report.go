package audit

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"bremen/govern"
	"bremen/record"
)

// Code says what kind of thing failed, for programs.
type Code string

// Codes of failures.
const (
	CodeCheckpoint Code = "checkpoint" // not signed with the log's key
	CodeTree       Code = "tree"       // entries missing, in another form, or not those of the checkpoint
	CodeRight      Code = "right"      // not allowed by the rules then in force, or out of order
	CodeSignature  Code = "signature"  // not by whom it says
	CodeTwice      Code = "twice"      // a statement that stands there already
	CodeSeen       Code = "seen"       // signed with another history in view
	CodeTime       Code = "time"       // other than a witness's clock
	CodeFork       Code = "fork"       // a checkpoint known from elsewhere is of another history
	CodeShrunk     Code = "shrunk"     // a checkpoint known from elsewhere is of more entries
	CodeEarlier    Code = "earlier"    // the record before is not the one that was succeeded
	CodePayload    Code = "payload"    // not what was stated
	CodePlan       Code = "plan"       // an adopted plan that is not proven
)

// Failure is one thing that does not hold.
type Failure struct {
	Code  Code
	Entry int64 // number in its record, or -1
	Size  int64 // of the checkpoint, where it is about one
	Err   error
}

// Reason returns the code under which programs have a sentence for what is wrong, and what to fill in; "" where
// [Failure.In] says it.
func (f Failure) Reason() (code string, with []string) {
	var r *Reason
	var refused *govern.Refusal
	if errors.As(f.Err, &refused) || !errors.As(f.Err, &r) {
		return "", nil
	}
	return r.Code, r.With
}

// In returns what is wrong: what the rules refuse in a language, all else in English.
func (f Failure) In(lang string) string {
	var r *govern.Refusal
	if errors.As(f.Err, &r) {
		return r.In(lang)
	}
	return f.Err.Error()
}

// MarshalJSON writes the failure with its English sentence.
func (f Failure) MarshalJSON() ([]byte, error) {
	out := struct {
		Code   Code   `json:"code"`
		Reason string `json:"reason,omitempty"`
		Entry  *int64 `json:"entry,omitempty"`
		Size   int64  `json:"size,omitempty"`
		Text   string `json:"text"`
	}{Code: f.Code, Size: f.Size, Text: f.In("en")}
	out.Reason, _ = f.Reason()
	if f.Entry >= 0 {
		out.Entry = &f.Entry
	}
	return json.Marshal(out)
}

// mostFailures is how many failures a report keeps; the others are counted.
const mostFailures = 1000

// Report is what an audit found.
type Report struct {
	Holds      bool        `json:"holds"`
	Network    string      `json:"network"` // its name
	Origin     string      `json:"origin"`
	Operator   string      `json:"operator"`
	Key        string      `json:"key"` // the log's present public key, which the record itself names
	Size       int64       `json:"size"`
	Root       record.Hash `json:"root"`
	Checkpoint string      `json:"checkpoint"` // the signed note, to keep and to compare

	Entries int64     `json:"entries"` // read, with those of earlier records
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`

	Kinds    map[record.Kind]int64 `json:"kinds"`    // entries by how their member signed
	Verified int64                 `json:"verified"` // signatures, those of others who signed along included
	Seen     int64                 `json:"seen"`     // statements signed with a history in view
	Disowned int64                 `json:"disowned"` // entries of which the member said: not mine

	Witnesses   []Witness `json:"witnesses"` // named in the record
	Cosigned    int64     `json:"cosigned"`  // checkpoints whose times could be compared with witnesses'
	Known       []Known   `json:"known"`     // checkpoints from elsewhere
	Kept        int64     `json:"kept"`      // checkpoints that lay with the record
	Losses      []Loss    `json:"losses"`    // declared in the record
	Earlier     []Earlier `json:"earlier"`   // records that this one goes on from
	Decisions   Decisions `json:"decisions"`
	Plans       []Plan    `json:"plans"` // adopted
	Payloads    int64     `json:"payloads"`
	PayloadsHad int64     `json:"payloads_checked"`

	Failures     []Failure `json:"failures"`
	MoreFailures int64     `json:"more_failures"`
}

// Unwitnessed tells whether no witness that the record names has cosigned its newest checkpoint.
func (r *Report) Unwitnessed() bool {
	return !slices.ContainsFunc(r.Witnesses, func(w Witness) bool { return !w.Time.IsZero() })
}

// Witness is one that the record names.
type Witness struct {
	Name string    `json:"name"`
	Key  string    `json:"key"`
	Time time.Time `json:"time,omitzero"` // when it cosigned the newest checkpoint; zero if it did not
}

// Known is a checkpoint from elsewhere that fits.
type Known struct {
	record.Head
	Origin string `json:"origin"`
	Lost   bool   `json:"lost,omitempty"` // of entries whose loss the record declares
}

// Loss is a declared one.
type Loss struct {
	Entry int64 `json:"entry"`
	Size  int64 `json:"size"` // so many entries the record had had
}

// Earlier is a record that was succeeded.
type Earlier struct {
	record.Head
	Origin string `json:"origin"`
	GoesOn int64  `json:"goes_on"` // so many entries it has beyond those that were carried over: two networks
}

// Decisions are acts that several had to carry, counted anew from their signatures.
type Decisions struct {
	Opened  int64 `json:"opened"`
	Answers int64 `json:"answers"` // assents and refusals in entries of their own
	Open    int64 `json:"open"`
}

// Plan is an adopted one.
type Plan struct {
	Entry   int64       `json:"entry"`
	Hash    record.Hash `json:"hash"`
	Network record.Hash `json:"network"`
	Status  string      `json:"status"` // as adopted: "optimal" or "stopped"
	Checked bool        `json:"checked"`
	Rounds  int         `json:"rounds,omitempty"`
	Gap     float64     `json:"gap,omitempty"`
	Missing string      `json:"missing,omitempty"` // what is not there: the file of "plan", "network" or "proofs", or a "certificate"
}

// fail notes a failure.
func (a *auditor) fail(f Failure) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.report.Failures) < mostFailures {
		a.report.Failures = append(a.report.Failures, f)
	} else {
		a.report.MoreFailures++
	}
}

func (a *auditor) finish(parts []part) *Report {
	r, s := &a.report, a.state
	last := &parts[len(parts)-1]
	r.Network, r.Operator, r.Key = s.Name, s.Operator, s.LogKey
	r.Origin, r.Size, r.Root, r.Checkpoint = last.origin, last.head.Size, last.head.Root, string(last.signed)
	r.Entries = s.Size
	r.Decisions.Open = int64(len(s.Acts))
	for i := range parts[:len(parts)-1] {
		p := &parts[i]
		r.Earlier = append(r.Earlier, Earlier{Head: record.Head{Size: p.size, Root: p.root}, Origin: p.origin, GoesOn: p.head.Size - p.size})
	}
	a.reckon(parts)
	for i := range s.Losses {
		r.Losses = append(r.Losses, Loss{Entry: s.Losses[i].Entry, Size: s.Losses[i].Size})
	}
	slices.SortStableFunc(r.Failures, func(x, y Failure) int {
		return cmp.Or(cmp.Compare(x.Entry, y.Entry), cmp.Compare(x.Code, y.Code), cmp.Compare(x.Size, y.Size), cmp.Compare(fmt.Sprint(x.Err), fmt.Sprint(y.Err)))
	})
	r.Holds = len(r.Failures) == 0
	return r
}
