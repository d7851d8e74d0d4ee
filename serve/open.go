package serve

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"bremen/commons"
	"bremen/govern"
)

// openSession is somebody who is signed in to a network in one browser. It ends when its row does.
type openSession struct {
	id     string // names it on pages; it is no secret and signs nobody in
	person int64
	key    string   // with which they signed in; "" where it was none of the record's
	keys   []string // that counted then: without a key of its own, a session lasts as long as all of these count
	way    string   // passkey, card, code or oidc
	device string
	began  int64 // milliseconds since 1970, as seen
	seen   int64
}

// lasts tells whether what stood for who is signed in still does.
func (o *openSession) lasts(g *govern.State, now time.Time) bool {
	p := g.Persons[o.person]
	if p == nil || p.Erased {
		return false
	}
	if o.key != "" {
		return counts(g, o.person, o.key, now)
	}
	if o.way == wayOIDC && now.Sub(time.UnixMilli(o.began)) > oidcMost {
		return false // whoever no longer has the account is soon out here, too
	}
	return allCount(g, o.person, o.keys, now)
}

// allCount tells whether all of a person's keys that counted once count now. Otherwise one was withdrawn, disowned or replaced,
// and what others may have got hold of with it ends.
func allCount(g *govern.State, person int64, keys []string, now time.Time) bool {
	return !slices.ContainsFunc(keys, func(key string) bool { return !counts(g, person, key, now) })
}

// countingKeys are a person's keys that count now.
func countingKeys(n *commons.Network, person int64, now time.Time) (keys []string) {
	n.View(func(s *commons.State) {
		if p := s.Govern.Persons[person]; p != nil {
			for _, key := range slices.Sorted(maps.Keys(p.Keys)) {
				if counts(s.Govern, person, key, now) {
					keys = append(keys, key)
				}
			}
		}
	})
	return keys
}

// signedIn returns the session of who is signed in to a network; nil if nobody is. A session ends when its key no longer
// counts, when its person is erased, and when they end it.
func (s *Server) signedIn(ctx context.Context, n *commons.Network) *openSession {
	id := s.sessions.GetString(ctx, sessionOpen+n.Origin())
	if id == "" {
		return nil
	}
	o, err := s.o.Store.open(ctx, n.Origin(), id)
	if err != nil {
		s.o.Log.Error("session", "id", requestID(ctx), "err", safe(err))
		return nil
	}
	if o == nil {
		return nil
	}
	now, lasts := s.o.Clock(), false
	n.View(func(state *commons.State) { lasts = o.lasts(state.Govern, now) })
	if !lasts {
		return nil
	}
	if now.UnixMilli()-o.seen > sessionStep.Milliseconds() {
		if err := s.o.Store.see(ctx, id, requestDevice(ctx)); err != nil {
			s.o.Log.Error("session", "id", requestID(ctx), "err", safe(err))
		}
	}
	return o
}

// signIn begins a session for a person under a fresh token, so that nobody who planted the old one has it.
func (s *Server) signIn(ctx context.Context, n *commons.Network, person int64, key, way string) error {
	if err := s.signOut(ctx, n.Origin()); err != nil {
		return err
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	now := s.o.Clock()
	o := &openSession{
		id: rand.Text(), person: person, key: key, keys: countingKeys(n, person, now), way: way, device: requestDevice(ctx),
		began: now.UnixMilli(), seen: now.UnixMilli(),
	}
	if err := s.o.Store.putOpen(ctx, n.Origin(), o); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionOpen+n.Origin(), o.id)
	s.sessions.Remove(ctx, sessionNonce+n.Origin())
	if way == wayPasskey {
		return nil
	}
	return s.tell(ctx, n.Origin(), notice{person: person, kind: tellSignIn, ref: o.id, detail: way + " " + o.device})
}

// signOut ends what the browser's session has in one network.
func (s *Server) signOut(ctx context.Context, origin string) error {
	id := s.sessions.PopString(ctx, sessionOpen+origin)
	if id == "" {
		return nil
	}
	return s.o.Store.endOpen(ctx, id)
}

