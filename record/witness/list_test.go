package witness

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"bremen/record"
)

// Public keys of logs and witnesses that are in use.
const (
	arche  = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
	remora = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
	sofa   = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
)

func TestParseLogs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want map[string][]string
	}{
		"a key on each line": {"# ours\n\n" + sofa + "\n" + arche + "\n", map[string][]string{
			"example.com/foo": {sofa}, "arche2025h1.staging.ct.transparency.dev": {arche},
		}},
		"a log with two keys": {sofa + "\n" + sofa + "\n", map[string][]string{"example.com/foo": {sofa, sofa}}},
		"a list of the public witness network": {
			"# List: 10qps\n#\nlogs/v0\n\n# one\nvkey " + sofa + "\norigin none\nqpd 86400\ncontact a (at) example.com\n\nvkey " + arche + "\norigin another.example/name\nqpd 24\nbastion none\n",
			map[string][]string{"example.com/foo": {sofa}, "another.example/name": {arche}},
		},
		"nothing": {"# nothing\n", map[string][]string{}},
	} {
		got, err := ParseLogs(c.text)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	for text, line := range map[string]int{
		sofa + "\nnokey\n": 2, "logs/v0\nvkey " + sofa + "x\n": 2, "logs/v0\norigin none\n": 2, "logs/v0\nvkey " + sofa + "\norigin with blank\n": 3,
		"vkey " + sofa: 1,
	} {
		var at *LineError
		if got, err := ParseLogs(text); !errors.As(err, &at) || at.Line != line {
			t.Errorf("%q: got %v, error %v, expected line %d", text, got, err, line)
		}
	}
}

// A list of any text is refused or names logs that may be.
func FuzzParseLogs(f *testing.F) {
	f.Add(sofa + "\n" + remora)
	f.Add("logs/v0\nvkey " + sofa + "\norigin x.example/y\n")
	f.Fuzz(func(t *testing.T, text string) {
		logs, err := ParseLogs(text)
		if err != nil {
			return
		}
		for origin, keys := range logs {
			if err := record.CheckOrigin(origin); err != nil || len(keys) == 0 {
				t.Errorf("%q with %d keys, %v", origin, len(keys), err)
			}
			for _, key := range keys {
				if !strings.Contains(text, key) {
					t.Errorf("key %q stands nowhere", key)
				}
			}
		}
	})
}
