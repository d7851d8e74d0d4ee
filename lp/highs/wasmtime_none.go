//go:build !(cgo && ((linux && (amd64 || arm64)) || (darwin && (amd64 || arm64)) || (windows && amd64)))

package highs

import "errors"

const haveWasmtime = false

func newWasmtime(*module, *cache) (engine, error) {
	return nil, errors.New("built without wasmtime")
}
