package serve

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// Whoever changes a great deal is slowed down, by pages and by the API alike, and nobody else is; reading goes on.
func TestWritingIsSlowed(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.stand()
	w.server.writings = newLimiter(3, time.Minute)
	one, other := w.as(2), w.as(3)
	need := map[string]any{"body": map[string]any{}, "private": map[string]string{"need": `{"what":"bread","quantity":"1","unit":"kg"}`}}
	form := []string{"what", "bread", "quantity", "1", "unit", "kg", "basis", "period", "urgency", "wish"}
	for range 2 {
		if got := one.post("/nordhof/need", form...); got.status != http.StatusOK {
			t.Fatalf("a need: %d %s", got.status, got.body)
		}
	}
	if got := one.json("/api/networks/nordhof/entries/need.state", need); got.status != http.StatusCreated {
		t.Fatalf("a need by the API: %d %s", got.status, got.body)
	}
	size := w.net.Size()
	for name, got := range map[string]answer_{
		"a page": one.post("/nordhof/need", form...), "the API": one.json("/api/networks/nordhof/entries/need.state", need),
		"another session": w.as(2).post("/nordhof/need", form...), "preparing": one.json("/api/networks/nordhof/prepared/vouch.give", map[string]any{"body": map[string]any{"guest": 4}}),
	} {
		if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") == "" {
			t.Errorf("%s: %d, want 429", name, got.status)
		}
	}
	if got := one.get("/nordhof/me"); got.status != http.StatusOK || w.net.Size() != size {
		t.Errorf("reading: %d, %d entries more", got.status, w.net.Size()-size)
	}
	if got := other.post("/nordhof/need", form...); got.status != http.StatusOK {
		t.Errorf("somebody else: %d", got.status)
	}
	// Nobody is locked out by others who try to sign in in their name.
	for range 15 {
		w.client().post("/nordhof/signin/code", "code", "AAAA")
	}
	w.pass(0.01)
	if got := w.as(2).get("/nordhof/me"); got.status != http.StatusOK {
		t.Errorf("after others' attempts: %d", got.status)
	}
	if logged := w.log.String(); !strings.Contains(logged, `"msg":"sign-in"`) || !strings.Contains(logged, `"way":"code","good":"no"`) {
		t.Error("attempts to sign in are not logged")
	}
}
