package serve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"time"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
	"bremen/serve/page"
)

// failure is an error that somebody is told of: by status and code for programs, in a sentence for people.
type failure struct {
	status int
	code   string // stable; "" for what the status alone says
	text   string // what is told beyond the catalogue's sentence
	wait   time.Duration
	cause  error
}

func (f *failure) Error() string {
	if f.cause != nil {
		return f.cause.Error()
	}
	return fmt.Sprintf("%d %s", f.status, f.code)
}

func (f *failure) Unwrap() error { return f.cause }

func problem(status int, code string) *failure { return &failure{status: status, code: code} }

var (
	errNotFound = &failure{status: http.StatusNotFound}
	errSignIn   = &failure{status: http.StatusUnauthorized}
)

// bad is a request that cannot be read.
func bad(text string) *failure { return &failure{status: http.StatusBadRequest, text: text} }

// statuses says how errors of other packages are answered.
var statuses = []struct {
	is     error
	status int
	code   string
}{
	{record.ErrNone, http.StatusNotFound, "none"},
	{record.ErrUnknownLog, http.StatusNotFound, "none"},
	{record.ErrErased, http.StatusGone, "erased"},
	{record.ErrHeadMoved, http.StatusConflict, "moved"},
	{record.ErrDuplicate, http.StatusConflict, "duplicate"},
	{govern.ErrSignature, http.StatusForbidden, "signature"},
	{record.ErrInvalid, http.StatusBadRequest, "invalid"},
	{record.ErrFull, http.StatusServiceUnavailable, "full"},
	{record.ErrReadOnly, http.StatusServiceUnavailable, "read-only"},
	{record.ErrClock, http.StatusServiceUnavailable, "clock"},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, "late"},
}

// refusals are codes of refusals for which the right is there: what it is about has changed or is not yet so (409), or the
// request is no such entry (400). All others are 403.
var refusals = map[string]int{
	"not-there": http.StatusConflict, "does-not-hold": http.StatusConflict, "too-many": http.StatusConflict, "too-early": http.StatusConflict,
	"too-late": http.StatusConflict, "paused": http.StatusConflict, "founded": http.StatusConflict, "unfounded": http.StatusConflict,
	"body": http.StatusBadRequest, "payload": http.StatusBadRequest, "private": http.StatusBadRequest, "unknown-type": http.StatusNotFound,
}

// asFailure tells how an error is answered, in a language.
func asFailure(err error, l page.Language) *failure {
	var f *failure
	var refused *govern.Refusal
	var own *commons.Refusal
	var moved *record.MovedError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &refused):
		f = &failure{status: http.StatusForbidden, code: "refused." + refused.Code, text: refused.In(string(l)), cause: err}
		if status, ok := refusals[refused.Code]; ok {
			f.status = status
		}
		return f
	case errors.As(err, &own):
		f = &failure{status: http.StatusBadRequest, code: "refused." + own.Code, text: own.In(string(l)), cause: err}
		if own.Code == commons.RefusedReader || own.Code == commons.RefusedSetUp {
			f.status = http.StatusForbidden
		}
		return f
	case errors.As(err, &moved):
		return &failure{status: http.StatusConflict, code: "elsewhere", text: l.Say("error.elsewhere", "to", moved.To), cause: err}
	case tooLarge(err):
		return &failure{status: http.StatusRequestEntityTooLarge, cause: err}
	}
	for _, x := range statuses {
		if errors.Is(err, x.is) {
			f = &failure{status: x.status, code: x.code, cause: err}
			if x.status == http.StatusBadRequest {
				f.text = err.Error()
			}
			return f
		}
	}
	return &failure{status: http.StatusInternalServerError, cause: err}
}

// sentence is the catalogue's for a failure.
func (f *failure) sentence(l page.Language) string {
	if f.status == http.StatusForbidden && f.code == "cross" {
		return l.Say("error.403.cross")
	}
	if f.code == errProvider.code {
		return l.Say("error.503.provider")
	}
	key := "error." + fmt.Sprint(f.status)
	switch {
	case f.status == http.StatusTooManyRequests:
		return l.Say("error.429", "seconds", int(math.Ceil(f.wait.Seconds())))
	case f.status == http.StatusRequestEntityTooLarge:
		return l.Say("error.413", "size", maxBody>>10)
	case f.status == http.StatusGone:
		return l.Say("erased")
	case !l.Has(key):
		key = "error.400"
	}
	return l.Say(key)
}

// fail answers with a page. v may be nil.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, v *visit, err error) {
	l := s.language(r)
	f := asFailure(err, l)
	if f.status == http.StatusInternalServerError {
		s.o.Log.Error("failed", "id", requestID(r.Context()), "route", s.route(r), "err", safe(f.cause))
	}
	if f.wait > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(math.Ceil(f.wait.Seconds()))))
	}
	type data struct {
		Text, SignIn, Request string
		Details               []string
	}
	p := &page.Page{Lang: l, Path: r.URL.Path}
	d := data{Text: f.sentence(l), Request: requestID(r.Context())}
	if f.text != "" {
		d.Details = []string{f.text}
	}
	title := "error.title." + fmt.Sprint(f.status)
	if !l.Has(title) {
		title = "error.title.400"
	}
	p.Title, p.Data = l.Say(title), d
	if v != nil {
		v.fill(p)
		if f.status == http.StatusUnauthorized {
			d.SignIn = v.path + "/signin"
			if r.Method == http.MethodGet {
				d.SignIn += "?next=" + url.QueryEscape(afterSignIn(r.URL.Path))
			}
			p.Data = d
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(f.status)
	if err := page.Render(w, "error", p); err != nil {
		s.o.Log.Error("failed", "id", requestID(r.Context()), "err", safe(err))
	}
}

// safe is an error as it may stand in logs: its kind, without what somebody wrote.
func safe(err error) string {
	if err == nil {
		return ""
	}
	var b *commons.Refusal
	if errors.As(err, &b) {
		return b.Code
	}
	return fmt.Sprintf("%T: %v", err, err)
}
