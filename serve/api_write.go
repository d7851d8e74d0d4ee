package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// said is a statement as the API takes it.
type said struct {
	Right   string                     `json:"right,omitempty"`
	Cause   int64                      `json:"cause,omitempty"`
	Body    map[string]json.RawMessage `json:"body"`
	Private map[string]string          `json:"private,omitempty"`
}

// stateIn is a request that states something. Its body is described by the table of entries.
type stateIn struct {
	InNet
	Key     string `header:"Idempotency-Key" maxLength:"200" doc:"Sent again within a day under the same key, the request is answered as before and states nothing again."`
	RawBody []byte
}

type signedIn struct {
	InNet
	Body struct {
		Statement string          `json:"statement" doc:"Canonical JSON, as prepared."`
		Payloads  []PayloadInfo   `json:"payloads" doc:"As prepared."`
		Signature deviceSignature `json:"signature" doc:"By a device (a WebAuthn assertion whose challenge is the SHA-256 of the statement) or a card."`
	}
}

// PayloadInfo is a private part with its salt: what the statement has of it is SHA-256 over both (docs/record.md).
type PayloadInfo struct {
	Person int64  `json:"person" minimum:"1" doc:"Under whose key it is kept."`
	Salt   []byte `json:"salt" doc:"32 bytes."`
	Data   []byte `json:"data"`
}

func payloadInfos(list []record.Payload) []PayloadInfo {
	infos := make([]PayloadInfo, len(list))
	for i := range list {
		infos[i] = PayloadInfo{list[i].Person, list[i].Salt[:], list[i].Data}
	}
	return infos
}

func payloadsOf(infos []PayloadInfo) ([]record.Payload, error) {
	list := make([]record.Payload, len(infos))
	for i, x := range infos {
		if len(x.Salt) != record.SaltSize {
			return nil, bad(fmt.Sprintf("payloads[%d]: found a salt of %d bytes, expected %d", i, len(x.Salt), record.SaltSize))
		}
		list[i] = record.Payload{Person: x.Person, Salt: [record.SaltSize]byte(x.Salt), Data: x.Data}
	}
	return list, nil
}

// PreparedInfo is a statement that waits to be signed.
type PreparedInfo struct {
	Statement string        `json:"statement" doc:"Canonical JSON. A device signs its SHA-256 as challenge, a card the text that docs/record.md names."`
	Payloads  []PayloadInfo `json:"payloads"`
	Kinds     []record.Kind `json:"kinds" doc:"Kinds of signature that suffice."`
}

func (s *Server) writers(api huma.API) {
	const base = "/api/networks/{network}/"
	errs := []int{400, 401, 403, 404, 409, 410, 413, 422, 429, 503}
	whole := func(in *stateIn) *InNet { return &in.InNet }
	for _, c := range commons.Commands() {
		op := huma.Operation{
			Method: http.MethodPost, Errors: errs, Summary: c.Title.En, Description: c.Explain.En, MaxBodyBytes: maxBody,
			RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schemaOf(&c)}}},
		}
		if c.Consequence {
			op.OperationID, op.Path, op.Tags = "prepare-"+c.ID, base+"prepared/"+c.ID, []string{"to be signed by a device"}
			op.Security = []map[string][]string{{"session": {}}, {"token": {}}}
			huma.Register(api, op, handle(s, whole, func(ctx context.Context, who *caller, in *stateIn) (*out[PreparedInfo], error) {
				return s.apiPrepare(ctx, who, &c, in)
			}))
			delete(op.RequestBody.Content, rawContent)
			continue
		}
		op.OperationID, op.Path, op.DefaultStatus, op.Tags = c.ID, base+"entries/"+c.ID, http.StatusCreated, []string{"stated at once"}
		op.Security = []map[string][]string{{"session": {}}}
		if c.Program {
			op.Security = append(op.Security, map[string][]string{"token": {}})
		}
		huma.Register(api, op, handle(s, whole, func(ctx context.Context, who *caller, in *stateIn) (*out[EntryInfo], error) {
			return s.apiState(ctx, who, &c, in)
		}))
		delete(op.RequestBody.Content, rawContent)
	}
	huma.Register(api, huma.Operation{
		OperationID: "signed", Method: http.MethodPost, Path: base + "signed", Summary: "Append what a device or card has signed", DefaultStatus: http.StatusCreated,
		Description: "Sent again, the same statement is answered with the entry that it became.", Errors: errs, MaxBodyBytes: maxBody,
	}, handle(s, func(in *signedIn) *InNet { return &in.InNet }, s.apiSigned))
}

// rawContent is what huma says of a body that it does not read itself.
const rawContent = "application/octet-stream"

// read reads the body of a request that states something.
func (in *stateIn) read(c *commons.Command) (commons.Intent, error) {
	var x said
	d := json.NewDecoder(strings.NewReader(string(in.RawBody)))
	d.DisallowUnknownFields()
	if err := d.Decode(&x); err != nil {
		return commons.Intent{}, &failure{status: http.StatusBadRequest, code: "json", text: err.Error()}
	}
	i := commons.Intent{Type: c.ID, Right: x.Right, Cause: x.Cause, Body: map[string]any{}}
	for name, raw := range x.Body {
		i.Body[name] = plainValue(raw)
	}
	for _, name := range slices.Sorted(maps.Keys(x.Private)) {
		i = i.With(name, x.Private[name])
	}
	return i, nil
}

