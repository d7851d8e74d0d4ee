package commons

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"bremen/record"
)

// Options say how networks are held.
type Options struct {
	// Clock says what time it is; the one that the store was opened with.
	Clock func() time.Time
	// Dir is a directory of this server's for what is not in the record: files bound by hash (files), snapshots of the fold
	// (snapshots) and sum trees (sums). Servers that share a database share it, too.
	Dir string
	// Console is where the set-up code of a network that is not founded is printed; nil prints none.
	Console io.Writer
	// Log takes what operators should know; nil takes nothing.
	Log *slog.Logger
	// SnapshotEvery is after how many entries a snapshot is written; 0 means 50,000. One is also written by Close.
	SnapshotEvery int64
}

// Commons holds the networks of one store.
type Commons struct {
	store record.Store
	o     Options
	files Files

	mu       sync.Mutex
	networks map[string]*Network
	closed   bool
}

// Open opens every network of a store and follows them. It lets go of them in Close; the store stays the caller's.
func Open(ctx context.Context, store record.Store, o Options) (*Commons, error) {
	if o.Clock == nil || o.Dir == "" {
		return nil, errors.New("commons: options without clock or directory")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.SnapshotEvery == 0 {
		o.SnapshotEvery = 50_000
	}
	c := &Commons{store: store, o: o, files: Files{filepath.Join(o.Dir, "files")}, networks: map[string]*Network{}}
	origins, err := store.Origins(ctx)
	if err != nil {
		return nil, err
	}
	past, err := c.past(ctx, origins)
	if err != nil {
		return nil, err
	}
	for _, origin := range origins {
		if past[origin] {
			continue
		}
		if _, err := c.Network(ctx, origin); err != nil {
			return nil, errors.Join(fmt.Errorf("network %s: %w", origin, err), c.Close())
		}
	}
	return c, nil
}

// past tells which records others in the store go on from: they belong to those networks, and are none of their own.
func (c *Commons) past(ctx context.Context, origins []string) (map[string]bool, error) {
	past := map[string]bool{}
	for _, origin := range origins {
		log, err := c.store.Log(ctx, origin)
		if err != nil {
			return nil, err
		}
		raw, err := log.Read(ctx, 0, 1)
		if err != nil {
			return nil, err
		}
		if len(raw) == 0 {
			continue
		}
		e, err := record.Decode(raw[0])
		if err != nil {
			return nil, fmt.Errorf("network %s: %w", origin, err)
		}
		if before, _, ok := successor(&e); ok {
			past[before] = true
		}
	}
	return past, nil
}

// Origins lists the networks, sorted.
func (c *Commons) Origins() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return sorted(c.networks)
}

// Files returns the files of all networks that are bound by hash and that anybody may read who may audit.
func (c *Commons) Files() Files { return c.files }

// Network returns the network of an origin, which it opens if another server has begun it; record.ErrUnknownLog if there is
// none.
func (c *Commons) Network(ctx context.Context, origin string) (*Network, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := c.networks[origin]; n != nil {
		return n, nil
	}
	if c.closed {
		return nil, errors.New("commons: closed")
	}
	log, err := c.store.Log(ctx, origin)
	if err != nil {
		return nil, err
	}
	n, err := open(ctx, c, log)
	if err != nil {
		return nil, err
	}
	c.networks[origin] = n
	return n, nil
}

// Create begins the record of a network with a fresh key, and prints its set-up code on the console.
func (c *Commons) Create(ctx context.Context, origin string) (*Network, error) {
	key, _, err := record.NewKey(origin)
	if err != nil {
		return nil, err
	}
	if _, err := c.store.Create(ctx, origin, key); err != nil {
		return nil, err
	}
	return c.Network(ctx, origin)
}

// Close ends following, writes snapshots and lets go of the networks.
func (c *Commons) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	var failed []error
	for _, origin := range sorted(c.networks) {
		failed = append(failed, c.networks[origin].close())
		delete(c.networks, origin)
	}
	return errors.Join(failed...)
}

// Succeed begins a record of another origin in the same store that goes on from a network with its people, rules and
// statements, as after its record was copied here from another operator (record.Copy). The old record stays as it is, takes
// nothing more, and is no network of its own any longer.
// Until members enrol passkeys for the new address they sign with the keys on their cards.
func (c *Commons) Succeed(ctx context.Context, origin string, old *Network, operator string) (*Network, error) {
	size := old.Size()
	head, err := record.HeadAt(ctx, old.log, size-old.base())
	if err != nil {
		return nil, err
	}
	log, key, err := c.empty(ctx, origin)
	if err != nil {
		return nil, err
	}
	public, err := record.PublicKey(strings.TrimSpace(key))
	if err != nil {
		return nil, err
	}
	head.Size = size // from the founding on
	i := Succeed(Succession{Origin: old.Origin(), Head: head, LogKey: public, Operator: operator})
	body, err := record.Canonical(i.Body)
	if err != nil {
		return nil, err
	}
	e := record.Entry{Statement: record.Statement{
		Version: record.Version, Origin: origin, Type: i.Type, Right: operatorRight(old, i.Type), Nonce: record.NewNonce(), Body: body,
	}}
	if e.StatementHash, err = e.Statement.Hash(); err != nil {
		return nil, err
	}
	sig, err := record.SignServer(key, &e.Statement)
	if err != nil {
		return nil, err
	}
	e.Signatures = []record.Signature{sig}
	old.View(func(s *State) {
		if err = s.may(&e, c.o.Clock()); err == nil {
			_, err = s.Govern.Verify(&e)
		}
	})
	if err != nil {
		return nil, err
	}
	if err := old.log.Move(ctx, origin); err != nil {
		return nil, err
	}
	if _, err := record.Append(ctx, log, record.After{}, record.Draft{Statement: e.Statement, Signatures: e.Signatures}); err != nil {
		return nil, errors.Join(err, old.log.Move(ctx, ""))
	}
	if err := c.letGo(old); err != nil {
		return nil, err
	}
	return c.Network(ctx, origin)
}

// letGo closes a network.
func (c *Commons) letGo(n *Network) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.networks, n.Origin())
	return n.close()
}

// empty returns a record without entries, which it creates unless there is one, and its key.
func (c *Commons) empty(ctx context.Context, origin string) (record.Log, string, error) {
	key, _, err := record.NewKey(origin)
	if err != nil {
		return nil, "", err
	}
	log, err := c.store.Create(ctx, origin, key)
	if !errors.Is(err, record.ErrLogExists) {
		return log, key, err
	}
	if log, err = c.store.Log(ctx, origin); err != nil {
		return nil, "", err
	}
	if size, err := log.Size(ctx); err != nil || size > 0 {
		return nil, "", errors.Join(fmt.Errorf("record %s: %w", origin, record.ErrLogExists), err)
	}
	key, err = log.Key(ctx)
	return log, key, err
}
