package serve

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The handlers alone, without a network between: needs stated by 64 at a time, each durable before it is answered, and the
// page of the record.
func BenchmarkServe(b *testing.B) {
	w := newTown(b)
	cookie := w.cookie(2)
	ask := func(method, path string, form url.Values) int {
		r := httptest.NewRequest(method, w.address+path, strings.NewReader(form.Encode()))
		r.Header.Set("Cookie", cookie)
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Sec-Fetch-Site", "same-origin")
		}
		out := httptest.NewRecorder()
		w.server.ServeHTTP(out, r)
		return out.Code
	}
	form := url.Values{"what": {"bread"}, "quantity": {"1"}, "unit": {"kg"}, "basis": {"period"}, "urgency": {"wish"}}
	w.server.writings = newLimiter(1<<40, time.Nanosecond) // how fast it could be
	b.Run("need", func(b *testing.B) {
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if got := ask(http.MethodPost, "/nordhof/need", form); got != http.StatusSeeOther {
					b.Errorf("a need: %d", got)
					return
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "needs/s")
	})
	for _, path := range []string{"record", "can", "people", "receipts/1"} {
		b.Run(strings.ReplaceAll(path, "/", "-"), func(b *testing.B) {
			for b.Loop() {
				if got := ask(http.MethodGet, "/nordhof/"+path, nil); got != http.StatusOK {
					b.Fatalf("%s: %d", path, got)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}

// cookie is that of a session of a person.
func (w *town) cookie(person int64) string {
	w.t.Helper()
	c := w.as(person)
	address, err := url.Parse(w.address)
	w.must(err)
	for _, x := range c.Jar.Cookies(address) {
		if x.Name == "bremen" {
			return fmt.Sprintf("%s=%s", x.Name, x.Value)
		}
	}
	w.t.Fatal("no session")
	return ""
}
