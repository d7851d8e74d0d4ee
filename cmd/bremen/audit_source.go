package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"bremen/audit"
	"bremen/network"
	"bremen/network/tables"
	"bremen/record"
	"bremen/record/sqlite"
	"bremen/record/tiles"
)

// maxPublic is the longest that a public file is read.
const maxPublic = 512 << 20

// openedRecord is a record wherever it was found.
type openedRecord struct {
	*tiles.Client
	file   func(ctx context.Context, hash record.Hash) ([]byte, error)
	store  record.Store // of records that lie in a store here
	log    record.Log
	origin string
	owned  bool                                             // it lies in a data folder that is open, not in a copy
	past   func(ctx context.Context) (*openedRecord, error) // where the record before may lie; nil where there is none
	known  [][]byte                                         // checkpoints that the store kept
	plans  []audit.Plan                                     // adopted, once it was audited
	closes []func() error
}

func (r *openedRecord) close() {
	for i := len(r.closes) - 1; i >= 0; i-- {
		r.closes[i]()
	}
}

// openRecord finds a record: at an address, in a folder or tar of tiles, in a data folder, or in a record.sqlite.
func (c *call) openRecord(ctx context.Context, name, origin string) (*openedRecord, error) {
	if isURL(name) {
		name = strings.TrimRight(name, "/")
		// A network's page is as good as the address of its record.
		if _, err := c.fetch(ctx, name+"/checkpoint", maxNote); errors.Is(err, fs.ErrNotExist) {
			name += "/log"
			if _, err := c.fetch(ctx, name+"/checkpoint", maxNote); errors.Is(err, fs.ErrNotExist) {
				return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/unshown", "name", name)), next: c.lang.say("audit/unshown/next")}
			}
		}
		client, err := tiles.NewClient(name, &http.Client{Timeout: 5 * time.Minute, Transport: patient{http.DefaultTransport, time.Second}})
		if err != nil {
			return nil, err
		}
		return &openedRecord{Client: client, file: func(ctx context.Context, h record.Hash) ([]byte, error) {
			return c.fetch(ctx, name+"/files/"+hex.EncodeToString(h[:]), maxPublic)
		}, past: func(ctx context.Context) (*openedRecord, error) { return c.openRecord(ctx, name+"/"+pastName, "") }}, nil
	}
	if isDatabase(name) {
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/database")), next: c.lang.say("audit/locked/next")}
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, c.located(name, err)
	}
	if !info.IsDir() {
		return c.openRecordFile(ctx, name, origin)
	}
	if to, err := sqlite.Retired(name); err != nil {
		return nil, c.located(name, err)
	} else if to != "" {
		return nil, c.movedAway(name, to)
	}
	if _, err := os.Stat(filepath.Join(name, recordName)); err == nil {
		return c.openStored(ctx, name, origin)
	}
	client, err := tiles.OpenFolder(name)
	if err != nil {
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/none", "name", name)), next: c.lang.say("audit/none/next")}
	}
	return &openedRecord{Client: client, file: fileIn(os.DirFS(name))}, nil
}

// pastName is where, at the address of a record, the one lies that it goes on from.
const pastName = "before"

// recordName is the file of a data folder, and of a backup, that holds entries.
const recordName = "record.sqlite"

// openRecordFile opens a tar of tiles or the copy of a record.sqlite.
func (c *call) openRecordFile(ctx context.Context, name, origin string) (*openedRecord, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, c.located(name, err)
	}
	magic := make([]byte, 16)
	n, _ := io.ReadFull(f, magic)
	switch magic = magic[:n]; {
	case bytes.Equal(magic, []byte("SQLite format 3\x00")):
		f.Close()
		return c.openCopy(ctx, name, origin)
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		f.Close()
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/packed", "name", name)), next: c.lang.say("audit/packed/next", "name", name)}
	}
	files, err := readTar(f)
	if err == nil {
		_, err = fs.Stat(files, "checkpoint")
	}
	if err != nil {
		f.Close()
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("audit/none", "name", name)), next: c.lang.say("audit/none/next")}
	}
	client, err := tiles.NewClient("http://tar", &http.Client{Transport: http.NewFileTransportFS(files)})
	if err != nil {
		return nil, err
	}
	return &openedRecord{Client: client, file: fileIn(files), closes: []func() error{f.Close}}, nil
}

// openCopy opens a record.sqlite that stands alone, as backups have it, without changing it.
func (c *call) openCopy(ctx context.Context, name, origin string) (*openedRecord, error) {
	dir, err := os.MkdirTemp("", "bremen-audit-")
	if err != nil {
		return nil, err
	}
	remove := func() error { return os.RemoveAll(dir) }
	if err := copyFile(filepath.Join(dir, recordName), name); err != nil {
		return nil, errors.Join(err, remove())
	}
	r, err := c.openStored(ctx, dir, origin)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	r.closes, r.owned = append([]func() error{remove}, r.closes...), false
	r.file = fileIn(os.DirFS(filepath.Dir(name)))
	return r, nil
}

