package main

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"strings"
	"time"
)

// tarFS reads the files of a tar where they lie in it.
type tarFS struct {
	tar   io.ReaderAt
	files map[string]tarEntry
}

type tarEntry struct{ at, size int64 }

// readTar looks through a tar once. If all lies in one folder, names begin behind it.
func readTar(f *os.File) (*tarFS, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	t := &tarFS{tar: f, files: map[string]tarEntry{}}
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		at, err := f.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		t.files[path.Clean(h.Name)] = tarEntry{at, h.Size}
	}
	if _, ok := t.files["checkpoint"]; ok {
		return t, nil
	}
	for name := range t.files {
		if dir, ok := strings.CutSuffix(name, "/checkpoint"); ok {
			return t.under(dir), nil
		}
	}
	return nil, errors.New("no checkpoint in it")
}

func (t *tarFS) under(dir string) *tarFS {
	sub := &tarFS{tar: t.tar, files: map[string]tarEntry{}}
	for name, e := range t.files {
		if rest, ok := strings.CutPrefix(name, dir+"/"); ok {
			sub.files[rest] = e
		}
	}
	return sub
}

// Open is fs.FS's.
func (t *tarFS) Open(name string) (fs.File, error) {
	e, ok := t.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &tarFile{io.NewSectionReader(t.tar, e.at, e.size), path.Base(name)}, nil
}

// tarFile is an open file of a tar; it describes itself, too.
type tarFile struct {
	*io.SectionReader
	name string
}

func (f *tarFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *tarFile) Close() error               { return nil }
func (f *tarFile) Name() string               { return f.name }
func (f *tarFile) Mode() fs.FileMode          { return 0o444 }
func (f *tarFile) ModTime() time.Time         { return time.Time{} }
func (f *tarFile) IsDir() bool                { return false }
func (f *tarFile) Sys() any                   { return nil }

// handlerTransport answers requests from a handler in the same program.
type handlerTransport struct{ handler http.Handler }

func (t handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &answer{status: http.StatusOK, header: http.Header{}}
	t.handler.ServeHTTP(w, r)
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Header: w.header, Request: r,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// answer takes what a handler writes.
type answer struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *answer) Header() http.Header         { return w.header }
func (w *answer) WriteHeader(status int)      { w.status = status }
func (w *answer) Write(b []byte) (int, error) { return w.body.Write(b) }

// copyFile copies a file to a name that is not there yet, for its owner alone.
func copyFile(to, from string) (err error) {
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
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}
