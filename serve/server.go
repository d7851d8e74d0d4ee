package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/go-webauthn/webauthn/webauthn"

	"bremen/commons"
	"bremen/record"
	"bremen/record/tiles"
	"bremen/serve/page"
)

// Server answers for all networks of a commons.
type Server struct {
	o        Options
	commons  *commons.Commons
	sessions *scs.SessionManager
	passkeys *webauthn.WebAuthn
	metrics  *metrics
	guesses  *limiter // sign-in, set-up codes, invitations: by address
	openings *limiter // new guests: by address
	visits   *limiter // new sessions: by address
	writings *limiter // whatever changes something: by person, or by address of those who are not signed in

	streams     chan struct{}  // one for each stream of progress
	ending      chan struct{}  // closed when the server stops
	pages       *http.ServeMux // of a network, without its prefix
	all         http.Handler
	description *huma.OpenAPI
}

// reserved are first parts of paths that no network is found under.
var reserved = []string{"api", "assets", "healthz", "metrics", "operator", "favicon.ico", "robots.txt", ".well-known"}

// Limits on requests. Statements of 64 KiB with a private text of as much fit well.
const (
	maxBody   = 512 << 10
	maxHeader = 32 << 10

	sessionIdle = 12 * time.Hour
	sessionMost = 14 * 24 * time.Hour
)

// New returns the server of a commons.
func New(c *commons.Commons, o Options) (*Server, error) {
	if err := errors.Join(o.check(), page.CheckAssets()); err != nil {
		return nil, err
	}
	if err := apart(c.Origins()); err != nil {
		return nil, err
	}
	s := &Server{
		o: o, commons: c, metrics: newMetrics(o.Metrics),
		streams: make(chan struct{}, streamsMost), ending: make(chan struct{}),
		guesses: newLimiter(10, 6*time.Second), openings: newLimiter(20, time.Minute), visits: newLimiter(100, 3*time.Second), writings: newLimiter(1000, time.Second),
	}
	o.Metrics.MustRegister(&figures{c, o.Clock})
	s.sessions = newSessions(o)
	var err error
	if s.passkeys, err = newPasskeys(o.Address); err != nil {
		return nil, err
	}
	s.pages = s.networkPages()
	s.all = s.guard(s.routes())
	return s, nil
}

// apart checks that each network has a path of its own.
func apart(origins []string) error {
	taken := map[string]string{}
	for _, origin := range origins {
		name := slug(origin)
		if slices.Contains(reserved, name) {
			return fmt.Errorf("network %s would be served under /%s/, which the server itself uses", origin, name)
		}
		if other := taken[name]; other != "" {
			return fmt.Errorf("networks %s and %s would both be served under /%s/: each needs a server of its own", other, origin, name)
		}
		taken[name] = origin
	}
	return nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.all.ServeHTTP(w, r) }

// Serve answers on a listener until ctx ends, then lets requests that are under way finish.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := s.http()
	keeping, stop := context.WithCancel(ctx)
	defer stop()
	var wait sync.WaitGroup
	wait.Go(func() { s.Keep(keeping) })
	wait.Go(func() { s.work(keeping) })
	server.RegisterOnShutdown(func() { close(s.ending) })
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		stop()
		wait.Wait()
		return err
	case <-ctx.Done():
	}
	const patience = 20 * time.Second
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	err := server.Shutdown(ending)
	stop()
	wait.Wait()
	s.publish(ending) // what was acknowledged last is covered too
	if err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// http is the server with its limits in time: whoever sends or reads slowly is let go.
func (s *Server) http() *http.Server {
	return &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: maxHeader, ErrorLog: quiet(s.o.Log),
	}
}

// Keep publishes checkpoints, tells people of entries in their name and forgets what ran out, until ctx ends.
func (s *Server) Keep(ctx context.Context) {
	var wait sync.WaitGroup
	wait.Go(func() { s.telling(ctx) })
	defer wait.Wait()
	publish := time.NewTicker(s.o.PublishEvery)
	defer publish.Stop()
	forget := time.NewTicker(10 * time.Minute)
	defer forget.Stop()
	var thinned time.Time
	if err := s.forgetErased(ctx); err != nil && ctx.Err() == nil {
		s.o.Log.Error("forgetting erased persons", "err", err)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-publish.C:
			s.publish(ctx)
		case <-forget.C:
			if err := s.o.Store.forget(ctx); err != nil && ctx.Err() == nil {
				s.o.Log.Error("forgetting sessions", "err", err)
			}
			if now := s.o.Clock(); now.Sub(thinned) > 24*time.Hour {
				thinned = now
				s.thin(ctx, now)
			}
		}
	}
}

