// Command bundle makes the script and the styles of pages from serve/page/src and from npm's packages:
// go run ./serve/page/internal/bundle, from the root of the module after "npm ci". It writes serve/page/assets, whose
// contents git ignores and the package page embeds.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const (
	source = "serve/page/src"
	target = "serve/page/assets"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run() error {
	for _, need := range []string{source, "node_modules/@noble/ed25519", "node_modules/qrcode-generator"} {
		if _, err := os.Stat(need); err != nil {
			return fmt.Errorf("%w; run \"npm ci\" at the root of the module, and this from there", err)
		}
	}
	for from, to := range map[string]string{"main.js": "page.js", "page.css": "page.css"} {
		if err := bundle(filepath.Join(source, from), filepath.Join(target, to)); err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
	}
	return nil
}

// bundle makes one file that needs no other. It is written beside and renamed, so that a build never embeds half of it.
func bundle(from, to string) error {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{from},
		Bundle:            true,
		Charset:           api.CharsetUTF8,
		Format:            api.FormatIIFE,
		LegalComments:     api.LegalCommentsEndOfFile,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		Platform:          api.PlatformBrowser,
		Target:            api.ES2020,
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
