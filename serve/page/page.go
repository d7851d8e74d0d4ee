package page

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
	"time"

	"bremen/govern"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// Page is what every page has.
type Page struct {
	Lang  Language
	Title string // of the page, in Lang
	Path  string // of the page, for the links that change the language

	Network *Network // nil on pages of the server itself
	Person  *Person  // who is signed in, nil if nobody
	Notice  string   // said once, above everything

	Data any // what the template shows
}

// Network is the network whose page it is.
type Network struct {
	Path    string // "/nordhof", before every path of it
	Origin  string
	Name    string // "" before the founding
	Founded bool
}

// Person is who is signed in.
type Person struct {
	Number   int64
	Name     string // "" where it was erased
	Standing govern.Holder
}

// Render writes the page of a template, whole or not at all.
func Render(w io.Writer, name string, p *Page) error {
	t, ok := parsed()[p.Lang][name]
	if !ok {
		return fmt.Errorf("page %q in %q is not known", name, p.Lang)
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", p); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Names lists the templates that Render takes, by their files.
func Names() []string {
	files, err := templateFiles.ReadDir("templates")
	if err != nil {
		panic(err) // embedded
	}
	var names []string
	for _, f := range files {
		if name := strings.TrimSuffix(f.Name(), ".tmpl"); name != "layout" {
			names = append(names, name)
		}
	}
	return names
}

// parsed holds every template with the layout, by language and name.
var parsed = sync.OnceValue(func() map[Language]map[string]*template.Template {
	all := map[Language]map[string]*template.Template{}
	for _, l := range Languages {
		all[l] = map[string]*template.Template{}
		for _, name := range Names() {
			t := template.New(name).Funcs(funcs(l)).Option("missingkey=error")
			all[l][name] = template.Must(t.ParseFS(templateFiles, "templates/layout.tmpl", "templates/"+name+".tmpl"))
		}
	}
	return all
})

func funcs(l Language) template.FuncMap {
	return template.FuncMap{
		"say": l.Say, "count": l.Count, "date": l.Date, "time": l.Time, "asset": AssetPath, "languages": func() []Language { return Languages },
		"in":    func(t govern.Text) string { return t.In(string(l)) },
		"ms":    func(ms int64) time.Time { return time.UnixMilli(ms) },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"text":  func(b []byte) string { return string(b) },
		"short": short,
		"json":  toJSON,
		"join":  strings.Join,
		"list":  func(x ...any) []any { return x },
	}
}

// short shortens a hash or key for reading.
func short(s string) string {
	const most = 16
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

func toJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}
