package serve

import (
	"strings"
	"testing"

	"bremen/commons"
)

func TestFiguresOfANetwork(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.state(2, commons.StateNeed(commons.Need{What: "bread", Unit: "kg"}, nil))
	got := w.client().get("/metrics").body
	for _, line := range []string{
		`bremen_people{network="localhost/nordhof",standing="member"} 3`, `bremen_people{network="localhost/nordhof",standing="guest"} 1`,
		`bremen_people{network="localhost/nordhof",standing="left"} 1`, `bremen_statements{network="localhost/nordhof",type="need.state"} 1`,
		`bremen_plans{network="localhost/nordhof"} 0`, `bremen_groups{network="localhost/nordhof"} 1`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(got, "Anna") || strings.Contains(got, "bread") {
		t.Error("figures tell of people")
	}
}
