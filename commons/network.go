package commons

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"bremen/govern"
	"bremen/record"
)

// Network is one network: its record, and the state that it folds to. All methods may be called at once.
type Network struct {
	c     *Commons
	log   record.Log
	past  []segment // earlier records that this one succeeds, the oldest first
	stop  context.CancelFunc
	ended chan struct{} // closed when following has ended

	mu      sync.RWMutex
	state   *State // of what is durable; written by follow alone
	lines   journal
	changed chan struct{} // closed and replaced when state grows
	saved   int64         // entries in the newest snapshot

	newest newest
	write  writer
	proven proven
}

// segment is an earlier record: its entries have the numbers from base to base+size.
type segment struct {
	log        record.Log
	base, size int64
}

// newest is the newest checkpoint, and the key with which the log signs.
type newest struct {
	mu         sync.Mutex
	checkpoint []byte
	head       record.Head
	signer     note.Signer
	public     string
}

// open folds a record and begins to follow it.
func open(ctx context.Context, c *Commons, log record.Log) (*Network, error) {
	n := &Network{c: c, log: log, state: NewState(), changed: make(chan struct{}), ended: make(chan struct{})}
	if err := n.findPast(ctx, 0); err != nil {
		return nil, err
	}
	if err := n.restore(ctx); err != nil {
		return nil, err
	}
	for i := range n.past {
		if err := n.replay(ctx, &n.past[i]); err != nil {
			return nil, err
		}
	}
	if err := n.replay(ctx, &segment{log: log, base: n.base(), size: -1}); err != nil {
		return nil, err
	}
	if err := n.settle(ctx); err != nil {
		return nil, err
	}
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	n.stop = stop
	go n.follow(following)
	return n, n.announce(ctx)
}

// base is how many entries are in earlier records.
func (n *Network) base() int64 {
	if len(n.past) == 0 {
		return 0
	}
	last := n.past[len(n.past)-1]
	return last.base + last.size
}

// findPast finds the records that this one succeeds, which must be in the same store.
func (n *Network) findPast(ctx context.Context, depth int) error {
	log := n.log
	var found []segment
	for ; ; depth++ {
		raw, err := log.Read(ctx, 0, 1)
		if err != nil || len(raw) == 0 {
			return err
		}
		e, err := record.Decode(raw[0])
		if err != nil {
			return err
		}
		origin, size, ok := successor(&e)
		if !ok {
			break
		}
		if depth > 100 || origin == log.Origin() {
			return fmt.Errorf("record %s succeeds itself", log.Origin())
		}
		if log, err = n.c.store.Log(ctx, origin); err != nil {
			return fmt.Errorf("record %s succeeds %s, which is not here: %w", n.log.Origin(), origin, err)
		}
		found = append(found, segment{log: log, size: size})
	}
	// Sizes count from the founding on, across records.
	for i := len(found) - 1; i >= 0; i-- {
		s := found[i]
		s.base = n.base()
		s.size -= s.base
		n.past = append(n.past, s)
	}
	return nil
}

// replay folds what a record holds beyond the state; of an earlier one up to its size.
func (n *Network) replay(ctx context.Context, s *segment) error {
	from := n.state.Size() - s.base
	if from < 0 || s.size >= 0 && from >= s.size {
		return nil
	}
	for st, err := range decoded(ctx, s.log, from, n.reader(ctx)) {
		if err != nil {
			return err
		}
		if s.size >= 0 && st.Entry.Seq >= s.size {
			break
		}
		if err := n.take(st); err != nil {
			return err
		}
	}
	return nil
}

// take folds an entry; the caller holds mu or is alone.
func (n *Network) take(st *step) error {
	refused, err := n.state.fold(st)
	if err != nil {
		return err
	}
	if r := (*govern.Refusal)(nil); errors.As(refused, &r) {
		n.c.o.Log.Error("an entry that the rules do not let in has no effect", "origin", n.log.Origin(), "entry", st.number, "code", r.Code)
	}
	n.lines.add(st.Entry)
	return nil
}

// reader reads earlier entries by number.
func (n *Network) reader(ctx context.Context) Lookup {
	return func(number int64) (*record.Entry, error) {
		e, _, err := n.Entry(ctx, number)
		return e, err
	}
}

