package serve

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"bremen/commons"
)

type contextKey int

const (
	keyRequest contextKey = iota
	keySlug
	keyAddress
	keyDevice
)

// policy lets a page load scripts and styles of this server and nothing else, and nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
	"frame-ancestors 'none'; base-uri 'none'"

// guard is what stands before every page: from the outside in a request number, logs and figures, headers, the host,
// limits, protection against forged requests, the session.
func (s *Server) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, nil, problem(http.StatusForbidden, "cross"))
	}))
	return s.observe(s.recover(s.headers(s.limit(s.sessions.LoadAndSave(cross.Handler(next))))))
}

// observe numbers, times and logs requests. It logs no address, no person and no path, only the pattern of the path.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now() // of the machine: how long it took, not when
		id := rand.Text()[:12]
		w.Header().Set("X-Request-Id", id)
		ctx := context.WithValue(r.Context(), keyRequest, id)
		ctx = context.WithValue(ctx, keyAddress, s.address(r))
		ctx = context.WithValue(ctx, keyDevice, deviceOf(r))
		r = r.WithContext(ctx)
		out := &watched{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(out, r)
		took := time.Since(began)
		route := s.route(r)
		s.metrics.requests.WithLabelValues(methodName(r.Method), route, fmt.Sprint(out.status)).Inc()
		s.metrics.seconds.WithLabelValues(route).Observe(took.Seconds())
		s.o.Log.Info("request", "id", id, "method", methodName(r.Method), "route", route, "status", out.status, "bytes", out.bytes, "ms", took.Milliseconds())
	})
}

// methodName keeps what is no method out of logs and figures.
func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch:
		return method
	}
	return "other"
}

// route is the pattern that a request's path fits.
func (s *Server) route(r *http.Request) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	for _, name := range reserved {
		if first == name {
			return "/" + name
		}
	}
	inner := r.Clone(r.Context())
	inner.URL.Path, inner.URL.RawPath = "/"+rest, ""
	if strings.HasPrefix(rest, "log/") {
		return "/{net}/log/"
	}
	if _, pattern := s.pages.Handler(inner); pattern != "" {
		_, path, _ := strings.Cut(pattern, " ")
		return "/{net}" + path
	}
	return "/"
}

// watched counts what was answered.
type watched struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recover turns a panic into an answer that tells nothing but the request's number.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				s.o.Log.Error("panic", "id", requestID(r.Context()), "what", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
				s.fail(w, r, nil, problem(http.StatusInternalServerError, ""))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func (s *Server) headers(next http.Handler) http.Handler {
	secure := s.o.secure()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin") // with no-referrer browsers would say "Origin: null" of our own forms
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// limit refuses what is addressed to another host, packed, or too large.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Host, s.o.Address.Host) && r.URL.Path != "/healthz" && r.URL.Path != "/metrics" {
			http.Error(w, "this server answers for "+s.o.Address.Host, http.StatusMisdirectedRequest)
			return
		}
		if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
			http.Error(w, "packed requests are not read", http.StatusUnsupportedMediaType)
			return
		}
		if r.ContentLength > maxBody {
			w.Header().Set("Connection", "close")
			s.fail(w, r, nil, problem(http.StatusRequestEntityTooLarge, ""))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// address is whom a request comes from, for limits only: of IPv6 the network of 64 bits that one customer has.
func (s *Server) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap()
	if s.proxied(a) {
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(list) - 1; i >= 0 && s.proxied(a); i-- {
			b, err := netip.ParseAddr(strings.TrimSpace(list[i]))
			if err != nil {
				break
			}
			a = b.Unmap()
		}
	}
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

func (s *Server) proxied(a netip.Addr) bool {
	for _, p := range s.o.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(keyRequest).(string)
	return id
}

func addressOf(ctx context.Context) string {
	a, _ := ctx.Value(keyAddress).(string)
	return a
}

func withSlug(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, keySlug, name)
}

// quiet logs what net/http has to say, which holds addresses, as a fact without them.
func quiet(l *slog.Logger) *log.Logger {
	return log.New(writer(func(b []byte) {
		what := "connection"
		if strings.Contains(string(b), "TLS") {
			what = "TLS handshake"
		}
		l.Debug("http", "what", what)
	}), "", 0)
}

type writer func([]byte)

func (w writer) Write(b []byte) (int, error) {
	w(b)
	return len(b), nil
}

// slowDown uses an attempt of the request's address. There is no limit by whom somebody would sign in as: with one, anybody could
// lock others out.
func (s *Server) slowDown(ctx context.Context, l *limiter) error { return s.slow(l, addressOf(ctx)) }

// slowWriting uses one of what somebody may change, by whom they are, so that nobody fills the record faster than others read it.
func (s *Server) slowWriting(ctx context.Context, n *commons.Network, person int64) error {
	if person == 0 {
		return s.slowDown(ctx, s.writings)
	}
	return s.slow(s.writings, n.Origin()+" "+formatNumber(person))
}

func (s *Server) slow(l *limiter, key string) error {
	if wait := l.take(key, s.o.Clock()); wait > 0 {
		s.metrics.refused.Inc()
		return &failure{status: http.StatusTooManyRequests, wait: wait}
	}
	return nil
}

// tooLarge tells whether reading stopped at the limit.
func tooLarge(err error) bool {
	var e *http.MaxBytesError
	return errors.As(err, &e)
}
