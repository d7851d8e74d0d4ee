package postgres_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/postgres/postgrestest"
	"bremen/record/recordtest"
)

// cluster serves all tests of the package, each with a database of its own.
var cluster *postgrestest.Cluster

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		fmt.Fprintln(os.Stderr, load(url))
		os.Exit(1)
	}
	os.Exit(func() int {
		c, stop, err := postgrestest.Start(1)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer stop()
		cluster = c
		return m.Run()
	}())
}

// place is a database's URL.
type place string

func newPlace(tb testing.TB) recordtest.Place { return place(cluster.Database(tb)) }

func (p place) Open(tb testing.TB, clock func() time.Time) record.Store {
	tb.Helper()
	s, err := postgres.Open(tb.Context(), string(p), clock)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	recordtest.Run(t, newPlace)
}

func BenchmarkStore(b *testing.B) {
	c, stop, err := postgrestest.Start(16)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	recordtest.Bench(b, func(tb testing.TB) recordtest.Place { return place(c.Database(tb)) })
}
