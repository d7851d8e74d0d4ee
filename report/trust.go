package report

import (
	"strings"
	"time"
)

// mostSources is how many assumptions and sources a page names in full.
const mostSources = 60

type assumption struct {
	Statement, Evidence, Holder, Review string
	Concerns                            string
}

type source struct {
	Citation, Licence string
	URL               string // http or https only
}

// addAssumptions lists what the network takes for granted, and where its figures come from.
func (p *page) addAssumptions() error {
	data := struct {
		Assumptions         []assumption
		Sources             []source
		MoreAssumed, MoreOf int
	}{}
	for i, a := range p.net.Assumptions {
		if i == mostSources {
			data.MoreAssumed = len(p.net.Assumptions) - i
			break
		}
		review := a.Review
		if t, err := time.Parse(time.DateOnly, a.Review); err == nil {
			review = p.lang.date(t)
		}
		holder := ""
		if a.Holder != "" {
			holder = p.Agent(a.Holder)
		}
		data.Assumptions = append(data.Assumptions, assumption{a.Statement, strings.TrimSuffix(a.Evidence, "."), holder, review, p.concerned(a.Concerns)})
	}
	for i, s := range p.net.Sources {
		if i == mostSources {
			data.MoreOf = len(p.net.Sources) - i
			break
		}
		v := source{Citation: s.Citation, Licence: s.Licence}
		if strings.HasPrefix(s.URL, "https://") || strings.HasPrefix(s.URL, "http://") {
			v.URL = s.URL
		}
		if v.Citation == "" {
			v.Citation = s.ID
		}
		data.Sources = append(data.Sources, v)
	}
	if len(data.Assumptions)+len(data.Sources) == 0 {
		return nil
	}
	return p.add("assumptions", data)
}

// concerned names the things of a list of IDs.
func (p *page) concerned(ids string) string {
	var names []string
	for _, id := range strings.FieldsFunc(ids, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		names = append(names, p.Any(id))
	}
	return strings.Join(names, ", ")
}

// addVerify says how anyone checks the plan without the solver that made it.
func (p *page) addVerify() error {
	allProven := len(p.doc.Ladder) > 0
	unproven := 0
	for _, r := range p.doc.Ladder {
		if !proven(r) {
			allProven = false
			unproven++
		}
	}
	data := struct {
		Facts    []figure
		Goals    bool // there is something to verify
		Sentence string
	}{Goals: len(p.doc.Ladder) > 0}
	switch {
	case len(p.doc.Ladder) == 0:
		data.Sentence = p.say("verify.none")
	case allProven:
		data.Sentence = p.say("verify.proven", "count", len(p.doc.Ladder))
	default:
		data.Sentence = p.say("verify.unproven", "count", unproven)
	}
	add := func(key, value string) {
		if value != "" {
			data.Facts = append(data.Facts, figure{Label: p.say("verify." + key), Value: value})
		}
	}
	add("hash", p.doc.NetworkHash)
	if c := p.doc.Certificates; c != nil {
		add("file", c.Name)
		add("filehash", c.SHA256)
	}
	if s := p.doc.Program; s.Rows > 0 {
		add("size", p.say("verify.size.text", "rows", s.Rows, "columns", s.Columns, "nonzeros", s.Nonzeros, "solves", s.Solves))
	}
	add("ladder", p.doc.LadderName)
	add("version", p.doc.Version)
	return p.add("verify", data)
}
