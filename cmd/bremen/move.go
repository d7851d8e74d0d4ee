package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"bremen/audit"
	"bremen/govern"
	"bremen/record"
	"bremen/record/sqlite"
)

// movedSuffix is what a move puts behind the names of files that no server is to open any more.
const movedSuffix = ".moved"

// moveFlags are the flags of "bremen move".
type moveFlags struct {
	to       storage
	before   listFlag
	origin   string // of RECORD
	as       string // origin of the record that goes on
	operator string
}

func moveCommand(f *flag.FlagSet) action {
	var m moveFlags
	m.to.flags(f)
	f.Var(&m.before, "before", "")
	f.StringVar(&m.origin, "origin", "", "")
	f.StringVar(&m.as, "as", "", "")
	f.StringVar(&m.operator, "operator", "", "")
	return func(ctx context.Context, c *call) error {
		if len(c.operands) == 0 {
			if m.to.data == "" || m.to.database == "" || m.as != "" || m.operator != "" {
				return usage(c.lang, c.command, errors.New(c.lang.say("move/which")))
			}
			return c.moveToDatabase(ctx, &m.to)
		}
		if (m.to.data == "") == (m.to.database == "") || m.as == "" || m.operator == "" {
			return usage(c.lang, c.command, errors.New(c.lang.say("move/which")))
		}
		return c.succeed(ctx, &m)
	}
}

// moveToDatabase copies all records of a data folder into a database, and puts the folder's own out of use. It may be
// repeated when it was cut short.
func (c *call) moveToDatabase(ctx context.Context, p *storage) error {
	if _, err := os.Stat(filepath.Join(p.data, recordName)); err != nil {
		return &failure{status: exitInput, err: errors.New(c.lang.say("audit/none", "name", p.data)), next: c.lang.say("data/where")}
	}
	from, err := sqlite.Open(ctx, p.data, c.now)
	if errors.Is(err, record.ErrLocked) {
		return &failure{status: exitInput, err: errors.New(c.lang.say("data/locked", "name", p.data)), next: c.lang.say("move/locked/next")}
	}
	if err != nil {
		return err
	}
	to, err := c.openDatabase(ctx, p.database)
	if err != nil {
		return errors.Join(err, from.Close())
	}
	err = copyAll(ctx, to, from)
	var logs []backedUpSize
	if err == nil {
		logs, err = sizesOf(ctx, to)
	}
	// While the folder is still locked: nobody may append to it any more.
	if err == nil {
		err = outOfUse(p.data)
	}
	if err := errors.Join(err, from.Close(), to.Close()); err != nil {
		return err
	}
	return c.printMoved(p, logs)
}

// outOfUse renames the files of a data folder, so that no server goes on with them.
func outOfUse(dir string) error {
	for _, name := range []string{recordName, keysName} {
		path := filepath.Join(dir, name)
		for _, end := range []string{"", "-wal", "-shm", "-journal"} {
			if err := ignoreMissing(os.Rename(path+end, path+movedSuffix+end)); err != nil {
				return err
			}
		}
	}
	return syncFolder(dir)
}

func (c *call) printMoved(p *storage, logs []backedUpSize) error {
	if c.json {
		return writeJSON(c.out, struct {
			Logs []backedUpSize `json:"logs"`
		}{logs})
	}
	for _, x := range logs {
		fmt.Fprintln(c.out, c.lang.say("backup/log", "origin", x.Origin, "count", c.lang.count(int(x.Size))))
	}
	_, err := fmt.Fprintln(c.out, wrap(c.lang.say("move/done", "record", filepath.Join(p.data, recordName+movedSuffix), "keys", filepath.Join(p.data, keysName+movedSuffix)), width))
	return err
}

// succession is what "bremen move RECORD --json" prints.
type succession struct {
	Origin string             `json:"origin"`
	Key    string             `json:"key"`
	After  record.Predecessor `json:"after"`
}

// succeed carries a record to this operator: it is audited, kept beside, and a new record goes on from its end.
func (c *call) succeed(ctx context.Context, m *moveFlags) error {
	if err := record.CheckOrigin(m.as); err != nil {
		return usage(c.lang, c.command, err)
	}
	from, err := c.openRecord(ctx, c.operands[0], m.origin)
	if err != nil {
		return err
	}
	defer from.close()
	chain, err := c.soundChain(ctx, m, from)
	if err != nil {
		return err
	}
	defer func() {
		for _, r := range chain[:len(chain)-1] {
			r.close()
		}
	}()
	to, err := c.openTarget(ctx, &m.to)
	if err != nil {
		return err
	}
	s, err := c.goOn(ctx, to, chain, m)
	if err == nil && m.to.data != "" {
		err = carryPlans(ctx, m.to.data, from)
	}
	if err == nil && m.to.data != "" && from.store != nil {
		_, err = copyBeside(m.to.data, folderOf(c.operands[0]))
	}
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.out, s)
	}
	_, err = fmt.Fprintln(c.out, wrap(c.lang.say("move/succeeds", "origin", s.Origin, "before", s.After.Origin, "count", c.lang.count(int(s.After.Size)), "key", s.Key), width))
	return err
}

