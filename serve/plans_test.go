package serve

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bremen/audit"
	"bremen/commons"
	"bremen/govern"
	"bremen/internal/browsertest"
	"bremen/internal/waittest"
	"bremen/lp"
	"bremen/lp/highs"
	"bremen/record"
	"bremen/record/tiles"
	"bremen/serve/jobs"
)

// gate is a solver that waits until a test lets it through.
type gate struct {
	once    sync.Once
	open    chan struct{}
	reached chan struct{}
}

func newGate() *gate { return &gate{open: make(chan struct{}), reached: make(chan struct{}, 1000)} }

func (g *gate) lift() { g.once.Do(func() { close(g.open) }) }

type gated struct {
	*highs.Pool
	g *gate
}

// Solve is lp.Solver's.
func (s gated) Solve(ctx context.Context, p *lp.Problem, o lp.Options) (*lp.Solution, error) {
	s.g.reached <- struct{}{}
	select {
	case <-s.g.open:
		return s.Pool.Solve(ctx, p, o)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// behind has a server solve behind a gate.
func (g *gate) behind(o *Options) {
	o.Solver = func() (jobs.Solver, error) {
		pool, err := highs.New(highs.Options{Instances: 1})
		return gated{pool, g}, err
	}
}

// newVillage is a town of six that can be planned: 1 has the office that adopts plans, and a bakery bakes bread from rye.
func newVillage(t *testing.T, with ...func(*Options)) *town {
	t.Helper()
	w := settle(newWorld(t, with...), nil)
	w.arrive("Finn")
	w.arrive("Gesa")
	w.office(1, "planning", 30)
	describe := func(table string, rows ...map[string]string) {
		w.state(1, commons.Describe(govern.InNetwork, table, rows, nil, ""))
	}
	describe("network", map[string]string{"yaml": "network: nordhof\ncalendar:\n  start: " + w.now().Format(time.DateOnly) + "\n  unit: week\n  periods: 1\nallowance: none\n"})
	describe("products", map[string]string{"id": "bread", "unit": "kg", "reach": "network"}, map[string]string{"id": "rye", "unit": "kg", "reach": "network"})
	describe("skills", map[string]string{"id": "baking"})
	w.state(2, commons.FoundOrganisation("bakery", "mill lane"))
	bakery := govern.OrganisationScope("bakery")
	w.state(2, commons.StateRecipe(bakery, commons.Rows{
		"recipes": {{"id": "bake", "unit": "kg", "most": "40"}},
		"flows": {
			{"recipe": "bake", "direction": "in", "what": "rye", "quantity": "0.7", "unit": "kg"},
			{"recipe": "bake", "direction": "out", "what": "bread", "quantity": "1", "unit": "kg"},
			{"recipe": "bake", "direction": "work", "what": "baking", "quantity": "0.1", "unit": "h"},
		},
	}, nil, ""))
	w.state(2, commons.StateStock(bakery, commons.Rows{"stocks": {{"product": "rye", "start": "3", "unit": "kg"}}}, nil, ""))
	amount, hours, burden := w.decimal("1.25"), w.decimal("3"), w.decimal("1")
	for n := int64(1); n <= 4; n++ {
		w.state(n, commons.StateNeed(commons.Need{What: "bread", Quantity: amount, Unit: "kg", Urgency: "vital"}, nil))
	}
	w.state(3, commons.OfferWork(commons.Offer{Skill: "baking", Steps: []commons.Step{{Hours: hours, Burden: burden}}}, nil))
	return w
}

func (w *world) decimal(s string) commons.Decimal {
	w.t.Helper()
	d, err := commons.ParseDecimal(s)
	w.must(err)
	return d
}

// office gives somebody an office of the network for some days.
func (w *town) office(person int64, office string, days float64) {
	w.t.Helper()
	until := w.now().Add(time.Duration(days * 24 * float64(time.Hour)))
	act := w.state(person, commons.GiveMandate(commons.Mandating{Office: office, Scope: govern.InNetwork, Holder: person, Until: until}))
	other := person%3 + 1
	w.state(other, commons.AssentTo(act.Number))
	w.state(person, commons.AcceptMandate(act.Number, ""))
}

// started starts a job on a page and returns the path of its own.
func (c *client) started() string {
	c.w.t.Helper()
	got := c.post("/nordhof/plans/jobs")
	if got.status != http.StatusOK || !strings.HasPrefix(got.path, "/nordhof/plans/jobs/") {
		c.w.t.Fatalf("starting: %d at %s\n%s", got.status, got.path, got.body)
	}
	return got.path
}

// over waits until a job is over.
func (c *client) over(job string) jobNow {
	c.w.t.Helper()
	var now jobNow
	waittest.Until(c.w.t, func() bool {
		if got := c.get(job + "/state"); json.Unmarshal([]byte(got.body), &now) != nil {
			c.w.t.Fatalf("%s: %d %s", job, got.status, got.body)
		}
		return now.Over
	}, func() string { return job + " is not over" })
	return now
}

// From what people state to a plan that an outsider re-verifies: one with the power starts the job, sees how far it is, and
// adopts with their own device; nobody else can.
func TestAPlanIsComputedAdoptedAndReVerified(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newVillage(t, g.behind)
	planner, member, outsider := w.as(1), w.as(2), w.as(0)
	if got := planner.get("/nordhof/plans"); !strings.Contains(got.body, "Compute now") || !strings.Contains(got.body, "Person 1") {
		t.Errorf("who may start is not shown:\n%s", got.body)
	}
	if got := member.get("/nordhof/plans"); strings.Contains(got.body, "Compute now") || !strings.Contains(got.body, "Person 1") {
		t.Errorf("who may not start is shown the button, or not who may:\n%s", got.body)
	}
	job := planner.started()
	<-g.reached
	if got := planner.post("/nordhof/plans/jobs"); got.status != http.StatusConflict {
		t.Errorf("a second job: %d", got.status)
	}
	var shown answer_
	waittest.Until(t, func() bool {
		shown = member.get(job)
		return strings.Contains(shown.body, "Goal 1 of") && strings.Contains(shown.body, "Refresh")
	}, func() string { return "no progress without scripts:\n" + shown.body })
	if got := outsider.get(job); got.status != http.StatusUnauthorized {
		t.Errorf("a job is shown to somebody who is not signed in: %d", got.status)
	}
	said := w.stream(member, job)
	if first := <-said; first.State != jobs.Running || first.Over {
		t.Errorf("the stream begins with %+v", first)
	}
	g.lift()
	var last jobNow
	for now := range said {
		last = now
	}
	if last.State != jobs.Done || !last.Over {
		t.Errorf("the stream ends with %+v", last)
	}
	page := planner.get(job)
	if !strings.Contains(page.body, "Proven in") || !strings.Contains(page.body, "Adopt this plan") {
		t.Fatalf("the result:\n%s", page.body)
	}
	if got := member.get(job); strings.Contains(got.body, "Adopt this plan") {
		t.Error("who may not adopt is asked to")
	}
	j, err := w.server.o.Jobs.Jobs(t.Context(), w.net.Origin())
	w.must(err)
	result := j[0].Result
	for _, h := range []record.Hash{result.Plan, result.Network, result.Proofs} {
		if got := outsider.get("/nordhof/log/files/" + hex.EncodeToString(h[:])); got.status != http.StatusNotFound {
			t.Errorf("before it is adopted: %d", got.status)
		}
	}
	if got := planner.get(job + "/files/plan.json"); got.status != http.StatusOK || record.Hash(sha256.Sum256([]byte(got.body))) != result.Plan {
		t.Errorf("who adopts cannot look at the plan: %d", got.status)
	}
	if got := member.post(job + "/adopt"); got.status != http.StatusForbidden {
		t.Errorf("adopted by somebody without the power: %d", got.status)
	}
	done := planner.sign(planner.post(job+"/adopt", "reason", "for spring").body, w.keys[1])
	if !strings.Contains(done.path, "/receipts/") {
		t.Fatalf("adopting: %d %s", done.status, done.body)
	}
	if got := planner.get(job); !strings.Contains(got.body, "Adopted:") || strings.Contains(got.body, "Adopt this plan") {
		t.Errorf("adopted, and shown so:\n%s", got.body)
	}
	if got := outsider.get("/nordhof/plans"); !strings.Contains(got.body, hex.EncodeToString(result.Proofs[:])) {
		t.Errorf("the plan in force:\n%s", got.body)
	}
	w.reVerified(outsider, result)
}

// stream reads a job's events until they end.
func (w *world) stream(c *client, job string) <-chan jobNow {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.address+job+"/events", nil)
	w.must(err)
	res, err := c.Do(r)
	w.must(err)
	if res.Header.Get("Content-Type") != "text/event-stream" {
		w.t.Fatalf("%s: %v", res.Status, res.Header)
	}
	said := make(chan jobNow)
	go func() {
		defer close(said)
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			var now jobNow
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(text), &now) == nil {
				said <- now
			}
		}
	}()
	return said
}

