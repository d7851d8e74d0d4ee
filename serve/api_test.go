package serve

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"bremen/commons"
)

// valid checks JSON against a schema of the description.
func (w *town) valid(schema *huma.Schema, mode huma.ValidateMode, text string) []error {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return []error{err}
	}
	r := &huma.ValidateResult{}
	registry := w.server.description.Components.Schemas
	schema.PrecomputeMessages()
	huma.Validate(registry, schema, huma.NewPathBuffer([]byte{}, 0), mode, v, r)
	return r.Errors
}

// schemaFor is what the description says of an answer.
func schemaFor(op *huma.Operation, status int) *huma.Schema {
	r := op.Responses[formatNumber(int64(status))]
	if r == nil {
		return nil
	}
	for _, name := range []string{"application/json", "application/problem+json"} {
		if m := r.Content[name]; m != nil {
			return m.Schema
		}
	}
	return nil
}

// fits checks an answer against what the description says of the operation.
func (w *town) fits(t interface{ Errorf(string, ...any) }, op *huma.Operation, got answer_) {
	schema := schemaFor(op, got.status)
	if schema == nil {
		t.Errorf("%s: status %d is not described: %s", op.OperationID, got.status, got.body)
		return
	}
	if errs := w.valid(schema, huma.ModeReadFromServer, got.body); len(errs) > 0 {
		t.Errorf("%s: %d: %v: %s", op.OperationID, got.status, errs, got.body)
	}
	if want := "application/json"; got.status < 400 && got.header.Get("Content-Type") != want {
		t.Errorf("%s: %q, want %q", op.OperationID, got.header.Get("Content-Type"), want)
	}
	if want := "application/problem+json"; got.status >= 400 && (got.header.Get("Content-Type") != want || problemCode(got) == "") {
		t.Errorf("%s: %q, want %q with a code: %s", op.OperationID, got.header.Get("Content-Type"), want, got.body)
	}
}

// The API answers as its description says: every status that comes is in it, and every answer fits its schema.
func TestAPIFitsItsDescription(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	things := w.things()
	clients := []*client{w.as(0), w.as(2), w.as(4)}
	if got := clients[0].get("/api/openapi.json"); got.status != http.StatusOK || !strings.Contains(got.body, `"openapi":"3.1.0"`) {
		t.Errorf("the description: %d", got.status)
	}
	check := func(op *huma.Operation, got answer_) { t.Helper(); w.fits(t, op, got) }
	paths := w.server.description.Paths
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		op := paths[path].Get
		if op == nil {
			continue
		}
		for _, c := range clients {
			for _, network := range []string{"nordhof", "nosuch"} {
				for _, number := range []string{"1", "9999"} {
					check(op, c.get(strings.NewReplacer("{network}", network, "{number}", number).Replace(path)))
				}
			}
		}
	}
	for _, c := range commons.Commands() {
		path, body := apiRequest(&c, 2, things)
		described := strings.Replace(path, "nordhof", "{network}", 1)
		if paths[described] == nil || paths[described].Post == nil {
			t.Errorf("%s is not described", path)
			continue
		}
		op := paths[described].Post
		text, err := json.Marshal(body)
		w.must(err)
		if errs := w.valid(op.RequestBody.Content["application/json"].Schema, huma.ModeWriteToServer, string(text)); len(errs) > 0 {
			t.Errorf("%s: what the server takes is not described: %v: %s", c.ID, errs, text)
		}
		check(op, clients[1].json(path, body))
		for _, odd := range []map[string]any{
			{"body": map[string]any{"nosuch": 1}}, {"body": body["body"], "nosuch": 1}, {"body": []int{1}}, {"body": body["body"], "private": map[string]string{"nosuch": "x"}},
		} {
			got := clients[1].json(path, odd)
			check(op, got)
			if got.status < 400 {
				t.Errorf("%s takes %v", c.ID, odd)
			}
		}
	}
}
