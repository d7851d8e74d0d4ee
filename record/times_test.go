package record

import (
	"testing"
	"time"
)

func TestCheckTimes(t *testing.T) {
	t.Parallel()
	at := func(minutes int) time.Time { return testTime.Add(time.Duration(minutes) * time.Minute) }
	c := Checkpoint{Head: Head{Size: 5}, Cosigned: []Cosignature{{Name: "w", Time: at(0)}}}
	for _, row := range []struct {
		name       string
		last, next time.Time
		ok         bool
	}{
		{"as it should be", at(-1), at(1), true},
		{"clocks that differ a little", at(1), at(-1), true},
		{"nothing after it yet", at(-1), time.Time{}, true},
		{"dated forward", at(3), at(4), false},
		{"dated back", at(-9), at(-3), false},
	} {
		if err := CheckTimes(c, row.last, row.next); (err == nil) != row.ok {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if err := CheckTimes(Checkpoint{Head: Head{Size: 5}}, at(3), at(-9)); err != nil {
		t.Errorf("without a witness nothing can be said: %v", err)
	}
}
