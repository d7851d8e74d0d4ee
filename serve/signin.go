package serve

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"bremen/govern"
)

// Ways to sign in.
const (
	wayPasskey = "passkey"
	wayCard    = "card"
	wayCode    = "code"
	wayOIDC    = "oidc"
)

type signInData struct {
	Problem, Nonce, Party, Next string
	Providers                   []*OIDC
}

func (v *visit) signInPage() error {
	next := afterSignIn(v.r.URL.Query().Get("next"))
	if v.person != 0 {
		return v.goTo(next, "")
	}
	return v.showSignIn(http.StatusOK, "", next)
}

var pathOfPage = regexp.MustCompile(`^/[a-z]+(/[a-z0-9][a-z0-9.-]*)*$`)

// afterSignIn is the page of the network that was asked for before; whatever is said, it is one of the network's own.
func afterSignIn(next string) string {
	if len(next) > 100 || !pathOfPage.MatchString(next) || strings.HasPrefix(next, "/sign") {
		return "/me"
	}
	return next
}

func (v *visit) showSignIn(status int, problem, next string) error {
	nonce, err := v.s.beginSignIn(v.ctx(), v.net.Origin())
	if err != nil {
		return err
	}
	return v.showWith(status, "signin", v.say("signin.title"), signInData{problem, nonce, v.s.passkeys.Config.RPID, next, v.s.o.OIDC[slug(v.net.Origin())]})
}

// attempt signs in whom check finds. Every way to sign in is slowed down alike, and says nothing of what was wrong.
func (v *visit) attempt(way string, check func() (person int64, key string, err error)) error {
	if err := errors.Join(v.parse(), v.s.slowDown(v.ctx(), v.s.guesses)); err != nil {
		return err
	}
	person, key, err := check()
	if errors.Is(err, errWrong) || err == nil && person == 0 {
		v.s.signInSeen(v.ctx(), way, "no")
		return v.showSignIn(http.StatusForbidden, v.say("signin.wrong"), afterSignIn(v.form("next")))
	}
	if err != nil {
		return err
	}
	if err := v.s.signIn(v.ctx(), v.net, person, key, way); err != nil {
		return err
	}
	v.s.signInSeen(v.ctx(), way, "yes")
	return v.goTo(afterSignIn(v.form("next")), "signin.done")
}

// signInSeen counts and logs an attempt to sign in, without whom.
func (s *Server) signInSeen(ctx context.Context, way, good string) {
	s.metrics.signedIn.WithLabelValues(way, good).Inc()
	s.o.Log.Info("sign-in", "id", requestID(ctx), "way", way, "good", good)
}

func (v *visit) signInPasskey() error {
	return v.attempt(wayPasskey, func() (int64, string, error) { return v.s.checkPasskey(v.ctx(), v.net, v.form("credential")) })
}

func (v *visit) signInCard() error {
	return v.attempt(wayCard, func() (int64, string, error) {
		return v.s.checkCard(v.ctx(), v.net, v.form("public"), v.form("signature"))
	})
}

func (v *visit) signInCode() error {
	return v.attempt(wayCode, func() (int64, string, error) {
		person, keys, err := v.s.o.Store.useCode(v.ctx(), v.net.Origin(), plainCode(v.form("code")))
		if err != nil || person == 0 {
			return 0, "", err
		}
		good := false
		v.govern(func(g *govern.State) {
			p := g.Persons[person]
			good = p != nil && !p.Erased && allCount(g, person, keys, v.s.o.Clock())
		})
		if !good {
			return 0, "", nil
		}
		return person, "", nil
	})
}

// signOut ends the session in all networks, here and in the store. Browsers let go of pages they could show again; the newest
// checkpoint that they keep stays, for it is what shows a second history.
func (v *visit) signOut() error {
	for _, origin := range v.s.commons.Origins() {
		if err := v.s.signOut(v.ctx(), origin); err != nil {
			return err
		}
	}
	if err := v.s.sessions.Destroy(v.ctx()); err != nil {
		return err
	}
	v.w.Header().Set("Clear-Site-Data", `"cache"`)
	return v.goTo("/", "")
}
