package serve

import (
	"net/http"
	"strings"
	"testing"
)

// Whoever states a need on the page says which variants they like, reads it there again, and nobody else does.
func TestPreferencesOnThePage(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	c := w.as(2)
	fields := []string{"what", "loaf", "quantity", "2", "unit", "kg", "basis", "period", "urgency", "wish", "prefer"}
	if got := c.post("/nordhof/need", append(fields, "rye bread: 0,5\n\nspelt bread: much")...); got.status != http.StatusBadRequest || !strings.Contains(got.body, "spelt bread: much") {
		t.Errorf("a line that is no preference: %d", got.status)
	}
	if got := c.post("/nordhof/need", append(fields, "rye bread: 0,5\r\nwheat bread: 1")...); got.status != http.StatusOK {
		t.Fatalf("stating a need: %d\n%s", got.status, got.body)
	}
	if got := c.get("/nordhof/me").body; !strings.Contains(got, "rye bread: 0.5") || !strings.Contains(got, "wheat bread: 1") {
		t.Errorf("one's own page lacks the preferences:\n%s", got)
	}
}
