package main

import (
	"fmt"
	"regexp"
	"strings"
)

// Names is what exports.json holds.
type Names struct {
	Version string            `json:"version"`
	SHA256  string            `json:"sha256"`  // of highs.wasm
	Module  string            `json:"module"`  // what the module calls its host
	Imports map[string]string `json:"imports"` // name in the module → function of the JavaScript runtime
	Exports map[string]string `json:"exports"` // C name → name in the module
}

var (
	assignment = regexp.MustCompile(`^([A-Za-z_$][\w$]*)=(?:Module\["[^"]+"\]=)?(?:[A-Za-z_$][\w$]*=)?wasmExports\["([^"]+)"\]$`)
	importing  = regexp.MustCompile(`^([A-Za-z_$][\w$]*):([A-Za-z_$][\w$]*)$`)
	hostModule = regexp.MustCompile(`^var imports=\{([A-Za-z_$][\w$]*):wasmImports\};return imports$`)
	ctors      = regexp.MustCompile(`wasmExports\["([^"]+)"\]\(\)`)
)

// wanted are the exports without which package highs cannot work.
var wanted = []string{"__wasm_call_ctors", "memory", "malloc", "free", "Highs_create", "Highs_destroy", "Highs_passLp", "Highs_passMip", "Highs_run", "Highs_getSolution"}

// readNames takes the names of imports and exports from Emscripten's JavaScript.
func readNames(js string) (*Names, error) {
	n := &Names{Imports: map[string]string{}, Exports: map[string]string{}}
	body, err := between(js, "function assignWasmExports(wasmExports){", "}")
	if err != nil {
		return nil, err
	}
	for _, s := range strings.Split(body, ";") {
		m := assignment.FindStringSubmatch(s)
		if m == nil {
			return nil, fmt.Errorf("assignWasmExports: %q is no assignment of an export", s)
		}
		if err := n.export(strings.TrimPrefix(m[1], "_"), m[2]); err != nil {
			return nil, err
		}
	}
	if err := n.constructors(js); err != nil {
		return nil, err
	}
	for _, w := range wanted {
		if n.Exports[w] == "" {
			return nil, fmt.Errorf("no export %s", w)
		}
	}
	return n, n.imports(js)
}

func (n *Names) export(name, short string) error {
	if _, twice := n.Exports[name]; twice {
		return fmt.Errorf("assignWasmExports: %s is exported twice", name)
	}
	n.Exports[name] = short
	return nil
}

// constructors finds the one export that is called directly when the runtime starts.
func (n *Names) constructors(js string) error {
	body, err := between(js, "function initRuntime(){", "}function ")
	if err != nil {
		return err
	}
	all := ctors.FindAllStringSubmatch(body, -1)
	if len(all) != 1 {
		return fmt.Errorf("initRuntime calls %d exports, want the constructors only", len(all))
	}
	return n.export("__wasm_call_ctors", all[0][1])
}

func (n *Names) imports(js string) error {
	body, err := between(js, "function getWasmImports(){", ";return imports}")
	if err != nil {
		return err
	}
	m := hostModule.FindStringSubmatch(body + ";return imports")
	if m == nil {
		return fmt.Errorf("getWasmImports: %q names no host module", body)
	}
	n.Module = m[1]
	body, err = between(js, "var wasmImports={", "}")
	if err != nil {
		return err
	}
	for _, s := range strings.Split(body, ",") {
		m := importing.FindStringSubmatch(s)
		if m == nil {
			return fmt.Errorf("wasmImports: %q names no import", s)
		}
		n.Imports[m[1]] = m[2]
	}
	return nil
}

// between returns what stands between open and the next end; open must occur once.
func between(js, open, end string) (string, error) {
	if k := strings.Count(js, open); k != 1 {
		return "", fmt.Errorf("%q occurs %d times, want once", open, k)
	}
	_, rest, _ := strings.Cut(js, open)
	body, _, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("%q has no end", open)
	}
	return body, nil
}
