package postgres_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bremen/internal/waittest"
	"bremen/record"
	"bremen/record/postgres/postgrestest"
	"bremen/record/recordtest"
)

// Two servers append to one database, with several writers each, while it is stopped, started and killed. Who is told of an
// error appends the same statement again until it is in; then every statement is in the log once, and none that was
// acknowledged is missing.
func TestAwayUnderLoad(t *testing.T) {
	t.Parallel()
	const servers, writers, times = 2, 4, 4
	c, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	url := place(c.Database(t))
	var stores [servers]record.Store
	for i := range stores {
		stores[i] = url.Open(t, time.Now)
		defer stores[i].Close()
	}
	newLog(t, stores[0])
	var mu sync.Mutex
	acknowledged, tried := recordtest.Acknowledged{}, 0
	var over atomic.Bool
	var wg sync.WaitGroup
	for i, s := range stores {
		l := openLog(t, s)
		for w := range writers {
			wg.Go(func() {
				for n := 0; !over.Load(); n++ {
					e, tries, err := stubborn(t, l, recordtest.Draft(recordtest.Origin, int64(1+w), fmt.Sprint(i, n), "secret"))
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					acknowledged[e.Seq], tried = e.StatementHash, tried+tries
					mu.Unlock()
				}
			})
		}
	}
	for round := range times {
		mu.Lock()
		before := len(acknowledged)
		mu.Unlock()
		waittest.Until(t, func() bool { // writers are at it
			mu.Lock()
			defer mu.Unlock()
			return len(acknowledged) >= before+writers
		}, func() string { return "the writers write nothing" })
		if round%2 == 0 {
			err = errors.Join(c.Stop(), c.Start())
		} else {
			err = c.Kill()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	over.Store(true)
	wg.Wait()
	if tried == len(acknowledged) {
		t.Error("no append met a database that was away")
	}
	recordtest.Survived(t, stores[1], acknowledged)
	if size, err := openLog(t, stores[0]).Size(t.Context()); err != nil || size != int64(len(acknowledged))+1 { // and Survived's own
		t.Errorf("%d entries, %d acknowledged, %v: a statement stands in the log twice", size, len(acknowledged), err)
	}
}

// stubborn appends a statement, as often as it takes, and says how often that was.
func stubborn(t *testing.T, l record.Log, d record.Draft) (record.Entry, int, error) {
	for tries := 1; ; tries++ {
		entries, err := record.Append(t.Context(), l, record.Anywhere, d)
		if err == nil {
			return entries[0], tries, nil
		}
		var there *record.DuplicateError
		if errors.As(err, &there) {
			hash, err := d.Statement.Hash()
			return record.Entry{Seq: there.Seq, StatementHash: hash}, tries, err
		}
		if tries == 20_000 { // some minutes
			return record.Entry{}, tries, err
		}
		time.Sleep(10 * time.Millisecond)
	}
}
