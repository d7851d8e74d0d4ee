package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"bremen/internal/wholefile"
)

// Backup copies the store in a directory while a server may be writing to it: entries, payloads and checkpoints to the
// file record, keys and erasures to the file keys. Neither may exist yet. Whoever holds only one of the two can read no
// payload; so that erasing means something, copies of keys are kept apart and for 30 days at most.
//
// It also works where the disk of the directory has been closed to writing, as systems do with one that fails.
//
// To restore, put both back under their names, erase again whom the newest copy of keys, or the record, says was
// erased, and append nothing before the newest checkpoint known to members and witnesses is met.
func Backup(ctx context.Context, dir, record, keys string) error {
	// Keys come second, so that every payload that was copied has its key unless its person was erased meanwhile.
	for _, c := range []struct{ from, to string }{{recordFile, record}, {keysFile, keys}} {
		from := filepath.Join(dir, c.from)
		err := copyFile(ctx, from, c.to)
		if err != nil && closed(from) {
			err = copyClosed(ctx, from, c.to)
		}
		if err != nil {
			return fmt.Errorf("backup of %s to %s: %w", c.from, c.to, explain(err))
		}
	}
	return nil
}

func copyFile(ctx context.Context, from, to string) error {
	if _, err := os.Stat(from); err != nil {
		return err
	}
	// SQLite would go on with an empty file, and make one that everybody may read.
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	db := open(from, 1, "temp_store(MEMORY)")
	defer db.Close()
	if err := vacuumInto(ctx, db, to); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return wholefile.SyncFolder(filepath.Dir(to))
}

// closed tells whether a file lies on a disk on which nobody can write.
func closed(file string) bool {
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err == nil {
		f.Close()
	}
	return isReadOnly(err)
}

// copyClosed copies a file that nobody can change, and that SQLite cannot open for that very reason.
func copyClosed(ctx context.Context, from, to string) (err error) {
	dir := to + ".from"
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	part := filepath.Join(dir, filepath.Base(from))
	for _, end := range []string{"", "-wal", "-journal"} {
		if err := copyBytes(part+end, from+end); err != nil && (end == "" || !errors.Is(err, fs.ErrNotExist)) {
			return err
		}
	}
	return copyFile(ctx, part, to)
}

func copyBytes(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func vacuumInto(ctx context.Context, db *sql.DB, to string) error {
	_, err := db.ExecContext(ctx, "VACUUM INTO ?", to)
	return err
}

// Size is how many entries of which log there are.
type Size struct {
	Origin string `json:"origin"`
	Size   int64  `json:"size"`
}

// Look reads which logs the file record of a backup holds, by origin, and checks that the file is whole. It changes
// nothing, and nothing may change the file meanwhile.
func Look(ctx context.Context, record string) ([]Size, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: record}).EscapedPath()+"?mode=ro&immutable=1")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	sizes, err := look(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", record, explain(err))
	}
	return sizes, nil
}

func look(ctx context.Context, db *sql.DB) ([]Size, error) {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return nil, err
	}
	if found != "ok" {
		return nil, errors.New(found)
	}
	rows, err := db.QueryContext(ctx, `SELECT origin, (SELECT coalesce(max(seq) + 1, 0) FROM entries WHERE log = logs.id)
		FROM logs ORDER BY origin`)
	if err != nil {
		return nil, err
	}
	sizes := []Size{}
	err = scan(rows, func(scan func(...any) error) error {
		var s Size
		err := scan(&s.Origin, &s.Size)
		sizes = append(sizes, s)
		return err
	})
	return sizes, err
}
