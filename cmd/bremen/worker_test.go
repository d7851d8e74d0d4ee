package main

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"bremen/commons"
	"bremen/commons/commonstest"
	"bremen/internal/waittest"
	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/sqlite"
	"bremen/serve"
)

// inhabited founds a village in a store, and returns the secret of a program that may have plans computed there.
func inhabited(t *testing.T, store record.Store, dir string) (secret string) {
	t.Helper()
	networks, err := commons.Open(t.Context(), store, commons.Options{Clock: time.Now, Dir: dir})
	if err == nil {
		var n *commons.Network
		if n, err = networks.Create(t.Context(), "localhost/nordhof"); err == nil {
			secret = commonstest.Found(t, n, time.Now, 120, 104).Token(1, "adopt", "read")
		}
		err = errors.Join(err, networks.Close())
	}
	if err := errors.Join(err, store.Close()); err != nil {
		t.Fatal(err)
	}
	return secret
}

// process is a program that runs beside the test.
type process struct {
	*exec.Cmd
	t     testing.TB
	lines chan string
	ended chan error
}

// launched starts the program.
func launched(t testing.TB, args ...string) *process {
	t.Helper()
	return launchedBy(t, "bremen", args...)
}

// launchedBy starts the program, maybe by another.
func launchedBy(t testing.TB, name string, args ...string) *process {
	t.Helper()
	p := &process{exec.Command(name, args...), t, make(chan string, 10_000), make(chan error, 1)}
	p.Env = append(os.Environ(), "LANG=C", "LC_ALL=", "LC_MESSAGES=")
	out, err := p.StderrPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			p.lines <- lines.Text()
		}
		close(p.lines)
		p.ended <- p.Wait()
	}()
	t.Cleanup(func() {
		p.Process.Kill()
		for range p.lines {
		}
	})
	return p
}

// says waits for a line with a word, and returns what comes after it.
func (p *process) says(word string) string {
	p.t.Helper()
	var all []string
	for line := range p.lines {
		all = append(all, line)
		if _, after, ok := strings.Cut(line, word); ok {
			return after
		}
	}
	p.t.Fatalf("%v ends without saying %q:\n%s", p.Args, word, strings.Join(all, "\n"))
	return ""
}

// stops has the program end in good order, and returns what it still said.
func (p *process) stops(signal os.Signal) []string {
	p.t.Helper()
	p.Process.Signal(signal)
	if signal == syscall.SIGKILL {
		lines := p.rest()
		<-p.ended
		return lines
	}
	return p.ends()
}

// ends waits until the program ends in good order.
func (p *process) ends() []string {
	p.t.Helper()
	lines := p.rest()
	if err := <-p.ended; err != nil {
		p.t.Errorf("%v: %v\n%s", p.Args, err, strings.Join(lines, "\n"))
	}
	return lines
}

// rest is what the program says until it ends.
func (p *process) rest() (lines []string) {
	for line := range p.lines {
		lines = append(lines, line)
	}
	return lines
}

// caller calls the API as a program that was granted a token.
type caller struct {
	t           *testing.T
	url, secret string
}

func (p *caller) call(method, path string, body, answer any) int {
	p.t.Helper()
	var text io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			p.t.Fatal(err)
		}
		text = strings.NewReader(string(b))
	}
	r, err := http.NewRequestWithContext(context.Background(), method, strings.TrimSuffix(p.url, "/")+"/api/networks/nordhof/"+path, text)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.secret)
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && answer != nil && res.StatusCode < 300 {
		err = json.Unmarshal(b, answer)
	}
	if err != nil {
		p.t.Fatalf("%s %s: %v: %s", method, path, err, b)
	}
	if res.StatusCode >= 400 {
		p.t.Logf("%s %s: %s", method, path, b)
	}
	return res.StatusCode
}

// until waits for a job to be as a test wants it.
func (p *caller) until(id string, good func(*serve.JobInfo) bool) *serve.JobInfo {
	p.t.Helper()
	var j *serve.JobInfo
	waittest.Until(p.t, func() bool {
		j = &serve.JobInfo{}
		if status := p.call(http.MethodGet, "jobs/"+id, nil, j); status != http.StatusOK {
			p.t.Fatalf("job %s: %d", id, status)
		}
		return good(j)
	}, func() string { return fmt.Sprintf("the job is still %+v", j) })
	return j
}

func (p *caller) start() string {
	p.t.Helper()
	var j serve.JobInfo
	waittest.Until(p.t, func() bool {
		status := p.call(http.MethodPost, "jobs", nil, &j)
		if status != http.StatusCreated && status != http.StatusConflict {
			p.t.Fatalf("starting a job: %d", status)
		}
		return status == http.StatusCreated
	}, func() string { return "who worked on the last job does not let go" })
	b, _ := json.Marshal(j.ID)
	return string(b)
}

func climbing(j *serve.JobInfo) bool { return j.State == "running" && j.Rungs > 0 }
func ended(j *serve.JobInfo) bool    { return j.Ended != nil }

