package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"bremen/audit"
	"bremen/govern"
	"bremen/record"
	"bremen/record/sqlite"
)

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

// unfinished stands where a record goes on as long as it is being copied from elsewhere: nothing may be appended to it.
const unfinished = "where it is being copied from; if that was cut short, repeat it"

// moveToDatabase copies all records of a data folder into a database, and puts the folder out of use. It may be repeated
// when it was cut short. At no time can both be appended to: the records in the database only when the folder is out of
// use.
func (c *call) moveToDatabase(ctx context.Context, p *storage) error {
	name, err := databaseName(p.database)
	if err != nil {
		return usage(c.lang, c.command, errors.New(c.lang.say("data/url")))
	}
	gone, err := sqlite.Retired(p.data)
	if err != nil {
		return err
	}
	if gone != "" && gone != name {
		return c.movedAway(p.data, gone)
	}
	if _, err := os.Stat(filepath.Join(p.data, recordName)); err != nil && gone == "" {
		return &failure{status: exitInput, err: errors.New(c.lang.say("audit/none", "name", p.data)), next: c.lang.say("data/where")}
	}
	to, err := c.openDatabase(ctx, p.database)
	if err != nil {
		return err
	}
	if gone == name {
		err = sqlite.Retire(p.data, name) // as far as it had not come
	} else {
		err = c.copyFolder(ctx, to, p.data, name)
	}
	var logs []sqlite.Size
	if err == nil {
		logs, err = finished(ctx, to)
	}
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	return c.printMoved(p, logs)
}

// copyFolder copies the records of a data folder and puts it out of use.
func (c *call) copyFolder(ctx context.Context, to record.Store, data, name string) error {
	from, err := sqlite.Open(ctx, data, c.now)
	if err != nil {
		return c.unopened(data, err)
	}
	err = copyAll(ctx, to, from)
	// While the folder is still locked: nobody may append to it any more.
	if err == nil {
		err = sqlite.Retire(data, name)
	}
	return errors.Join(err, from.Close())
}

// unopened says what to do about a data folder that cannot be opened.
func (c *call) unopened(data string, err error) error {
	if errors.Is(err, record.ErrLocked) {
		return &failure{status: exitInput, err: errors.New(c.lang.say("data/locked", "name", data)), next: c.lang.say("move/locked/next")}
	}
	return c.elsewhere(data, err)
}

// elsewhere says where the records of a data folder went, if that is the matter.
func (c *call) elsewhere(data string, err error) error {
	var moved *record.MovedError
	if errors.As(err, &moved) {
		return c.movedAway(data, moved.To)
	}
	return err
}

func (c *call) movedAway(data, to string) error {
	return &failure{status: exitInput, err: errors.New(c.lang.say("data/moved", "name", data, "to", to)), next: c.lang.say("data/moved/next")}
}

// finished lets the records of a database be appended to that were copied there, and lists all.
func finished(ctx context.Context, to record.Store) ([]sqlite.Size, error) {
	logs, err := sizesOf(ctx, to)
	if err != nil {
		return nil, err
	}
	for _, x := range logs {
		l, err := to.Log(ctx, x.Origin)
		if err != nil {
			return nil, err
		}
		if moved, err := l.Moved(ctx); err != nil || moved != unfinished {
			if err != nil {
				return nil, err
			}
			continue
		}
		if err := l.Move(ctx, ""); err != nil {
			return nil, err
		}
	}
	return logs, nil
}

func (c *call) printMoved(p *storage, logs []sqlite.Size) error {
	if c.json {
		return writeJSON(c.out, struct {
			Logs []sqlite.Size `json:"logs"`
		}{logs})
	}
	for _, x := range logs {
		fmt.Fprintln(c.out, c.lang.say("backup/log", "origin", x.Origin, "count", c.lang.count(int(x.Size))))
	}
	_, err := fmt.Fprintln(c.out, wrap(c.lang.say("move/done", "record", filepath.Join(p.data, recordName+sqlite.MovedSuffix), "keys", filepath.Join(p.data, keysName+sqlite.MovedSuffix)), width))
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
	if from.owned { // a server that was killed has not signed its last entries
		if _, err := record.Publish(ctx, from.log); err != nil {
			return err
		}
		if err := from.open(ctx, from.origin); err != nil {
			return err
		}
	}
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
	// Files first: whoever finds the new record finds them.
	if m.to.data != "" {
		err = carryPlans(ctx, m.to.data, from)
	}
	if err == nil && m.to.data != "" && from.store != nil {
		_, err = copyBeside(m.to.data, folderOf(c.operands[0]))
	}
	var s *succession
	if err == nil {
		s, err = c.goOn(ctx, to, chain, m)
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
	return s, c.unopened(p.data, err)
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
			if r, found := append(chain, newest)[0].beside(ctx, earlier.Origin); found {
				chain = append([]*openedRecord{r}, chain...)
				continue
			}
			return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/earlier", "origin", earlier.Origin)), next: c.lang.say("audit/earlier/next")}
		}
		if err != nil {
			return nil, err
		}
		if !report.Holds {
			return nil, &failure{status: exitNo, err: errors.New(c.lang.say("move/unsound", "why", c.lang.fault(report.Failures[0]))), next: c.lang.say("move/unsound/next")}
		}
		newest.plans = report.Plans
		chain = append(chain, newest)
		for _, r := range chain {
			if err := r.name(ctx); err != nil {
				return nil, err
			}
		}
		return chain, nil
	}
}

// name reads from its checkpoint which record it is.
func (r *openedRecord) name(ctx context.Context) error {
	signed, err := r.Checkpoint(ctx)
	if err != nil {
		return err
	}
	k, err := record.PeekCheckpoint(signed)
	r.origin = k.Origin
	return err
}