// reVerified audits the record over HTTP with the files of its plans, and looks at how these are given out.
func (w *town) reVerified(c *client, r *commons.Computed) {
	t := w.t
	t.Helper()
	_, err := w.net.Publish(t.Context())
	w.must(err)
	log, err := tiles.NewClient(w.address+"/nordhof/log", nil)
	w.must(err)
	report, err := audit.Run(t.Context(), log, audit.Options{
		Network: commons.ReadNetwork,
		File: func(_ context.Context, h record.Hash) ([]byte, error) {
			got := c.get("/nordhof/log/files/" + hex.EncodeToString(h[:]))
			if got.status == http.StatusNotFound {
				return nil, fs.ErrNotExist
			}
			return []byte(got.body), nil
		},
	})
	w.must(err)
	if !report.Holds || len(report.Plans) != 1 || !report.Plans[0].Checked || report.Plans[0].Rounds == 0 {
		t.Errorf("audit: %v, plans %+v", report.Failures, report.Plans)
	}
	text := hex.EncodeToString(r.Plan[:])
	part := c.send(http.MethodGet, "/nordhof/log/files/"+text, nil, "Range", "bytes=0-9")
	if part.status != http.StatusPartialContent || len(part.body) != 10 || part.header.Get("ETag") != `"`+text+`"` {
		t.Errorf("a part: %d %q %v", part.status, part.body, part.header)
	}
	for _, path := range []string{strings.ToUpper(text), text[1:], text + "0", strings.Repeat("0", 64), "..%2f..%2frecord.sqlite", "../checkpoint"} {
		if got := c.get("/nordhof/log/files/" + path); got.status == http.StatusOK && !strings.HasSuffix(got.path, "/checkpoint") {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := c.post("/nordhof/log/files/" + text); got.status < 400 {
		t.Errorf("written to: %d", got.status)
	}
}

// Everybody who may not start jobs is refused, on pages and by the API, and told why.
func TestWhoMayComputePlans(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newVillage(t, g.behind)
	const list = "/api/networks/nordhof/jobs"
	planner := w.as(1)
	made := planner.json(list, nil)
	if made.status != http.StatusCreated {
		t.Fatalf("started by the API: %d %s", made.status, made.body)
	}
	var info JobInfo
	w.must(json.Unmarshal([]byte(made.body), &info))
	one := fmt.Sprint(list, "/", info.ID)
	token := w.token(1, "state")
	good := w.token(1, "adopt")
	for _, x := range []struct {
		name       string
		client     *client
		headers    []string
		see, begin int
	}{
		{"nobody", w.as(0), nil, 401, 401}, {"a member", w.as(2), nil, 200, 403}, {"a guest", w.as(4), nil, 200, 403}, {"who left", w.as(5), nil, 403, 403},
		{"a token of another scope", w.client(), token, 403, 403}, {"a token of that power", w.client(), good, 403, 409}, {"who may", planner, nil, 200, 409},
	} {
		start, cancel := x.client.json(list, nil, x.headers...), http.StatusOK
		if start.status != x.begin || start.status >= 400 && !strings.Contains(start.body, `"title"`) {
			t.Errorf("%s starts: %d, want %d: %s", x.name, start.status, x.begin, start.body)
		}
		for _, path := range []string{list, one} {
			if got := x.client.send(http.MethodGet, path, nil, x.headers...); got.status != x.see {
				t.Errorf("%s sees %s: %d, want %d", x.name, path, got.status, x.see)
			}
		}
		if x.begin == http.StatusConflict {
			continue
		}
		if cancel = x.client.send(http.MethodDelete, one, nil, append(x.headers, "Origin", w.address, "Sec-Fetch-Site", "same-origin")...).status; cancel != x.begin {
			t.Errorf("%s cancels: %d, want %d", x.name, cancel, x.begin)
		}
		if x.headers == nil && x.begin == http.StatusForbidden {
			page := x.client.post("/nordhof/plans/jobs")
			if page.status != http.StatusForbidden || !strings.Contains(page.body, "Planning") {
				t.Errorf("%s starts on a page: %d, not told who may:\n%s", x.name, page.status, page.body)
			}
			if got := x.client.post("/nordhof/plans/jobs/" + fmt.Sprint(info.ID) + "/cancel"); got.status < 400 {
				t.Errorf("%s cancels on a page: %d", x.name, got.status)
			}
		}
	}
	w.described("job", planner.get(one))
	w.described("jobs", planner.get(list))
	w.described("start-job", made)
	w.described("start-job", planner.json(list, nil))
	gone := planner.send(http.MethodDelete, one, nil, "Origin", w.address, "Sec-Fetch-Site", "same-origin")
	w.described("cancel-job", gone)
	if !strings.Contains(gone.body, `"state":"cancelled"`) {
		t.Errorf("cancelled: %d %s", gone.status, gone.body)
	}
	g.lift()
	w.pass(31)
	if got := w.as(1).json(list, nil); got.status != http.StatusForbidden {
		t.Errorf("an ended mandate: %d %s", got.status, got.body)
	}
	log := w.log.String()
	if !strings.Contains(log, `"job started"`) || strings.Contains(log, `"person"`) {
		t.Error("the log tells of persons, or not of jobs")
	}
}

// token grants a program some rights of a member, and returns the header that it sends.
func (w *town) token(person int64, rights ...string) []string {
	w.t.Helper()
	secret := tokenPrefix + rights[0] + strings.Repeat("x", 30)
	hash := sha256.Sum256([]byte(secret))
	w.state(person, commons.GrantToken(hash[:], rights, w.now().Add(24*time.Hour), ""))
	return []string{"Authorization", "Bearer " + secret}
}

// described checks an answer against the description of an operation.
func (w *town) described(id string, got answer_) {
	w.t.Helper()
	for _, path := range w.server.description.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Delete} {
			if op == nil || op.OperationID != id {
				continue
			}
			schema := schemaFor(op, got.status)
			if schema == nil {
				w.t.Errorf("%s: status %d is not described", id, got.status)
			} else if errs := w.valid(schema, huma.ModeReadFromServer, got.body); len(errs) > 0 {
				w.t.Errorf("%s: %d: %v: %s", id, got.status, errs, got.body)
			}
			return
		}
	}
	w.t.Errorf("%s is not described", id)
}

