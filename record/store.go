package record

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Errors that callers tell apart with errors.Is.
var (
	// ErrHeadMoved: the log is longer than the caller thought, so what the caller checked may no longer hold. Read on and
	// try again.
	ErrHeadMoved = errors.New("the record has moved on")
	// ErrDuplicate: the log already holds this very statement; see [DuplicateError] for its number.
	ErrDuplicate = errors.New("the record already holds this statement")
	// ErrErased: the person was erased; nothing can be kept for them, and what was kept is gone.
	ErrErased = errors.New("erased")
	// ErrUnknownLog: the store holds no log of that origin.
	ErrUnknownLog = errors.New("no record of that origin")
	// ErrLogExists: the store already holds a log of that origin.
	ErrLogExists = errors.New("there already is a record of that origin")
	// ErrLocked: another process has the store open for writing.
	ErrLocked = errors.New("in use by another process")
	// ErrReadOnly: the store cannot be written to.
	ErrReadOnly = errors.New("read-only")
	// ErrFull: the disk is full.
	ErrFull = errors.New("disk full")
	// ErrClock: the clock stands so far before the newest entry's time that one of them is wrong.
	ErrClock = errors.New("clock is wrong")
	// ErrInvalid: what was to be appended is not a statement that may stand in a record.
	ErrInvalid = errors.New("invalid entry")
	// ErrMoved: the record goes on elsewhere; see [MovedError].
	ErrMoved = errors.New("the record goes on elsewhere")
	// ErrNone: there is none yet.
	ErrNone = errors.New("none yet")
)

func isNone(err error) bool { return errors.Is(err, ErrNone) }

// DuplicateError names the entry in which a statement already stands. It is an [ErrDuplicate].
type DuplicateError struct{ Seq int64 }

func (e *DuplicateError) Error() string { return fmt.Sprintf("%v as entry %d", ErrDuplicate, e.Seq) }

// Is reports whether target is ErrDuplicate.
func (e *DuplicateError) Is(target error) bool { return target == ErrDuplicate }

// MovedError says where a record goes on that is only read here. It is an [ErrMoved].
type MovedError struct{ To string }

func (e *MovedError) Error() string { return fmt.Sprintf("%v: %s", ErrMoved, e.To) }

// Is reports whether target is ErrMoved.
func (e *MovedError) Is(target error) bool { return target == ErrMoved }

// After is a place in a log: behind its first Size entries, the last of which holds the statement with the hash Last.
// The zero value is the beginning. A number alone would not do: what a caller saw pending at that number may have
// failed, and something else may stand there.
type After struct {
	Size int64
	Last Hash
}

// Anywhere appends wherever the log ends.
var Anywhere = After{Size: -1}

// After returns the place behind an entry.
func (e *Entry) After() After { return After{Size: e.Seq + 1, Last: e.StatementHash} }

// MaxBackstep is how far the clock may stand before the newest entry's time. Up to it a new entry takes the newest
// entry's time; beyond it appending is refused with ErrClock.
const MaxBackstep = time.Hour

// Store keeps the logs of any number of networks. All methods may be called at once from many goroutines.
type Store interface {
	// Create begins the empty log of an origin. key is the log's private key as golang.org/x/mod/sumdb/note writes it,
	// and its name must be the origin. The error may be ErrLogExists.
	Create(ctx context.Context, origin, key string) (Log, error)
	// Log returns the log of an origin, or ErrUnknownLog.
	Log(ctx context.Context, origin string) (Log, error)
	// Origins lists the logs, sorted.
	Origins(ctx context.Context) ([]string, error)
	Witnessed
	// Close ends all appends that are under way, waits for what is being committed, and lets go of the store.
	Close() error
}

// Witnessed keeps the newest checkpoint that was cosigned of each log that is witnessed for others.
type Witnessed interface {
	// Witnessed returns the checkpoint of an origin, nil if there is none.
	Witnessed(ctx context.Context, origin string) ([]byte, error)
	// SetWitnessed puts new in the place of old, durably, and reports whether old, empty for none, was still there.
	SetWitnessed(ctx context.Context, origin string, old, new []byte) (bool, error)
	// WitnessedOrigins lists the logs of which there is one, sorted.
	WitnessedOrigins(ctx context.Context) ([]string, error)
}

// Log is one network's record.
type Log interface {
	Appender
	Reader
	Vault
	Checkpoints
	Mover
	Origin() string
}

// Mover ends a log that goes on elsewhere, so that its history has one end.
type Mover interface {
	// Move says, durably, where the log goes on: the origin of another log. From then on, and on all servers, Append is
	// refused with a [MovedError]; entries may still be imported. Empty means that it goes on here.
	Move(ctx context.Context, to string) error
	// Moved returns where the log goes on, empty if here.
	Moved(ctx context.Context) (string, error)
}

