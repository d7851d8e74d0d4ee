package serve

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"bremen/commons"
)

// OIDC is an OpenID provider of an organisation, whose people can sign in with the account that they have there. The provider
// says who somebody is and nothing else: it makes nobody a member and gives no right.
type OIDC struct {
	// ID names the provider in paths: lower-case letters, digits, hyphens.
	ID string `yaml:"id"`
	// Name is what pages call it.
	Name string `yaml:"name"`
	// Issuer is the provider's address, under which its configuration is found (OpenID Connect Discovery 1.0).
	Issuer   string `yaml:"issuer"`
	ClientID string `yaml:"client-id"`
	// SecretFile holds the client's secret; it is read at the start.
	SecretFile string `yaml:"client-secret-file"`

	secret string

	mu         sync.Mutex
	provider   *oidc.Provider // nil until it has answered
	discovered time.Time
}

var (
	providerID   = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	errProvider  = &failure{status: http.StatusServiceUnavailable, code: "provider"}
	errForeignID = errors.New("token of another sign-in")
)

const (
	oidcMost       = 24 * time.Hour   // for so long somebody stays signed in whom a provider has named
	oidcPatience   = 10 * time.Second // for each answer of a provider
	oidcAnswerMost = 1 << 20          // bytes of it
	oidcUnderWay   = 10 * time.Minute // from leaving for the provider to coming back
	rediscover     = 24 * time.Hour
)

// Check reads the secret and refuses what cannot work.
func (p *OIDC) Check() error {
	u, err := url.Parse(p.Issuer)
	switch {
	case !providerID.MatchString(p.ID):
		return fmt.Errorf("oidc: id %q: expected lower-case letters, digits and hyphens", p.ID)
	case p.Name == "" || p.ClientID == "":
		return fmt.Errorf("oidc %s: name or client-id is missing", p.ID)
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !isLocal(u.Hostname())):
		return fmt.Errorf("oidc %s: issuer %q: expected an address with https", p.ID, p.Issuer)
	}
	text, err := os.ReadFile(p.SecretFile)
	if err != nil {
		return fmt.Errorf("oidc %s: client-secret-file: %w", p.ID, err)
	}
	if p.secret = strings.TrimSpace(string(text)); p.secret == "" {
		return fmt.Errorf("oidc %s: client-secret-file %q is empty", p.ID, p.SecretFile)
	}
	return nil
}

// bounded reads answers up to a size.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, oidcAnswerMost), res.Body}
	}
	return res, err
}

var oidcClient = &http.Client{
	Timeout: oidcPatience, Transport: bounded{http.DefaultTransport},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a provider answers itself
}

// discover returns the provider's configuration, at most a day old unless it does not answer now.
func (p *OIDC) discover(ctx context.Context, now time.Time) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.provider != nil && now.Sub(p.discovered) < rediscover {
		return p.provider, nil
	}
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, oidcClient), p.Issuer)
	if err != nil && p.provider == nil {
		return nil, err
	}
	if err == nil {
		p.provider, p.discovered = found, now
	}
	return p.provider, nil
}

func (p *OIDC) config(found *oidc.Provider, back string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.secret, Endpoint: found.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID}}
}

// awayState is what a browser's session keeps while its person is at the provider.
type awayState struct {
	Provider string    `json:"provider"`
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"` // of PKCE
	Next     string    `json:"next"`
	Link     string    `json:"link"` // the open session that wants to link the account; "" to sign in
	Until    time.Time `json:"until"`
}

// leave returns the address at the provider to which the browser goes, and what the session has to keep.
func (p *OIDC) leave(ctx context.Context, back string, now time.Time) (to string, a *awayState, err error) {
	found, err := p.discover(ctx, now)
	if err != nil {
		return "", nil, err
	}
	a = &awayState{Provider: p.ID, State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Until: now.Add(oidcUnderWay)}
	return p.config(found, back).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a, nil
}

// subject takes what the browser brought back, and returns whom the provider names. The code is taken once, for the sign-in that
// this browser began.
func (p *OIDC) subject(ctx context.Context, back string, a *awayState, q url.Values, now time.Time) (string, error) {
	switch {
	case a.Provider != p.ID, now.After(a.Until), subtle.ConstantTimeCompare([]byte(a.State), []byte(q.Get("state"))) != 1:
		return "", errForeignID
	case q.Has("iss") && q.Get("iss") != p.Issuer: // RFC 9207
		return "", errForeignID
	}
	found, err := p.discover(ctx, now)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, oidcClient)
	token, err := p.config(found, back).Exchange(ctx, q.Get("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return "", err
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: func() time.Time { return now }}).Verify(ctx, raw)
	if err != nil {
		return "", err
	}
	var claims struct {
		AuthorizedParty string `json:"azp"`
	}
	if err := id.Claims(&claims); err != nil {
		return "", err
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1:
		return "", errForeignID
	case claims.AuthorizedParty != "" && claims.AuthorizedParty != p.ClientID, len(id.Audience) > 1 && claims.AuthorizedParty == "":
		return "", errForeignID
	case id.Subject == "" || len(id.Subject) > 255:
		return "", errForeignID
	}
	return id.Subject, nil
}

