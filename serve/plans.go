package serve

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"bremen/commons"
	"bremen/govern"
	"bremen/network"
	"bremen/record"
	"bremen/serve/jobs"
	"bremen/serve/page"
	"bremen/words"
)

// planRow is an adopted plan.
type planRow struct {
	Entry       int64
	By, Program string
	From, Until time.Time
	InForce     bool
	Files       []fileRow
}

// fileRow is a public file of a plan.
type fileRow struct{ Label, Path, Hash string }

// leastGap is the least distance that is shown: what is below is rounding.
const leastGap = 1e-9

// jobRow is a job in a list.
type jobRow struct {
	ID      int64
	By      string
	State   jobs.State
	Created time.Time
}

// plans shows what was adopted, and what is being computed.
func (v *visit) plans() error {
	d := struct {
		InForce  *planRow
		Older    []*planRow
		Jobs     []jobRow
		MayStart bool
		Who      []govern.Who
		Busy     bool
	}{}
	now := v.s.o.Clock().UnixMilli()
	var plans []commons.Plan
	var force int64 = -1
	v.net.View(func(s *commons.State) {
		plans = slices.Clone(s.Plans)
		if p := s.PlanInForce(now); p != nil {
			force = p.Entry
		}
		for _, row := range s.Govern.WhoCan(max(now, s.Govern.Time)) {
			if row.ID == "plan.adopt" {
				d.Who = row.Who
			}
		}
	})
	for _, p := range slices.Backward(plans) {
		row := v.planRow(&p, p.Entry == force)
		if row.InForce {
			d.InForce = row
		} else {
			d.Older = append(d.Older, row)
		}
	}
	if v.person != 0 && v.s.o.Jobs != nil {
		list, err := v.s.o.Jobs.Jobs(v.ctx(), v.net.Origin())
		if err != nil {
			return err
		}
		for _, j := range list {
			d.Jobs = append(d.Jobs, jobRow{j.ID, v.called(j.Person), j.State, j.Created})
			d.Busy = d.Busy || !j.State.Over()
		}
		_, err = v.net.MayPlan(v.ctx(), v.person)
		d.MayStart = err == nil
	}
	return v.show("plans", v.say("plans.title"), d)
}

func (v *visit) planRow(p *commons.Plan, inForce bool) *planRow {
	row := &planRow{
		Entry: p.Entry, By: v.called(p.By), Program: p.Program, From: time.UnixMilli(p.From), Until: time.UnixMilli(p.Until), InForce: inForce,
		Files: []fileRow{v.publicFile("plan", p.Plan), v.publicFile("network", p.Network)},
	}
	if h := v.net.ProofsOf(p); h != (record.Hash{}) {
		row.Files = append(row.Files, v.publicFile("proofs", h))
	}
	return row
}

func (v *visit) publicFile(kind string, h record.Hash) fileRow {
	text := hex.EncodeToString(h[:])
	return fileRow{v.say("plans.file." + kind), v.path + "/log/files/" + text, text}
}

// startJob has a plan computed.
func (v *visit) startJob() error {
	j, err := v.s.startJob(v.ctx(), v.net, v.person)
	if err != nil {
		return err
	}
	return v.goTo("/plans/jobs/"+formatNumber(j.ID), "")
}

// member returns a job to somebody who may read what members may.
func (v *visit) member() (*jobs.Job, error) {
	if !mayAudit(v.net, v.person) {
		return nil, errNotFound
	}
	id, err := v.number("id")
	if err != nil {
		return nil, err
	}
	return v.s.job(v.ctx(), v.net, id)
}

func (v *visit) cancelJob() error {
	j, err := v.member()
	if err == nil {
		err = v.s.cancelJob(v.ctx(), v.net, v.person, j.ID)
	}
	if err != nil {
		return err
	}
	return v.goTo("/plans/jobs/"+formatNumber(j.ID), "")
}

// rungRow is one goal of a computed plan and what it reaches.
type rungRow struct{ Title, Value string }

type jobData struct {
	*jobs.Job
	At       jobNow
	By       string
	MayStart bool
	Adopted  int64 // entry, -1 while nobody has adopted it
	Failure  string
	Why      string // there is no plan
	Rungs    []rungRow
	Unmet    int
	Files    []fileRow
	Gap      string
}

// showJob shows how far a job has come, or what came of it.
func (v *visit) showJob() error {
	j, err := v.member()
	if err != nil {
		return err
	}
	_, err = v.net.MayPlan(v.ctx(), v.person)
	d := jobData{Job: j, At: v.now(j), By: v.called(j.Person), MayStart: err == nil, Adopted: -1}
	if j.Failure != nil {
		d.Failure = failureOf(j.Failure, v.lang)
	}
	if j.State == jobs.Done {
		if err := v.result(&d); err != nil {
			return err
		}
	}
	return v.show("job", v.say("job.title", "number", j.ID), d)
}

// failureOf says why a job failed.
func failureOf(f *jobs.Failure, l page.Language) string {
	if f.Refusal != nil {
		return f.Refusal.In(string(l))
	}
	return l.Say("job.failed." + f.Code)
}

