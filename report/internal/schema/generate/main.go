// Command generate writes docs/plan.schema.json and docs/plan.md from
// plan/document.go: go run ./report/internal/schema/generate, from the root of
// the module.
package main

import (
	"fmt"
	"os"

	"bremen/report/internal/schema"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	text, err := os.ReadFile("plan/document.go")
	if err != nil {
		return err
	}
	source, err := schema.Parse(text)
	if err != nil {
		return err
	}
	json, err := source.JSON()
	if err != nil {
		return err
	}
	if err := os.MkdirAll("docs", 0o777); err != nil {
		return err
	}
	if err := os.WriteFile("docs/plan.schema.json", json, 0o666); err != nil {
		return err
	}
	return os.WriteFile("docs/plan.md", source.Markdown(), 0o666)
}
