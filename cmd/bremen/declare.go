package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// declareFlags are the flags of "bremen declare".
type declareFlags struct {
	at      storage
	origin  string
	lasting time.Duration
	why     string
}

// declarations are what an operator can state, and nothing else: entries signed with the record's own key.
var declarations = []string{"pause", "resume", "outage", "key"}

func declareCommand(f *flag.FlagSet) action {
	var d declareFlags
	d.at.flags(f)
	f.StringVar(&d.origin, "origin", "", "")
	f.DurationVar(&d.lasting, "for", 24*time.Hour, "")
	f.StringVar(&d.why, "why", "", "")
	return func(ctx context.Context, c *call) error {
		switch what := c.operands[0]; {
		case !slices.Contains(declarations, what):
			return usage(c.lang, c.command, errors.New(c.lang.say("declare/what", "what", what, "all", strings.Join(declarations, ", "))))
		case d.at == (storage{}):
			return usage(c.lang, c.command, errors.New(c.lang.say("data/where")))
		default:
			return c.declare(ctx, what, &d)
		}
	}
}

// declared is what "bremen declare" prints with --json.
type declared struct {
	Origin string    `json:"origin"`
	Entry  int64     `json:"entry"`
	Type   string    `json:"type"`
	Time   time.Time `json:"time"`
	Key    string    `json:"key,omitempty"` // the record's from now on, if it is another
}

// declare appends what the operator states and publishes a checkpoint over it.
func (c *call) declare(ctx context.Context, what string, d *declareFlags) (err error) {
	store, err := c.openHeld(ctx, &d.at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	origin, err := c.pickOrigin(ctx, store, d.at.where(), d.origin)
	if err != nil {
		return err
	}
	dir := d.at.data
	if dir == "" { // what is derived from the record is not kept
		if dir, err = os.MkdirTemp("", "bremen"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	networks, err := commons.Open(ctx, store, commons.Options{Clock: c.now, Dir: dir})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, networks.Close()) }()
	n, err := networks.Network(ctx, origin)
	if err != nil {
		return err
	}
	done, err := c.operate(ctx, n, what, d)
	var refused *govern.Refusal
	if errors.As(err, &refused) {
		return &failure{status: exitNo, err: errors.New(refused.In(string(c.lang)))}
	}
	if err != nil {
		return err
	}
	if _, err := n.Publish(ctx); err != nil {
		return err
	}
	return c.printDeclared(ctx, n, done, what == "key")
}

// where names the place for people.
func (p *storage) where() string {
	if p.data != "" {
		return p.data
	}
	name, err := databaseName(p.database)
	if err != nil {
		return ""
	}
	return name
}

// openHeld opens a data folder or database that holds records.
func (c *call) openHeld(ctx context.Context, p *storage) (record.Store, error) {
	if p.database == "" {
		if _, err := os.Stat(filepath.Join(p.data, recordName)); err != nil {
			return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/none", "name", p.data)), next: c.lang.say("data/where")}
		}
	}
	return c.openTarget(ctx, p)
}

func (c *call) operate(ctx context.Context, n *commons.Network, what string, d *declareFlags) (*commons.Done, error) {
	switch what {
	case "pause":
		return n.Operate(ctx, commons.OperatorPause(c.now().Add(d.lasting), d.why))
	case "resume":
		return n.Operate(ctx, commons.EndPause())
	case "outage":
		return n.Operate(ctx, commons.DeclareOutage())
	}
	return n.ChangeKey(ctx)
}

func (c *call) printDeclared(ctx context.Context, n *commons.Network, done *commons.Done, fresh bool) error {
	x := declared{Origin: n.Origin(), Entry: done.Number, Type: done.Entry.Statement.Type, Time: done.Entry.Time}
	if fresh {
		key, err := n.LogKey(ctx)
		if err != nil {
			return err
		}
		x.Key = key
	}
	if c.json {
		return writeJSON(c.out, x)
	}
	title := govern.TypeByID(x.Type).Title.In(string(c.lang))
	fmt.Fprintln(c.out, wrap(c.lang.say("declare/done", "origin", x.Origin, "entry", fmt.Sprint(x.Entry), "title", title), width))
	if fresh {
		fmt.Fprintln(c.out, wrap(c.lang.say("declare/key"), width))
		fmt.Fprintln(c.out, x.Key)
	}
	return nil
}