// Appender adds entries.
type Appender interface {
	// Append queues statements as the next entries if, once all that was queued before is in, the log ends at after; with
	// [Anywhere], wherever it ends. All of them are appended, in order and without others between, or none.
	//
	// It returns at once what the entries will be, so that one caller can check the next statement against them while
	// they are still being written; many appends share one commit. Only [Pending.Wait] says that they are durable. If a
	// commit is not possible, all that was queued behind it fails too, and the caller goes back to the durable end.
	//
	// Errors, from here or from Wait: ErrHeadMoved, ErrDuplicate, ErrErased, ErrMoved, ErrClock, ErrInvalid, ErrFull,
	// ErrReadOnly.
	// After any other error the entries may or may not be in the log; appending them again tells (ErrDuplicate).
	Append(ctx context.Context, after After, drafts ...Draft) (*Pending, error)
	// Import appends entries with the numbers, times and signatures that they already have, which must follow on from
	// the log's durable head, and payloads as far as they are still there. It is for moving and restoring.
	Import(ctx context.Context, entries [][]byte, payloads []Payload) error
}

// Pending are entries that are on their way into the record.
type Pending struct {
	// Entries are what the entries will be. Those that are appended Anywhere may come to stand further on.
	Entries []Entry

	done  chan struct{}
	final []Entry
	err   error
}

// NewPending returns entries that are on their way; [Pending.Finish] ends that. It is for stores.
func NewPending(entries []Entry) *Pending {
	return &Pending{Entries: entries, done: make(chan struct{})}
}

// Finish says, once, that the entries are durable as given, or why they are not in the log.
func (p *Pending) Finish(entries []Entry, err error) {
	p.final, p.err = entries, err
	close(p.done)
}

// Wait returns the entries when they are durable, or why they are not. If it is ctx that ends, they may yet be.
func (p *Pending) Wait(ctx context.Context) ([]Entry, error) {
	select {
	case <-p.done:
		return p.final, p.err
	default:
	}
	select {
	case <-p.done:
		return p.final, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Append appends as [Appender.Append] does and waits until the entries are durable.
func Append(ctx context.Context, log Appender, after After, drafts ...Draft) ([]Entry, error) {
	p, err := log.Append(ctx, after, drafts...)
	if err != nil {
		return nil, err
	}
	return p.Wait(ctx)
}

// Reader reads what is durable.
type Reader interface {
	// Size returns the number of entries.
	Size(ctx context.Context) (int64, error)
	// Read returns up to max entries from number from on, as the canonical bytes that [Decode] takes; none at the end.
	Read(ctx context.Context, from int64, max int) ([][]byte, error)
	// Hashes returns hashes of the tree by the index that tlog.StoredHashIndex gives them.
	Hashes(ctx context.Context, indexes []int64) ([]Hash, error)
	// Find returns the number of the entry with this statement hash, or ErrNone.
	Find(ctx context.Context, statement Hash) (int64, error)
	// Wait returns the number of entries as soon as there are more than size.
	Wait(ctx context.Context, size int64) (int64, error)
}

// Vault keeps payloads, each encrypted under its person's key.
type Vault interface {
	// Payloads returns those of the payloads that are still there, in no order; erased ones are left out.
	Payloads(ctx context.Context, refs ...Ref) (map[Hash]Payload, error)
	// Keep adds payloads that entries of the log refer to, as the caller has checked, where they are not there. Those of
	// erased persons are left out.
	Keep(ctx context.Context, payloads ...Payload) error
	// Erase destroys a person's key and payloads, so that neither they nor salts are found in files, write-ahead log or
	// a dump, and remembers that the person was erased. Erasing twice does no harm; an erasure cut short is completed by
	// the next, or when the store is opened.
	Erase(ctx context.Context, person int64) error
	// Erased lists the persons who were erased, sorted, for a restored backup to erase again.
	Erased(ctx context.Context) ([]int64, error)
}

// Checkpoints keeps the log's signed heads and its key.
type Checkpoints interface {
	// PutCheckpoint keeps a signed checkpoint, and adds its signatures to what was kept for the same size, whose text must
	// be the same.
	PutCheckpoint(ctx context.Context, size int64, note []byte) error
	// Checkpoint returns the checkpoint with the least size that is at least size; ErrNone if there is none.
	Checkpoint(ctx context.Context, size int64) ([]byte, error)
	// LatestCheckpoint returns the checkpoint with the greatest size, or ErrNone.
	LatestCheckpoint(ctx context.Context) ([]byte, error)
	// DropCheckpoint drops what is kept for a size, if anything; see [Thin].
	DropCheckpoint(ctx context.Context, size int64) error
	// Key returns the log's private key; SetKey replaces it, after the record has announced the next one.
	Key(ctx context.Context) (string, error)
	SetKey(ctx context.Context, key string) error
}
