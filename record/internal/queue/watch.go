package queue

import (
	"context"
	"sync"
)

// Watch tells those who wait for entries how many are durable.
type Watch struct {
	mu   sync.Mutex
	size int64
	more chan struct{} // closed when size grows
}

// Grow says that there are size entries, or more.
func (w *Watch) Grow(size int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if size > w.size {
		w.size = size
		if w.more != nil {
			close(w.more)
			w.more = nil
		}
	}
}

// Wait returns the number of entries once it is greater than size.
func (w *Watch) Wait(ctx context.Context, size int64) (int64, error) {
	for {
		w.mu.Lock()
		now := w.size
		if w.more == nil {
			w.more = make(chan struct{})
		}
		more := w.more
		w.mu.Unlock()
		if now > size {
			return now, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return now, ctx.Err()
		}
	}
}
