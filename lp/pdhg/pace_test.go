package pdhg

import (
	"context"
	"testing"

	"bremen/lp/lptest"
)

func TestPace(t *testing.T) {
	t.Parallel()
	p := lptest.Economy(40, 3, 4, 1)
	pace, err := Pace(t.Context(), p, 0)
	if err != nil || pace <= 0 {
		t.Errorf("%v an iteration, %v", pace, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Pace(ctx, p, 0); err == nil {
		t.Error("it went on when cancelled")
	}
}
