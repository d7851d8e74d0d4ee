package report

import (
	"bytes"
	"encoding/json"
	"html/template"
	"io"
	"math"
	"strconv"

	"bremen/capacity"
	"bremen/words"
)

// Capacity writes what was found out about a machine as one page that needs no
// other file: what can be planned here, one picture of time and memory against
// size, and the table it was drawn from, in German and English. The page
// depends on r only. It returns ErrNoAssets as [HTML] does.
func Capacity(w io.Writer, r *capacity.Report) error {
	shell, err := newShell()
	if err != nil {
		return err
	}
	d := drawing{Titles: map[Language]string{}, Words: map[Language]map[string]string{}}
	for _, l := range Languages {
		d.Titles[l], d.Words[l] = l.say("capacity.title"), scriptWords(l)
		p, err := newPage(nil, l)
		if err != nil {
			return err
		}
		article, err := p.capacity(r)
		if err != nil {
			return err
		}
		shell.Articles = append(shell.Articles, article)
	}
	shell.Title = English.say("capacity.title")
	if shell.Data, err = json.Marshal(d); err != nil {
		return err
	}
	return shell.write(w)
}

// capacityPage is what the template shows.
type capacityPage struct {
	Lead    string
	Figures []figure
	Plots   []plot
	Growth  string
	End     string
	Series  string
	Table   *table
	Machine string
}

// capacity renders one language's side of the page.
func (p *page) capacity(r *capacity.Report) (template.HTML, error) {
	m := r.Machine
	data := capacityPage{
		Lead: p.say("capacity.lead.none"), End: p.say("capacity.end." + string(r.End)), Growth: p.say("capacity.short"),
		Series: p.say("capacity.series.text", "regions", r.Regions, "periods", r.Periods, "tolerance", p.lang.number(r.Tolerance), "seed", int(r.Seed)),
		Machine: p.say("capacity.machine.text", "threads", m.Threads, "architecture", m.Architecture, "os", m.OS, "kernels", m.Kernels,
			"axpy", m.Axpy/1e9, "triad", m.Triad/1e9, "memory", p.lang.memory(float64(m.Memory)), "base", p.lang.memory(float64(m.Base))),
		Plots: p.plots(r), Table: p.capacityTable(r),
	}
	for _, s := range r.Steps {
		if s.Solved {
			data.Lead = p.say("capacity.lead", "threads", m.Threads, "memory", p.lang.memory(float64(m.Memory)), "products", s.Products,
				"regions", r.Regions, "periods", r.Periods, "time", p.lang.quantity(rough(s.Seconds), "s"), "gap", words.Language(p.lang).Percent(p.lang.number(100*s.Gap)))
		}
	}
	if r.Time != nil && r.Memory != nil {
		data.Growth = p.say("capacity.growth", "time", rough(r.Time.Exponent), "memory", rough(r.Memory.Exponent), "spread", rough(r.Time.Spread))
	}
	for k, a := range r.Answers {
		data.Figures = append(data.Figures, p.answer(k, a))
	}
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, "capacity", data); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil
}

// answer is one of what can be planned in a minute, an hour, a night.
func (p *page) answer(k int, a capacity.Answer) figure {
	labels := []string{p.say("capacity.answer.0"), p.say("capacity.answer.1"), p.say("capacity.answer.2")}
	f := figure{Label: labels[k], Value: p.lang.number(rough(a.Products))}
	f.Beside = p.say("capacity.beside", "coefficients", rough(a.Coefficients), "memory", p.lang.memory(rough(a.Memory)))
	if a.Beyond > 1 {
		f.Beside += "; " + p.say("capacity.beyond", "times", rough(a.Beyond))
	} else {
		f.Beside += "; " + p.say("capacity.within")
	}
	if a.Limit == capacity.EndMemory {
		f.Beside += "; " + p.say("capacity.full")
	}
	return f
}

func (p *page) capacityTable(r *capacity.Report) *table {
	t := p.table("capacity", "", "products", "coefficients#", "columns#", "steps#", "seconds#", "cpu#", "memory#", "broken#", "proven#")
	t.Open = true
	for _, s := range r.Steps {
		seconds := p.lang.number(s.Seconds)
		if !s.Solved {
			seconds = p.say("capacity.unsolved", "seconds", seconds)
		}
		gap := "–"
		if s.Solved && s.Gap < math.MaxFloat64 {
			gap = p.lang.number(s.Gap)
		}
		t.Rows = append(t.Rows, row(p.lang.number(float64(s.Products)), p.lang.number(float64(s.Coefficients)), p.lang.number(float64(s.Columns)),
			p.lang.number(float64(s.Iterations)), seconds, p.lang.number(s.CPU), p.lang.memory(float64(s.Memory)), p.lang.number(s.Broken), gap))
	}
	return t
}

// rough rounds to two digits.
func rough(x float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 1, 64), 64)
	if err != nil {
		return x
	}
	return v
}

// memory writes bytes in MB or GB.
func (l Language) memory(bytes float64) string {
	if bytes < 1e9 {
		return l.quantity(math.Ceil(bytes/1e6), "MB")
	}
	return l.quantity(math.Round(bytes/1e8)/10, "GB")
}
