package highs

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
)

// The pattern also matches this file, so that a clean checkout compiles
// without the module; New then says what to do.
//
//go:generate go run ./gen -from ../../node_modules/highs -to module
//go:embed module*
var files embed.FS

// ErrNoModule says that the program was built without the solver's WebAssembly.
var ErrNoModule = errors.New("built without the solver: run `make assets`, then build again")

// module is the solver's WebAssembly with the names of its exports and imports.
type module struct {
	Version string            `json:"version"`
	SHA256  string            `json:"sha256"`
	Host    string            `json:"module"`
	Imports map[string]string `json:"imports"`
	Exports map[string]string `json:"exports"`

	wasm []byte
}

var loadModule = sync.OnceValues(func() (*module, error) {
	table, err := files.ReadFile("module/exports.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoModule
	}
	if err != nil {
		return nil, err
	}
	m := new(module)
	if err := json.Unmarshal(table, m); err != nil {
		return nil, fmt.Errorf("module/exports.json: %w", err)
	}
	if m.wasm, err = files.ReadFile("module/highs.wasm"); err != nil {
		return nil, ErrNoModule
	}
	return m, nil
})

// importNamed returns the function of the host that an import of the module
// stands for. An import that the host does not know, or knows with another
// type, is an error: the module is not the one this package was written for.
func (m *module) importNamed(host, short, params, results string) (*hostFunc, error) {
	name, ok := m.Imports[short]
	if !ok || host != m.Host {
		return nil, fmt.Errorf("module imports unknown %s.%s", host, short)
	}
	f, ok := hostFuncs[name]
	if !ok {
		return nil, fmt.Errorf("module imports %s, which this package does not provide", name)
	}
	if f.params != params || f.results != results {
		return nil, fmt.Errorf("module imports %s as (%s)→(%s), this package provides (%s)→(%s)", name, params, results, f.params, f.results)
	}
	return f, nil
}