// folderOf is the folder that a record lies in: its own, or that of its file.
func folderOf(name string) string {
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return filepath.Dir(name)
	}
	return name
}

func (c *call) openTarget(ctx context.Context, p *storage) (record.Store, error) {
	if p.database != "" {
		return c.openDatabase(ctx, p.database)
	}
	s, err := sqlite.Open(ctx, p.data, c.now)
	if errors.Is(err, record.ErrLocked) {
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("data/locked", "name", p.data)), next: c.lang.say("move/locked/next")}
	}
	return s, err
}

// soundChain audits a record with those it goes on from, which it returns before it, and refuses one that does not hold.
func (c *call) soundChain(ctx context.Context, m *moveFlags, newest *openedRecord) ([]*openedRecord, error) {
	var chain []*openedRecord
	for _, name := range m.before {
		r, err := c.openRecord(ctx, name, "")
		if err != nil {
			return nil, err
		}
		chain = append(chain, r)
	}
	for {
		o := audit.Options{Kept: newest.known, Network: publicNetwork, File: newest.file}
		for _, r := range chain {
			o.Earlier = append(o.Earlier, r)
		}
		report, err := audit.Run(ctx, newest, o)
		var earlier *audit.EarlierError
		if errors.As(err, &earlier) {
			if r, found := newest.beside(ctx, earlier.Origin); found {
				chain = append([]*openedRecord{r}, chain...)
				continue
			}
			return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/earlier", "origin", earlier.Origin)), next: c.lang.say("audit/earlier/next")}
		}
		if err != nil {
			return nil, err
		}
		if !report.Holds {
			return nil, &failure{status: exitNo, err: errors.New(c.lang.say("move/unsound", "why", report.Failures[0].In(string(c.lang)))), next: c.lang.say("move/unsound/next")}
		}
		newest.plans = report.Plans
		return append(chain, newest), nil
	}
}

// goOn copies the records into a store and begins the one that goes on from them.
func (c *call) goOn(ctx context.Context, to record.Store, chain []*openedRecord, m *moveFlags) (*succession, error) {
	if _, err := to.Log(ctx, m.as); !errors.Is(err, record.ErrUnknownLog) {
		if err == nil {
			err = &failure{status: exitInput, err: errors.New(c.lang.say("move/there", "origin", m.as)), next: c.lang.say("move/there/next")}
		}
		return nil, err
	}
	var last record.Log
	for _, r := range chain {
		l, err := keep(ctx, to, r)
		if err != nil {
			return nil, err
		}
		last = l
	}
	state, _, err := folded(ctx, to, last.Origin(), -1)
	if err != nil {
		return nil, err
	}
	if !state.Founded {
		return nil, errors.New(c.lang.say("move/unfounded", "origin", last.Origin()))
	}
	if err := c.timely(state); err != nil {
		return nil, err
	}
	size, err := last.Size(ctx)
	if err != nil {
		return nil, err
	}
	head, err := record.HeadAt(ctx, last, size)
	if err != nil {
		return nil, err
	}
	return c.begin(ctx, to, state, record.Predecessor{Origin: last.Origin(), Head: record.Head{Size: state.Size, Root: head.Root}}, m)
}

// begin begins the record that goes on from another with the given state.
func (c *call) begin(ctx context.Context, to record.Store, state *govern.State, after record.Predecessor, m *moveFlags) (*succession, error) {
	private, public, err := record.NewKey(m.as)
	if err != nil {
		return nil, err
	}
	l, err := to.Create(ctx, m.as, private)
	if err != nil {
		return nil, err
	}
	if _, err := c.sayIn(ctx, state, l, "log.succeed", map[string]any{
		"origin": after.Origin, "size": after.Size, "root": after.Root, "log-key": public, "operator": m.operator,
	}); err != nil {
		return nil, err
	}
	_, err = record.Publish(ctx, l)
	return &succession{Origin: m.as, Key: public, After: after}, err
}

// timely refuses a clock that stands before the record's last entry.
func (c *call) timely(state *govern.State) error {
	if now := c.now(); now.UnixMilli() < state.Time {
		return fmt.Errorf("%w: it says %s, the newest entry is later", record.ErrClock, stamp(now))
	}
	return nil
}

// keep has a record in a store as it is: from another store with its key and what is private, from elsewhere what is
// public, under a key with which nothing is ever signed.
func keep(ctx context.Context, to record.Store, r *openedRecord) (record.Log, error) {
	if r.log != nil {
		if err := copyLog(ctx, to, r.log); err != nil {
			return nil, err
		}
		return to.Log(ctx, r.log.Origin())
	}
	signed, err := r.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	k, err := record.PeekCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	unused, _, err := record.NewKey(k.Origin)
	if err != nil {
		return nil, err
	}
	l, err := to.Create(ctx, k.Origin, unused)
	if errors.Is(err, record.ErrLogExists) {
		l, err = to.Log(ctx, k.Origin)
	}
	if err != nil {
		return nil, err
	}
	_, err = carry(ctx, l, r)
	return l, err
}