// linkHash names an account in a network.
func (p *OIDC) linkHash(origin, subject string) []byte {
	sum := sha256.Sum256([]byte("bremen account\n" + origin + "\n" + p.Issuer + "\n" + subject))
	return sum[:]
}

// isDown tells whether a provider could not be asked, rather than said no.
func isDown(err error) bool {
	var answer *oauth2.RetrieveError
	var network *url.Error
	return errors.As(err, &network) || errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode >= 500
}

// providerFailure says what went wrong at a provider without what it said: its answers may hold tokens and names.
func providerFailure(err error) string {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) {
		return "token endpoint: " + fmt.Sprintf("%.40q", answer.ErrorCode)
	}
	return safe(err)
}

// provider finds a provider of the network.
func (v *visit) provider(id string) (*OIDC, error) {
	list := v.s.o.OIDC[slug(v.net.Origin())]
	if i := slices.IndexFunc(list, func(p *OIDC) bool { return p.ID == id }); i >= 0 {
		return list[i], nil
	}
	return nil, errNotFound
}

// backFrom is where a provider sends the browser: one address for each, so that none can answer for another.
func (v *visit) backFrom(p *OIDC) string {
	return v.s.o.Address.String() + v.path + "/signin/with/" + p.ID + "/back"
}

// leaveFor sends the browser to a provider, to sign in. Another site's link only leads to the page on which one chooses to: nobody is
// signed in without an act of theirs.
func (v *visit) leaveFor() error {
	if site := v.r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return v.goTo("/signin", "")
	}
	return v.away("")
}

func (v *visit) away(link string) error {
	p, err := v.provider(v.r.PathValue("provider"))
	if err != nil {
		return err
	}
	if err := errors.Join(v.s.newSession(v.ctx()), v.s.slowDown(v.ctx(), v.s.guesses)); err != nil {
		return err
	}
	to, a, err := p.leave(v.ctx(), v.backFrom(p), v.s.o.Clock())
	if err != nil {
		return v.providerDown(err)
	}
	a.Next, a.Link = afterSignIn(v.r.URL.Query().Get("next")), link
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	v.s.sessions.Put(v.ctx(), sessionAway+v.net.Origin(), string(text))
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

func (v *visit) providerDown(err error) error {
	v.s.o.Log.Warn("provider", "id", requestID(v.ctx()), "err", providerFailure(err))
	return errProvider
}

// comeBack takes what a provider sent the browser back with: somebody who signs in, or an account that they want to link.
func (v *visit) comeBack() error {
	p, err := v.provider(v.r.PathValue("provider"))
	if err != nil {
		return err
	}
	if err := v.s.slowDown(v.ctx(), v.s.guesses); err != nil {
		return err
	}
	var a awayState
	kept := v.s.sessions.PopString(v.ctx(), sessionAway+v.net.Origin())
	if kept == "" || json.Unmarshal([]byte(kept), &a) != nil {
		return v.notSignedIn("signin.wrong", "/me")
	}
	subject, err := p.subject(v.ctx(), v.backFrom(p), &a, v.r.URL.Query(), v.s.o.Clock())
	if err != nil {
		if isDown(err) {
			return v.providerDown(err)
		}
		v.s.o.Log.Info("provider", "id", requestID(v.ctx()), "err", providerFailure(err))
		return v.notSignedIn("signin.wrong", a.Next)
	}
	hash := p.linkHash(v.net.Origin(), subject)
	if a.Link != "" {
		return v.askToLink(p, &a, hash)
	}
	person, err := v.s.linked(v.ctx(), v.net, hash)
	switch {
	case err != nil:
		return err
	case person == 0:
		return v.notSignedIn("signin.unlinked", a.Next)
	}
	if err := v.s.signIn(v.ctx(), v.net, person, "", wayOIDC); err != nil {
		return err
	}
	v.s.signInSeen(v.ctx(), wayOIDC, "yes")
	return v.goTo(a.Next, "signin.done")
}

func (v *visit) notSignedIn(key, next string) error {
	v.s.signInSeen(v.ctx(), wayOIDC, "no")
	return v.showSignIn(http.StatusForbidden, v.say(key), next)
}

// linked returns whom an account signs in; 0 if nobody. What somebody linked holds as long as all keys count that did then.
func (s *Server) linked(ctx context.Context, n *commons.Network, hash []byte) (person int64, err error) {
	l, err := s.o.Store.link(ctx, n.Origin(), hash)
	if err != nil || l == nil {
		return 0, err
	}
	good := false
	n.View(func(state *commons.State) {
		p := state.Govern.Persons[l.person]
		good = p != nil && !p.Erased && allCount(state.Govern, l.person, l.keys, s.o.Clock())
	})
	if !good {
		return 0, nil
	}
	return l.person, nil
}
