package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"bremen/govern"
	"bremen/internal/wholefile"
	"bremen/record"
	"bremen/record/sqlite"
)

// restoreFlags are the flags of "bremen restore".
type restoreFlags struct {
	to                  storage
	known, from, erased listFlag
	loss, as            string
	stage               string // folder in which the backup is put together
}

// restoreResult is what "bremen restore --json" prints.
type restoreResult struct {
	Data     string         `json:"data,omitempty"`
	Restored bool           `json:"restored"` // false: nothing was put in place
	Logs     []*restoredLog `json:"logs"`
	// Witnessed are the records for which this server is a witness whose memory is set back.
	Witnessed []string `json:"witnessed"`
}

// restoredLog says what became of one record.
type restoredLog struct {
	Origin  string   `json:"origin"`
	Size    int64    `json:"size"`
	Fetched int64    `json:"fetched"`          // entries that came from another copy
	Known   int64    `json:"known"`            // of the newest checkpoint that was given; 0 for none
	Erased  []int64  `json:"erased"`           // persons erased again
	Loss    int64    `json:"loss,omitempty"`   // the entry that declares a loss
	As      string   `json:"as,omitempty"`     // the record that goes on from this one and declares the loss
	Unmet   string   `json:"unmet,omitempty"`  // "unknown": no checkpoint was given; "missing": it is of more entries
	Faults  []string `json:"faults,omitempty"` // why it is not sound

	succeeded bool // another record goes on from it, so it is only read
}

func restoreCommand(f *flag.FlagSet) action {
	var r restoreFlags
	r.to.flags(f)
	f.Var(&r.known, "known", "")
	f.Var(&r.from, "from", "")
	f.Var(&r.erased, "erased", "")
	f.StringVar(&r.loss, "declare-loss", "", "")
	f.StringVar(&r.as, "as", "", "")
	return func(ctx context.Context, c *call) error {
		if r.to == (storage{}) {
			return usage(c.lang, c.command, errors.New(c.lang.say("data/where")))
		}
		if r.as != "" && (r.loss == "" || record.CheckOrigin(r.as) != nil) {
			return usage(c.lang, c.command, errors.New(c.lang.say("restore/as")))
		}
		out, err := c.restore(ctx, &r)
		if err != nil {
			return err
		}
		if c.json {
			err = writeJSON(c.out, out)
		} else {
			err = c.printRestored(&r, out)
		}
		if err == nil && !out.Restored {
			err = said(exitNo)
		}
		return err
	}
}

// restore puts a backup together beside its place, and there only when it may be appended to: nothing can be added to a
// record that stands nowhere.
func (c *call) restore(ctx context.Context, r *restoreFlags) (_ *restoreResult, err error) {
	stage, err := c.stageFor(&r.to)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	r.stage = stage
	for i, name := range []string{recordName, keysName} {
		if err := copyFile(filepath.Join(stage, name), c.operands[i]); err != nil {
			return nil, c.located(c.operands[i], err)
		}
	}
	if _, err := copyBeside(stage, filepath.Dir(c.operands[0])); err != nil {
		return nil, err
	}
	out, err := c.restoreStaged(ctx, stage, r)
	if err != nil || !out.Restored {
		return out, err
	}
	out.Data = r.to.data
	return out, c.putInPlace(ctx, stage, &r.to)
}

// stageFor refuses to restore over anything, and makes the folder in which to work: beside the place, or, for a database,
// beside the keys. One that is there already is another restore's, and has keys in it.
func (c *call) stageFor(to *storage) (string, error) {
	stage := filepath.Join(filepath.Dir(c.operands[1]), ".restore.part")
	if to.data != "" {
		left, err := os.ReadDir(to.data)
		if len(left) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", &failure{status: exitInput, err: errors.New(c.lang.say("exists", "name", to.data)), next: c.lang.say("restore/exists/next")}
		}
		stage = hidden(filepath.Clean(to.data))
		if err := os.MkdirAll(filepath.Dir(stage), 0o700); err != nil {
			return "", err
		}
	}
	err := os.Mkdir(stage, 0o700)
	if errors.Is(err, fs.ErrExist) {
		err = &failure{status: exitInput, err: errors.New(c.lang.say("restore/left", "name", stage)), next: c.lang.say("restore/left/next", "name", stage)}
	}
	return stage, err
}

