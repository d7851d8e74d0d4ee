package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"bremen/commons"
	"bremen/record"
	"bremen/record/sqlite"
	"bremen/record/witness"
	"bremen/serve"
)

// serveFlags are the flags of "bremen serve".
type serveFlags struct {
	data, database, listen, address, imprint, mail, oidc string
	networks, witnesses, proxies                         []string
	leave                                                bool // computing plans to workers
}

const (
	imprintName  = "imprint.yaml"
	mailName     = "mail.yaml"
	oidcName     = "oidc.yaml"
	sessionsName = "sessions.sqlite"
)

func serveCommand(f *flag.FlagSet) action {
	var s serveFlags
	list := func(to *[]string) func(string) error {
		return func(text string) error {
			*to = append(*to, text)
			return nil
		}
	}
	f.StringVar(&s.data, "data", "bremen-data", "")
	f.StringVar(&s.database, "database", "", "")
	f.StringVar(&s.listen, "listen", "localhost:8080", "")
	f.StringVar(&s.address, "address", "", "")
	f.StringVar(&s.imprint, "imprint", "", "")
	f.StringVar(&s.mail, "mail", "", "")
	f.StringVar(&s.oidc, "oidc", "", "")
	f.BoolVar(&s.leave, "leave-jobs", false, "")
	f.Func("new", "", list(&s.networks))
	f.Func("witness", "", list(&s.witnesses))
	f.Func("proxy", "", list(&s.proxies))
	return func(ctx context.Context, c *call) error { return c.serve(ctx, &s) }
}

// serve serves networks until ctx ends.
func (c *call) serve(ctx context.Context, s *serveFlags) (err error) {
	if s.imprint == "" {
		s.imprint = filepath.Join(s.data, imprintName)
	}
	o := serve.Options{Clock: c.now, Log: slog.New(slog.NewJSONHandler(c.err, nil))}
	if o.Operator, err = c.readImprint(s.imprint); err != nil {
		return err
	}
	if err := c.mayListen(s, o.Operator); err != nil {
		return err
	}
	if o.Mail, err = readMail(s); err != nil {
		return err
	}
	if o.OIDC, err = readOIDC(s); err != nil {
		return err
	}
	if o.Proxies, err = c.proxies(s.proxies); err != nil {
		return err
	}
	store, err := c.openRecords(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if o.Store, err = serve.OpenStore(ctx, sessionsAt(s), c.now); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Store.Close()) }()
	if o.Jobs, err = o.Store.Jobs(ctx, o.Log); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.Jobs.Close()) }()
	if !s.leave {
		o.Solver = c.jobSolver
	}
	networks, err := commons.Open(ctx, store, commons.Options{Clock: c.now, Dir: s.data, Console: c.err, Log: o.Log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, networks.Close()) }()
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.listen)
	if err != nil {
		return err
	}
	defer l.Close() //nolint:errcheck // Serve has closed it
	if o.Address, err = c.addressOf(s, l); err != nil {
		return err
	}
	if err := c.newNetworks(ctx, networks, s, o.Address.Hostname()); err != nil {
		return err
	}
	if o.Witnesses, err = c.witnesses(s.witnesses, networks.Origins()); err != nil {
		return err
	}
	server, err := serve.New(networks, o)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.err, c.laid(c.lang.say("serve/ready", "url", o.Address.String()+"/")))
	return server.Serve(ctx, l)
}

// openRecords opens the database, or else the data folder, which is made if there is none.
func (c *call) openRecords(ctx context.Context, s *serveFlags) (record.Store, error) {
	if err := os.MkdirAll(s.data, 0o700); err != nil {
		return nil, err
	}
	if s.database != "" {
		return c.openDatabase(ctx, s.database)
	}
	store, err := sqlite.Open(ctx, s.data, c.now)
	if errors.Is(err, record.ErrLocked) {
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("data/locked", "name", s.data))}
	}
	return store, c.elsewhere(s.data, err)
}

// sessionsAt is where sessions are kept: in the database that servers share, or in a file beside the record.
func sessionsAt(s *serveFlags) string {
	if s.database != "" {
		return s.database
	}
	return filepath.Join(s.data, sessionsName)
}

// readImprint reads who operates the server; the zero value where the file is not there.
func (c *call) readImprint(name string) (o serve.Operator, err error) {
	_, err = readSettings(name, &o)
	var bad *failure
	if errors.As(err, &bad) {
		bad.next = c.lang.say("serve/imprint/next", "file", name)
	}
	return o, err
}

// readMail reads over which mail server people are told; nil where nobody has named one.
func readMail(s *serveFlags) (*serve.Mail, error) {
	m := &serve.Mail{}
	name, there, err := readOptional(s.mail, filepath.Join(s.data, mailName), m)
	if err != nil || !there {
		return nil, err
	}
	m.PasswordFile = nextTo(name, m.PasswordFile)
	return m, badSettings(name, m.Check())
}

