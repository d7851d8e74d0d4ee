package sqlite_test

import (
	"testing"

	"bremen/record/recordtest"
)

func BenchmarkStore(b *testing.B) {
	recordtest.Bench(b, func(tb testing.TB) recordtest.Place { return place(tb.TempDir()) })
}