// result fills in what came of a job.
func (v *visit) result(d *jobData) error {
	r := d.Result
	v.net.View(func(s *commons.State) {
		for _, p := range s.Plans {
			if p.Plan == r.Plan {
				d.Adopted = p.Entry
			}
		}
	})
	doc, err := v.net.Document(r.Plan)
	if err != nil {
		return err
	}
	if doc.Contradiction != nil {
		d.Why = doc.Contradiction.Sentence[string(v.lang)]
	}
	l := words.Language(v.lang)
	d.Gap = l.Figure(max(r.Gap, leastGap))
	d.Unmet = len(doc.Unmet)
	for i := range doc.Ladder {
		x := &doc.Ladder[i]
		if x.Programs == 0 {
			continue // nobody is concerned
		}
		row := rungRow{Title: x.Title[string(v.lang)], Value: l.Quantity(x.Value, x.Unit)}
		if row.Title == "" {
			row.Title = words.Spelled(x.Goal)
		}
		if x.Kind == string(network.Leximin) {
			row.Value = v.say("job.way", "share", l.Share(x.Value))
		}
		d.Rungs = append(d.Rungs, row)
	}
	base := v.path + "/plans/jobs/" + formatNumber(d.ID) + "/files/"
	for _, f := range jobFiles(r) {
		d.Files = append(d.Files, fileRow{v.say("plans.file." + f.kind), base + f.name, hex.EncodeToString(f.hash[:])})
	}
	return nil
}

type jobFile struct {
	kind, name string
	hash       record.Hash
}

func jobFiles(r *commons.Computed) []jobFile {
	list := []jobFile{{"plan", "plan.json", r.Plan}, {"network", "network.xlsx", r.Network}}
	if r.Proofs != (record.Hash{}) {
		list = append(list, jobFile{"proofs", "proofs.bin", r.Proofs})
	}
	return list
}

// jobFile gives members a file of a computed plan, to look at before it is adopted.
func (v *visit) jobFile() error {
	j, err := v.member()
	if err != nil {
		return err
	}
	if j.Result == nil {
		return errNotFound
	}
	for _, f := range jobFiles(j.Result) {
		if f.name != v.r.PathValue("name") {
			continue
		}
		data, err := v.s.commons.Files().Get(f.hash)
		if err != nil {
			return err
		}
		v.w.Header().Set("Content-Type", "application/octet-stream")
		v.w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
		v.w.Write(data) //nolint:errcheck // the browser went away
		return nil
	}
	return errNotFound
}

// adoptJob asks for the signature with which a computed plan is adopted.
func (v *visit) adoptJob() error {
	j, err := v.member()
	if err != nil {
		return err
	}
	if j.State != jobs.Done {
		return problem(http.StatusConflict, "job-under-way")
	}
	if err := v.parse(); err != nil {
		return err
	}
	a := j.Result.Adoption
	a.Reason = v.form("reason")
	return v.state(v.actor(), commons.AdoptPlan(a))
}

// jobNow is how far a job has come, for scripts and pages alike.
type jobNow struct {
	State jobs.State `json:"state"`
	Text  string     `json:"text"`
	More  string     `json:"more"`
	Value int        `json:"value"`
	Most  int        `json:"most"`
	Over  bool       `json:"over"`
}

func (v *visit) now(j *jobs.Job) jobNow {
	at := jobNow{State: j.State, Text: v.say("job.state." + string(j.State)), Over: j.State.Over()}
	p := &j.Progress
	if j.State != jobs.Running || p.Phase == "" {
		return at
	}
	at.Text = v.say("job.phase." + p.Phase)
	c := &p.Climb
	if p.Phase != commons.PhaseSolve || c.Rungs == 0 {
		return at
	}
	at.Value, at.Most = c.Rung, c.Rungs
	goal := p.Title[string(v.lang)]
	if goal == "" {
		goal = words.Spelled(c.Goal)
	}
	at.Text = v.say("job.rung", "rung", c.Rung+1, "rungs", c.Rungs, "goal", goal)
	if c.Of > 0 {
		at.More = v.say("job.free", "free", v.lang.Count(int64(c.Free)), "of", v.lang.Count(int64(c.Of)))
	}
	return at
}

// jobState tells scripts how far a job has come.
func (v *visit) jobState() error {
	j, err := v.member()
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(v.w).Encode(v.now(j))
}

const (
	// lookEvery is how often a stream looks for news.
	lookEvery = 500 * time.Millisecond
	// streamFor is how long a stream lasts; browsers open it again by themselves.
	streamFor = 10 * time.Minute
	// aliveEvery is how often a stream says something, so that nobody between takes it for dead.
	aliveEvery = 15 * time.Second
	// streamsMost is how many streams there may be at once; whoever gets none asks now and then.
	streamsMost = 500
)

// jobEvents tells scripts how far a job has come as it goes on: server-sent events.
func (v *visit) jobEvents() error {
	j, err := v.member()
	if err != nil {
		return err
	}
	select {
	case v.s.streams <- struct{}{}:
		defer func() { <-v.s.streams }()
	default:
		return problem(http.StatusServiceUnavailable, "late")
	}
	v.w.Header().Set("Content-Type", "text/event-stream")
	v.w.Header().Set("X-Accel-Buffering", "no") // nginx would wait
	ctx, cancel := context.WithTimeout(v.ctx(), streamFor)
	defer cancel()
	c := http.NewResponseController(v.w)
	var last jobNow
	said := time.Time{}
	for {
		now := v.now(j)
		text := ""
		switch {
		case now != last:
			b, err := json.Marshal(now)
			if err != nil {
				return err
			}
			text, last = fmt.Sprintf("data: %s\n\n", b), now
		case time.Since(said) > aliveEvery:
			text = ":\n\n"
		}
		if text != "" {
			said = time.Now()
			c.SetWriteDeadline(said.Add(aliveEvery)) //nolint:errcheck // then the server's own holds
			_, err := fmt.Fprint(v.w, text)
			if err = errors.Join(err, c.Flush()); err != nil || now.Over {
				return nil // the browser went away, or has all
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-v.s.ending:
			return nil
		case <-time.After(lookEvery):
		}
		if j, err = v.s.job(ctx, v.net, j.ID); err != nil {
			return nil // the browser asks again and is told
		}
	}
}