// restoreStaged completes, checks and erases again what was copied.
func (c *call) restoreStaged(ctx context.Context, stage string, r *restoreFlags) (_ *restoreResult, err error) {
	s, err := sqlite.Open(ctx, stage, c.now)
	if err != nil {
		return nil, c.located(c.operands[0], err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	known, err := c.knownOf(ctx, r.known)
	if err != nil {
		return nil, err
	}
	out := &restoreResult{Restored: true, Logs: []*restoredLog{}}
	witnessed, err := s.WitnessedOrigins(ctx)
	if err != nil {
		return nil, err
	}
	out.Witnessed = append([]string{}, witnessed...)
	if err := c.measureAll(ctx, s, known, r, out); err != nil || !out.Restored {
		return out, err
	}
	if err := c.eraseAgain(ctx, s, r, out); err != nil {
		return nil, err
	}
	if r.loss != "" {
		err = c.declareLosses(ctx, s, known, r, out)
	}
	return out, err
}

// measureAll completes every record and holds it against what is known of it.
func (c *call) measureAll(ctx context.Context, s record.Store, known map[string][][]byte, r *restoreFlags, out *restoreResult) error {
	origins, err := s.Origins(ctx)
	if err != nil {
		return err
	}
	for _, origin := range slices.Sorted(maps.Keys(known)) {
		if !slices.Contains(origins, origin) {
			return errors.New(c.lang.say("restore/other", "origin", origin))
		}
	}
	succeeded, err := successions(ctx, s)
	if err != nil {
		return err
	}
	for _, origin := range origins {
		l, err := s.Log(ctx, origin)
		if err != nil {
			return err
		}
		x := &restoredLog{Origin: origin, Erased: []int64{}, succeeded: succeeded[origin]}
		out.Logs = append(out.Logs, x)
		if err := c.complete(ctx, l, r, x); err != nil {
			return err
		}
		if err := c.measure(ctx, s, l, known, r.loss != "", x); err != nil {
			return err
		}
		out.Restored = out.Restored && x.Unmet == "" && len(x.Faults) == 0
	}
	return nil
}

// successions lists the records that others in the store go on from.
func successions(ctx context.Context, s record.Store) (map[string]bool, error) {
	origins, err := s.Origins(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for _, origin := range origins {
		l, err := s.Log(ctx, origin)
		if err != nil {
			return nil, err
		}
		before, err := predecessorOf(ctx, l)
		if err != nil {
			return nil, err
		}
		out[before.Origin] = true
	}
	return out, nil
}

// knownOf reads the newest checkpoints that were given, by origin.
func (c *call) knownOf(ctx context.Context, names []string) (map[string][][]byte, error) {
	out := map[string][][]byte{}
	for _, name := range names {
		signed, err := c.fetch(ctx, name, maxNote)
		if err != nil {
			return nil, c.located(name, err)
		}
		k, err := record.PeekCheckpoint(signed)
		if err != nil {
			return nil, c.located(name, err)
		}
		out[k.Origin] = append(out[k.Origin], signed)
	}
	return out, nil
}

// complete brings a record up to where other copies of it end, each entry checked to be in the tree that is signed there.
func (c *call) complete(ctx context.Context, l record.Log, flags *restoreFlags, x *restoredLog) error {
	for _, name := range flags.from {
		r, err := c.openRecord(ctx, name, l.Origin())
		if err != nil {
			return err
		}
		n, err := carry(ctx, l, r)
		if err == nil {
			err = carryNewPlans(ctx, flags.stage, l, n, r)
		}
		r.close()
		if err != nil {
			return c.located(name, err)
		}
		x.Fetched += n
	}
	return nil
}

// carry appends the entries that a copy of a record has beyond a log, and keeps its checkpoint. A copy of another record
// brings nothing.
func carry(ctx context.Context, l record.Log, r *openedRecord) (int64, error) {
	signed, err := r.Checkpoint(ctx)
	if err != nil {
		return 0, err
	}
	k, err := record.PeekCheckpoint(signed)
	if err != nil || k.Origin != l.Origin() {
		return 0, err
	}
	size, err := l.Size(ctx)
	if err != nil || k.Size < size {
		return 0, err
	}
	have, err := record.HeadAt(ctx, l, size)
	if err != nil {
		return 0, err
	}
	if err := r.Extends(ctx, k.Head, have); err != nil {
		return 0, err
	}
	var raw [][]byte
	for e, err := range r.Entries(ctx, k.Head, size) {
		if err != nil {
			return 0, err
		}
		data, err := e.Canonical()
		if err != nil {
			return 0, err
		}
		raw = append(raw, data)
		if len(raw) == 1000 || e.Seq == k.Size-1 {
			if err := l.Import(ctx, raw, nil); err != nil {
				return 0, err
			}
			raw = raw[:0:0]
		}
	}
	return k.Size - size, l.PutCheckpoint(ctx, k.Size, signed)
}

// putInPlace moves a restored folder to its place, or copies it into a database, where nothing can be appended to it
// before all is in place.
func (c *call) putInPlace(ctx context.Context, stage string, to *storage) (err error) {
	var database record.Store
	if to.database != "" {
		if database, err = c.openDatabase(ctx, to.database); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, database.Close()) }()
		if err := c.intoDatabase(ctx, stage, database); err != nil {
			return err
		}
		if err := errors.Join(os.Remove(filepath.Join(stage, recordName)), os.Remove(filepath.Join(stage, keysName))); err != nil {
			return err
		}
	}
	if to.data != "" {
		if err := ignoreMissing(os.Remove(to.data)); err != nil { // empty, see stageFor
			return err
		}
		if err := os.Rename(stage, to.data); err != nil {
			return err
		}
		if err := wholefile.SyncFolder(filepath.Dir(filepath.Clean(to.data))); err != nil {
			return err
		}
	}
	if database != nil {
		_, err = finished(ctx, database)
	}
	return err
}

// intoDatabase copies a restored folder into a database in which there is nothing, or what a restore that was cut short
// has left.
func (c *call) intoDatabase(ctx context.Context, stage string, to record.Store) error {
	there, err := to.Origins(ctx)
	if err != nil {
		return err
	}
	for _, origin := range there {
		if _, err := halfCopied(ctx, to, origin); errors.Is(err, record.ErrLogExists) {
			return &failure{status: exitInput, err: errors.New(c.lang.say("restore/full")), next: c.lang.say("restore/exists/next")}
		} else if err != nil {
			return err
		}
	}
	from, err := sqlite.Open(ctx, stage, c.now)
	if err != nil {
		return err
	}
	return errors.Join(copyAll(ctx, to, from), from.Close())
}

// eraseAgain destroys what is left of those whose erasure is known: from the restored record itself and those before it,
// from the copy of keys, and from newer copies.
func (c *call) eraseAgain(ctx context.Context, s record.Store, r *restoreFlags, out *restoreResult) error {
	gone, err := erasedIn(ctx, s)
	if err != nil {
		return err
	}
	for _, file := range r.erased {
		if err := c.erasedInKeys(ctx, r.stage, file, gone); err != nil {
			return err
		}
	}
	for _, x := range out.Logs {
		l, err := s.Log(ctx, x.Origin)
		if err != nil {
			return err
		}
		for person := range gone[x.Origin] {
			x.Erased = append(x.Erased, person)
		}
		slices.Sort(x.Erased)
		for _, person := range x.Erased {
			if err := l.Erase(ctx, person); err != nil {
				return err
			}
		}
	}
	return nil
}

// erasedIn folds every record, those before it first, for who was erased.
func erasedIn(ctx context.Context, s record.Store) (map[string]map[int64]bool, error) {
	origins, err := s.Origins(ctx)
	if err != nil {
		return nil, err
	}
	gone := map[string]map[int64]bool{}
	for _, origin := range origins {
		gone[origin] = map[int64]bool{}
	}
	for _, origin := range origins {
		state, chain, err := folded(ctx, s, origin, -1)
		if err != nil {
			return nil, err
		}
		for person, p := range state.Persons {
			for _, one := range chain {
				if p.Erased {
					gone[one][person] = true
				}
			}
		}
	}
	return gone, nil
}

// folded returns the state of a record and the origins it is folded from, the oldest first. It stops when most entries
// are folded, those of earlier records included; most < 0 is no bound.
func folded(ctx context.Context, s record.Store, origin string, most int64) (*govern.State, []string, error) {
	l, err := s.Log(ctx, origin)
	if err != nil {
		return nil, nil, err
	}
	before, err := predecessorOf(ctx, l)
	if err != nil {
		return nil, nil, err
	}
	state, chain := govern.NewState(), []string(nil)
	if before.Origin != "" {
		if state, chain, err = folded(ctx, s, before.Origin, before.Size); err != nil {
			return nil, nil, fmt.Errorf("record %s goes on from %s: %w", origin, before.Origin, err)
		}
	}
	for e, err := range record.Entries(ctx, l, 0) {
		if err == nil && most >= 0 && state.Size >= most {
			break
		}
		if err == nil {
			if err = state.Fold(govern.Parse(&e)); !errors.Is(err, govern.ErrNotNext) {
				err = nil // what the rules do not let in counts without effect, as everywhere
			}
		}
		if err != nil {
			return nil, nil, fmt.Errorf("record %s: %w", origin, err)
		}
	}
	return state, append(chain, origin), nil
}

// erasedInKeys adds those who were erased when a newer copy of keys was made.
func (c *call) erasedInKeys(ctx context.Context, stage, file string, gone map[string]map[int64]bool) (err error) {
	dir, err := os.MkdirTemp(stage, ".look-")
	if err != nil {
		return c.located(file, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := copyFile(filepath.Join(dir, keysName), file); err != nil {
		return c.located(file, err)
	}
	s, err := sqlite.Open(ctx, dir, c.now)
	if err != nil {
		return c.located(file, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, origin := range slices.Sorted(maps.Keys(gone)) {
		persons := gone[origin]
		key, _, err := record.NewKey(origin)
		if err != nil {
			return err
		}
		l, err := s.Create(ctx, origin, key) // in the copy; a log is needed to be asked
		if err != nil {
			return err
		}
		erased, err := l.Erased(ctx)
		if err != nil {
			return err
		}
		for _, person := range erased {
			persons[person] = true
		}
	}
	return nil
}
