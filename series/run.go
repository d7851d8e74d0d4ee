package series

import (
	"context"
	"sync"
)

// Run has the orders computed that have no outcome yet, as many side by side as told, and each kept as soon as it is there.
// keep is called by one goroutine at a time. The first error ends the rest; what was kept stays.
func Run(ctx context.Context, orders []Order, side int, compute func(context.Context, Order) (*Outcome, error), keep func(Order, *Outcome) error) error {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan Order)
	var wait sync.WaitGroup
	var mu sync.Mutex
	for range max(1, min(side, len(orders))) {
		wait.Go(func() {
			for o := range next {
				out, err := compute(working, o)
				if err == nil {
					mu.Lock()
					err = keep(o, out)
					mu.Unlock()
				}
				if err != nil {
					stop(err)
				}
			}
		})
	}
	for _, o := range orders {
		if working.Err() != nil {
			break
		}
		select {
		case next <- o:
		case <-working.Done():
		}
	}
	close(next)
	wait.Wait()
	return context.Cause(working)
}
