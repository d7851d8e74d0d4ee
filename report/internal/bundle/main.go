// Command bundle makes the scripts and styles of a report from report/src and
// from npm's packages: go run ./report/internal/bundle, from the root of the
// module after "npm ci". It writes report/assets, which git ignores and the
// package report embeds.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	source = "report/src"
	target = "report/assets"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run() error {
	if _, err := os.Stat(source); err != nil {
		return fmt.Errorf("%w; run it from the root of the module", err)
	}
	if _, err := os.Stat("node_modules/echarts"); err != nil {
		return fmt.Errorf("%w; run \"npm ci\" first", err)
	}
	if err := os.MkdirAll(target, 0o777); err != nil {
		return err
	}
	for from, to := range map[string]string{"main.js": "report.js", "early.js": "early.js", "report.css": "report.css", "list.css": "list.css"} {
		if err := bundle(filepath.Join(source, from), filepath.Join(target, to)); err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
	}
	return nil
}

// bundle makes one file that needs no other. It is written beside and
// renamed, so that a build never embeds half of it.
func bundle(from, to string) error {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{from},
		Bundle:            true,
		Charset:           api.CharsetASCII,
		Format:            api.FormatIIFE,
		LegalComments:     api.LegalCommentsEndOfFile,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2020,
		Define:            map[string]string{"process.env.NODE_ENV": `"production"`},
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%s", strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	part := to + ".part"
	if err := os.WriteFile(part, result.OutputFiles[0].Contents, 0o666); err != nil {
		return err
	}
	return os.Rename(part, to)
}