// A job goes on when the server stops and starts again, on the network that was frozen for it; and it can be cancelled.
func TestJobsOverARestart(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newVillage(t, g.behind)
	job := w.as(1).started()
	<-g.reached
	var frozen record.Hash
	waittest.Until(t, func() bool {
		list, err := w.server.o.Jobs.Jobs(t.Context(), w.net.Origin())
		w.must(err)
		frozen = list[0].Progress.Network
		return frozen != record.Hash{}
	}, func() string { return "no network is frozen" })
	w.state(2, commons.StateNeed(commons.Need{What: "bread", Quantity: w.decimal("99"), Unit: "kg"}, nil)) // after it was frozen
	stream := w.stream(w.as(2), job)
	<-stream
	w.again()          // without having to break off the stream, which would be an error
	for range stream { // it ended with the server
	}
	planner := w.as(1)
	<-g.reached
	g.lift()
	if now := planner.over(job); now.State != jobs.Done {
		t.Fatalf("after the restart: %+v", now)
	}
	list, err := w.server.o.Jobs.Jobs(t.Context(), w.net.Origin())
	w.must(err)
	if len(list) != 1 || list[0].Result.Network != frozen || list[0].Tries != 1 {
		t.Errorf("another network was planned, or more jobs: %+v", list)
	}
	if got := planner.get(job); !strings.Contains(got.body, "Adopt this plan") {
		t.Errorf("the result:\n%s", got.body)
	}
}