// adopts signs a computed plan into force with the card of person 1.
func (p *caller) adopts(r *serve.ResultInfo) {
	p.t.Helper()
	var made struct{ Statement string }
	body := map[string]any{
		"plan": r.Plan, "network": r.Network, "program": r.Program, "from": r.From, "until": r.Until, "status": r.Status,
	}
	if status := p.call(http.MethodPost, "prepared/plan.adopt", map[string]any{"body": body}, &made); status != http.StatusOK {
		p.t.Fatalf("preparing: %d", status)
	}
	key := commonstest.Card(1)
	sig := map[string]any{
		"kind": record.Card, "key": base64.RawURLEncoding.EncodeToString(key.Public().(ed25519.PublicKey)),
		"sig": ed25519.Sign(key, record.SignedText(sha256.Sum256([]byte(made.Statement)))),
	}
	if status := p.call(http.MethodPost, "signed", map[string]any{"statement": made.Statement, "payloads": []any{}, "signature": sig}, nil); status != http.StatusCreated {
		p.t.Fatalf("adopting: %d", status)
	}
}

// proven has an outsider audit the record over HTTP, with the one plan that was adopted.
func (p *caller) proven() {
	p.t.Helper()
	said := ""
	waittest.Until(p.t, func() bool { // a checkpoint covers the newest entry
		status, out, errs := runHere(p.t, context.Background(), "audit", p.url+"nordhof")
		said = fmt.Sprintf("audit: status %d\n%s%s", status, out, errs)
		return status == exitDone && strings.Count(out, "rounds proven") == 1
	}, func() string { return said })
}

// Any number of workers compute plans beside servers on one PostgreSQL. One that is killed loses nothing: another takes its
// job up, and it is done once. One that is told to stop gives its job back.
func TestWorkers(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	database, dir := cluster.Database(t), filepath.Join(t.TempDir(), "shared")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	store, err := postgres.Open(t.Context(), database, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p := &caller{t: t, secret: inhabited(t, store, dir)}
	server := launched(t, "serve", "--database", database, "--data", dir, "--listen", "localhost:0", "--leave-jobs")
	p.url = server.says("Ready: ")
	worker := func() *process {
		w := launched(t, "worker", "--database", database, "--data", dir, "--threads", "1")
		w.says("Ready")
		return w
	}

	first := worker()
	job := p.start()
	p.until(job, climbing)
	if status := p.call(http.MethodDelete, "jobs/"+job, nil, nil); status != http.StatusOK {
		t.Errorf("cancelling: %d", status)
	}
	if j := p.until(job, ended); j.State != "cancelled" {
		t.Errorf("cancelled: %+v", j)
	}

	job = p.start()
	p.until(job, climbing)
	first.stops(syscall.SIGTERM)
	if j := p.until(job, func(*serve.JobInfo) bool { return true }); j.State != "waiting" {
		t.Errorf("given back: %+v", j)
	}
	second := worker()
	p.until(job, climbing)
	second.Process.Signal(syscall.SIGSTOP) // so that it is not done before the third is there
	third := worker()
	second.stops(syscall.SIGKILL)
	j := p.until(job, ended)
	if j.State != "done" || j.Tries != 2 || j.Result == nil || j.Result.Status != "optimal" {
		t.Fatalf("after its worker was stopped, and the next one killed: %+v", j)
	}
	p.adopts(j.Result)
	p.proven()
	third.stops(syscall.SIGTERM)
	server.stops(syscall.SIGTERM)
}

// A server that is killed while it computes a plan goes on with it when it is started again; the plan is adopted, backed up,
// and proven from outside.
func TestAKilledServerGoesOnPlanning(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	store, err := sqlite.Open(t.Context(), dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p := &caller{t: t, secret: inhabited(t, store, dir)}
	args := []string{"serve", "--data", dir, "--listen", "localhost:0", "--threads", "1"}
	server := launched(t, args...)
	p.url = server.says("Ready: ")
	job := p.start()
	p.until(job, climbing)
	server.stops(syscall.SIGKILL)
	server = launched(t, args...)
	p.url = server.says("Ready: ")
	j := p.until(job, ended)
	if j.State != "done" || j.Tries != 2 || j.Result.Status != "optimal" {
		t.Fatalf("after the server was killed: %+v", j)
	}
	p.adopts(j.Result)
	p.proven()
	server.stops(syscall.SIGTERM)
}

// A worker needs the servers' database and their folder.
func TestWorkerIsToldWhere(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"worker"}, exitUsage, "--database is missing"},
		{[]string{"worker", "--database", "postgres:///none", "--data", filepath.Join(t.TempDir(), "none")}, exitInput, "there is no"},
		{[]string{"worker", "--database", "none.sqlite", "--data", t.TempDir()}, exitUsage, "postgres://"},
	} {
		if status, _, errs := runHere(t, t.Context(), x.args...); status != x.status || !strings.Contains(errs, x.says) {
			t.Errorf("%v: status %d, %s", x.args, status, errs)
		}
	}
}
