// Package bench compares durable appends with Tessera's on the same disk in one run. It is a module of its own, so that
// Tessera is no part of Bremen: cd record/bench && go test -bench .
package bench

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"

	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/recordtest"
	"bremen/record/sqlite"
)

// entries is how many are appended, by how many writers, each waiting for its entry to be durable before the next.
const (
	entries = 30_000
	writers = 64
)

// measure has the writers call add, which returns when the draft is durable.
func measure(b *testing.B, add func(context.Context, record.Draft) error) {
	for b.Loop() {
		var next atomic.Int64
		var wg sync.WaitGroup
		begin := time.Now()
		for w := range writers {
			wg.Go(func() {
				for next.Add(1) <= entries {
					if err := add(context.Background(), recordtest.Draft(recordtest.Origin, int64(w+1), "durable")); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		b.ReportMetric(entries/time.Since(begin).Seconds(), "entries/s")
	}
	b.ReportMetric(0, "ns/op")
}

func ours(b *testing.B, s record.Store) {
	defer s.Close()
	key, _, err := record.NewKey(recordtest.Origin)
	if err != nil {
		b.Fatal(err)
	}
	l, err := s.Create(b.Context(), recordtest.Origin, key)
	if err != nil {
		b.Fatal(err)
	}
	measure(b, func(ctx context.Context, d record.Draft) error {
		_, err := record.Append(ctx, l, record.Anywhere, d)
		return err
	})
}

func BenchmarkAppend(b *testing.B) {
	b.Run("SQLite", func(b *testing.B) {
		s, err := sqlite.Open(b.Context(), b.TempDir(), time.Now)
		if err != nil {
			b.Fatal(err)
		}
		ours(b, s)
	})
	b.Run("PostgreSQL", func(b *testing.B) {
		c, stop, err := postgrestest.Start(16)
		if err != nil {
			b.Fatal(err)
		}
		defer stop()
		s, err := postgres.Open(b.Context(), c.Database(b), time.Now)
		if err != nil {
			b.Fatal(err)
		}
		ours(b, s)
	})
	// Tessera groups by number or age; with as many to a group as there are writers it waits for no clock.
	b.Run("Tessera POSIX", func(b *testing.B) {
		ctx, cancel := context.WithCancel(b.Context())
		defer cancel()
		driver, err := posix.New(ctx, posix.Config{Path: b.TempDir()})
		if err != nil {
			b.Fatal(err)
		}
		private, _, err := record.NewKey(recordtest.Origin)
		if err != nil {
			b.Fatal(err)
		}
		signer, err := note.NewSigner(private)
		if err != nil {
			b.Fatal(err)
		}
		a, shutdown, _, err := tessera.NewAppender(ctx, driver, tessera.NewAppendOptions().
			WithCheckpointSigner(signer).WithBatching(writers, 5*time.Millisecond).WithCheckpointInterval(time.Second))
		if err != nil {
			b.Fatal(err)
		}
		var seq atomic.Int64
		measure(b, func(ctx context.Context, d record.Draft) error {
			p, err := record.Prepare(recordtest.Origin, d)
			if err != nil {
				return err
			}
			data, err := p.Place(seq.Add(1), time.Now())
			if err != nil {
				return err
			}
			_, err = a.Add(ctx, tessera.NewEntry(data))()
			return err
		})
		if err := shutdown(ctx); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	})
}
