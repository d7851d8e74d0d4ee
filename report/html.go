package report

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"io"

	"bremen/network"
	"bremen/plan"
)

// HTML writes the plan as one page that needs no other file: German and
// English, with pictures drawn by scripts it brings along, and readable
// without them. A Content-Security-Policy in its head forbids it to fetch
// anything. The network may be nil; names, the map's places and sources are
// missing then. The page depends on its arguments only; HTML changes neither.
//
// The links to tables are relative to the folder that [Write] makes. It
// returns ErrNoAssets when the program was built without scripts and styles.
func HTML(w io.Writer, n *network.Network, d *plan.Document) error {
	shell, err := newShell()
	if err != nil {
		return err
	}
	f := newFacts(n, d)
	if shell.Data, err = pageData(f); err != nil {
		return err
	}
	for _, l := range Languages {
		p, err := newPage(f, l)
		if err != nil {
			return err
		}
		article, err := p.article()
		if err != nil {
			return err
		}
		shell.Articles = append(shell.Articles, article)
		if shell.Title == "" {
			shell.Title = p.title().Text + " · " + l.say("kicker")
		}
	}
	return shell.write(w)
}

func pageAssets() (style, early, script string, err error) {
	if style, err = asset("report.css"); err != nil {
		return
	}
	if early, err = asset("early.js"); err != nil {
		return
	}
	script, err = asset("report.js")
	return
}

// hashOf names an inline script or style in a policy.
func hashOf(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// shellData is what stands around the articles. It is put together without
// templates so that what the policy's hashes were taken of comes out unchanged.
type shellData struct {
	Title, Policy, Style, Early, Script string
	Data                                []byte
	Articles                            []template.HTML
}

// newShell has styles and scripts, and a policy that allows them alone.
func newShell() (*shellData, error) {
	style, early, script, err := pageAssets()
	if err != nil {
		return nil, err
	}
	return &shellData{
		Policy: "default-src 'none'; script-src " + hashOf(early) + " " + hashOf(script) + "; style-src " + hashOf(style) +
			"; img-src data:; base-uri 'none'; form-action 'none'",
		Style: style, Early: early, Script: script,
	}, nil
}

func (s *shellData) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	put := func(parts ...string) {
		for _, p := range parts {
			b.WriteString(p) // the first error stays in b
		}
	}
	put("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
		`<meta http-equiv="Content-Security-Policy" content="`, template.HTMLEscapeString(s.Policy), "\">\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		`<meta name="color-scheme" content="light dark">`, "\n",
		`<meta name="referrer" content="no-referrer">`, "\n",
		"<title>", template.HTMLEscapeString(s.Title), "</title>\n",
		"<style>", s.Style, "</style>\n<script>", s.Early, "</script>\n</head>\n<body>\n", bar, "<main id=\"main\">\n")
	for _, a := range s.Articles {
		put(string(a), "\n")
	}
	put("</main>\n<script type=\"application/json\" id=\"plan\">")
	b.Write(s.Data)
	put("</script>\n<script>", s.Script, "</script>\n</body>\n</html>\n")
	return b.Flush()
}

// bar holds the switch of languages; scripts add that of light and dark.
const bar = `<header class="top"><a class="skip" href="#main"><span lang="en">Skip to content</span><span lang="de">Zum Inhalt</span></a>
<span class="brand">Bremen</span>
<nav class="languages" aria-label="Language / Sprache"><a href="#en" lang="en" hreflang="en">English</a> <a href="#de" lang="de" hreflang="de">Deutsch</a></nav>
</header>
`

// pageData is what the scripts draw from, as JSON that is safe inside a
// script element: json.Marshal writes <, > and & as escapes.
func pageData(f *facts) ([]byte, error) { return json.Marshal(newDrawing(f)) }