// goOn copies the records into a store and begins the one that goes on from them. Before that nothing can be appended to
// them any more, here and, where it is a data folder, in the place they come from. It may be repeated when it was cut short.
func (c *call) goOn(ctx context.Context, to record.Store, chain []*openedRecord, m *moveFlags) (*succession, error) {
	if err := c.mayBegin(ctx, to, chain, m.as); err != nil {
		return nil, err
	}
	var last record.Log
	for i, r := range chain {
		next := m.as
		if i < len(chain)-1 {
			next = chain[i+1].origin
		}
		l, err := keep(ctx, to, r, next)
		if err != nil {
			return nil, err
		}
		last = l
	}
	newest := chain[len(chain)-1]
	if !newest.owned {
		return c.follow(ctx, to, last, m)
	}
	before, err := newest.log.Moved(ctx)
	if err != nil {
		return nil, err
	}
	if err := newest.log.Move(ctx, m.as); err != nil {
		return nil, err
	}
	s, err := c.follow(ctx, to, last, m)
	if s == nil {
		err = errors.Join(err, newest.log.Move(ctx, before)) // nothing goes on there
	}
	return s, err
}

// follow begins the record that goes on from one in the same store. An error with a result means that it was begun.
func (c *call) follow(ctx context.Context, to record.Store, last record.Log, m *moveFlags) (*succession, error) {
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

// mayBegin refuses a name that another network of the store has, or that a server would show under the path of another.
func (c *call) mayBegin(ctx context.Context, to record.Store, chain []*openedRecord, as string) error {
	origins, err := to.Origins(ctx)
	if err != nil {
		return err
	}
	succeeded, err := successions(ctx, to)
	if err != nil {
		return err
	}
	there := func(origin string) error {
		return &failure{status: exitInput, err: errors.New(c.lang.say("move/there", "origin", origin)), next: c.lang.say("move/there/next")}
	}
	for _, origin := range origins {
		known := succeeded[origin] || slices.ContainsFunc(chain, func(r *openedRecord) bool { return r.origin == origin })
		if origin != as && path.Base(origin) == path.Base(as) && !known {
			return there(origin)
		}
	}
	if slices.Contains(origins, as) {
		l, err := to.Log(ctx, as)
		if err != nil {
			return err
		}
		// One without a checkpoint is what a move that was cut short left.
		if _, err := l.LatestCheckpoint(ctx); !errors.Is(err, record.ErrNone) {
			return errors.Join(err, there(as))
		}
	}
	return nil
}

// begin begins the record that goes on from another with the given state.
func (c *call) begin(ctx context.Context, to record.Store, state *govern.State, after record.Predecessor, m *moveFlags) (*succession, error) {
	l, public, err := begun(ctx, to, m.as)
	if err != nil {
		return nil, err
	}
	before, err := predecessorOf(ctx, l)
	if err != nil {
		return nil, err
	}
	if before.Origin == "" {
		if _, err := c.sayIn(ctx, state, l, "log.succeed", map[string]any{
			"origin": after.Origin, "size": after.Size, "root": after.Root, "log-key": public, "operator": m.operator,
		}); err != nil {
			return nil, err
		}
	} else if before != after {
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("move/there", "origin", m.as)), next: c.lang.say("move/there/next")}
	}
	_, err = record.Publish(ctx, l)
	return &succession{Origin: m.as, Key: public, After: after}, err
}

// begun returns a record with its public key; it is begun if it is not there.
func begun(ctx context.Context, to record.Store, origin string) (record.Log, string, error) {
	private, public, err := record.NewKey(origin)
	if err != nil {
		return nil, "", err
	}
	l, err := to.Create(ctx, origin, private)
	if !errors.Is(err, record.ErrLogExists) {
		return l, public, err
	}
	if l, err = to.Log(ctx, origin); err != nil {
		return nil, "", err
	}
	if private, err = l.Key(ctx); err != nil {
		return nil, "", err
	}
	public, err = record.PublicKey(strings.TrimSpace(private))
	return l, public, err
}

// timely refuses a clock that stands before the record's last entry.
func (c *call) timely(state *govern.State) error {
	if now := c.now(); now.UnixMilli() < state.Time {
		return fmt.Errorf("%w: it says %s, the newest entry is later", record.ErrClock, stamp(now))
	}
	return nil
}

// keep has a record in a store as it is, only to be read, since it goes on as next: from another store with its key and
// what is private, from elsewhere what is public, under a key with which nothing is ever signed.
func keep(ctx context.Context, to record.Store, r *openedRecord, next string) (record.Log, error) {
	if r.log != nil {
		l, err := copyLog(ctx, to, r.log)
		if err == nil {
			_, err = record.Publish(ctx, l) // of a backup the last entries may not be signed
		}
		if err == nil {
			return l, l.Move(ctx, next)
		}
		if !errors.Is(err, record.ErrNone) { // a backup without its keys is as good as what is public
			return nil, err
		}
	}
	l, err := to.Log(ctx, r.origin)
	if errors.Is(err, record.ErrUnknownLog) {
		if l, err = unsigned(ctx, to, r.origin); err == nil {
			err = l.Move(ctx, next)
		}
	}
	if err != nil {
		return nil, err
	}
	if _, err := carry(ctx, l, r); err != nil {
		return nil, err
	}
	return l, l.Move(ctx, next)
}

// unsigned begins a record with a key that nobody knows.
func unsigned(ctx context.Context, to record.Store, origin string) (record.Log, error) {
	key, _, err := record.NewKey(origin)
	if err != nil {
		return nil, err
	}
	return to.Create(ctx, origin, key)
}
