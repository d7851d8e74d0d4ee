package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"bremen/internal/wholefile"
	"bremen/record"
	"bremen/record/postgres"
	"bremen/record/sqlite"
)

// Names in a data folder and in folders of backups.
const (
	keysName    = "keys.sqlite"
	filesName   = "files" // public: plans, their networks and proofs
	sumsName    = "sums"  // of networks, for members to find their own part in
	stampFormat = "20060102T150405Z"
	// keysKept is how long copies of keys are kept at most, so that erasing means something.
	keysKept = 30 * 24 * time.Hour
)

// backupResult is what "bremen backup --json" prints.
type backupResult struct {
	Record  string        `json:"record"`
	Keys    string        `json:"keys"`
	Files   int           `json:"files"` // beside records that were not there yet
	Removed []string      `json:"removed"`
	Logs    []sqlite.Size `json:"logs"`
}

// storage says where a server keeps its data.
type storage struct{ data, database string }

func (p *storage) flags(f *flag.FlagSet) {
	f.StringVar(&p.data, "data", "", "")
	f.StringVar(&p.database, "database", "", "")
}

func backupCommand(f *flag.FlagSet) action {
	var from storage
	from.flags(f)
	return func(ctx context.Context, c *call) error {
		records, keys := c.operands[0], c.operands[1]
		if from == (storage{}) {
			return usage(c.lang, c.command, errors.New(c.lang.say("data/where")))
		}
		if err := c.apart(records, keys); err != nil {
			return err
		}
		r, err := c.backUp(ctx, from, records, keys)
		if err != nil {
			return err
		}
		if c.json {
			return writeJSON(c.out, r)
		}
		l := c.lang
		for _, x := range r.Logs {
			fmt.Fprintln(c.out, l.say("backup/log", "origin", x.Origin, "count", l.count(int(x.Size))))
		}
		fmt.Fprintln(c.out, wrap(l.say("backup/done", "record", r.Record, "keys", r.Keys), width))
		if n := len(r.Removed); n > 0 {
			fmt.Fprintln(c.out, wrap(l.say("backup/removed", "count", l.count(n)), width))
		}
		return nil
	}
}

// apart makes both folders and refuses one in the other.
func (c *call) apart(records, keys string) error {
	var real [2]string
	for i, dir := range []string{records, keys} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		abs, err := filepath.Abs(dir)
		if err == nil {
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return err
		}
		real[i] = abs + string(filepath.Separator)
	}
	if strings.HasPrefix(real[0], real[1]) || strings.HasPrefix(real[1], real[0]) {
		return &failure{status: exitUsage, err: errors.New(c.lang.say("backup/apart", "records", records, "keys", keys)), next: c.lang.say("backup/apart/next")}
	}
	return nil
}

// backUp makes a backup under hidden names and gives it its own when all of it is on the disk, the record last: where that
// is, the rest is.
func (c *call) backUp(ctx context.Context, from storage, records, keys string) (_ *backupResult, err error) {
	now := c.now().UTC()
	stamp := now.Format(stampFormat)
	r := &backupResult{
		Record: filepath.Join(records, stamp+"."+recordName), Keys: filepath.Join(keys, stamp+"."+keysName),
		Removed: []string{}, Logs: []sqlite.Size{},
	}
	record, key := hidden(r.Record), hidden(r.Keys)
	for _, name := range []string{r.Record, r.Keys, record, key} {
		if _, err := os.Lstat(name); err == nil {
			return nil, &failure{status: exitInput, err: errors.New(c.lang.say("exists", "name", name)), next: c.lang.say("backup/again")}
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, ignoreMissing(os.Remove(record)), ignoreMissing(os.Remove(key)))
		}
	}()
	if from.database != "" {
		err = c.backUpDatabase(ctx, from.database, record, key)
	} else {
		err = c.backUpFolder(ctx, from.data, record, key)
	}
	if err != nil {
		return nil, err
	}
	if r.Logs, err = sqlite.Look(ctx, record); err != nil {
		return nil, err
	}
	if from.data != "" {
		if r.Files, err = copyBeside(records, from.data); err != nil {
			return nil, err
		}
	}
	if err := putDurably(key, r.Keys); err != nil {
		return nil, err
	}
	if err := putDurably(record, r.Record); err != nil {
		return nil, err
	}
	r.Removed, err = forgetKeys(keys, now)
	return r, errors.Join(err, sweep(records, now), sweep(keys, now))
}

