package serve

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
	"bremen/serve/page"
)

// The API: what pages do, for programs. Its description, OpenAPI 3.1, is made from the types here and from govern's table of
// entries, and stands at /api/openapi.json. Errors are RFC 9457 problems, whose type ends in a stable code.

// tokenPrefix begins access tokens, so that they are recognised where they lie about.
const tokenPrefix = "bremen_"

// problemType begins the types of problems; after it comes the code.
const problemType = "urn:bremen:problem:"

func (s *Server) api() http.Handler {
	mux := http.NewServeMux()
	c := huma.DefaultConfig("Bremen", "1")
	c.Info.Description = "Networks, their records, and what a program may state for a member who has given it an access token."
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "/api/openapi", "", "", nil
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "An access token that a member has granted, with the rights that it names."},
		"session": {Type: "apiKey", In: "cookie", Name: s.sessions.Cookie.Name, Description: "The session of a member who is signed in with a browser."},
	}
	c.Transformers = append(c.Transformers, func(_ huma.Context, status string, v any) (any, error) {
		if e, ok := v.(*huma.ErrorModel); ok && e.Type == "" {
			e.Type = problemType + status
		}
		return v, nil
	})
	api := humago.New(mux, c)
	s.description = api.OpenAPI()
	s.readers(api)
	s.writers(api)
	s.jobsAPI(api)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		e := s.apiError(r.Context(), s.language(r), errNotFound).(*huma.ErrorModel)
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(e.Status)
		json.NewEncoder(w).Encode(e) //nolint:errcheck // the client went away
	})
	return mux
}

// InNet is what every request about a network has.
type InNet struct {
	Network       string `path:"network" doc:"Name of the network: the last part of its record's origin."`
	Authorization string `header:"Authorization" hidden:"true"`
	Languages     string `header:"Accept-Language" hidden:"true"`
}

func (n *InNet) language() page.Language { return page.Accepted(n.Languages) }

// caller is who a request is from.
type caller struct {
	net    *commons.Network
	person int64
	token  string // its hash, if a program calls
	rights []string
}

// caller finds the network and who calls; person is 0 where nobody says who they are.
func (s *Server) caller(ctx context.Context, in *InNet) (*caller, error) {
	n, err := s.network(ctx, in.Network)
	if err != nil {
		return nil, err
	}
	if !n.Founded() {
		return nil, errNotFound
	}
	c := &caller{net: n}
	if in.Authorization == "" {
		if o := s.signedIn(ctx, n); o != nil {
			c.person = o.person
		}
		return c, nil
	}
	secret, ok := strings.CutPrefix(in.Authorization, "Bearer "+tokenPrefix)
	if !ok {
		return nil, errSignIn
	}
	hash := commons.TokenHash([]byte(tokenPrefix + secret))
	now := s.o.Clock().UnixMilli()
	n.View(func(state *commons.State) {
		if t := state.Govern.Tokens[hash]; t != nil && now < t.Until {
			c.person, c.token, c.rights = t.Person, hash, slices.Clone(t.Rights)
		}
	})
	if c.token == "" {
		if err := s.slowDown(ctx, s.guesses); err != nil {
			return nil, err
		}
		return nil, errSignIn
	}
	return c, nil
}

// holds tells whether who calls has a right that appends nothing; of a token only if it was granted that one, too.
func (c *caller) holds(right string) (may bool) {
	c.net.View(func(s *commons.State) { may = s.Govern.Holds(c.person, right, c.person > 0) })
	return may && (c.token == "" || slices.Contains(c.rights, right) || right == "audit")
}

func (c *caller) actor() commons.Actor {
	if c.token != "" {
		return commons.Actor{Person: c.person, Kind: record.Token, Token: c.token}
	}
	return commons.Session(c.person)
}

