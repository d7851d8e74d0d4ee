package audit

import (
	"crypto/ed25519"
	"fmt"
	"sync"

	"bremen/govern"
	"bremen/record"
)

// check is a signature with the key that counted when it was made, to be verified at leisure.
type check struct {
	entry     int64
	person    int64
	statement record.Hash
	signature record.Signature
	public    []byte
	party     string
}

func (c *check) verify() error {
	var err error
	if c.signature.Kind == record.Card {
		err = c.signature.VerifyKey(ed25519.PublicKey(c.public), c.statement)
	} else {
		err = c.signature.VerifyDevice(c.public, c.party, c.statement)
	}
	if err != nil {
		return fmt.Errorf("entry %d, person %d: %w: %w", c.entry, c.person, govern.ErrSignature, err)
	}
	return nil
}

// checks verifies signatures on all processors while the fold goes on.
type checks struct {
	queue chan []check
	batch []check
	done  sync.WaitGroup
	once  sync.Once
}

// newChecks starts n goroutines that verify; tell is called for each signature, by any of them.
func newChecks(n int, tell func(*check, error)) *checks {
	c := &checks{queue: make(chan []check, 2*n)}
	for range n {
		c.done.Go(func() {
			for batch := range c.queue {
				for i := range batch {
					tell(&batch[i], batch[i].verify())
				}
			}
		})
	}
	return c
}

func (c *checks) flush() {
	if len(c.batch) > 0 {
		c.queue <- c.batch
		c.batch = nil
	}
}

// wait verifies all that is left; nothing may be added afterwards.
func (c *checks) wait() {
	c.once.Do(func() {
		c.flush()
		close(c.queue)
	})
	c.done.Wait()
}

// later has the signatures of an entry verified that outsiders can check. May has let it in, so their keys count in the
// state before it.
func (a *auditor) later(e *record.Entry) {
	for i := range e.Signatures {
		g := &e.Signatures[i]
		if g.Kind != record.Device && g.Kind != record.Card {
			continue
		}
		person := g.Member
		if i == 0 {
			person = e.Statement.Member
		}
		k := a.state.Persons[person].Keys[g.Key]
		a.checks.batch = append(a.checks.batch, check{entry: e.Seq, person: person, statement: e.StatementHash, signature: *g, public: k.Public, party: k.Party})
	}
}

// verify checks the signatures of an entry at once, and tells whether they are good.
func (a *auditor) verify(e *record.Entry) bool {
	n, err := a.state.Verify(e)
	a.mu.Lock()
	a.report.Verified += int64(n)
	a.mu.Unlock()
	if err != nil {
		a.fail(Failure{Code: CodeSignature, Entry: e.Seq, Err: badSignature(e.Statement.Member, err)})
	}
	return err == nil
}
