package serve

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"time"

	"bremen/govern"
)

// Accounts elsewhere that somebody has linked, so that they sign in with them. The link is theirs alone to make: signed in with a key of
// their own, coming back from the provider, and saying yes.

// link is an account that signs somebody in.
type link struct {
	person   int64
	provider string
	keys     []string
	made     int64
}

func (s *Store) link(ctx context.Context, origin string, hash []byte) (*link, error) {
	var l link
	var keys string
	err := s.db.QueryRowContext(ctx, s.sql(`SELECT person, provider, keys, made FROM bremen_links WHERE hash = ?1 AND origin = ?2`), hash, origin).
		Scan(&l.person, &l.provider, &keys, &l.made)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	l.keys = strings.Fields(keys)
	return &l, err
}

// links returns the accounts of a person by provider.
func (s *Store) links(ctx context.Context, origin string, person int64) (map[string]*link, error) {
	rows, err := s.db.QueryContext(ctx, s.sql(`SELECT provider, keys, made FROM bremen_links WHERE origin = ?1 AND person = ?2`), origin, person)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]*link{}
	for rows.Next() {
		l := &link{person: person}
		var keys string
		if err := rows.Scan(&l.provider, &keys, &l.made); err != nil {
			return nil, err
		}
		l.keys = strings.Fields(keys)
		all[l.provider] = l
	}
	return all, rows.Err()
}

// putLink links an account, in place of another that the person had at the same provider. An account signs in one person only; what was
// linked before by somebody else is left as it is.
func (s *Store) putLink(ctx context.Context, origin string, hash []byte, l *link) (done bool, err error) {
	err = s.together(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, s.sql(`DELETE FROM bremen_links WHERE origin = ?1 AND person = ?2 AND provider = ?3`), origin, l.person, l.provider); err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, s.sql(`INSERT INTO bremen_links (hash, origin, person, provider, keys, made) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (hash) DO NOTHING`),
			hash, origin, l.person, l.provider, strings.Join(l.keys, " "), l.made)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		done = n == 1
		if err == nil && !done {
			return errTaken
		}
		return err
	})
	if errors.Is(err, errTaken) {
		return false, nil
	}
	return done, err
}

var errTaken = errors.New("account of somebody else")

func (s *Store) dropLink(ctx context.Context, origin string, person int64, provider string) error {
	_, err := s.exec(ctx, `DELETE FROM bremen_links WHERE origin = ?1 AND person = ?2 AND provider = ?3`, origin, person, provider)
	return err
}

type accountRow struct {
	ID, Name string
	Since    *time.Time // nil: not linked
	Ended    bool       // a key that counted then no longer does
}

type accountsData struct {
	Problem string
	OwnKey  bool // signed in with a key of one's own, so that one can link
	Rows    []accountRow
}

func (v *visit) accountsPage() error { return v.showAccounts(http.StatusOK, "") }

func (v *visit) showAccounts(status int, problem string) error {
	links, err := v.s.o.Store.links(v.ctx(), v.net.Origin(), v.person)
	if err != nil {
		return err
	}
	d := accountsData{Problem: problem, OwnKey: v.session.key != ""}
	now := v.s.o.Clock()
	v.govern(func(g *govern.State) {
		for _, p := range v.s.o.OIDC[slug(v.net.Origin())] {
			row := accountRow{ID: p.ID, Name: p.Name}
			if l := links[p.ID]; l != nil {
				row.Since, row.Ended = pointer(time.UnixMilli(l.made)), !allCount(g, v.person, l.keys, now)
			}
			d.Rows = append(d.Rows, row)
		}
	})
	return v.showWith(status, "accounts", v.say("accounts.title"), d)
}

// leaveToLink sends the browser to a provider, to come back with an account.
func (v *visit) leaveToLink() error {
	if v.session.key == "" {
		return problem(http.StatusForbidden, "key")
	}
	return v.away(v.session.id)
}

// askToLink asks whether an account is to be linked; nothing is until its person says yes, for what led here may be no act of theirs.
func (v *visit) askToLink(p *OIDC, a *awayState, hash []byte) error {
	if v.session == nil || v.session.id != a.Link || v.session.key == "" {
		return errSignIn
	}
	v.s.sessions.Put(v.ctx(), sessionLink+v.net.Origin(), p.ID+" "+v.session.id+" "+url64(hash))
	return v.show("link", v.say("link.title", "provider", p.Name), struct{ ID, Name string }{p.ID, p.Name})
}

// linkAccount links the account that was asked about.
func (v *visit) linkAccount() error {
	p, err := v.provider(v.r.PathValue("provider"))
	if err != nil {
		return err
	}
	parts := strings.Fields(v.s.sessions.PopString(v.ctx(), sessionLink+v.net.Origin()))
	if len(parts) != 3 || parts[0] != p.ID || parts[1] != v.session.id || v.session.key == "" {
		return bad("")
	}
	hash, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return bad("")
	}
	now := v.s.o.Clock()
	done, err := v.s.o.Store.putLink(v.ctx(), v.net.Origin(), hash, &link{v.person, p.ID, countingKeys(v.net, v.person, now), now.UnixMilli()})
	if err != nil {
		return err
	}
	if !done {
		return v.showAccounts(http.StatusConflict, v.say("accounts.taken"))
	}
	if err := v.s.tell(v.ctx(), v.net.Origin(), notice{person: v.person, kind: tellLink, ref: parts[2] + formatNumber(now.UnixMilli()), detail: p.Name}); err != nil {
		return err
	}
	return v.goTo("/me/accounts", "accounts.linked")
}

func (v *visit) unlinkAccount() error {
	p, err := v.provider(v.r.PathValue("provider"))
	if err != nil {
		return err
	}
	if err := v.s.o.Store.dropLink(v.ctx(), v.net.Origin(), v.person, p.ID); err != nil {
		return err
	}
	return v.goTo("/me/accounts", "accounts.unlinked")
}
