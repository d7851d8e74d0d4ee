package serve

import (
	"sync"
	"time"
)

// limiter lets so many attempts through at once, and one more each interval, for every key. It is for guessing: sign-in,
// set-up codes, invitations.
type limiter struct {
	burst    int
	interval time.Duration

	mu   sync.Mutex
	next map[string]time.Time // when all attempts of a key will be there again
}

// limiterKeys bounds what a limiter remembers. When it is full, everybody waits: it does not forget who tried most.
const limiterKeys = 100_000

func newLimiter(burst int, interval time.Duration) *limiter {
	return &limiter{burst: burst, interval: interval, next: map[string]time.Time{}}
}

// take uses one attempt of a key. Where there is none it returns how long to wait.
func (l *limiter) take(key string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := l.next[key]
	if full.Before(now) {
		full = now
	}
	full = full.Add(l.interval)
	if wait = full.Sub(now) - time.Duration(l.burst)*l.interval; wait > 0 {
		return wait
	}
	if _, known := l.next[key]; !known && len(l.next) >= limiterKeys {
		l.forget(now)
		if len(l.next) >= limiterKeys {
			return l.interval
		}
	}
	l.next[key] = full
	return 0
}

// forget drops keys that have all their attempts back.
func (l *limiter) forget(now time.Time) {
	for key, full := range l.next {
		if !full.After(now) {
			delete(l.next, key)
		}
	}
}
