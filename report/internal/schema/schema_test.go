package schema

import (
	"bytes"
	"os"
	"testing"
)

func TestDocumentationIsCurrent(t *testing.T) {
	text, err := os.ReadFile("../../../plan/document.go")
	if err != nil {
		t.Fatal(err)
	}
	source, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	json, err := source.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range source.order {
		for _, f := range source.fieldsOf(name) {
			if describe(name, f) == "" {
				t.Errorf("%s.%s: nothing says what it holds; comment it in plan/document.go or add it to descriptions", name, f.json)
			}
		}
	}
	for name, want := range map[string][]byte{"plan.schema.json": json, "plan.md": source.Markdown()} {
		got, err := os.ReadFile("../../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/%s is not what plan/document.go says; run go run ./report/internal/schema/generate", name)
		}
	}
}