// thin drops old checkpoints that nobody needs any more.
func (s *Server) thin(ctx context.Context, now time.Time) {
	for _, origin := range s.commons.Origins() {
		n, err := s.commons.Network(ctx, origin)
		if err == nil {
			_, err = record.Thin(ctx, n.Log(), now)
		}
		if err != nil && ctx.Err() == nil {
			s.o.Log.Error("thinning checkpoints", "origin", origin, "err", err)
		}
	}
}

// forgetErased drops what is left of persons whose erasure was cut short after its entry.
func (s *Server) forgetErased(ctx context.Context) error {
	var all error
	for _, origin := range s.commons.Origins() {
		n, err := s.commons.Network(ctx, origin)
		if err != nil {
			return err
		}
		var erased []int64
		n.View(func(st *commons.State) {
			for person, p := range st.Govern.Persons {
				if p.Erased {
					erased = append(erased, person)
				}
			}
		})
		slices.Sort(erased)
		for _, person := range erased {
			all = errors.Join(all, s.o.Store.forgetPerson(ctx, origin, person))
		}
	}
	return all
}

// publish publishes a checkpoint of every network that has grown or lacks a cosignature.
func (s *Server) publish(ctx context.Context) {
	for _, origin := range s.commons.Origins() {
		n, err := s.commons.Network(ctx, origin)
		if err == nil && n.Size() > 0 {
			witnesses := s.o.Witnesses[origin]
			if n.Moved(ctx) { // they look at the record that goes on
				witnesses = nil
			}
			_, err = n.Publish(ctx, witnesses...)
		}
		if err != nil && ctx.Err() == nil {
			s.metrics.publishing.WithLabelValues(origin).Inc()
			s.o.Log.Warn("publishing a checkpoint", "origin", origin, "err", err)
		}
	}
}

// slug is the first part of a network's paths: the last of its origin.
func slug(origin string) string { return path.Base(origin) }

// network finds the network of a slug.
func (s *Server) network(ctx context.Context, name string) (*commons.Network, error) {
	for _, origin := range s.commons.Origins() {
		if slug(origin) == name {
			return s.commons.Network(ctx, origin)
		}
	}
	return nil, errNotFound
}

// routes are the pages of the server itself, and the way to those of networks.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.health)
	mux.HandleFunc("GET /metrics", s.showMetrics)
	mux.HandleFunc("GET /assets/{hash}/{name}", s.asset)
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, "User-agent: *\nDisallow: /\n")
	})
	mux.HandleFunc("GET /operator", s.page("", (*visit).operator))
	mux.HandleFunc("GET /{$}", s.page("", (*visit).networks))
	mux.Handle("/api/", s.api())
	mux.HandleFunc("GET /{net}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/"+r.PathValue("net")+"/", http.StatusSeeOther)
	})
	mux.HandleFunc("/{net}/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/"+r.PathValue("net")+"/log/") {
			s.tiles(w, r)
			return
		}
		http.StripPrefix("/"+r.PathValue("net"), s.pages).ServeHTTP(w, r.WithContext(withSlug(r.Context(), r.PathValue("net"))))
	})
	return mux
}

// tiles serves a network's record to those who may read it.
func (s *Server) tiles(w http.ResponseWriter, r *http.Request) {
	n, err := s.network(r.Context(), r.PathValue("net"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	person := int64(0)
	if o := s.signedIn(r.Context(), n); o != nil {
		person = o.person
	}
	if !mayAudit(n, person) {
		http.NotFound(w, r)
		return
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /proof/consistency/{old}/{new}", consistency(n))
	mux.HandleFunc("GET /files/{hash}", planFiles(n))
	mux.Handle("/", tiles.Handler(n.Log()))
	before := ""
	for _, l := range n.Past() {
		before += "/before"
		mux.Handle(before+"/", http.StripPrefix(before, tiles.Handler(l)))
	}
	http.StripPrefix("/"+r.PathValue("net")+"/log", mux).ServeHTTP(w, r)
}

// mayAudit tells whether somebody, or anybody where person is 0, may read the record's entries.
func mayAudit(n *commons.Network, person int64) (may bool) {
	n.View(func(s *commons.State) {
		g := s.Govern
		may = g.Founded && (g.Holds(person, "audit", person > 0) || person > 0 && g.Holds(person, "read", true))
	})
	return may
}

// health tells whether the server can answer; it says nothing else.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
	defer cancel()
	for _, origin := range s.commons.Origins() {
		n, err := s.commons.Network(ctx, origin)
		if err == nil {
			_, err = n.Log().Size(ctx)
		}
		if err != nil {
			s.o.Log.Error("health", "origin", origin, "err", err)
			http.Error(w, "unavailable", http.StatusServiceUnavailable)
			return
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintln(w, "ok")
}

func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	data, contentType, ok := page.Asset(r.PathValue("hash"), r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(data) //nolint:errcheck // the browser went away
}
