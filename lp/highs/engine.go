package highs

import "fmt"

// engine compiles the module once and starts machines from it. It is safe for
// concurrent use.
type engine interface {
	name() string
	start(h *host) (machine, error)
	close()
}

// machine is one running copy of the module with a memory of its own. It is
// used by one goroutine at a time. After call has returned an error the
// machine's state is undefined: all that may follow is close.
type machine interface {
	guest
	// call runs the export of that C name. Arguments and result are raw bits:
	// integers and pointers as they are, doubles as math.Float64bits.
	call(name string, args ...uint64) (uint64, error)
	close()
}

// guest is what a host function may touch of the machine that called it.
type guest interface {
	// memory is valid until the next call or grow.
	memory() []byte
	// grow adds pages of 64 KiB and reports whether that was possible.
	grow(pages uint64) bool
}

// Names of the engines, for Options.Engine.
const (
	Wasmtime = "wasmtime" // with cgo, on linux, macOS and Windows: 1.1 to 1.35 times native time
	Wazero   = "wazero"   // everywhere, without cgo: about 3 times native time
)

// Versions of the engines' Go modules, for the names of cached files.
const (
	wasmtimeVersion = "39.0.1"
	wazeroVersion   = "1.12.0"
)

// newEngine compiles the module with the named engine, or with the fastest
// that this build has when name is empty.
func newEngine(name string, m *module, c *cache) (engine, error) {
	switch name {
	case "":
		if haveWasmtime {
			return newWasmtime(m, c)
		}
		return newWazero(m, c)
	case Wasmtime:
		if !haveWasmtime {
			return nil, fmt.Errorf("engine %q is not part of this build", name)
		}
		return newWasmtime(m, c)
	case Wazero:
		return newWazero(m, c)
	}
	return nil, fmt.Errorf("unknown engine %q", name)
}
