// Package queue gathers the appends of one log and hands them to its store in groups, each to be committed at once. It
// gives entries their numbers, times and tree hashes; the stores only have to keep them.
package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"bremen/record"
)

// State is where a log ends.
type State struct {
	record.After
	Time time.Time // of the last entry; zero in an empty log
	Edge Edge
}

// Row is an entry as a store keeps it.
type Row struct {
	Seq       int64
	Time      time.Time
	Statement record.Hash
	// Hashes are those of the tree that the entry completes: its leaf's, then one for each level above that it fills.
	// The hash of level l and number n is the l-th of entry (n+1)·2^l − 1.
	Hashes   []record.Hash
	Data     []byte
	Payloads []record.Payload
}

// Payloads returns the payloads of rows.
func Payloads(rows []Row) []*record.Payload {
	var list []*record.Payload
	for i := range rows {
		for j := range rows[i].Payloads {
			list = append(list, &rows[i].Payloads[j])
		}
	}
	return list
}

// Ask is what a store must look up before rows can be placed.
type Ask struct {
	Statements []record.Hash
	Persons    []int64
}

// Known is what it found.
type Known struct {
	Statements map[record.Hash]int64 // those that the log already holds, with their entries' numbers
	Erased     map[int64]bool
	Moved      string // where the log goes on, empty if here
}

// Backend is what a store has to be able to do for one log.
type Backend interface {
	// Load reads where the log durably ends.
	Load(ctx context.Context) (State, error)
	// Commit locks the log against other writers, looks up what is asked, hands it with where the log ends to place, and
	// makes the rows that place returns durable with their payloads. Without rows there is nothing to commit.
	Commit(ctx context.Context, ask Ask, place func(State, Known) ([]Row, error)) error
}

const (
	// maxGroup is the most entries that share a commit, so that one commit stays short.
	maxGroup = 1024
	// gatherFor is how long a group waits for as many appends as the last had: those who waited for that one are about to
	// make their next, and without a moment's patience every second group would be of one.
	gatherFor = time.Millisecond
	// maxWaiting is the most appends that may wait; beyond it Append blocks.
	maxWaiting = 4096
)

// ErrClosed is returned by appends to a store that was closed.
var ErrClosed = errors.New("the store is closed")

// Queue is the queue of one log.
type Queue struct {
	origin  string
	clock   func() time.Time
	backend Backend
	room    chan struct{}
	idle    sync.WaitGroup

	mu      sync.Mutex
	end     *State // where the log will end once all that waits is in; nil if that has to be looked up
	waiting []*item
	running bool // a goroutine commits what waits
	closed  bool
}

// item is one append.
type item struct {
	after   record.After
	drafts  []*record.Prepared
	fixed   []Row // of an import: rows that already have number and time
	entries []record.Entry

	announced int64 // number of the first entry, as it was announced
	pending   *record.Pending
	taken     time.Time // by the clock
	rejected  error
}

// New returns the queue of a log.
func New(origin string, clock func() time.Time, b Backend) *Queue {
	return &Queue{origin: origin, clock: clock, backend: b, room: make(chan struct{}, maxWaiting)}
}

// Append is record.Appender's.
func (q *Queue) Append(ctx context.Context, after record.After, drafts ...record.Draft) (*record.Pending, error) {
	if len(drafts) == 0 || len(drafts) > maxGroup {
		return nil, fmt.Errorf("%w: %d statements at once, expected 1 to %d", record.ErrInvalid, len(drafts), maxGroup)
	}
	it := &item{after: after}
	for _, d := range drafts {
		p, err := record.Prepare(q.origin, d)
		if err != nil {
			return nil, err
		}
		it.drafts = append(it.drafts, p)
	}
	return q.add(ctx, it)
}

// importGroup appends at most maxGroup entries that already have number and time.
func (q *Queue) importGroup(ctx context.Context, rows []Row) error {
	p, err := q.add(ctx, &item{after: record.Anywhere, fixed: rows})
	if err != nil {
		return err
	}
	_, err = p.Wait(ctx)
	return err
}

