package serve

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
	"bremen/serve/page"
)

// visit is one request for a page.
type visit struct {
	s    *Server
	w    http.ResponseWriter
	r    *http.Request
	lang page.Language

	net    *commons.Network // nil on pages of the server itself
	path   string           // before every path of the network, "/nordhof"
	person int64            // who is signed in, 0 if nobody is

	session *openSession // in which session; nil if nobody is signed in
}

// What a page asks of who sees it.
type access int

const (
	open      access = iota // anybody, once the network is founded
	settingUp               // anybody, until then
	reading                 // whoever may read the record's entries
	known                   // whoever is signed in
)

// page makes a handler of a page that says all its errors as a page.
func (s *Server) page(_ string, f func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := &visit{s: s, w: w, r: r, lang: s.language(r)}
		if v.switched() {
			return
		}
		if err := f(v); err != nil {
			s.fail(w, r, v, err)
		}
	}
}

// inNetwork makes a handler of a network's page.
func (s *Server) inNetwork(a access, f func(*visit) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name, _ := r.Context().Value(keySlug).(string)
		v := &visit{s: s, w: w, r: r, lang: s.language(r), path: "/" + name}
		err := v.enter(a, name)
		if err == nil {
			if v.switched() {
				return
			}
			err = f(v)
		}
		if err != nil {
			s.fail(w, r, v, err)
		}
	}
}

// enter finds the network and who is signed in, and whether they may see the page.
func (v *visit) enter(a access, name string) error {
	n, err := v.s.network(v.ctx(), name)
	if err != nil {
		return err
	}
	v.net = n
	if v.session = v.s.signedIn(v.ctx(), n); v.session != nil {
		v.person = v.session.person
	}
	founded := n.Founded()
	switch {
	case !founded && a != settingUp && (v.r.Method != http.MethodGet || v.r.URL.Path != "/"):
		return errNotFound // until it is founded, the network answers to its set-up code alone
	case founded && a == settingUp && v.r.Method != http.MethodGet:
		return problem(http.StatusConflict, "founded")
	case a == known && v.person == 0:
		return errSignIn
	case a == reading && !mayAudit(n, v.person):
		return errNotFound
	case v.r.Method == http.MethodPost && (v.person != 0 || v.r.URL.Path == "/sign"):
		return v.s.slowWriting(v.ctx(), n, v.person)
	}
	return nil
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// say is the catalogue's sentence in the page's language.
func (v *visit) say(key string, args ...any) string { return v.lang.Say(key, args...) }

// cookieName is the name of a cookie. Behind TLS it is one that no other host can set.
func (o *Options) cookieName(plain string) string {
	if o.secure() {
		return "__Host-" + plain
	}
	return plain
}

func (o *Options) secure() bool { return o.Address.Scheme == "https" }

// languageCookie keeps the language that somebody chose.
const languageCookie = "bremen-language"

func (s *Server) language(r *http.Request) page.Language {
	if c, err := r.Cookie(s.o.cookieName(languageCookie)); err == nil {
		if l, ok := page.Known(c.Value); ok {
			return l
		}
	}
	return page.Accepted(r.Header.Get("Accept-Language"))
}

// switched changes the language where the address asks for it, and goes to the address without.
func (v *visit) switched() bool {
	q := v.r.URL.Query()
	l, ok := page.Known(q.Get("lang"))
	if !ok || v.r.Method != http.MethodGet {
		return false
	}
	http.SetCookie(v.w, &http.Cookie{
		Name: v.s.o.cookieName(languageCookie), Value: string(l), Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true,
		Secure: v.s.o.secure(), SameSite: http.SameSiteLaxMode,
	})
	q.Del("lang")
	to := v.here()
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return true
}

// here is the page's path; whatever was asked for, it stays on this server.
func (v *visit) here() string {
	return v.path + "/" + strings.TrimLeft(strings.ReplaceAll(v.r.URL.Path, "\\", "/"), "/")
}

// fill puts what every page has into one.
func (v *visit) fill(p *page.Page) {
	p.Lang, p.Path = v.lang, strings.TrimSuffix(v.here(), "/")
	if p.Path == "" || p.Path == v.path {
		p.Path = v.path + "/"
	}
	if key := v.s.sessions.PopString(v.ctx(), sessionNotice); key != "" {
		p.Notice = v.say(key)
	}
	if v.net == nil {
		return
	}
	p.Network = v.s.header(v.net)
	if v.person != 0 {
		p.Person = &page.Person{Number: v.person, Name: v.name(v.person), Standing: standing(v.net, v.person)}
	}
}

func (s *Server) header(n *commons.Network) *page.Network {
	h := &page.Network{Path: "/" + slug(n.Origin()), Origin: n.Origin()}
	n.View(func(s *commons.State) { h.Name, h.Founded = s.Govern.Name, s.Govern.Founded })
	return h
}

// show writes a page.
func (v *visit) show(name, title string, data any) error {
	return v.showWith(http.StatusOK, name, title, data)
}

func (v *visit) showWith(status int, name, title string, data any) error {
	p := &page.Page{Title: title, Data: data}
	v.fill(p)
	var b bytes.Buffer
	if err := page.Render(&b, name, p); err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	_, err := v.w.Write(b.Bytes())
	if err != nil {
		v.s.o.Log.Debug("answer cut short", "id", requestID(v.ctx()))
	}
	return nil
}

// goTo sends the browser to a page of the network, with a notice if key is one of the catalogue's.
func (v *visit) goTo(path, key string) error {
	if key != "" {
		v.s.sessions.Put(v.ctx(), sessionNotice, key)
	}
	http.Redirect(v.w, v.r, v.path+path, http.StatusSeeOther)
	return nil
}

// form is a field of the form that was sent.
func (v *visit) form(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(v.r.PostFormValue(name), "\r\n", "\n"))
}

// parse reads the form.
func (v *visit) parse() error {
	if err := v.r.ParseForm(); err != nil {
		if tooLarge(err) {
			return err
		}
		return &failure{status: http.StatusBadRequest, cause: err}
	}
	return nil
}

// number reads a number in the path.
func (v *visit) number(name string) (int64, error) {
	text := v.r.PathValue(name)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, errNotFound
	}
	return n, nil
}

// name is a person's as far as who is signed in may read it; "" else.
func (v *visit) name(person int64) string {
	if v.person == 0 {
		return ""
	}
	name, err := v.net.Name(v.ctx(), v.person, person)
	if err != nil {
		var refused *commons.Refusal
		if !errors.As(err, &refused) && !errors.Is(err, record.ErrErased) {
			v.s.o.Log.Error("reading a name", "id", requestID(v.ctx()), "err", safe(err))
		}
		return ""
	}
	return name
}

// called is how a person is named on pages.
func (v *visit) called(person int64) string {
	if person == 0 {
		return v.say("person.server")
	}
	if name := v.name(person); name != "" {
		return name + " (" + v.say("person.number", "number", person) + ")"
	}
	return v.say("person.number", "number", person)
}

// actor is who is signed in.
func (v *visit) actor() commons.Actor { return commons.Session(v.person) }

// govern lets a function read who may do what.
func (v *visit) govern(read func(*govern.State)) {
	v.net.View(func(s *commons.State) { read(s.Govern) })
}
