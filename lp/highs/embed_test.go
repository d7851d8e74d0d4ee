package highs

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestModule(t *testing.T) {
	m, err := loadModule()
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(m.wasm); hex.EncodeToString(sum[:]) != m.SHA256 {
		t.Error("module/highs.wasm is not what exports.json was made for")
	}
	for short, name := range m.Imports {
		if hostFuncs[name] == nil {
			t.Errorf("import %s (%s) is not provided", short, name)
		}
	}
}

func TestUnknownImports(t *testing.T) {
	m := &module{Host: "a", Imports: map[string]string{"p": "_clock_time_get", "z": "_something_new"}}
	for _, c := range []struct{ host, short, params, results, want string }{
		{"a", "p", "ili", "i", ""},
		{"b", "p", "ili", "i", "unknown b.p"},
		{"a", "q", "ili", "i", "unknown a.q"},
		{"a", "z", "", "", "_something_new"},
		{"a", "p", "ii", "i", "(ii)→(i)"},
	} {
		_, err := m.importNamed(c.host, c.short, c.params, c.results)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: error %v", c, err)
		}
	}
}

// The names of cached files hold the engines' versions, so these must be right.
func TestEngineVersions(t *testing.T) {
	b, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		`github.com/bytecodealliance/wasmtime-go/v\d+`: wasmtimeVersion,
		`github.com/tetratelabs/wazero`:                wazeroVersion,
	} {
		got := regexp.MustCompile(path + ` v(\S+)`).FindSubmatch(b)
		if got == nil || string(got[1]) != want {
			t.Errorf("go.mod has %q, this package says %s", got, want)
		}
	}
}