// readOIDC reads with which OpenID providers people can sign in, by network; nil where nobody has named any.
func readOIDC(s *serveFlags) (map[string][]*serve.OIDC, error) {
	var all map[string][]*serve.OIDC
	name, there, err := readOptional(s.oidc, filepath.Join(s.data, oidcName), &all)
	if err != nil || !there {
		return nil, err
	}
	for _, network := range slices.Sorted(maps.Keys(all)) {
		for _, p := range all[network] {
			p.SecretFile = nextTo(name, p.SecretFile)
			if err := p.Check(); err != nil {
				return nil, badSettings(name, err)
			}
		}
	}
	return all, nil
}

// readOptional reads settings from the file that was named, which must be there, or else from where they usually are.
func readOptional(named, usual string, to any) (name string, there bool, err error) {
	if named == "" {
		there, err = readSettings(usual, to)
		return usual, there, err
	}
	if there, err = readSettings(named, to); err == nil && !there {
		err = fmt.Errorf("%s: %w", named, fs.ErrNotExist)
	}
	return named, there, err
}

func badSettings(name string, err error) error {
	if err == nil {
		return nil
	}
	return &failure{status: exitInput, err: fmt.Errorf("%s: %w", name, err)}
}

// readSettings reads a file of settings, in which unknown keys are mistakes, and tells whether it is there.
func readSettings(name string, to any) (there bool, err error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(to); err != nil {
		return true, badSettings(name, err)
	}
	return true, nil
}

// nextTo is a file that settings name, which lies beside them if they do not say otherwise.
func nextTo(settings, name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(settings), name)
}

// mayListen refuses to be reached from other machines while nobody has said who operates the server.
func (c *call) mayListen(s *serveFlags, o serve.Operator) error {
	missing := o.Missing()
	if len(missing) == 0 || localOnly(s.listen) && (s.address == "" || localOnly(hostOf(s.address))) {
		return nil
	}
	return &failure{
		status: exitInput, err: errors.New(c.lang.say("serve/imprint", "listen", s.listen, "missing", strings.Join(missing, ", "))),
		next: c.lang.say("serve/imprint/next", "file", s.imprint),
	}
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return net.JoinHostPort(u.Hostname(), "0")
}

// localOnly tells whether only this machine reaches what listens there.
func localOnly(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// addressOf is the server's own address as browsers see it.
func (c *call) addressOf(s *serveFlags, l net.Listener) (*url.URL, error) {
	if s.address == "" {
		if !localOnly(s.listen) {
			return nil, usage(c.lang, c.command, errors.New(c.lang.say("serve/address")))
		}
		_, port, err := net.SplitHostPort(l.Addr().String())
		return &url.URL{Scheme: "http", Host: net.JoinHostPort("localhost", port)}, err
	}
	u, err := url.Parse(strings.TrimSuffix(s.address, "/"))
	if err != nil || u.Host == "" || u.Path != "" {
		return nil, usage(c.lang, c.command, errors.New(c.lang.say("serve/address")))
	}
	return u, nil
}

// newNetworks begins the records that are asked for, and one where there is none. Their set-up codes are printed.
func (c *call) newNetworks(ctx context.Context, networks *commons.Commons, s *serveFlags, host string) error {
	names := s.networks
	if len(names) == 0 && len(networks.Origins()) == 0 {
		names = []string{"network"}
	}
	for _, name := range names {
		origin := host + "/" + name
		if slices.Contains(networks.Origins(), origin) {
			continue
		}
		if strings.ContainsAny(name, "/?#%\\. ") {
			return usage(c.lang, c.command, errors.New(c.lang.say("serve/new", "name", name)))
		}
		if _, err := networks.Create(ctx, origin); err != nil {
			return err
		}
	}
	return nil
}

// witnesses reads --witness KEY@URL; every witness is asked for every network.
func (c *call) witnesses(list, origins []string) (map[string][]record.Cosigner, error) {
	all := map[string][]record.Cosigner{}
	for _, text := range list {
		at := strings.LastIndex(text, "@http")
		if at < 0 {
			return nil, usage(c.lang, c.command, errors.New(c.lang.say("serve/witness", "text", text)))
		}
		w, err := witness.NewClient(text[at+1:], text[:at], nil)
		if err != nil {
			return nil, usage(c.lang, c.command, err)
		}
		for _, origin := range origins {
			all[origin] = append(all[origin], w)
		}
	}
	return all, nil
}

func (c *call) proxies(list []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range list {
		p, err := netip.ParsePrefix(text)
		if a, bad := netip.ParseAddr(text); err != nil && bad == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, usage(c.lang, c.command, errors.New(c.lang.say("serve/proxy", "text", text)))
		}
		all = append(all, p)
	}
	return all, nil
}
