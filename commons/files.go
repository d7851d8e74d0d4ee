package commons

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"bremen/internal/wholefile"
	"bremen/record"
)

// MaxFile is the longest that a file may be, in bytes.
const MaxFile = 512 << 20

// ErrNoFile: there is no file with that hash.
var ErrNoFile = errors.New("no file with that hash")

// Files is a directory of files that are found by their SHA-256: plans, their proofs, public networks. They are public.
type Files struct{ dir string }

func (f Files) path(h record.Hash) string { return filepath.Join(f.dir, hex.EncodeToString(h[:])) }

// Put keeps a file, durably, and returns its hash.
func (f Files) Put(data []byte) (record.Hash, error) {
	if len(data) > MaxFile {
		return record.Hash{}, fmt.Errorf("file of %d bytes, at most %d", len(data), MaxFile)
	}
	h := record.Hash(sha256.Sum256(data))
	if _, err := os.Stat(f.path(h)); err == nil {
		return h, nil
	}
	return h, writeFile(f.path(h), data)
}

// Get returns the file with a hash, which it checks; ErrNoFile if there is none.
func (f Files) Get(h record.Hash) ([]byte, error) {
	data, err := os.ReadFile(f.path(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("file %x: %w", h[:], ErrNoFile)
	}
	if err == nil && record.Hash(sha256.Sum256(data)) != h {
		return nil, fmt.Errorf("file %x: it is damaged", h[:])
	}
	return data, err
}

// open opens the file with a hash; ErrNoFile if there is none.
func (f Files) open(h record.Hash) (*os.File, error) {
	file, err := os.Open(f.path(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("file %x: %w", h[:], ErrNoFile)
	}
	return file, err
}

// writeFile writes a file whole or not at all, durably; nobody but the server's user may read it.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return wholefile.WriteDurably(path, 0o600, data)
}