// apiError is an error as a problem (RFC 9457).
func (s *Server) apiError(ctx context.Context, l page.Language, err error) error {
	f := asFailure(err, l)
	if f.status == http.StatusInternalServerError {
		s.o.Log.Error("failed", "id", requestID(ctx), "route", "/api", "err", safe(f.cause))
	}
	code := f.code
	if code == "" {
		code = strconv.Itoa(f.status)
	}
	e := &huma.ErrorModel{
		Type: problemType + code, Title: f.sentence(l), Status: f.status, Detail: f.text, Instance: "urn:bremen:request:" + requestID(ctx),
	}
	if f.wait > 0 {
		return huma.ErrorWithHeaders(e, http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(f.wait.Seconds())))}})
	}
	return e
}

// answers make a handler whose errors are problems.
func handle[I, O any](s *Server, net func(*I) *InNet, f func(context.Context, *caller, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		c, err := s.caller(ctx, net(in))
		if err == nil {
			var out *O
			if out, err = f(ctx, c, in); err == nil {
				return out, nil
			}
		}
		return nil, s.apiError(ctx, net(in).language(), err)
	}
}

// NetworkInfo is what the API says of a network.
type NetworkInfo struct {
	Origin     string `json:"origin"`
	Name       string `json:"name"`
	Purpose    string `json:"purpose"`
	Members    int64  `json:"members"`
	Entries    int64  `json:"entries"`
	Operator   string `json:"operator"`
	LogKey     string `json:"log_key" doc:"Public key of the record, as signed notes write it."`
	Log        string `json:"log" doc:"Address of the record (C2SP tlog-tiles)."`
	Checkpoint string `json:"checkpoint" doc:"The newest one, empty if there is none yet."`
}

// EntryInfo is an entry with what proves it.
type EntryInfo struct {
	Number  int64           `json:"number" doc:"In the life of the network."`
	Entry   json.RawMessage `json:"entry" doc:"Canonical JSON (RFC 8785), as the record holds it; docs/record.md describes it."`
	Receipt string          `json:"receipt,omitempty"`
	Proof   string          `json:"proof,omitempty" doc:"C2SP tlog-proof; missing until a checkpoint covers the entry."`
}

type out[T any] struct{ Body T }

func (s *Server) readers(api huma.API) {
	const base = "/api/networks/{network}"
	get := func(id, path, summary string) huma.Operation {
		return huma.Operation{
			OperationID: id, Method: http.MethodGet, Path: base + path, Summary: summary, Errors: []int{401, 403, 404, 429},
			Security: []map[string][]string{{}, {"token": {}}, {"session": {}}},
		}
	}
	plain := func(in *InNet) *InNet { return in }
	huma.Register(api, get("network", "", "What the network is"), handle(s, plain, s.apiNetwork))
	huma.Register(api, get("can", "/can", "Who can do what"), handle(s, plain, func(_ context.Context, c *caller, _ *InNet) (*out[json.RawMessage], error) {
		if !c.holds("audit") && !c.holds("read") {
			return nil, errNotFound
		}
		var rows []govern.Row
		now := s.o.Clock().UnixMilli()
		c.net.View(func(s *commons.State) { rows = s.Govern.WhoCan(max(now, s.Govern.Time)) })
		text, err := json.Marshal(rows)
		return &out[json.RawMessage]{text}, err
	}))
	huma.Register(api, get("entries", "/entries", "Search the record, the newest first"), handle(s, func(in *searchIn) *InNet { return &in.InNet }, s.apiSearch))
	huma.Register(api, get("entry", "/entries/{number}", "An entry with receipt and proof"), handle(s, func(in *entryIn) *InNet { return &in.InNet }, s.apiEntry))
	huma.Register(api, get("mine", "/mine", "One's own private statements that hold"), handle(s, plain, func(ctx context.Context, c *caller, _ *InNet) (*out[[]commons.Item], error) {
		if c.person == 0 {
			return nil, errSignIn
		}
		if !c.holds("read-own") {
			return nil, problem(http.StatusForbidden, "right")
		}
		items, err := c.net.Mine(ctx, c.person)
		return &out[[]commons.Item]{items}, err
	}))
}