// hidden is the name that a file has while it is written.
func hidden(name string) string {
	dir, base := filepath.Split(name)
	return filepath.Join(dir, "."+base+".part")
}

// putDurably gives a file its name.
func putDurably(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return wholefile.SyncFolder(filepath.Dir(to))
}

// sweep removes what backups that were killed left more than a day ago.
func sweep(dir string, now time.Time) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range entries {
		stamp, _, _ := strings.Cut(strings.TrimPrefix(e.Name(), "."), ".")
		t, err := time.Parse(stampFormat, stamp)
		if err == nil && strings.HasPrefix(e.Name(), ".") && now.Sub(t) > 24*time.Hour {
			failed = append(failed, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(failed...)
}

func (c *call) backUpFolder(ctx context.Context, dir, record, keys string) error {
	if _, err := os.Stat(filepath.Join(dir, recordName)); err != nil {
		if to, err := sqlite.Retired(dir); err == nil && to != "" {
			return c.movedAway(dir, to)
		}
		return &failure{status: exitInput, err: errors.New(c.lang.say("audit/none", "name", dir)), next: c.lang.say("data/where")}
	}
	return sqlite.Backup(ctx, dir, record, keys)
}

// backUpDatabase copies every record of a database to files as a data folder has them.
func (c *call) backUpDatabase(ctx context.Context, url, record, keys string) (err error) {
	from, err := c.openDatabase(ctx, url)
	if err != nil {
		return err
	}
	defer from.Close()
	// Beside the keys, which are the better guarded ones.
	part := strings.TrimSuffix(keys, keysName+".part") + "part"
	if err := os.Mkdir(part, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }()
	to, err := sqlite.Open(ctx, part, c.now)
	if err != nil {
		return err
	}
	err = copyAll(ctx, to, from)
	if err == nil {
		_, err = finished(ctx, to)
	}
	if err := errors.Join(err, to.Close()); err != nil {
		return err
	}
	return sqlite.Backup(ctx, part, record, keys)
}

// openDatabase opens a PostgreSQL database.
func (c *call) openDatabase(ctx context.Context, url string) (record.Store, error) {
	if !isDatabase(url) {
		return nil, usage(c.lang, c.command, errors.New(c.lang.say("data/url")))
	}
	s, err := postgres.Open(ctx, url, c.now)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.lang.say("data/database"), err)
	}
	return s, nil
}

// databaseName says which database a URL is of, without the password in it.
func databaseName(url string) (string, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil || !isDatabase(url) {
		return "", errors.New("not the URL of a PostgreSQL database")
	}
	return fmt.Sprintf("postgres://%s/%s", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), config.Database), nil
}

