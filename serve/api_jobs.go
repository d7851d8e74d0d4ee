package serve

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"bremen/record"
	"bremen/serve/jobs"
)

// JobInfo is what the API says of a job that computes a plan.
type JobInfo struct {
	ID      int64       `json:"id"`
	Person  int64       `json:"person" doc:"Who started it."`
	State   string      `json:"state" enum:"waiting,running,done,failed,cancelled"`
	Tries   int         `json:"tries" doc:"How often it was begun; more than once if whoever worked on it died."`
	Created time.Time   `json:"created"`
	Ended   *time.Time  `json:"ended,omitempty"`
	Phase   string      `json:"phase,omitempty" enum:"freeze,solve,verify,store" doc:"What is being done, or was last: the public network is frozen, the ladder of goals climbed, the plan verified, its files kept."`
	Rung    int         `json:"rung" doc:"Of the ladder, from 0."`
	Rungs   int         `json:"rungs"`
	Goal    string      `json:"goal,omitempty"`
	Free    int         `json:"free" doc:"Elements of the rung whose level is not fixed yet."`
	Of      int         `json:"of"`
	Result  *ResultInfo `json:"result,omitempty"`
	Failure *JobFailure `json:"failure,omitempty"`
}

// ResultInfo is a computed plan. To adopt it, prepare plan.adopt with plan, network, program, from, until and status as they
// stand here, and have a device sign it.
type ResultInfo struct {
	Plan    string    `json:"plan" doc:"SHA-256 of plan.json in base64, as plan.adopt takes it."`
	Network string    `json:"network" doc:"SHA-256 of the file with the public network."`
	Proofs  string    `json:"proofs,omitempty" doc:"SHA-256 of the proofs in hexadecimal, as plan.json names them."`
	Program string    `json:"program"`
	From    time.Time `json:"from"`
	Until   time.Time `json:"until"`
	Status  string    `json:"status" enum:"optimal,stopped,infeasible"`
	Rounds  int       `json:"rounds" doc:"That were proven."`
	Gap     float64   `json:"gap" doc:"Largest distance from what can be proven."`
}

// JobFailure is why there is no plan.
type JobFailure struct {
	Code string `json:"code" doc:"Stable: of a refusal, or tries or inside where the network is not the reason."`
	Text string `json:"text"`
}

func jobInfo(j *jobs.Job, in *InNet) JobInfo {
	p := &j.Progress
	o := JobInfo{
		ID: j.ID, Person: j.Person, State: string(j.State), Tries: j.Tries, Created: j.Created, Phase: p.Phase,
		Rung: p.Climb.Rung, Rungs: p.Climb.Rungs, Goal: p.Climb.Goal, Free: p.Climb.Free, Of: p.Climb.Of,
	}
	if !j.Ended.IsZero() {
		o.Ended = &j.Ended
	}
	if r := j.Result; r != nil {
		o.Result = &ResultInfo{
			Plan: r.Plan.String(), Network: r.Network.String(), Program: r.Program, From: r.From, Until: r.Until, Status: r.Status, Rounds: r.Rounds, Gap: r.Gap,
		}
		if r.Proofs != (record.Hash{}) {
			o.Result.Proofs = hex.EncodeToString(r.Proofs[:])
		}
	}
	if f := j.Failure; f != nil {
		o.Failure = &JobFailure{Code: f.Code, Text: failureOf(f, in.language())}
		if f.Refusal != nil {
			o.Failure.Code = "refused." + f.Refusal.Code
		}
	}
	return o
}

type jobIn struct {
	InNet
	Number int64 `path:"number" minimum:"1" doc:"ID of the job."`
}

func (s *Server) jobsAPI(api huma.API) {
	const base = "/api/networks/{network}/jobs"
	op := func(id, method, path, summary, description string, errs ...int) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: method, Path: base + path, Summary: summary, Description: description, Tags: []string{"jobs"},
			Errors: append(errs, 401, 403, 404, 429, 503), Security: []map[string][]string{{"token": {}}, {"session": {}}},
		}
	}
	whole := func(in *InNet) *InNet { return in }
	one := func(in *jobIn) *InNet { return &in.InNet }
	huma.Register(api, op("jobs", http.MethodGet, "", "Plans that are or were computed, the newest first", "For members and guests."),
		handle(s, whole, func(ctx context.Context, c *caller, in *InNet) (*out[[]JobInfo], error) {
			if err := s.seesJobs(c); err != nil {
				return nil, err
			}
			list, err := s.o.Jobs.Jobs(ctx, c.net.Origin())
			o := &out[[]JobInfo]{[]JobInfo{}}
			for _, j := range list {
				o.Body = append(o.Body, jobInfo(j, in))
			}
			return o, err
		}))
	huma.Register(api, op("job", http.MethodGet, "/{number}", "How far a job has come", "Ask again for progress; pages have it as server-sent events."),
		handle(s, one, func(ctx context.Context, c *caller, in *jobIn) (*out[JobInfo], error) {
			if err := s.seesJobs(c); err != nil {
				return nil, err
			}
			return jobOut(s.job(ctx, c.net, in.Number))(&in.InNet)
		}))
	start := op("start-job", http.MethodPost, "", "Have a plan computed", "For whoever may adopt plans now; a token needs that power. One job of a network is under way at a time.", 409)
	start.DefaultStatus = http.StatusCreated
	huma.Register(api, start, handle(s, whole, func(ctx context.Context, c *caller, in *InNet) (*out[JobInfo], error) {
		if err := s.mayPlan(ctx, c); err != nil {
			return nil, err
		}
		return jobOut(s.startJob(ctx, c.net, c.person))(in)
	}))
	huma.Register(api, op("cancel-job", http.MethodDelete, "/{number}", "Cancel a job", "For whoever may start one. One that is over stays as it is."),
		handle(s, one, func(ctx context.Context, c *caller, in *jobIn) (*out[JobInfo], error) {
			if err := s.mayPlan(ctx, c); err != nil {
				return nil, err
			}
			if err := s.cancelJob(ctx, c.net, c.person, in.Number); err != nil {
				return nil, err
			}
			return jobOut(s.job(ctx, c.net, in.Number))(&in.InNet)
		}))
}

func jobOut(j *jobs.Job, err error) func(*InNet) (*out[JobInfo], error) {
	return func(in *InNet) (*out[JobInfo], error) {
		if err != nil {
			return nil, err
		}
		return &out[JobInfo]{jobInfo(j, in)}, nil
	}
}

// seesJobs tells whether who calls may see jobs: who is known and may read the record.
func (s *Server) seesJobs(c *caller) error {
	switch {
	case s.o.Jobs == nil:
		return errNoJobs
	case c.person == 0:
		return errSignIn
	case !c.holds("read"):
		return problem(http.StatusForbidden, "right")
	}
	return nil
}

// mayPlan tells whether who calls may start jobs; of a token only if it was granted the right or power by which.
func (s *Server) mayPlan(ctx context.Context, c *caller) error {
	if c.person == 0 {
		return errSignIn
	}
	if err := s.slowWriting(ctx, c.net, c.person); err != nil {
		return err
	}
	right, err := c.net.MayPlan(ctx, c.person)
	if err == nil && c.token != "" && !slices.Contains(c.rights, right) {
		return problem(http.StatusForbidden, "right")
	}
	return err
}
