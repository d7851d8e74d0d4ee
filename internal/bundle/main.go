// Command bundle makes scripts and styles that a package embeds from sources and npm's packages, each one file that needs
// no other:
//
//	go run ./internal/bundle -from report/src -to report/assets main.js=report.js list.css
//
// makes report/assets/report.js of report/src/main.js, and list.css of the file of that name. It runs in the root of the
// module after "npm ci"; what it writes git ignores.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"bremen/internal/wholefile"
)

func main() {
	from := flag.String("from", "", "the `folder` of the sources")
	to := flag.String("to", "", "the `folder` that the package embeds")
	flag.Parse()
	if err := run(*from, *to, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(from, to string, files []string) error {
	if from == "" || to == "" || len(files) == 0 {
		return errors.New("expected -from FOLDER -to FOLDER SOURCE[=TARGET]")
	}
	for _, need := range []string{from, "node_modules"} {
		if _, err := os.Stat(need); err != nil {
			return fmt.Errorf("%w; run \"npm ci\" at the root of the module, and this from there", err)
		}
	}
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	for _, file := range files {
		source, target, renamed := strings.Cut(file, "=")
		if !renamed {
			target = source
		}
		if err := bundle(filepath.Join(from, source), filepath.Join(to, target)); err != nil {
			return fmt.Errorf("%s: %w", source, err)
		}
	}
	return nil
}

// bundle makes one file that needs no other. A build never embeds half of it.
func bundle(from, to string) error {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{from},
		Bundle:            true,
		Charset:           api.CharsetASCII, // whatever the page that it stands in says of itself
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
	return wholefile.Write(to, 0o666, func(w io.Writer) error {
		_, err := w.Write(result.OutputFiles[0].Contents)
		return err
	})
}
