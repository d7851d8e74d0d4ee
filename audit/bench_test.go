package audit_test

import (
	"runtime"
	"testing"
	"time"

	"bremen/audit"
	"bremen/record/tiles"
)

// BenchmarkAudit audits an exported record of 10^6 entries, 10^5 of them signed by devices with a history in view.
func BenchmarkAudit(b *testing.B) {
	n := found(b)
	n.Many(1_000_000 - 1)
	n.Publish()
	dir := b.TempDir()
	if err := tiles.Export(b.Context(), n.Log, dir); err != nil {
		b.Fatal(err)
	}
	n.State = nil
	for b.Loop() {
		c, err := tiles.OpenFolder(dir)
		if err != nil {
			b.Fatal(err)
		}
		var most uint64
		begin := time.Now()
		r, err := audit.Run(b.Context(), c, audit.Options{Progress: func(read, _ int64) {
			if read%(50*1024) == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse+m.StackInuse)
			}
		}})
		if err != nil || !r.Holds || r.Entries != 1_000_000 {
			b.Fatalf("%+v, %v", r, err)
		}
		b.ReportMetric(float64(r.Entries)/time.Since(begin).Seconds(), "entries/s")
		b.ReportMetric(float64(r.Verified), "signatures")
		b.ReportMetric(float64(most)/1e6, "MB-heap")
	}
}
