package highs

import (
	"sync"
	"testing"

	"bremen/lp"
	"bremen/lp/lptest"
)

// pools are made once for all tests: one per engine of the build.
var pools = map[string]func() (*Pool, error){
	Wasmtime: sync.OnceValues(func() (*Pool, error) { return New(Options{Engine: Wasmtime, Instances: 4}) }),
	Wazero:   sync.OnceValues(func() (*Pool, error) { return New(Options{Engine: Wazero, Instances: 4}) }),
}

func engines() []string {
	if haveWasmtime {
		return []string{Wasmtime, Wazero}
	}
	return []string{Wazero}
}

func poolOf(t testing.TB, engine string) *Pool {
	t.Helper()
	p, err := pools[engine]()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func pool(t testing.TB) *Pool { return poolOf(t, engines()[0]) }

func TestBank(t *testing.T) {
	for _, e := range engines() {
		t.Run(e, func(t *testing.T) {
			lptest.Run(t, poolOf(t, e), []lp.Method{lp.Auto, lp.Simplex, lp.Interior, lp.Exact})
		})
	}
}