func (s *Server) apiNetwork(ctx context.Context, c *caller, in *InNet) (*out[NetworkInfo], error) {
	o := &out[NetworkInfo]{NetworkInfo{Origin: c.net.Origin(), Log: s.o.Address.String() + "/" + in.Network + "/log/"}}
	c.net.View(func(s *commons.State) {
		g := s.Govern
		o.Body.Name, o.Body.Purpose, o.Body.Members, o.Body.Entries, o.Body.Operator, o.Body.LogKey = g.Name, g.Purpose, g.Members, g.Size, g.Operator, g.LogKey
	})
	signed, err := c.net.Checkpoint(ctx)
	o.Body.Checkpoint = string(signed)
	return o, err
}

type searchIn struct {
	InNet
	Type   string `query:"type" maxLength:"64" doc:"Only entries of this type."`
	Member int64  `query:"member" minimum:"-1" default:"-1" doc:"Only in the name of this member; 0 is the server, -1 all."`
	Before int64  `query:"before" minimum:"0" doc:"Only entries with lower numbers; 0 all."`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

func (s *Server) apiSearch(ctx context.Context, c *caller, in *searchIn) (*out[[]EntryInfo], error) {
	if !c.holds("audit") && !c.holds("read") {
		return nil, errNotFound
	}
	q := commons.Query{Before: in.Before, Limit: in.Limit}
	if in.Type != "" {
		q.Types = []string{in.Type}
	}
	if in.Member >= 0 {
		q.Member = &in.Member
	}
	o := &out[[]EntryInfo]{[]EntryInfo{}}
	for _, number := range c.net.Search(q) {
		_, raw, err := c.net.Entry(ctx, number)
		if err != nil {
			return nil, err
		}
		o.Body = append(o.Body, EntryInfo{Number: number, Entry: raw})
	}
	return o, nil
}

type entryIn struct {
	InNet
	Number int64 `path:"number" minimum:"0"`
}

func (s *Server) apiEntry(ctx context.Context, c *caller, in *entryIn) (*out[EntryInfo], error) {
	if !c.holds("audit") && !c.holds("read") {
		return nil, errNotFound
	}
	d, err := findReceipt(ctx, c.net, in.Number)
	if err != nil {
		return nil, err
	}
	return &out[EntryInfo]{EntryInfo{d.Number, d.Bytes, string(d.Receipt), string(d.Proof)}}, nil
}

// idempotent runs a request once: sent again under the same key, it is answered as before.
func (s *Server) idempotent(ctx context.Context, c *caller, key string, request []byte, do func() (*commons.Done, error)) (*out[EntryInfo], error) {
	if key == "" {
		return answered(do())
	}
	sum := sha256.Sum256([]byte(c.net.Origin() + "\n" + strconv.FormatInt(c.person, 10) + "\n" + key))
	id, hash := base64.RawURLEncoding.EncodeToString(sum[:]), sha256.Sum256(request)
	before, err := s.o.Store.begin(ctx, id, hash[:])
	switch {
	case err != nil:
		return nil, err
	case before == nil:
		done, err := do()
		number := int64(-1)
		if err == nil {
			number = done.Number
		}
		if kept := s.o.Store.end(context.WithoutCancel(ctx), id, number); kept != nil {
			s.o.Log.Error("keeping an answer", "id", requestID(ctx), "err", safe(kept))
		}
		return answered(done, err)
	case !slices.Equal(before.request, hash[:]):
		return nil, problem(http.StatusUnprocessableEntity, "idempotency-key")
	case before.number < 0:
		return nil, problem(http.StatusConflict, "under-way")
	}
	d, err := findReceipt(ctx, c.net, before.number)
	if err != nil {
		return nil, err
	}
	return &out[EntryInfo]{EntryInfo{d.Number, d.Bytes, string(d.Receipt), ""}}, nil
}

func answered(d *commons.Done, err error) (*out[EntryInfo], error) {
	if err != nil {
		return nil, err
	}
	return &out[EntryInfo]{EntryInfo{d.Number, d.Bytes, string(d.Receipt), ""}}, nil
}