// What the store knows of open sessions.

const openColumns = `id, person, key, keys, way, device, began, seen`

func scanOpen(scan func(...any) error) (*openSession, error) {
	var o openSession
	var keys string
	err := scan(&o.id, &o.person, &o.key, &keys, &o.way, &o.device, &o.began, &o.seen)
	o.keys = strings.Fields(keys)
	return &o, err
}

func (s *Store) putOpen(ctx context.Context, origin string, o *openSession) error {
	_, err := s.exec(ctx, `INSERT INTO bremen_open (`+openColumns+`, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
		o.id, o.person, o.key, strings.Join(o.keys, " "), o.way, o.device, o.began, o.seen, origin)
	return err
}

// open returns an open session of a network; nil if there is none of that ID.
func (s *Store) open(ctx context.Context, origin, id string) (*openSession, error) {
	o, err := scanOpen(s.db.QueryRowContext(ctx, s.sql(`SELECT `+openColumns+` FROM bremen_open WHERE id = ?1 AND origin = ?2 AND began > ?3 AND seen > ?4`),
		id, origin, s.now()-sessionMost.Milliseconds(), s.now()-sessionIdle.Milliseconds()).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return o, err
}

// opens returns the open sessions of a person, the latest seen first.
func (s *Store) opens(ctx context.Context, origin string, person int64) ([]*openSession, error) {
	rows, err := s.db.QueryContext(ctx, s.sql(`SELECT `+openColumns+` FROM bremen_open WHERE origin = ?1 AND person = ?2 AND began > ?3 AND seen > ?4
		ORDER BY seen DESC, id`), origin, person, s.now()-sessionMost.Milliseconds(), s.now()-sessionIdle.Milliseconds())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []*openSession
	for rows.Next() {
		o, err := scanOpen(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// see notes that a session is in use, with what device: a browser that was brought up to date stays the same device.
func (s *Store) see(ctx context.Context, id, device string) error {
	_, err := s.exec(ctx, `UPDATE bremen_open SET seen = ?2, device = ?3 WHERE id = ?1 AND seen < ?2`, id, s.now(), device)
	return err
}

func (s *Store) endOpen(ctx context.Context, id string) error {
	_, err := s.exec(ctx, `DELETE FROM bremen_open WHERE id = ?1`, id)
	return err
}

// endOpenOf ends one session of a person, or with an empty ID all but one.
func (s *Store) endOpenOf(ctx context.Context, origin string, person int64, id, but string) error {
	_, err := s.exec(ctx, `DELETE FROM bremen_open WHERE origin = ?1 AND person = ?2 AND id <> ?4 AND (id = ?3 OR ?3 = '')`, origin, person, id, but)
	return err
}

// openRow is a session as the page lists it.
type openRow struct {
	ID, Device, Way string
	Began, Seen     time.Time
	This            bool
}

func (v *visit) sessionsPage() error {
	list, err := v.s.o.Store.opens(v.ctx(), v.net.Origin(), v.person)
	if err != nil {
		return err
	}
	var rows []openRow
	now := v.s.o.Clock()
	v.govern(func(g *govern.State) {
		for _, o := range list {
			if o.lasts(g, now) {
				rows = append(rows, openRow{o.id, calledDevice(v.lang, o.device), o.way, time.UnixMilli(o.began), time.UnixMilli(o.seen), o.id == v.session.id})
			}
		}
	})
	return v.show("sessions", v.say("sessions.title"), rows)
}

// endSessions ends one's session that the form names, or all others than this one.
func (v *visit) endSessions() error {
	if err := v.parse(); err != nil {
		return err
	}
	id, but := v.form("session"), ""
	if id == "" {
		but = v.session.id
	}
	if err := v.s.o.Store.endOpenOf(v.ctx(), v.net.Origin(), v.person, id, but); err != nil {
		return err
	}
	if id == v.session.id {
		return v.goTo("/", "sessions.out")
	}
	return v.goTo("/me/sessions", "sessions.ended")
}