func TestJobsAreCancelled(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newVillage(t, g.behind)
	planner := w.as(1)
	job := planner.started()
	<-g.reached
	if got := planner.post(job + "/cancel"); got.status != http.StatusOK || !strings.Contains(got.body, "Cancelled") {
		t.Errorf("cancelled: %d\n%s", got.status, got.body)
	}
	if got := planner.post(job + "/adopt"); got.status != http.StatusConflict {
		t.Errorf("a cancelled job is adopted: %d", got.status)
	}
	g.lift()
	next := planner.started()
	if now := planner.over(next); now.State != jobs.Done {
		t.Errorf("the next: %+v", now)
	}
	if now := planner.over(job); now.State != jobs.Cancelled {
		t.Errorf("the cancelled one: %+v", now)
	}
	// Whoever is erased leaves no job behind.
	w.state(1, commons.StateNeed(commons.Need{What: "bread", Quantity: w.decimal("1"), Unit: "kg"}, nil))
	sign := planner.post("/nordhof/do/person.erase")
	planner.sign(sign.body, w.keys[1])
	if list, err := w.server.o.Jobs.Jobs(t.Context(), w.net.Origin()); err != nil || len(list) != 0 {
		t.Errorf("jobs of somebody who was erased: %+v, %v", list, err)
	}
}