// plainValue is a text or a number of a body as commands have it; what else there is stays as it came, for the rules to read.
func plainValue(raw json.RawMessage) any {
	var text string
	if len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number int64
	if json.Unmarshal(raw, &number) == nil && string(raw) != "null" {
		return number
	}
	return raw
}

func (s *Server) apiState(ctx context.Context, who *caller, c *commons.Command, in *stateIn) (*out[EntryInfo], error) {
	if who.person == 0 {
		return nil, errSignIn
	}
	if err := s.slowWriting(ctx, who.net, who.person); err != nil {
		return nil, err
	}
	i, err := in.read(c)
	if err != nil {
		return nil, err
	}
	return s.idempotent(ctx, who, in.Key, append([]byte(c.ID+"\n"), in.RawBody...), func() (*commons.Done, error) { return who.net.Do(ctx, who.actor(), i) })
}

func (s *Server) apiPrepare(ctx context.Context, who *caller, c *commons.Command, in *stateIn) (*out[PreparedInfo], error) {
	if who.person == 0 {
		return nil, errSignIn
	}
	if c.ID == "network.found" || c.ID == "guest.arrive" {
		return nil, problem(http.StatusForbidden, "page") // by people, on pages
	}
	if err := s.slowWriting(ctx, who.net, who.person); err != nil {
		return nil, err
	}
	i, err := in.read(c)
	if err != nil {
		return nil, err
	}
	p, err := who.net.Prepare(ctx, commons.Session(who.person), i)
	if err != nil {
		return nil, err
	}
	text, err := p.Statement.Canonical()
	return &out[PreparedInfo]{PreparedInfo{string(text), payloadInfos(p.Payloads), p.Kinds}}, err
}

// apiSigned appends what was signed. The signature says who it is.
func (s *Server) apiSigned(ctx context.Context, who *caller, in *signedIn) (*out[EntryInfo], error) {
	if err := s.slowWriting(ctx, who.net, who.person); err != nil {
		return nil, err
	}
	payloads, err := payloadsOf(in.Body.Payloads)
	if err != nil {
		return nil, err
	}
	p, sig, err := readSigned(who.net, in.Body.Statement, payloads, &in.Body.Signature)
	if err != nil {
		return nil, err
	}
	if p.Statement.Type == "guest.arrive" {
		if err := s.slowDown(ctx, s.openings); err != nil {
			return nil, err
		}
	}
	done, err := who.net.Append(ctx, p, *sig)
	if err == nil && p.Statement.Type == "person.erase" {
		err = s.forgetPerson(ctx, who.net.Origin(), p.Statement.Member)
	}
	return answered(done, err)
}

// schemaOf describes what a command takes, from the table of entries.
func schemaOf(c *commons.Command) *huma.Schema {
	body := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false, Description: "Public."}
	for i := range c.Fields {
		f := &c.Fields[i]
		body.Properties[f.Name] = schemaOfField(f)
		if !f.Optional {
			body.Required = append(body.Required, f.Name)
		}
	}
	private := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{}, AdditionalProperties: false, Description: "Not public: each is encrypted under its person's key.", Required: c.Needs}
	for _, p := range c.Parts {
		private.Properties[p.Name] = &huma.Schema{Type: huma.TypeString, MaxLength: pointer(64 << 10), Description: "Holds: " + p.Holds + ". May be read by: " + string(p.Reader) + "."}
	}
	all := &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: false, Required: []string{"body"}, Properties: map[string]*huma.Schema{
			"right": {Type: huma.TypeString, Description: "Right or power invoked; left out, the first by which the person may."},
			"cause": {Type: huma.TypeInteger, Minimum: pointer(0.0), Description: "Entry that this one follows from or answers."},
			"body":  body,
		},
	}
	if len(c.Parts) > 0 {
		all.Properties["private"] = private
	}
	if len(c.Needs) > 0 {
		all.Required = append(all.Required, "private")
	}
	return all
}

func schemaOfField(f *govern.Field) *huma.Schema {
	text := func(description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Description: description}
	}
	switch f.Kind {
	case govern.KindPerson, govern.KindEntry:
		least := 0.0
		if f.Kind == govern.KindPerson {
			least = 1
		}
		return &huma.Schema{Type: huma.TypeInteger, Minimum: &least, Description: "Number of: " + string(f.Kind) + "."}
	case govern.KindPersons:
		return &huma.Schema{Type: huma.TypeArray, MaxItems: pointer(100), Items: &huma.Schema{Type: huma.TypeInteger, Minimum: pointer(1.0)}, Description: "Numbers of persons, rising."}
	case govern.KindNames:
		return &huma.Schema{Type: huma.TypeArray, MaxItems: pointer(100), Items: text("A name."), Description: "Names, rising."}
	case govern.KindRow, govern.KindRules:
		return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Description: "An object: " + string(f.Kind) + "."}
	case govern.KindFounders:
		return &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}, Description: "Founders with their keys."}
	case govern.KindChoice:
		s := text("")
		for _, choice := range f.Choices {
			s.Enum = append(s.Enum, choice)
		}
		return s
	case govern.KindTime:
		s := text("In UTC, like 2027-05-03T08:00:00Z.")
		s.Format = "date-time"
		return s
	case govern.KindText:
		s := text("For everybody to read.")
		s.MaxLength = pointer(f.Max)
		return s
	}
	return text("See docs/rules.md: " + string(f.Kind) + ".")
}
