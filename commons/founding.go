package commons

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"bremen/govern"
	"bremen/record"
)

// SetUpCode returns the code without which nobody founds the network. It follows from the log's key, so that it stays the
// same over restarts and on several servers, and nobody can guess it.
func (n *Network) SetUpCode(ctx context.Context) (string, error) {
	key, err := n.log.Key(ctx)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("bremen set-up\n" + n.log.Origin()))
	code := base32.StdEncoding.EncodeToString(mac.Sum(nil)[:15])
	var parts []string
	for part := range slices.Chunk([]byte(code), 4) {
		parts = append(parts, string(part))
	}
	return strings.Join(parts, "-"), nil
}

// Founded tells whether the network is founded.
func (n *Network) Founded() bool {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return n.state.Govern.Founded
}

// CheckSetUp refuses a wrong set-up code.
func (n *Network) CheckSetUp(ctx context.Context, code string) error {
	want, err := n.SetUpCode(ctx)
	if err != nil {
		return err
	}
	code = strings.ToUpper(strings.TrimSpace(code))
	if !hmac.Equal([]byte(code), []byte(want)) {
		return &Refusal{Code: RefusedSetUp}
	}
	return nil
}

// announce prints the set-up code of a network that is not founded.
func (n *Network) announce(ctx context.Context) error {
	if n.Founded() || n.c.o.Console == nil {
		return nil
	}
	code, err := n.SetUpCode(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(n.c.o.Console, "%s: Einrichtungscode / set-up code: %s\n", n.log.Origin(), code)
	return err
}

// PrepareFounding makes the founding statement of what Found returned. All founders sign its hash on their own devices;
// Append takes their signatures in the order of their numbers.
func (n *Network) PrepareFounding(ctx context.Context, code string, i Intent) (*Prepared, error) {
	if err := n.CheckSetUp(ctx, code); err != nil {
		return nil, err
	}
	p, err := n.Prepare(ctx, Newcomer(), i)
	if err != nil {
		return nil, err
	}
	if p.Statement.Nonce, err = n.foundingNonce(ctx, p.Statement); err != nil {
		return nil, err
	}
	p.Hash, err = p.Statement.Hash()
	return p, err
}

// foundingNonce returns the nonce of a founding statement that was prepared with the set-up code. It follows from the log's key
// and from all that the statement says, so that every server of the database knows such a statement again, and nobody else
// can make one.
func (n *Network) foundingNonce(ctx context.Context, s record.Statement) ([]byte, error) {
	key, err := n.log.Key(ctx)
	if err != nil {
		return nil, err
	}
	s.Nonce = make([]byte, len(record.NewNonce()))
	text, err := s.Canonical()
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("bremen founding\n"))
	mac.Write(text)
	return mac.Sum(nil)[:len(s.Nonce)], nil
}

// LogKey returns the public key of the record, as the founding names it.
func (n *Network) LogKey(ctx context.Context) (string, error) {
	key, err := n.log.Key(ctx)
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(strings.TrimSpace(key), "\n")
	return record.PublicKey(first)
}

// guard checks what the rules do not know, before a statement is appended.
func (n *Network) guard(ctx context.Context, d *record.Draft, hash record.Hash) error {
	switch d.Statement.Type {
	case "network.found":
		return n.guardFounding(ctx, &d.Statement)
	case "plan.adopt":
		return n.guardPlan(ctx, d, hash)
	}
	return nil
}

func (n *Network) guardFounding(ctx context.Context, s *record.Statement) error {
	nonce, err := n.foundingNonce(ctx, *s)
	if err != nil {
		return err
	}
	if !hmac.Equal(nonce, s.Nonce) {
		return &Refusal{Code: RefusedSetUp}
	}
	var b struct {
		Key string `json:"log-key"`
	}
	public, err := n.LogKey(ctx)
	if err != nil {
		return err
	}
	if json.Unmarshal(s.Body, &b) != nil || b.Key != public {
		return fmt.Errorf("founding: log-key %q: expected the record's, %q", clip(b.Key), public)
	}
	return nil
}

// Operate states what the operator may: i is a pause, an outage, a loss or a succession. The server signs with the log's key.
func (n *Network) Operate(ctx context.Context, i Intent) (*Done, error) {
	key, err := n.log.Key(ctx)
	if err != nil {
		return nil, err
	}
	return n.operate(ctx, i, key)
}

func (n *Network) operate(ctx context.Context, i Intent, key string) (*Done, error) {
	body, err := record.Canonical(i.Body)
	if err != nil {
		return nil, err
	}
	p := &Prepared{Statement: record.Statement{
		Version: record.Version, Origin: n.log.Origin(), Type: i.Type, Right: i.Right, Cause: i.Cause, Nonce: record.NewNonce(), Body: body,
	}}
	if p.Statement.Right == "" {
		p.Statement.Right = operatorRight(n, i.Type)
	}
	if p.Hash, err = p.Statement.Hash(); err != nil {
		return nil, err
	}
	sig, err := record.SignServer(key, &p.Statement)
	if err != nil {
		return nil, err
	}
	return n.Append(ctx, p, sig)
}

func operatorRight(n *Network, typ string) string {
	right := "operate"
	n.View(func(s *State) {
		if own := s.Govern.Rights(0, typ, govern.InNetwork, s.Govern.Time); len(own) > 0 {
			right = own[0]
		}
	})
	return right
}

// ChangeKey announces a fresh key of the log, signed with the present one, and signs with it from then on. The old key
// signs checkpoints along, for witnesses who have not yet changed.
func (n *Network) ChangeKey(ctx context.Context) (*Done, error) {
	old, err := n.log.Key(ctx)
	if err != nil {
		return nil, err
	}
	fresh, public, err := record.NewKey(n.log.Origin())
	if err != nil {
		return nil, err
	}
	old = strings.TrimSpace(old)
	// The fresh key is kept before it is announced: a crash in between loses none. settleKey puts it first.
	if err := n.log.SetKey(ctx, old+"\n"+fresh+"\n"); err != nil {
		return nil, err
	}
	d, err := n.operate(ctx, AnnounceKey(public), old)
	if err != nil {
		return nil, errors.Join(err, n.settleKeyNow(ctx))
	}
	return d, n.settleKeyNow(ctx)
}

func (n *Network) settleKeyNow(ctx context.Context) error {
	n.mu.RLock()
	public := n.state.Govern.LogKey
	n.mu.RUnlock()
	return n.orderKeys(ctx, public)
}

// settleKey puts the key that the record names first.
func (n *Network) settleKey(ctx context.Context) error {
	return n.orderKeys(ctx, n.state.Govern.LogKey)
}

func (n *Network) orderKeys(ctx context.Context, public string) error {
	key, err := n.log.Key(ctx)
	if err != nil {
		return err
	}
	if ordered := firstKey(key, public); ordered != key {
		return n.log.SetKey(ctx, ordered)
	}
	return nil
}

// firstKey returns a log's keys with the one first whose public half it is; as they are if none is or it is first already.
func firstKey(keys, public string) string {
	var first, rest []string
	for line := range strings.Lines(keys) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if own, err := record.PublicKey(line); err == nil && own == public {
			first = append(first, line)
		} else {
			rest = append(rest, line)
		}
	}
	if len(first) == 0 || strings.HasPrefix(strings.TrimSpace(keys), first[0]) {
		return keys
	}
	return strings.Join(append(first, rest...), "\n") + "\n"
}
