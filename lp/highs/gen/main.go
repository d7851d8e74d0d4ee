// Command gen brings the solver's WebAssembly into the module folder that
// package highs embeds: it copies highs.wasm out of the npm package and writes
// exports.json beside it, the names under which the module exports the C
// interface and imports the host's functions.
//
// The names are minified and hold for one build only, so they are read from the
// JavaScript of the same package. Anything that does not look as expected is an
// error: an upgrade must not go unnoticed.
//
//	go run ./lp/highs/gen -from node_modules/highs -to lp/highs/module
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"bremen/internal/wholefile"
)

// version of the npm package that package highs is written and tested for.
const version = "1.15.3"

func main() {
	from := flag.String("from", "node_modules/highs", "folder of the npm package `highs`")
	to := flag.String("to", "lp/highs/module", "folder to write highs.wasm and exports.json to")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	if err := checkVersion(from); err != nil {
		return err
	}
	wasm, err := os.ReadFile(filepath.Join(from, "build", "highs.wasm"))
	if err != nil {
		return err
	}
	js, err := os.ReadFile(filepath.Join(from, "build", "highs.js"))
	if err != nil {
		return err
	}
	names, err := readNames(string(js))
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(from, "build", "highs.js"), err)
	}
	names.Version = version
	sum := sha256.Sum256(wasm)
	names.SHA256 = hex.EncodeToString(sum[:])
	table, err := json.MarshalIndent(names, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	if err := replace(filepath.Join(to, "highs.wasm"), wasm); err != nil {
		return err
	}
	return replace(filepath.Join(to, "exports.json"), append(table, '\n'))
}

func checkVersion(from string) error {
	b, err := os.ReadFile(filepath.Join(from, "package.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w (run npm ci first)", err)
	}
	if err != nil {
		return err
	}
	var p struct{ Name, Version string }
	if err := json.Unmarshal(b, &p); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(from, "package.json"), err)
	}
	if p.Name != "highs" || p.Version != version {
		return fmt.Errorf("%s holds %s %s, want highs %s: run npm ci, or adapt and test package highs", from, p.Name, p.Version, version)
	}
	return nil
}

// replace writes a file, of which a build going on never sees half; an equal
// file is left alone.
func replace(path string, b []byte) error {
	if old, err := os.ReadFile(path); err == nil && string(old) == string(b) {
		return nil
	}
	return wholefile.Write(path, 0o644, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}
