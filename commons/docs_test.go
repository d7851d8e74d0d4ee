package commons

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/commons.md")

// TestDocsAreCurrent keeps the table of commands in docs/commons.md true.
func TestDocsAreCurrent(t *testing.T) {
	t.Parallel()
	const path, marker = "../docs/commons.md", "Do not edit. -->\n"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, _, ok := strings.Cut(string(text), marker)
	if !ok {
		t.Fatalf("%s lacks %q", path, marker)
	}
	want := head + marker + "\n" + commandTable(functions(t))
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != string(text) {
		t.Error("docs/commons.md is not current: go test ./commons -run Docs -update")
	}
}

func commandTable(functions map[string][]string) string {
	var b strings.Builder
	b.WriteString("## Commands\n\n| type of entry | function | signed by | private parts: what each holds, who else reads it |\n| --- | --- | --- | --- |\n")
	for _, c := range Commands() {
		names := slices.Clone(functions[c.ID])
		slices.Sort(names)
		signed := "session"
		if c.Consequence {
			signed = "device or card"
		}
		if c.ID == "log.succeed" || c.ID == "loss.declare" || c.ID == "outage.declare" || c.ID == "record.key" {
			signed = "the log's key"
		}
		var parts []string
		for _, p := range c.Parts {
			parts = append(parts, fmt.Sprintf("`%s`: %s, %s", p.Name, p.Holds, readers[p.Reader]))
		}
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", c.ID, strings.Join(slices.Compact(names), "`, `"), signed, strings.Join(parts, "; "))
	}
	return b.String()
}

var readers = map[Reader]string{Own: "nobody", Receiver: "who speaks for the receiver", Everyone: "members and guests"}
