package serve

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"bremen/record"
	"bremen/serve/jobs"
)

// Options say how a server answers. The zero value of what has no comment that it must be set works.
type Options struct {
	// Address is the server's own address as browsers see it, "https://nordhof.example.org". It must be set: passkeys are
	// made for its host, and are good for no other.
	Address *url.URL
	// Operator is who runs the server.
	Operator Operator
	// Store keeps sessions and codes. It must be set.
	Store *Store
	// Clock says what time it is. It must be set.
	Clock func() time.Time
	// Log takes one line for each request and for what goes wrong, without personal data; nil takes none.
	Log *slog.Logger
	// Proxies are the addresses of reverse proxies whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Witnesses are asked to cosign checkpoints, by network.
	Witnesses map[string][]record.Cosigner
	// OIDC are the OpenID providers with which people can sign in, by the last part of their network's origin.
	OIDC map[string][]*OIDC
	// Mail is the mail server over which people are told of entries in their name; nil sends none.
	Mail *Mail
	// MailEvery is how often it is looked whether mails are due; 0 means every ten seconds.
	MailEvery time.Duration
	// PublishEvery is how often checkpoints are published; 0 means every two seconds, at most thirty are possible.
	PublishEvery time.Duration
	// Jobs keeps the plans that are to be computed, see Store.Jobs; nil computes none.
	Jobs jobs.Queue
	// Solver makes a solver for each plan computed here; nil leaves that to other servers and workers.
	Solver func() (jobs.Solver, error)
	// Metrics takes the server's figures; nil takes them in a registry of its own.
	Metrics *prometheus.Registry
}

// Operator says who runs the server, in the words that pages show.
type Operator struct {
	Name    string `yaml:"name"` // a line that the founding entry of every network names
	Imprint string `yaml:"imprint"`
	Contact string `yaml:"contact"`
	Privacy string `yaml:"privacy"`
}

// Missing lists what has not been filled in.
func (o Operator) Missing() []string {
	var missing []string
	for _, f := range []struct{ name, text string }{{"name", o.Name}, {"imprint", o.Imprint}, {"contact", o.Contact}, {"privacy", o.Privacy}} {
		if text := strings.TrimSpace(f.text); text == "" || strings.Contains(text, "…") {
			missing = append(missing, f.name)
		}
	}
	return missing
}

const (
	publishEvery = 2 * time.Second
	publishMost  = 30 * time.Second
	mailEvery    = 10 * time.Second
)

// check fills in what may be left out and refuses what cannot work.
func (o *Options) check() error {
	switch {
	case o.Address == nil || o.Clock == nil || o.Store == nil:
		return errors.New("serve: options without address, clock or store")
	case o.Address.Path != "" || o.Address.RawQuery != "" || o.Address.Fragment != "" || o.Address.User != nil:
		return fmt.Errorf("address %q: expected scheme and host alone, like https://nordhof.example.org", o.Address)
	case o.Address.Scheme != "https" && (o.Address.Scheme != "http" || !isLocal(o.Address.Hostname())):
		return fmt.Errorf("address %q: expected https, or http on localhost", o.Address)
	case o.PublishEvery > publishMost:
		return fmt.Errorf("checkpoints every %v: expected at most %v, since receipts promise one within %v", o.PublishEvery, publishMost, record.InclusionDelay)
	}
	for name, list := range o.OIDC {
		for i, p := range list {
			if err := p.Check(); err != nil {
				return err
			}
			if slices.ContainsFunc(list[:i], func(q *OIDC) bool { return q.ID == p.ID }) {
				return fmt.Errorf("oidc: network %s has two providers %q", name, p.ID)
			}
		}
	}
	if o.Mail != nil {
		if err := o.Mail.Check(); err != nil {
			return err
		}
	}
	if o.MailEvery <= 0 {
		o.MailEvery = mailEvery
	}
	if o.PublishEvery <= 0 {
		o.PublishEvery = publishEvery
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	return nil
}

// isLocal tells whether a host is this machine only.
func isLocal(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}
