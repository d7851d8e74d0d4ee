package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"

	"bremen/plan"
)

//go:embed templates/*.tmpl
var templateFiles embed.FS

// page is one language's side of a report while it is made.
type page struct {
	*facts
	lang      Language
	templates *template.Template
	Sections  []section
}

// section of a page: a heading of the second level and what is below it.
type section struct {
	ID, Title string
	Body      template.HTML
}

func newPage(f *facts, l Language) (*page, error) {
	p := &page{facts: f, lang: l}
	funcs := template.FuncMap{
		"say": l.say, "num": l.number, "bare": bare, "pct": l.share, "q": l.quantity, "id": p.id,
		"lang": func() string { return string(l) },
	}
	t, err := template.New("page").Funcs(funcs).ParseFS(templateFiles, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	p.templates = t
	return p, nil
}

// id makes an element's ID unique among the languages of a page.
func (p *page) id(parts ...string) string {
	id := string(p.lang)
	for _, s := range parts {
		id += "-" + s
	}
	return id
}

func (p *page) say(key string, args ...any) string { return p.lang.say(key, args...) }

// add renders the template of that name as a section; data that is nil leaves the section out.
func (p *page) add(name string, data any) error {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("section %s: %w", name, err)
	}
	p.Sections = append(p.Sections, section{
		ID: p.id(name), Title: p.say("section." + name), Body: template.HTML(b.String()),
	})
	return nil
}

// text picks the page's language of t, else another one, and says which it is
// when it is not the page's.
func (p *page) text(t plan.Text) phrase {
	if s := t[string(p.lang)]; s != "" {
		return phrase{Text: s}
	}
	for _, code := range append([]string{"en"}, sortedKeys(t)...) {
		if s := t[code]; s != "" {
			return phrase{Text: s, Lang: code}
		}
	}
	return phrase{}
}

// phrase is a text with its language, empty when that is the page's.
type phrase struct{ Text, Lang string }

// article renders one language's side of the report.
func (p *page) article() (template.HTML, error) {
	build := []func() error{
		p.addLadder, p.addNeeds, p.addWhy, p.addPrices, p.addFlows, p.addProduction, p.addWork,
		p.addStocks, p.addMeans, p.addSurplus, p.addAssumptions, p.addVerify,
	}
	for _, f := range build {
		if err := f(); err != nil {
			return "", err
		}
	}
	var b bytes.Buffer
	data := struct {
		*page
		Head *headline
	}{p, p.headline()}
	if err := p.templates.ExecuteTemplate(&b, "article", data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}