// follow folds what becomes durable, by whoever appended it, until ctx ends.
func (n *Network) follow(ctx context.Context) {
	defer close(n.ended)
	size := n.Size() - n.base()
	for ctx.Err() == nil {
		_, err := n.log.Wait(ctx, size)
		if err == nil {
			err = n.advance(ctx, size)
		}
		if err != nil && ctx.Err() == nil {
			n.c.o.Log.Error("following a record", "origin", n.log.Origin(), "entries", size, "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			continue
		}
		size = n.Size() - n.base()
	}
}

// advance folds what is durable beyond size, a batch at a time, and writes a snapshot now and then.
func (n *Network) advance(ctx context.Context, size int64) error {
	const batch = 1000
	for {
		raw, err := n.log.Read(ctx, size, batch)
		if err != nil || len(raw) == 0 {
			return err
		}
		steps, err := decodeBatch(raw, size, n.reader(ctx))
		if err != nil {
			return err
		}
		if err := n.grow(steps); err != nil {
			return err
		}
		size += int64(len(raw))
		if n.Size()-n.saved >= n.c.o.SnapshotEvery {
			if err := n.save(ctx); err != nil {
				n.c.o.Log.Error("writing a snapshot", "origin", n.log.Origin(), "err", err)
			}
		}
	}
}

func (n *Network) grow(steps []*step) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, st := range steps {
		if err := n.take(st); err != nil {
			return err
		}
	}
	close(n.changed)
	n.changed = make(chan struct{})
	return nil
}

func (n *Network) close() error {
	n.stop()
	<-n.ended
	if n.Size() == n.saved {
		return nil
	}
	return n.save(context.Background())
}

// Origin returns the name of the network's record.
func (n *Network) Origin() string { return n.log.Origin() }

// Past returns the records that this one goes on from, the newest first.
func (n *Network) Past() []record.Log {
	var logs []record.Log
	for _, s := range n.past {
		logs = append([]record.Log{s.log}, logs...)
	}
	return logs
}

// Moved tells whether the network goes on elsewhere, and can only be read here.
func (n *Network) Moved(ctx context.Context) bool {
	to, err := n.log.Moved(ctx)
	return err == nil && to != ""
}

// Log returns the record, for serving tiles, receipts and audits. What is appended past the commands is folded as well.
func (n *Network) Log() record.Log { return n.log }

// Size returns how many durable entries are folded.
func (n *Network) Size() int64 {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.state.Size()
}

// View lets a function read the state. It must not keep or change any of it, and should be quick: nothing is folded meanwhile.
func (n *Network) View(read func(*State)) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	read(n.state)
}

// Wait returns how many entries are folded as soon as there are more than size.
func (n *Network) Wait(ctx context.Context, size int64) (int64, error) {
	for {
		n.mu.RLock()
		have, changed := n.state.Size(), n.changed
		n.mu.RUnlock()
		if have > size {
			return have, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return have, ctx.Err()
		}
	}
}

// Follow reads the entries from a number on as they become durable and are folded, and goes on until ctx ends.
func (n *Network) Follow(ctx context.Context, from int64) iter.Seq2[*record.Entry, error] {
	return func(yield func(*record.Entry, error) bool) {
		for {
			end, err := n.Wait(ctx, from)
			if err != nil {
				yield(nil, err)
				return
			}
			for raw, err := range n.Raw(ctx, from, end) {
				var e record.Entry
				if err == nil {
					e, err = record.Decode(raw)
				}
				if !yield(&e, err) || err != nil {
					return
				}
			}
			from = end
		}
	}
}

// place finds the record and the place in it of an entry's number.
func (n *Network) place(number int64) (record.Log, int64) {
	for _, s := range n.past {
		if number < s.base+s.size {
			return s.log, number - s.base
		}
	}
	return n.log, number - n.base()
}

