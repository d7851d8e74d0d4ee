package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"bremen/record"
	"bremen/record/sqlite"
	"bremen/record/witness"
)

// witnessFlags are the flags of "bremen witness".
type witnessFlags struct{ data, key, name, logs, listen string }

func witnessCommand(f *flag.FlagSet) action {
	var w witnessFlags
	f.StringVar(&w.data, "data", "", "")
	f.StringVar(&w.key, "key", "", "")
	f.StringVar(&w.name, "name", "", "")
	f.StringVar(&w.logs, "logs", "", "")
	f.StringVar(&w.listen, "listen", "localhost:8081", "")
	return func(ctx context.Context, c *call) error {
		if w.data == "" || w.key == "" || w.logs == "" {
			return usage(c.lang, c.command, errors.New(c.lang.say("witness/which")))
		}
		return c.witness(ctx, &w)
	}
}

// witness cosigns the checkpoints of others until ctx ends.
func (c *call) witness(ctx context.Context, w *witnessFlags) (err error) {
	private, err := c.witnessKey(w)
	if err != nil {
		return err
	}
	logs, err := c.witnessedLogs(w.logs)
	if err != nil {
		return err
	}
	public, err := record.PublicKey(private)
	if err != nil {
		return fmt.Errorf("%s: %w", w.key, err)
	}
	s, err := sqlite.Open(ctx, w.data, c.now)
	if errors.Is(err, record.ErrLocked) {
		return &failure{status: exitInput, err: errors.New(c.lang.say("data/locked", "name", w.data))}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	signs, err := witness.New(s, private, logs)
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.listen)
	if err != nil {
		return err
	}
	name, _, _ := strings.Cut(public, "+")
	fmt.Fprintln(c.err, c.laid(c.lang.say("witness/ready", "name", name, "count", c.lang.count(len(logs)), "url", "http://"+l.Addr().String(), "key", public)))
	return serveUntil(ctx, l, witnessPages(signs, s, public))
}

// witnessPages serves add-checkpoint (C2SP tlog-witness), the key, and seen/ORIGIN: the newest checkpoint of a log that
// was cosigned, which whoever restores the log must meet.
func witnessPages(w *witness.Witness, seen record.Witnessed, public string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /add-checkpoint", w.Handler())
	mux.HandleFunc("GET /{$}", func(out http.ResponseWriter, _ *http.Request) { fmt.Fprintln(out, public) })
	mux.HandleFunc("GET /seen/{origin...}", func(out http.ResponseWriter, r *http.Request) {
		signed, err := seen.Witnessed(r.Context(), r.PathValue("origin"))
		switch {
		case err != nil:
			http.Error(out, "the witness cannot answer at present", http.StatusInternalServerError)
		case signed == nil:
			http.NotFound(out, r)
		default:
			out.Header().Set("Content-Type", "text/plain; charset=utf-8")
			out.Header().Set("Cache-Control", "no-store")
			out.Write(signed)
		}
	})
	return mux
}

// serveUntil serves until ctx ends, and lets what was begun come to its end.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(late)
	})
	err := server.Serve(l)
	if errors.Is(err, http.ErrServerClosed) {
		return <-stopped
	}
	stop()
	return err
}

// witnessKey reads the witness's private key; a new witness, which gives its name, gets a new one.
func (c *call) witnessKey(w *witnessFlags) (string, error) {
	b, err := os.ReadFile(w.key)
	switch {
	case err == nil && w.name != "":
		return "", &failure{status: exitInput, err: errors.New(c.lang.say("exists", "name", w.key)), next: c.lang.say("witness/named/next")}
	case err == nil:
		return strings.TrimSpace(string(b)), nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	case w.name == "":
		return "", &failure{status: exitInput, err: errors.New(c.lang.say("missing", "name", w.key)), next: c.lang.say("witness/name/next")}
	}
	private, _, err := record.NewKey(w.name)
	if err != nil {
		return "", usage(c.lang, c.command, err)
	}
	f, err := os.OpenFile(w.key, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.WriteString(f, private+"\n")
	return private, errors.Join(err, f.Sync(), f.Close())
}

// witnessedLogs reads which logs are witnessed; see [witness.ParseLogs].
func (c *call) witnessedLogs(file string) (map[string][]string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, c.located(file, err)
	}
	logs, err := witness.ParseLogs(string(b))
	var line *witness.LineError
	switch {
	case errors.As(err, &line):
		return nil, errors.New(c.lang.say("witness/line", "name", file, "line", fmt.Sprint(line.Line), "found", clip(line.Text, 40)))
	case err != nil:
		return nil, err
	case len(logs) == 0:
		return nil, errors.New(c.lang.say("witness/none", "name", file))
	}
	return logs, nil
}
