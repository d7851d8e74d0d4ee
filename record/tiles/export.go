package tiles

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/internal/wholefile"
	"bremen/record"
)

// Export writes what Handler serves of a log, its newest checkpoint and all tiles under it, as files into a folder,
// which any web server can serve and [OpenFolder] reads. Repeated, it writes what has come since.
func Export(ctx context.Context, log record.Log, dir string) error {
	s := &server{log}
	signed, err := log.LatestCheckpoint(ctx)
	if err != nil {
		return err
	}
	c, err := record.PeekCheckpoint(signed)
	if err != nil {
		return err
	}
	for _, t := range under(c.Size) {
		path := filepath.Join(dir, "tile", filepath.FromSlash(t.path()))
		if _, err := os.Stat(path); err == nil {
			continue // a tile never changes
		}
		data, err := s.read(ctx, t)
		if err != nil {
			return err
		}
		if err := write(path, data); err != nil {
			return err
		}
	}
	return write(filepath.Join(dir, "checkpoint"), signed)
}

// under lists the tiles of a tree of size entries.
func under(size int64) []tile {
	var out []tile
	for _, t := range tlog.NewTiles(Height, 0, size) {
		out = append(out, tile{t.L, t.N, t.W})
		if t.L == 0 {
			out = append(out, tile{entryLevel, t.N, t.W})
		}
	}
	return out
}

// write writes a file so that it is there whole or not at all.
func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return wholefile.Write(path, 0o644, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// OpenFolder returns a client of what Export wrote into a folder.
func OpenFolder(dir string) (*Client, error) {
	if _, err := os.Stat(filepath.Join(dir, "checkpoint")); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s holds no record: there is no checkpoint in it", dir)
	}
	return NewClient("http://folder", &http.Client{Transport: http.NewFileTransportFS(os.DirFS(dir))})
}
