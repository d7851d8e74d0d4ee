package serve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"bremen/internal/waittest"
)

// post is a mail server in a test.
type post struct {
	t      testing.TB
	server *smtp.Server
	port   int

	mu       sync.Mutex
	got      []delivered
	answer   func(to string) error // to every recipient, if not nil
	password string                // of user "bremen"; "" lets everybody in
}

type delivered struct {
	to   string
	mail *netmail.Message
	text string
}

func newPost(t testing.TB) *post {
	t.Helper()
	p := &post{t: t}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	p.server = smtp.NewServer(p)
	p.server.Domain, p.server.AllowInsecureAuth = "localhost", true
	go p.server.Serve(l) //nolint:errcheck // it is closed
	t.Cleanup(func() { p.server.Close() })
	return p
}

func (p *post) mail() *Mail {
	return &Mail{Host: "localhost", Port: p.port, Security: mailNone, From: "Bremen <mail@localhost>"}
}

func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &postSession{p: p}, nil }

type postSession struct {
	p  *post
	to []string
}

func (s *postSession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *postSession) Reset()                               { s.to = nil }
func (s *postSession) Logout() error                        { return nil }

func (s *postSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.answer != nil {
		if err := s.p.answer(to); err != nil {
			return err
		}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *postSession) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	text, err := readBody(m)
	if err != nil {
		return err
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	for _, to := range s.to {
		s.p.got = append(s.p.got, delivered{to, m, text})
	}
	return nil
}

func (p *post) refuse(answer func(to string) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = answer
}

func (p *post) mails() []delivered {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

// wait waits for so many mails, and returns them.
func (p *post) wait(n int) (got []delivered) {
	p.t.Helper()
	waittest.Until(p.t, func() bool { got = p.mails(); return len(got) >= n }, func() string { return fmt.Sprintf("%d mails, want %d", len(got), n) })
	return got
}

// A mail goes over TLS unless the mail server is on this machine, and with the password from its file.
func TestMailOptions(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		m    Mail
		want string
	}{
		"no host":              {Mail{From: "a@b.example"}, "host is missing"},
		"no sender":            {Mail{Host: "m.example"}, "expected an address"},
		"in the clear":         {Mail{Host: "m.example", From: "a@b.example", Security: mailNone}, "on this machine"},
		"another security":     {Mail{Host: "m.example", From: "a@b.example", Security: "ssl"}, "expected starttls, tls or none"},
		"a user alone":         {Mail{Host: "m.example", From: "a@b.example", User: "u"}, "both or neither"},
		"a password not there": {Mail{Host: "m.example", From: "a@b.example", User: "u", PasswordFile: "/nosuch"}, "no such file"},
		"a port that is none":  {Mail{Host: "m.example", From: "a@b.example", Port: 70000}, "1 to 65535"},
		"what suffices":        {Mail{Host: "m.example", From: "a@b.example"}, ""},
	} {
		err := x.m.Check()
		if x.want == "" && err != nil || x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	m := Mail{Host: "localhost", Port: newPost(t).port, From: "a@b.example"} // it does not know STARTTLS
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	if err := m.send(t.Context(), &letter{to: &netmail.Address{Address: "x@y.example"}, id: "1@b.example", subject: "s", text: "t"}, time.Now()); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("a mail without TLS: %v", err)
	}
}

// Addresses are found in what people write, and nothing else is taken for one.
func FuzzAddressIn(f *testing.F) {
	for _, s := range []string{"fee@example.org", "Tel. 0421 1234, Fee <fee@example.org>", "@", "a@b\r\nBcc: c@d", "mailto:fee@example.org.", "", "a@b@c", "\"x y\"@z.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := addressIn(s)
		if a == nil {
			return
		}
		if strings.ContainsAny(a.Address, "\r\n <>,") || !strings.Contains(a.Address, "@") || !strings.Contains(s, strings.SplitN(a.Address, "@", 2)[0]) {
			t.Errorf("%q: %q", s, a.Address)
		}
	})
}

func TestAddressIn(t *testing.T) {
	t.Parallel()
	for contact, want := range map[string]string{
		"fee@example.org": "fee@example.org", "Tel. 0421 1234, Fee <fee@example.org>": "fee@example.org", "mailto:fee@example.org.": "fee@example.org",
		"0421 1234": "", "": "", "@fee": "", "fee@": "", "a@b\r\nBcc: c@d.example": "a@b",
	} {
		got := ""
		if a := addressIn(contact); a != nil {
			got = a.Address
		}
		if got != want {
			t.Errorf("%q: %q, want %q", contact, got, want)
		}
	}
}

// readBody reads the text of a mail.
func readBody(m *netmail.Message) (string, error) {
	var r io.Reader = m.Body
	if strings.EqualFold(m.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		r = quotedprintable.NewReader(r)
	}
	b, err := io.ReadAll(r)
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}

// A mail is handed over encrypted and signed in with the password from its file, which no error tells.
func TestMailOverTLS(t *testing.T) {
	t.Parallel()
	web := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(web.Close)
	for _, security := range []string{mailTLS, mailStartTLS} {
		p := newPost(t)
		p.server.TLSConfig = &tls.Config{Certificates: web.TLS.Certificates}
		p.server.AllowInsecureAuth = false
		p.password = "sesam-4711"
		port := p.port
		if security == mailTLS {
			l, err := tls.Listen("tcp", "127.0.0.1:0", p.server.TLSConfig)
			if err != nil {
				t.Fatal(err)
			}
			port = l.Addr().(*net.TCPAddr).Port
			go p.server.Serve(l) //nolint:errcheck // it is closed
		}
		roots := x509.NewCertPool()
		roots.AddCert(web.Certificate())
		file := filepath.Join(t.TempDir(), "password")
		send := func(password string) error {
			if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			m := Mail{Host: "127.0.0.1", Port: port, Security: security, From: "a@b.example", User: "bremen", PasswordFile: file, roots: roots}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
			return m.send(t.Context(), &letter{to: &netmail.Address{Address: "x@y.example"}, id: "1@b.example", subject: "s", text: "t"}, time.Now())
		}
		if err := send("falsch-0815"); err == nil || strings.Contains(err.Error(), "falsch") || strings.Contains(mailFailure(err), "falsch") || refusedForGood(err) {
			t.Errorf("%s: a wrong password: %v", security, err)
		}
		if err := send(p.password); err != nil {
			t.Errorf("%s: %v", security, err)
		}
		if got := p.mails(); len(got) != 1 || got[0].to != "x@y.example" {
			t.Errorf("%s: %v", security, got)
		}
	}
}

// AuthMechanisms is smtp.AuthSession's.
func (s *postSession) AuthMechanisms() []string {
	if s.p.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth is smtp.AuthSession's.
func (s *postSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "bremen" || password != s.p.password {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// Whatever is said of where to go after signing in, it is a page of the network.
func FuzzAfterSignIn(f *testing.F) {
	for _, s := range []string{"/record/17", "//evil.example", "/\\\\evil.example", "https://evil.example", "/signin", "/me/../../x", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		to := afterSignIn(s)
		u, err := url.Parse("https://nordhof.example/nordhof" + to)
		if err != nil || u.Host != "nordhof.example" || !strings.HasPrefix(path.Clean(u.Path), "/nordhof/") || strings.ContainsAny(to, "\\?#:") || strings.Contains(to, "//") {
			t.Errorf("%q leads to %q", s, to)
		}
	})
}
