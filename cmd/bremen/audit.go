package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"bremen/audit"
	"bremen/internal/wholefile"
	"bremen/record"
)

// auditFlags are the flags of "bremen audit".
type auditFlags struct {
	since, before listFlag
	origin, out   string
}

// listFlag is a flag that may be given several times.
type listFlag []string

func (l *listFlag) String() string { return strings.Join(*l, ",") }

func (l *listFlag) Set(s string) error {
	*l = append(*l, s)
	return nil
}

func auditCommand(f *flag.FlagSet) action {
	var a auditFlags
	f.Var(&a.since, "since", "")
	f.Var(&a.before, "before", "")
	f.StringVar(&a.origin, "origin", "", "")
	f.StringVar(&a.out, "o", "", "")
	return func(ctx context.Context, c *call) error {
		p := c.progress()
		defer p.done()
		p.phase("read")
		o := audit.Options{Network: publicNetwork}
		if p != nil {
			o.Progress = func(read, of int64) {
				p.draw(c.lang.say("phase/audit", "read", c.lang.count(int(read)), "of", c.lang.count(int(of))), false)
			}
		}
		for _, name := range a.since {
			signed, err := c.fetch(ctx, name, maxNote)
			if err != nil {
				return err
			}
			o.Known = append(o.Known, signed)
		}
		r, err := c.audited(ctx, &a, o)
		if err != nil {
			return err
		}
		p.done()
		if a.out != "" {
			err := wholefile.Write(a.out, 0o666, func(w io.Writer) error {
				_, err := io.WriteString(w, r.Checkpoint)
				return err
			})
			if err := c.unwritten(a.out, err); err != nil {
				return err
			}
		}
		if c.json {
			err = writeJSON(c.out, r)
		} else {
			err = c.printAudit(r)
		}
		if err == nil && !r.Holds {
			err = said(exitNo)
		}
		return err
	}
}

// audited runs the audit, with the records before as far as they lie with the record or were named.
func (c *call) audited(ctx context.Context, a *auditFlags, o audit.Options) (*audit.Report, error) {
	newest, err := c.openRecord(ctx, c.operands[0], a.origin)
	if err != nil {
		return nil, err
	}
	defer newest.close()
	oldest := newest
	for _, name := range slices.Backward(a.before) {
		s, err := c.openRecord(ctx, name, "")
		if err != nil {
			return nil, err
		}
		defer s.close()
		oldest = s
		o.Earlier = append([]audit.Source{s}, o.Earlier...)
	}
	o.Kept = newest.known
	o.File = newest.file
	if newest.log != nil {
		o.Payloads = newest.payloads
	}
	for {
		r, err := audit.Run(ctx, newest, o)
		var earlier *audit.EarlierError
		if !errors.As(err, &earlier) {
			return r, err
		}
		s, found := oldest.beside(ctx, earlier.Origin)
		if !found {
			return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/earlier", "origin", earlier.Origin)), next: c.lang.say("audit/earlier/next")}
		}
		oldest = s
		o.Earlier = append([]audit.Source{s}, o.Earlier...)
		o.Kept = append(o.Kept, s.known...)
	}
}

// maxNote is the longest that a signed note is read.
const maxNote = 1 << 16

// fetch reads a small file, from the web if it is named so.
func (c *call) fetch(ctx context.Context, name string, most int64) ([]byte, error) {
	if !isURL(name) {
		f, err := os.Open(name)
		if err != nil {
			return nil, c.located(name, err)
		}
		defer f.Close()
		return readMost(f, name, most)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil {
		return nil, err
	}
	res, err := (&http.Client{Timeout: 5 * time.Minute, Transport: patient{http.DefaultTransport, time.Second}}).Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotFound {
		return nil, &os.PathError{Op: "get", Path: name, Err: os.ErrNotExist}
	}
	if res.StatusCode != http.StatusOK {
		return nil, errors.New(c.lang.say("audit/answered", "name", name, "status", res.Status))
	}
	return readMost(res.Body, name, most)
}

func readMost(r io.Reader, name string, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = &os.PathError{Op: "read", Path: name, Err: errors.New("too long")}
	}
	return b, err
}

func isURL(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}

// kinds are the kinds of signature in the order in which they are shown.
var kinds = []record.Kind{record.Device, record.Card, record.Server, record.Session, record.Assisted, record.Token}