// A network that cannot be planned says why, and one whose bounds contradict each other too.
func TestThereIsNoPlan(t *testing.T) {
	t.Parallel()
	w := newVillage(t)
	planner := w.as(1)
	w.state(1, commons.Describe(govern.InNetwork, "commitments", []map[string]string{{"type": "runs", "of": "bake", "least": "39"}}, nil, ""))
	job := planner.started()
	if now := planner.over(job); now.State != jobs.Done {
		t.Fatalf("%+v", now)
	}
	if got := planner.get(job); !strings.Contains(got.body, "cannot hold together") || strings.Contains(got.body, "Adopt this plan") {
		t.Errorf("a contradiction:\n%s", got.body)
	}
	w.state(1, commons.Describe(govern.InNetwork, "products", []map[string]string{{"id": "bread", "unit": "no such unit"}}, nil, ""))
	job = planner.started()
	if now := planner.over(job); now.State != jobs.Failed {
		t.Fatalf("%+v", now)
	}
	if got := planner.send(http.MethodGet, job, nil, "Accept-Language", "de"); !strings.Contains(got.body, "wird kein Netz") {
		t.Errorf("why:\n%s", got.body)
	}
}

// The pages of plans as pictures, and progress in a browser: shown as it comes, then what came of it, signed with the card.
func TestPlansInABrowser(t *testing.T) {
	t.Parallel()
	g := newGate()
	w := newVillage(t, g.behind)
	seed := w.keys[1].card.Seed()
	sum := sha256.Sum256(seed)
	card := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).EncodeToString(append(seed, sum[:2]...))
	d := w.device(browsertest.Start(t))
	d.open("/operator")
	d.open("/nordhof/signin#card=" + card)
	d.Wait(`document.querySelector("[data-card-key]").value !== "" && location.hash === ""`)
	d.send("[data-card-use]", on("/nordhof/me"))
	d.look("plans-none", "/nordhof/plans")
	d.send(`form[action$="/plans/jobs"] button`, `location.pathname.startsWith("/nordhof/plans/jobs/")`)
	<-g.reached
	d.look("job-running", d.path())
	d.Wait(`document.querySelector("[data-text]").textContent.startsWith("Goal 1 of")`)
	d.eval(`window.before = true`)
	g.lift()
	d.Wait(`!window.before && document.body.innerText.includes("Proven in")`)
	d.look("job-done", d.path())
	d.look("plans-jobs", "/nordhof/plans")
	d.send(`main .items a`, `document.querySelector("#reason")`)
	d.fill("reason", "for spring")
	d.send(`form[action$="/adopt"] button`, `document.querySelector("[data-does=sign]")`)
	d.click("form details:last-of-type summary", "true")
	d.eval(fmt.Sprintf(`(() => { document.querySelector("[data-card-key]").value = %q; return 1 })()`, card))
	d.send("[data-card-use]", receipt)
	d.look("plans-adopted", "/nordhof/plans")
	d.send(`main .items a`, `document.body.innerText.includes("Adopted:")`)
	d.Quiet()
}
