package main

import (
	"strings"
	"testing"
)

// script is what Emscripten writes, as far as it matters here.
const script = `var Module;function getWasmImports(){var imports={a:wasmImports};return imports}` +
	`function initRuntime(){runtimeInitialized=true;wasmExports["v"]();FS.ignorePermissions=false}function postRun(){}` +
	`function assignWasmExports(wasmExports){_Highs_create=Module["_Highs_create"]=wasmExports["F"];` +
	`_Highs_destroy=Module["_Highs_destroy"]=wasmExports["G"];_Highs_passLp=Module["_Highs_passLp"]=wasmExports["U"];` +
	`_Highs_passMip=Module["_Highs_passMip"]=wasmExports["V"];_Highs_run=Module["_Highs_run"]=wasmExports["N"];` +
	`_Highs_getSolution=Module["_Highs_getSolution"]=wasmExports["$a"];_free=Module["_free"]=wasmExports["tc"];` +
	`_malloc=Module["_malloc"]=wasmExports["uc"];memory=wasmMemory=wasmExports["u"]}` +
	`var wasmImports={a:___cxa_throw,p:_clock_time_get};async function run(){}`

func TestNames(t *testing.T) {
	n, err := readNames(script)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Highs_create": "F", "Highs_getSolution": "$a", "malloc": "uc", "memory": "u", "__wasm_call_ctors": "v"} {
		if got := n.Exports[name]; got != want {
			t.Errorf("export %s is %q, want %q", name, got, want)
		}
	}
	if n.Module != "a" || n.Imports["p"] != "_clock_time_get" || len(n.Imports) != 2 {
		t.Errorf("imports %v of %q", n.Imports, n.Module)
	}
}

// Whatever an upgrade changes must not go unnoticed.
func TestNamesThatChange(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"function assignWasmExports(", "function assign(", "occurs 0 times"},
		{`_malloc=Module["_malloc"]=wasmExports["uc"];`, "", "no export malloc"},
		{`memory=wasmMemory=wasmExports["u"]`, "somethingElse()", "no assignment"},
		{`_free=`, `_malloc=`, "exported twice"},
		{`wasmExports["v"]();`, "", "calls 0 exports"},
		{`{a:wasmImports}`, `{a:wasmImports,b:others}`, "names no host module"},
		{`p:_clock_time_get`, `p:()=>0`, "names no import"},
	} {
		_, err := readNames(strings.Replace(script, c.old, c.new, 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: error %v, want one with %q", c.new, c.old, err, c.want)
		}
	}
}