// add queues an append and sees to it that it is committed.
func (q *Queue) add(ctx context.Context, it *item) (*record.Pending, error) {
	select {
	case q.room <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if err := q.enter(ctx, it); err != nil {
		<-q.room
		return nil, err
	}
	if !q.running {
		q.running = true
		q.idle.Add(1)
		go q.run()
	}
	return it.pending, nil
}

// enter gives an append its provisional place. The caller holds mu.
func (q *Queue) enter(ctx context.Context, it *item) error {
	if q.closed {
		return ErrClosed
	}
	quiet := !q.running
	if q.end == nil || quiet && it.after != record.Anywhere && it.after != q.end.After {
		end, err := q.backend.Load(ctx)
		if err != nil {
			return err
		}
		q.end = q.behind(&end)
	}
	if it.after != record.Anywhere && it.after != q.end.After {
		return fmt.Errorf("%w: it has %d entries or other ones, expected %d", record.ErrHeadMoved, q.end.Size, it.after.Size)
	}
	it.taken = q.clock()
	for _, p := range it.drafts {
		t, err := next(q.end.Time, it.taken)
		if err != nil {
			return err
		}
		if _, err := p.Place(q.end.Size, t); err != nil {
			return err
		}
		it.entries = append(it.entries, p.Entry)
		q.end.After, q.end.Time = p.Entry.After(), t
	}
	if n := len(it.fixed); n > 0 {
		last := &it.fixed[n-1]
		q.end.After, q.end.Time = record.After{Size: last.Seq + 1, Last: last.Statement}, last.Time
	}
	if len(it.entries) > 0 {
		it.announced = it.entries[0].Seq
	}
	it.pending = record.NewPending(slices.Clone(it.entries))
	q.waiting = append(q.waiting, it)
	return nil
}

// next returns the time of an entry that is taken at now after one of the time last.
func next(last, now time.Time) (time.Time, error) {
	now = now.UTC().Truncate(time.Millisecond)
	if back := last.Sub(now); back > record.MaxBackstep {
		return time.Time{}, fmt.Errorf("%w: it says %s, the newest entry %s", record.ErrClock, now.Format(time.RFC3339), last.Format(time.RFC3339))
	}
	if now.Before(last) {
		return last, nil
	}
	return now, nil
}

// run commits group after group until nothing waits.
func (q *Queue) run() {
	defer q.idle.Done()
	for last := 0; ; {
		q.gather(last)
		q.mu.Lock()
		group := q.take()
		if len(group) == 0 {
			q.running = false
			q.mu.Unlock()
			return
		}
		q.mu.Unlock()
		last = len(group)
		end, as := q.commit(group)
		if !as {
			q.mu.Lock()
			q.end = q.behind(end)
			q.mu.Unlock()
		}
		for _, it := range group {
			it.pending.Finish(it.entries, it.rejected)
			<-q.room
		}
	}
}

// gather waits until n appends wait, but not for long.
func (q *Queue) gather(n int) {
	for begin := time.Now(); time.Since(begin) < gatherFor; runtime.Gosched() {
		q.mu.Lock()
		waiting := len(q.waiting)
		q.mu.Unlock()
		if waiting >= n {
			return
		}
	}
}

// take removes the next group from what waits. The caller holds mu.
func (q *Queue) take() []*item {
	n, entries := 0, 0
	for n < len(q.waiting) {
		entries += len(q.waiting[n].drafts) + len(q.waiting[n].fixed)
		if n > 0 && entries > maxGroup {
			break
		}
		n++
	}
	group := q.waiting[:n:n]
	q.waiting = q.waiting[n:]
	return group
}

// commit commits a group and returns where the log ends then, nil if that is not known, and whether all of the group came
// to stand where it was to.
func (q *Queue) commit(group []*item) (end *State, as bool) {
	as = true
	err := q.backend.Commit(context.Background(), ask(group), func(s State, known Known) ([]Row, error) {
		p := placement{state: s, known: known}
		for _, it := range group {
			before := p.state.Size
			if it.rejected = p.item(it); it.rejected != nil || len(it.entries) > 0 && it.announced != before {
				as = false
			}
		}
		end = &p.state
		return p.rows, nil
	})
	if err == nil {
		return end, as
	}
	for _, it := range group {
		it.entries = nil
		if it.rejected == nil {
			it.rejected = err
		}
	}
	return nil, false
}

// behind returns where the log will end that ends at end, once those that wait and can succeed are in. The caller holds
// mu.
func (q *Queue) behind(end *State) *State {
	if end == nil {
		return nil
	}
	s := State{After: end.After, Time: end.Time}
	for _, it := range q.waiting {
		if it.after != record.Anywhere && it.after != s.After {
			continue
		}
		for _, p := range it.drafts {
			s.After = record.After{Size: s.Size + 1, Last: p.Entry.StatementHash}
		}
		for i := range it.fixed {
			s.After, s.Time = record.After{Size: it.fixed[i].Seq + 1, Last: it.fixed[i].Statement}, it.fixed[i].Time
		}
	}
	return &s
}

func ask(group []*item) Ask {
	var a Ask
	seen := map[int64]bool{}
	person := func(payloads []record.Payload) {
		for i := range payloads {
			if n := payloads[i].Person; !seen[n] {
				seen[n] = true
				a.Persons = append(a.Persons, n)
			}
		}
	}
	for _, it := range group {
		for _, p := range it.drafts {
			a.Statements = append(a.Statements, p.Entry.StatementHash)
			person(p.Payloads)
		}
		for i := range it.fixed {
			a.Statements = append(a.Statements, it.fixed[i].Statement)
			person(it.fixed[i].Payloads)
		}
	}
	return a
}

// Close refuses further appends and waits until those that wait are committed.
func (q *Queue) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.idle.Wait()
}