// openStored opens a data folder that no server has open.
func (c *call) openStored(ctx context.Context, dir, origin string) (*openedRecord, error) {
	s, err := sqlite.Open(ctx, dir, c.now)
	if errors.Is(err, record.ErrLocked) {
		return nil, &failure{status: exitInput, err: errors.New(c.lang.say("data/locked", "name", dir)), next: c.lang.say("audit/locked/next")}
	}
	if err != nil {
		return nil, c.elsewhere(dir, c.located(dir, err))
	}
	r := &openedRecord{store: s, owned: true, file: fileIn(os.DirFS(dir)), closes: []func() error{s.Close}}
	if origin, err = c.pickOrigin(ctx, s, dir, origin); err == nil {
		err = r.open(ctx, origin)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// pickOrigin returns the record that is meant: the one named, or the only one that no other goes on from.
func (c *call) pickOrigin(ctx context.Context, s record.Store, dir, origin string) (string, error) {
	all, err := s.Origins(ctx)
	if err != nil {
		return "", err
	}
	var heads []string
	succeeded := map[string]bool{}
	for _, o := range all {
		l, err := s.Log(ctx, o)
		if err != nil {
			return "", err
		}
		before, err := predecessorOf(ctx, l)
		if err != nil {
			return "", err
		}
		succeeded[before.Origin] = true
	}
	for _, o := range all {
		if o == origin || origin == "" && !succeeded[o] {
			heads = append(heads, o)
		}
	}
	if len(heads) == 1 {
		return heads[0], nil
	}
	return "", &failure{status: exitInput, err: errors.New(c.lang.say("data/origins", "name", dir, "origins", orNone(c.lang, strings.Join(all, ", ")))), next: c.lang.say("data/origins/next")}
}

// predecessorOf returns which record a log goes on from, and after how many entries in all; nothing if it was founded.
func predecessorOf(ctx context.Context, l record.Log) (record.Predecessor, error) {
	var p record.Predecessor
	for e, err := range record.Entries(ctx, l, 0) {
		if err != nil || e.Statement.Type != "log.succeed" {
			return p, err
		}
		err := json.Unmarshal(e.Statement.Body, &p)
		return p, err
	}
	return p, nil
}

// open reads a log of the store as an outsider would.
func (r *openedRecord) open(ctx context.Context, origin string) error {
	l, err := r.store.Log(ctx, origin)
	if err != nil {
		return err
	}
	if r.Client, err = tiles.NewClient("http://store", &http.Client{Transport: handlerTransport{tiles.Handler(l)}}); err != nil {
		return err
	}
	r.log, r.origin, r.known = l, origin, nil
	for size := int64(0); ; size++ {
		signed, err := l.Checkpoint(ctx, size)
		if errors.Is(err, record.ErrNone) {
			break
		}
		if err != nil {
			return err
		}
		k, err := record.PeekCheckpoint(signed)
		if err != nil {
			return err
		}
		r.known, size = append(r.known, signed), k.Size
	}
	if len(r.known) == 0 {
		return fmt.Errorf("record %s has no checkpoint yet", origin)
	}
	r.known = spread(r.known[:len(r.known)-1]) // the newest is audited itself
	return nil
}

// mostKept is how many of the checkpoints that a store kept are checked; a server may have signed one every few seconds.
const mostKept = 5000

// spread thins out a list evenly.
func spread(list [][]byte) [][]byte {
	if len(list) <= mostKept {
		return list
	}
	out := make([][]byte, mostKept)
	for i := range out {
		out[i] = list[i*len(list)/mostKept]
	}
	return out
}

// beside finds the record that this one goes on from, where it lies with it.
func (r *openedRecord) beside(ctx context.Context, origin string) (*openedRecord, bool) {
	if r.store != nil {
		other := &openedRecord{store: r.store}
		return other, other.open(ctx, origin) == nil
	}
	if r.past == nil {
		return nil, false
	}
	other, err := r.past(ctx)
	if err != nil || other.name(ctx) != nil || other.origin != origin {
		return nil, false
	}
	return other, true
}

// payloads reads those that the store can still show.
func (r *openedRecord) payloads(ctx context.Context, origin string, refs []record.Ref) (map[record.Hash]record.Payload, error) {
	l, err := r.store.Log(ctx, origin)
	if err != nil {
		return nil, err
	}
	return l.Payloads(ctx, refs...)
}

// fileIn returns what finds public files in a folder.
func fileIn(folder fs.FS) func(context.Context, record.Hash) ([]byte, error) {
	return func(_ context.Context, h record.Hash) ([]byte, error) {
		return fs.ReadFile(folder, "files/"+hex.EncodeToString(h[:]))
	}
}

// publicNetwork reads the file of a plan's network: a workbook or a zipped folder of tables.
func publicNetwork(file []byte) (*network.Network, error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("neither a workbook nor a zipped folder of tables: %w", err)
	}
	if _, err := fs.Stat(z, "[Content_Types].xml"); err == nil {
		return tables.ReadWorkbook(bytes.NewReader(file), "network")
	}
	return tables.ReadFS(folderIn(z))
}