// Entry returns a durable entry by its number in the life of the network, with its canonical bytes; record.ErrNone if it
// is not there.
func (n *Network) Entry(ctx context.Context, number int64) (*record.Entry, []byte, error) {
	log, seq := n.place(number)
	if seq < 0 {
		return nil, nil, fmt.Errorf("entry %d: %w", number, record.ErrNone)
	}
	raw, err := log.Read(ctx, seq, 1)
	if err != nil {
		return nil, nil, err
	}
	if len(raw) == 0 {
		return nil, nil, fmt.Errorf("entry %d: %w", number, record.ErrNone)
	}
	e, err := record.Decode(raw[0])
	return &e, raw[0], err
}

// Raw reads the canonical bytes of the entries from one number up to another, across the records that the network has had.
func (n *Network) Raw(ctx context.Context, from, end int64) iter.Seq2[[]byte, error] {
	const batch = 1000
	return func(yield func([]byte, error) bool) {
		for from < end {
			log, seq := n.place(from)
			raw, err := log.Read(ctx, seq, int(min(batch, end-from, n.until(from)-from)))
			if err == nil && len(raw) == 0 {
				err = fmt.Errorf("entry %d: %w", from, record.ErrNone)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for _, data := range raw {
				if !yield(data, nil) {
					return
				}
				from++
			}
		}
	}
}

// until returns the number behind the last entry of the record in which a number stands.
func (n *Network) until(number int64) int64 {
	for _, s := range n.past {
		if number < s.base+s.size {
			return s.base + s.size
		}
	}
	return math.MaxInt64
}

// Receipt returns the log's signed promise that an entry stands in it.
func (n *Network) Receipt(ctx context.Context, number int64) ([]byte, error) {
	if number < n.base() {
		return nil, fmt.Errorf("entry %d stands in an earlier record, which gave its own receipt", number)
	}
	_, raw, err := n.Entry(ctx, number)
	if err != nil {
		return nil, err
	}
	return n.receipt(ctx, raw)
}

func (n *Network) receipt(ctx context.Context, raw []byte) ([]byte, error) {
	signer, err := n.signer(ctx)
	if err != nil {
		return nil, err
	}
	return record.SignReceipt(raw, signer)
}

// signer returns the log's present key.
func (n *Network) signer(ctx context.Context) (note.Signer, error) {
	n.newest.mu.Lock()
	defer n.newest.mu.Unlock()
	var public string
	n.View(func(s *State) { public = s.Govern.LogKey })
	if n.newest.signer != nil && n.newest.public == public {
		return n.newest.signer, nil
	}
	key, err := n.log.Key(ctx)
	if err != nil {
		return nil, err
	}
	signers, err := record.Signers(n.log.Origin(), firstKey(key, public))
	if err != nil {
		return nil, err
	}
	n.newest.signer, n.newest.public = signers[0], public
	return signers[0], nil
}

// Publish signs a checkpoint of what is durable and asks witnesses to cosign it, as record.Publish does. To keep the
// promise of receipts it is called every few seconds.
func (n *Network) Publish(ctx context.Context, witnesses ...record.Cosigner) ([]byte, error) {
	signed, err := record.Publish(ctx, n.log, witnesses...)
	if signed == nil {
		return nil, err
	}
	n.newest.mu.Lock()
	defer n.newest.mu.Unlock()
	c, bad := record.PeekCheckpoint(signed)
	if bad != nil || c.Size < n.newest.head.Size {
		return signed, err
	}
	kept := signed
	if n.newest.checkpoint != nil && c.Size == n.newest.head.Size {
		// Another call may have brought a cosignature meanwhile.
		if kept, bad = record.MergeSignatures(n.newest.checkpoint, signed); bad != nil {
			return signed, errors.Join(err, bad)
		}
	}
	n.newest.checkpoint, n.newest.head = kept, c.Head
	return signed, err
}

// Checkpoint returns the newest checkpoint, nil if none was published yet.
func (n *Network) Checkpoint(ctx context.Context) ([]byte, error) {
	n.newest.mu.Lock()
	defer n.newest.mu.Unlock()
	if n.newest.checkpoint != nil {
		return n.newest.checkpoint, nil
	}
	signed, err := n.log.LatestCheckpoint(ctx)
	if errors.Is(err, record.ErrNone) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c, err := record.PeekCheckpoint(signed)
	if err == nil {
		n.newest.checkpoint, n.newest.head = signed, c.Head
	}
	return signed, err
}