func isDatabase(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// copyAll copies every record of a store, with its key, and what the store has witnessed; what is there already goes on.
func copyAll(ctx context.Context, to, from record.Store) error {
	origins, err := from.Origins(ctx)
	if err != nil {
		return err
	}
	for _, origin := range origins {
		l, err := from.Log(ctx, origin)
		if err != nil {
			return err
		}
		if _, err := copyLog(ctx, to, l); err != nil {
			return fmt.Errorf("record %s: %w", origin, err)
		}
	}
	return copyWitnessed(ctx, to, from)
}

// copyWitnessed takes along what a store has cosigned for others. Another checkpoint that is there already is an error:
// which of the two is newer only a proof could tell.
func copyWitnessed(ctx context.Context, to, from record.Store) error {
	origins, err := from.WitnessedOrigins(ctx)
	if err != nil {
		return err
	}
	for _, origin := range origins {
		signed, err := from.Witnessed(ctx, origin)
		if err != nil {
			return err
		}
		there, err := to.Witnessed(ctx, origin)
		if err != nil {
			return err
		}
		if bytes.Equal(there, signed) {
			continue
		}
		if ok, err := to.SetWitnessed(ctx, origin, nil, signed); err != nil || !ok {
			return errors.Join(err, fmt.Errorf("another checkpoint of %s is witnessed there", origin))
		}
	}
	return nil
}

// copyLog copies a record, which is left unfinished (see [finished]) so that nothing can be appended to half of it, and
// checks that both have the same entries.
func copyLog(ctx context.Context, to record.Store, from record.Log) (record.Log, error) {
	moved, err := from.Moved(ctx)
	if err == nil && moved == unfinished {
		err = fmt.Errorf("it is itself a copy that is not finished; it goes on %s", moved)
	}
	if err != nil {
		return nil, err
	}
	key, err := from.Key(ctx)
	if err != nil {
		return nil, err
	}
	l, err := to.Create(ctx, from.Origin(), key)
	if errors.Is(err, record.ErrLogExists) {
		if l, err = halfCopied(ctx, to, from.Origin()); err == nil {
			err = l.SetKey(ctx, key)
		}
	}
	if err == nil {
		err = l.Move(ctx, unfinished)
	}
	if err != nil {
		return nil, err
	}
	if err := record.Copy(ctx, l, from); err != nil {
		return nil, err
	}
	size, err := l.Size(ctx)
	if err != nil {
		return nil, err
	}
	have, err := record.HeadAt(ctx, l, size)
	if err != nil {
		return nil, err
	}
	want, err := record.HeadAt(ctx, from, size)
	if err == nil && have != want {
		err = fmt.Errorf("the copy has the root %v after %d entries, expected %v", have.Root, size, want.Root)
	}
	return l, err
}

// halfCopied returns a record that a copy which was cut short has left; one that is in use is left alone.
func halfCopied(ctx context.Context, to record.Store, origin string) (record.Log, error) {
	l, err := to.Log(ctx, origin)
	if err != nil {
		return nil, err
	}
	moved, err := l.Moved(ctx)
	if err != nil {
		return nil, err
	}
	size, err := l.Size(ctx)
	if err == nil && moved == "" && size > 0 {
		err = fmt.Errorf("%w: %q", record.ErrLogExists, origin)
	}
	return l, err
}

func sizesOf(ctx context.Context, s record.Store) ([]sqlite.Size, error) {
	origins, err := s.Origins(ctx)
	if err != nil {
		return nil, err
	}
	list := []sqlite.Size{}
	for _, origin := range origins {
		l, err := s.Log(ctx, origin)
		if err != nil {
			return nil, err
		}
		size, err := l.Size(ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, sqlite.Size{Origin: origin, Size: size})
	}
	return list, nil
}

// copyBeside copies what lies beside records and never changes.
func copyBeside(to, from string) (int, error) {
	files, err := copyFiles(filepath.Join(to, filesName), filepath.Join(from, filesName))
	if err != nil {
		return files, err
	}
	sums, err := copyFiles(filepath.Join(to, sumsName), filepath.Join(from, sumsName))
	return files + sums, err
}

// copyFiles copies the files of a folder, if it is there, as far as they are not there yet.
func copyFiles(to, from string) (int, error) {
	entries, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return 0, err
	}
	count := 0
	for _, e := range entries {
		name := filepath.Join(to, e.Name())
		if _, err := os.Stat(name); err == nil || !e.Type().IsRegular() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		part := filepath.Join(to, "."+e.Name()+".part")
		if err := errors.Join(ignoreMissing(os.Remove(part)), copyFile(part, filepath.Join(from, e.Name()))); err != nil {
			return count, err
		}
		if err := os.Rename(part, name); err != nil {
			return count, err
		}
		count++
	}
	return count, nil
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// forgetKeys removes copies of keys that are too old to be kept, by the time in their names.
func forgetKeys(dir string, now time.Time) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	removed := []string{}
	for _, e := range entries {
		stamp, ok := strings.CutSuffix(e.Name(), "."+keysName)
		t, err := time.Parse(stampFormat, stamp)
		if !ok || err != nil || now.Sub(t) <= keysKept {
			continue
		}
		if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
			return removed, err
		}
		removed = append(removed, e.Name())
	}
	slices.Sort(removed)
	return removed, nil
}
