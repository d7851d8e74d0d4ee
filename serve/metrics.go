package serve

import (
	"net"
	"net/http"
	"net/netip"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are figures about the server; none is about a person.
type metrics struct {
	requests   *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	refused    prometheus.Counter
	publishing *prometheus.CounterVec
	signedIn   *prometheus.CounterVec
	mails      *prometheus.CounterVec
	handler    http.Handler
}

func newMetrics(r *prometheus.Registry) *metrics {
	m := &metrics{
		requests:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bremen_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		seconds:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "bremen_request_seconds", Help: "How long requests took.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 8)}, []string{"route"}),
		refused:    prometheus.NewCounter(prometheus.CounterOpts{Name: "bremen_slowed_total", Help: "Attempts refused because there were too many."}),
		publishing: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bremen_checkpoint_errors_total", Help: "Checkpoints not published, or not cosigned by all witnesses."}, []string{"network"}),
		signedIn:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bremen_sign_ins_total", Help: "Attempts to sign in."}, []string{"way", "good"}),
		mails:      prometheus.NewCounterVec(prometheus.CounterOpts{Name: "bremen_mails_total", Help: "Mails that tell people of entries in their name."}, []string{"result"}),
		handler:    promhttp.HandlerFor(r, promhttp.HandlerOpts{}),
	}
	r.MustRegister(m.requests, m.seconds, m.refused, m.publishing, m.signedIn, m.mails, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// showMetrics answers this machine only, and not what a proxy passes on.
func (s *Server) showMetrics(w http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	a, err := netip.ParseAddr(host)
	if err != nil || !a.IsLoopback() || r.Header.Get("X-Forwarded-For") != "" || r.Header.Get("Forwarded") != "" {
		http.NotFound(w, r)
		return
	}
	s.metrics.handler.ServeHTTP(w, r)
}
