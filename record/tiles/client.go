package tiles

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

// maxBundle is the longest that a tile of entries can be, and with it any answer.
const maxBundle = Width * (2 + record.MaxEntry)

// Client reads a record over HTTP. It trusts nothing that it reads but what a checkpoint covers that is signed with the
// log's key.
type Client struct {
	base *url.URL
	http *http.Client
}

// NewClient returns a client of the log that is served at a URL. c may be nil for one that gives up after a minute.
func NewClient(base string, c *http.Client) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("record at %q: expected an address like https://example.org/record", base)
	}
	if c == nil {
		c = &http.Client{Timeout: time.Minute}
	}
	return &Client{u, c}, nil
}

func (c *Client) get(ctx context.Context, limit int64, path ...string) ([]byte, error) {
	u := c.base.JoinPath(path...)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: answered %s", u, res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s: answer longer than %d bytes", u, limit)
	}
	return data, err
}

// Checkpoint returns the newest checkpoint, not yet verified.
func (c *Client) Checkpoint(ctx context.Context) ([]byte, error) {
	return c.get(ctx, 1<<16, "checkpoint")
}

// HashReader returns a reader of the tree's hashes that checks all it reads against a head.
func (c *Client) HashReader(ctx context.Context, head record.Head) tlog.HashReader {
	r := &tileReader{ctx: ctx, client: c, size: head.Size, kept: map[string][]byte{}}
	return tlog.TileHashReader(tlog.Tree{N: head.Size, Hash: head.Root}, r)
}

// tileReader is a tlog.TileReader that keeps what was found right.
type tileReader struct {
	ctx    context.Context
	client *Client
	size   int64

	mu   sync.Mutex
	kept map[string][]byte
}

func (r *tileReader) Height() int { return Height }

func (r *tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		path := tile{t.L, t.N, t.W}.path()
		r.mu.Lock()
		data, ok := r.kept[path]
		r.mu.Unlock()
		if !ok {
			var err error
			if data, err = r.client.get(r.ctx, Width*tlog.HashSize, "tile", path); err != nil {
				return nil, err
			}
		}
		out[i] = data
	}
	return out, nil
}

func (r *tileReader) SaveTiles(tiles []tlog.Tile, data [][]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, t := range tiles {
		r.kept[tile{t.L, t.N, t.W}.path()] = data[i]
	}
}

// Entries reads the entries from number from on that a head covers, and checks that each is in its tree. It ends at the
// first error.
func (c *Client) Entries(ctx context.Context, head record.Head, from int64) iter.Seq2[record.Entry, error] {
	return func(yield func(record.Entry, error) bool) {
		hashes := c.HashReader(ctx, head)
		for n := from / Width; n*Width < head.Size; n++ {
			raw, err := c.bundle(ctx, head, n)
			if err == nil {
				err = check(raw, n*Width, hashes)
			}
			if err != nil {
				yield(record.Entry{}, err)
				return
			}
			for i, data := range raw {
				seq := n*Width + int64(i)
				if seq < from {
					continue
				}
				e, err := record.Decode(data)
				if err == nil && e.Seq != seq {
					err = fmt.Errorf("entry %d stands at %d", e.Seq, seq)
				}
				if !yield(e, err) || err != nil {
					return
				}
			}
		}
	}
}

func (c *Client) bundle(ctx context.Context, head record.Head, n int64) ([][]byte, error) {
	t := tile{entryLevel, n, int(min(Width, head.Size-n*Width))}
	data, err := c.get(ctx, maxBundle, "tile", t.path())
	if err != nil {
		return nil, err
	}
	raw, err := splitBundle(data)
	if err == nil && len(raw) != t.width {
		err = fmt.Errorf("%d entries, expected %d", len(raw), t.width)
	}
	if err != nil {
		return nil, fmt.Errorf("tile/%s: %w", t.path(), err)
	}
	return raw, nil
}

// splitBundle splits a tile of entries.
func splitBundle(data []byte) ([][]byte, error) {
	var out [][]byte
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, fmt.Errorf("bundle ends in a length")
		}
		n := int(binary.BigEndian.Uint16(data))
		if data = data[2:]; len(data) < n {
			return nil, fmt.Errorf("bundle ends in an entry")
		}
		out = append(out, data[:n:n])
		data = data[n:]
	}
	return out, nil
}

// check checks that entries from number first on are in the tree.
func check(raw [][]byte, first int64, hashes tlog.HashReader) error {
	indexes := make([]int64, len(raw))
	for i := range raw {
		indexes[i] = tlog.StoredHashIndex(0, first+int64(i))
	}
	want, err := hashes.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, data := range raw {
		if record.LeafHash(data) != want[i] {
			return fmt.Errorf("entry %d is not the one in the tree", first+int64(i))
		}
	}
	return nil
}

// Extends checks that the tree of newer extends that of older, without which one of the two is of a forked log.
func (c *Client) Extends(ctx context.Context, newer, older record.Head) error {
	if older.Size > newer.Size {
		return fmt.Errorf("the older checkpoint is of %d entries, the newer of %d", older.Size, newer.Size)
	}
	root, err := tlog.TreeHash(older.Size, c.HashReader(ctx, newer))
	if err != nil {
		return err
	}
	if root != older.Root {
		return fmt.Errorf("the log that a checkpoint of %d entries shows is not the one that a checkpoint of %d shows: it has been forked", older.Size, newer.Size)
	}
	return nil
}
