// Package tiles serves a record over HTTP, and reads one as an outsider would, checking all it is given.
//
// The paths are those of C2SP tlog-tiles: checkpoint, tile/L/N[.p/W] and tile/entries/N[.p/W]. Beyond them,
// proof/inclusion/SEQ answers with a C2SP tlog-proof of an entry in the newest checkpoint, for those who do not want to
// read tiles. Nothing beyond the newest checkpoint is served. Whoever mounts the handler decides who may read.
package tiles

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

const (
	// Height is the height of a tile, Width the most hashes or entries in one.
	Height = 8
	Width  = 1 << Height

	forever = "public, max-age=31536000, immutable"
)

// Handler serves a log under the paths above, which begin with a slash.
func Handler(log record.Log) http.Handler {
	s := &server{log}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /checkpoint", s.serve(s.checkpoint))
	mux.HandleFunc("GET /tile/{level}/{rest...}", s.serve(s.tile))
	mux.HandleFunc("GET /proof/inclusion/{seq}", s.serve(s.inclusion))
	return mux
}

type server struct{ log record.Log }

// errNotFound is answered with 404.
var errNotFound = errors.New("not found")

func (s *server) serve(f func(w http.ResponseWriter, r *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch err := f(w, r); {
		case err == nil:
		case errors.Is(err, errNotFound), errors.Is(err, record.ErrNone):
			http.Error(w, err.Error(), http.StatusNotFound)
		case r.Context().Err() != nil:
		default:
			http.Error(w, "the record cannot be read at present", http.StatusInternalServerError)
		}
	}
}

func (s *server) checkpoint(w http.ResponseWriter, r *http.Request) error {
	signed, err := s.log.LatestCheckpoint(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(signed)
	return err
}

func (s *server) size(ctx context.Context) (int64, error) {
	signed, err := s.log.LatestCheckpoint(ctx)
	if err != nil {
		return 0, err
	}
	c, err := record.PeekCheckpoint(signed)
	return c.Size, err
}

func (s *server) tile(w http.ResponseWriter, r *http.Request) error {
	level := r.PathValue("level")
	t, err := parse(level, r.PathValue("rest"))
	if err != nil {
		return fmt.Errorf("%w: %w", errNotFound, err)
	}
	size, err := s.size(r.Context())
	if err != nil {
		return err
	}
	if end := t.n*Width + int64(t.width); end > size>>(Height*max(t.level, 0)) {
		return fmt.Errorf("%w: the newest checkpoint is of %d entries", errNotFound, size)
	}
	data, err := s.read(r.Context(), t)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", forever)
	_, err = w.Write(data)
	return err
}

// read reads what a tile holds.
func (s *server) read(ctx context.Context, t tile) ([]byte, error) {
	if t.level == entryLevel {
		return s.entries(ctx, t)
	}
	return tlog.ReadTileData(tlog.Tile{H: Height, L: t.level, N: t.n, W: t.width}, record.HashReader(ctx, s.log))
}

// entries writes a bundle of entries: of each its length in 16 bits, big endian, then its bytes.
func (s *server) entries(ctx context.Context, t tile) ([]byte, error) {
	raw, err := s.log.Read(ctx, t.n*Width, t.width)
	if err != nil {
		return nil, err
	}
	if len(raw) != t.width {
		return nil, fmt.Errorf("%d entries read, expected %d", len(raw), t.width)
	}
	var b bytes.Buffer
	for _, data := range raw {
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(data))))
		b.Write(data)
	}
	return b.Bytes(), nil
}

func (s *server) inclusion(w http.ResponseWriter, r *http.Request) error {
	seq, err := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	if err != nil || seq < 0 {
		return fmt.Errorf("%w: entry %q", errNotFound, r.PathValue("seq"))
	}
	signed, err := s.log.LatestCheckpoint(r.Context())
	if err != nil {
		return err
	}
	if c, err := record.PeekCheckpoint(signed); err != nil || seq >= c.Size {
		return fmt.Errorf("%w: entry %d is not covered by a checkpoint yet", errNotFound, seq)
	}
	proof, err := record.ProveInclusion(r.Context(), s.log, seq, signed)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write(proof)
	return err
}

// tile names a tile of hashes, or of entries if level is entryLevel.
type tile struct {
	level int
	n     int64
	width int
}

const entryLevel = -1

// path returns the tile's path after "tile/", as in C2SP tlog-tiles: numbers in groups of three digits, all but the
// last beginning with x.
func (t tile) path() string {
	level := "entries"
	if t.level != entryLevel {
		level = strconv.Itoa(t.level)
	}
	number := fmt.Sprintf("%03d", t.n%1000)
	for n := t.n / 1000; n > 0; n /= 1000 {
		number = fmt.Sprintf("x%03d/%s", n%1000, number)
	}
	if t.width != Width {
		number += fmt.Sprintf(".p/%d", t.width)
	}
	return level + "/" + number
}

// parse reads a tile's path; there is one path for each tile.
func parse(level, rest string) (tile, error) {
	t := tile{level: entryLevel, width: Width}
	var err error
	if level != "entries" {
		if t.level, err = strconv.Atoi(level); err != nil || t.level < 0 || t.level > 63/Height {
			return t, fmt.Errorf("tile level %q", level)
		}
	}
	number, width, partial := strings.Cut(rest, ".p/")
	if partial {
		if t.width, err = strconv.Atoi(width); err != nil || t.width < 1 || t.width >= Width {
			return t, fmt.Errorf("tile width %q", width)
		}
	}
	if len(number) > 40 {
		return t, fmt.Errorf("tile number %q", number)
	}
	digits := strings.ReplaceAll(strings.ReplaceAll(number, "x", ""), "/", "")
	if t.n, err = strconv.ParseInt(digits, 10, 64); err != nil || t.n < 0 || t.n > 1<<45 {
		return t, fmt.Errorf("tile number %q", number)
	}
	if t.path() != level+"/"+rest {
		return t, fmt.Errorf("tile path %q, expected %q", level+"/"+rest, t.path())
	}
	return t, nil
}
