package serve

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"bremen/commons"
	"bremen/govern"
)

// What a session holds, by network: which open session it is, what a ceremony waits for, whether the set-up code was given.
// Nothing of it is personal.
const (
	sessionOpen    = "open "
	sessionKey     = "key "   // ID of a founder's key
	sessionNonce   = "nonce " // of a sign-in under way
	sessionCreate  = "create" // challenge of a passkey under way
	sessionSetUp   = "setup " // the set-up code was given
	sessionFounder = "founder "
	sessionNotice  = "notice"
	sessionAway    = "away " // what a provider has to answer
	sessionLink    = "link " // the account that its person is asked about
)

func newSessions(o Options) *scs.SessionManager {
	m := scs.New()
	m.Store, m.HashTokenInStore, m.Codec = o.Store, true, codec{}
	m.IdleTimeout, m.Lifetime = sessionIdle, sessionMost
	m.Cookie.Name, m.Cookie.Secure = o.cookieName("bremen"), o.secure()
	m.Cookie.HttpOnly, m.Cookie.SameSite, m.Cookie.Path = true, http.SameSiteLaxMode, "/"
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		o.Log.Error("session", "id", requestID(r.Context()), "err", safe(err))
		http.Error(w, "sessions cannot be kept at present", http.StatusServiceUnavailable)
	}
	return m
}

// codec writes what a session holds: the same bytes for the same values, so that it is seen when nothing has changed.
type codec struct{}

// kept is a session as it is written.
type kept struct {
	Deadline time.Time         `json:"deadline"`
	Texts    map[string]string `json:"texts,omitempty"`
	Numbers  map[string]int64  `json:"numbers,omitempty"`
	Flags    map[string]bool   `json:"flags,omitempty"`
	Bytes    map[string][]byte `json:"bytes,omitempty"`
}

// Encode is scs.Codec's.
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	k := kept{deadline.UTC().Round(0), map[string]string{}, map[string]int64{}, map[string]bool{}, map[string][]byte{}}
	for name, value := range values {
		switch x := value.(type) {
		case string:
			k.Texts[name] = x
		case int64:
			k.Numbers[name] = x
		case bool:
			k.Flags[name] = x
		case []byte:
			k.Bytes[name] = x
		default:
			return nil, fmt.Errorf("session: %q is a %T", name, value)
		}
	}
	return json.Marshal(k)
}

// Decode is scs.Codec's.
func (codec) Decode(text []byte) (time.Time, map[string]any, error) {
	var k kept
	if err := json.Unmarshal(text, &k); err != nil {
		return time.Time{}, nil, fmt.Errorf("session: %w", err)
	}
	values := map[string]any{}
	for name, x := range k.Texts {
		values[name] = x
	}
	for name, x := range k.Numbers {
		values[name] = x
	}
	for name, x := range k.Flags {
		values[name] = x
	}
	for name, x := range k.Bytes {
		values[name] = x
	}
	return k.Deadline, values, nil
}

// newSession slows down whoever has sessions kept for no end of visitors.
func (s *Server) newSession(ctx context.Context) error {
	if s.sessions.Token(ctx) != "" {
		return nil
	}
	return s.slowDown(ctx, s.visits)
}

// codeCount is how many single-use codes are on a sheet; each has 120 bits, so that a hash without salt keeps them.
const codeCount = 10

// newCodes returns fresh single-use codes, as they are printed.
func newCodes() []string {
	codes := make([]string, codeCount)
	for i := range codes {
		b := make([]byte, 15)
		rand.Read(b) //nolint:errcheck // it never fails
		var fours []string
		for four := range slices.Chunk([]byte(base32.StdEncoding.EncodeToString(b)), 4) {
			fours = append(fours, string(four))
		}
		codes[i] = strings.Join(fours, "-")
	}
	return codes
}

// plainCode is a code as it is kept, however it was typed.
func plainCode(typed string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch {
		case r == '0':
			b.WriteRune('O')
		case r == '1':
			b.WriteRune('I')
		case r >= 'A' && r <= 'Z', r >= '2' && r <= '7':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// standing returns in which standing a person is.
func standing(n *commons.Network, person int64) (h govern.Holder) {
	n.View(func(s *commons.State) { h = s.Govern.Standing(person) })
	return h
}
