package govern

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bremen/internal/mistake"
)

// Bounds of what rules may hold.
const (
	maxTitle   = 120
	maxExplain = 1000
	maxList    = 200
	maxTerm    = 732 // days
	maxSeats   = 50
)

// officeTypes are what a power may append. All else is a right of persons, of
// the operator or of nobody: no office speaks, vouches, leaves, recalls or
// changes keys for anyone.
var officeTypes = []string{
	"recipe.state", "recipe.withdraw", "stock.state", "stock.withdraw", "catalogue.state", "catalogue.withdraw",
	"commitment.make", "commitment.accept", "commitment.withdraw", "commitment.release", "event.record",
	"plan.adopt", "organisation.admit", "cession.give", "cession.withdraw", "witness.name", "witness.drop",
}

// law is something that everybody in a standing must always be able to do.
type law struct {
	what    Text
	entry   string // type of entry
	right   string // or a right that appends nothing
	holders []Holder
	within  []string
}

var everyScope = []string{InNetwork, InGroup, InOrganisation}

// laws are exit, recall and the way back. Rules that lack one are not valid, so
// no change can end it.
var laws = []law{
	{Text{"Austritt", "leaving"}, "member.leave", "", signedUp, []string{InPerson}},
	{Text{"Austritt", "leaving"}, "person.erase", "", everWas, []string{InPerson}},
	{Text{"Austritt", "leaving"}, "", "export", everWas, nil},
	{Text{"Austritt", "leaving"}, "", "read-own", everWas, nil},
	{Text{"Abberufung", "recall"}, "recall.call", "", members, everyScope},
	{Text{"Abberufung", "recall"}, "act.assent", "", members, everyScope},
	{Text{"Abberufung", "recall"}, "act.refuse", "", members, everyScope},
	{Text{"Abberufung", "recall"}, "act.close", "", members, everyScope},
	{Text{"Abberufung", "recall"}, "mandate.end", "", members, everyScope},
	{Text{"der Weg zurück", "the way back"}, "rules.change", "", members, []string{InNetwork}},
	{Text{"der Weg zurück", "the way back"}, "mandate.give", "", members, everyScope},
	{Text{"der Weg zurück", "the way back"}, "mandate.accept", "", members, everyScope},
	{Text{"der Weg zurück", "the way back"}, "assembly.call", "", members, []string{InNetwork}},
	{Text{"der Weg zurück", "the way back"}, "assembly.attend", "", members, []string{InNetwork}},
}

// assentBounds are what thresholds may be: high enough that a few do not decide
// for all, low enough that recall and the way back are there in fact.
var assentBounds = []struct {
	entry               string
	least, percent      [2]int64
	days, spoke, quorum [2]int64 // of Quiet
	majority            [2]int64
}{
	{"mandate.give", [2]int64{1, 5}, [2]int64{25, 66}, [2]int64{3, 60}, [2]int64{2, 20}, [2]int64{5, 50}, [2]int64{50, 66}},
	{"recall.call", [2]int64{1, 3}, [2]int64{25, 50}, [2]int64{3, 30}, [2]int64{1, 5}, [2]int64{1, 33}, [2]int64{34, 50}},
	{"figure.state", [2]int64{1, 5}, [2]int64{25, 75}, [2]int64{3, 60}, [2]int64{1, 10}, [2]int64{5, 75}, [2]int64{50, 75}},
	{"rules.change", [2]int64{2, 5}, [2]int64{50, 75}, [2]int64{7, 60}, [2]int64{2, 5}, [2]int64{10, 50}, [2]int64{50, 75}},
	{"pause.begin", [2]int64{2, 9}, [2]int64{34, 75}, [2]int64{1, 3}, [2]int64{2, 9}, [2]int64{34, 75}, [2]int64{50, 75}},
}

// Check tells all that is wrong with rules; nothing where they are valid.
func (r *Rules) Check() Mistakes {
	c := checker{rules: r}
	if r.Schema != RulesSchema {
		c.bounds("schema", r.Schema, RulesSchema, RulesSchema)
	}
	c.text("title", r.Title, maxTitle)
	c.numbers()
	c.checkRights()
	c.checkPowers()
	c.checkOffices()
	c.checkAssents()
	for i, entry := range r.Paused {
		path := fmt.Sprintf("paused[%d]", i+1)
		if t := TypeByID(entry); t == nil || !t.Stoppable {
			c.choice(path, entry, stoppable())
		}
	}
	c.checkLaws()
	return c.mistakes
}

type checker struct {
	rules    *Rules
	mistakes Mistakes
	ids      map[string]bool
}

func (c *checker) add(m Mistake) {
	if len(c.mistakes) < 500 {
		c.mistakes = append(c.mistakes, m)
	}
}

func (c *checker) text(path string, t Text, most int) {
	for _, l := range []struct{ lang, s string }{{"de", t.De}, {"en", t.En}} {
		switch {
		case strings.TrimSpace(l.s) == "":
			c.add(Mistake{Path: join(path, l.lang), Code: codeMissing, Expected: join(path, l.lang)})
		case len(l.s) > most:
			c.add(Mistake{Path: join(path, l.lang), Code: codeLong, Found: mistake.Short(l.s[:20]), Expected: strconv.Itoa(most)})
		case !readable(l.s):
			c.add(Mistake{Path: join(path, l.lang), Code: codePlain, Found: l.s})
		}
	}
}

func (c *checker) bounds(path string, found, least, most int64) {
	if found < least || found > most {
		c.add(Mistake{Path: path, Code: codeBounds, Found: strconv.FormatInt(found, 10), Expected: fmt.Sprintf("%d–%d", least, most)})
	}
}

func (c *checker) choice(path, found string, of []string) {
	if !slices.Contains(of, found) {
		c.add(Mistake{Path: path, Code: codeChoice, Found: found, Expected: strings.Join(of, ", "), Nearest: mistake.Nearest(found, of)})
	}
}

func (c *checker) id(path, id string) {
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	switch {
	case !ruleID.MatchString(id) || len(id) > 40:
		c.add(Mistake{Path: path, Code: codeID, Found: id})
	case c.ids[id]:
		c.add(Mistake{Path: path, Code: codeTwice, Found: id})
	}
	c.ids[id] = true
}

func (c *checker) numbers() {
	for _, n := range numbers {
		x, ok := c.rules.Numbers[n.Key]
		if !ok {
			c.add(Mistake{Path: "numbers", Code: codeMissing, Expected: n.Key})
			continue
		}
		c.bounds("numbers."+n.Key, x, n.Least, n.Most)
	}
	var unknown []string
	for key := range c.rules.Numbers {
		if numberByKey(key) == nil {
			unknown = append(unknown, key)
		}
	}
	slices.Sort(unknown)
	for _, key := range unknown {
		c.add(Mistake{Path: "numbers." + key, Code: codeUnknown, Found: key, Expected: strings.Join(numberKeys(), ", "), Nearest: mistake.Nearest(key, numberKeys())})
	}
}

// entries checks a list of entry types, none twice.
func (c *checker) entries(path string, list []string, may []string) {
	if len(list) > maxList {
		c.add(Mistake{Path: path, Code: codeLong, Found: strconv.Itoa(len(list)), Expected: strconv.Itoa(maxList)})
		return
	}
	for i, entry := range list {
		at := fmt.Sprintf("%s[%d]", path, i+1)
		if slices.Contains(list[:i], entry) {
			c.add(Mistake{Path: at, Code: codeTwice, Found: entry})
		}
		c.choice(at, entry, may)
	}
}

func (c *checker) checkRights() {
	for i := range c.rules.Rights {
		r, path := &c.rules.Rights[i], fmt.Sprintf("rights[%d]", i+1)
		c.id(path+".id", r.ID)
		c.text(path+".title", r.Title, maxTitle)
		c.text(path+".explain", r.Explain, maxExplain)
		if len(r.Holders) == 0 {
			c.add(Mistake{Path: path, Code: codeMissing, Expected: "holders"})
		}
		for k, h := range r.Holders {
			c.choice(fmt.Sprintf("%s.holders[%d]", path, k+1), string(h), holders)
		}
		c.entries(path+".appends", r.Appends, typeNames())
		for k, entry := range r.Appends {
			if t := TypeByID(entry); t != nil {
				c.standing(fmt.Sprintf("%s.appends[%d]", path, k+1), r, t)
			}
		}
		if len(r.Appends) > 0 && len(r.Within) == 0 {
			c.add(Mistake{Path: path, Code: codeMissing, Expected: "within"})
		}
		for k, s := range r.Within {
			c.choice(fmt.Sprintf("%s.within[%d]", path, k+1), s, scopeKinds)
		}
	}
}

// standing checks that the type is one that those who have the right may append at all.
func (c *checker) standing(path string, r *Right, t *Type) {
	for _, h := range r.Holders {
		if slices.Contains(t.Standings, h) {
			continue
		}
		var may []string
		for _, s := range t.Standings {
			may = append(may, string(s))
		}
		if len(may) == 0 {
			may = []string{"a power"}
		}
		c.add(Mistake{Path: path, Code: codeHolder, Found: string(h) + ": " + t.ID, Expected: strings.Join(may, ", ")})
	}
}

func (c *checker) checkPowers() {
	for i := range c.rules.Powers {
		p, path := &c.rules.Powers[i], fmt.Sprintf("powers[%d]", i+1)
		c.id(path+".id", p.ID)
		c.text(path+".title", p.Title, maxTitle)
		c.text(path+".explain", p.Explain, maxExplain)
		c.choice(path+".kind", p.Kind, powerKinds)
		c.entries(path+".appends", p.Appends, officeTypes)
	}
}

var powerKinds = []string{"decides", "carries_out", "informs"}

func (c *checker) checkOffices() {
	var powers []string
	for _, p := range c.rules.Powers {
		powers = append(powers, p.ID)
	}
	offices, founds := map[string]bool{}, 0
	for i := range c.rules.Offices {
		o, path := &c.rules.Offices[i], fmt.Sprintf("offices[%d]", i+1)
		if !ruleID.MatchString(o.ID) || len(o.ID) > 40 {
			c.add(Mistake{Path: path + ".id", Code: codeID, Found: o.ID})
		}
		if offices[o.ID] {
			c.add(Mistake{Path: path + ".id", Code: codeTwice, Found: o.ID})
		}
		offices[o.ID] = true
		c.text(path+".title", o.Title, maxTitle)
		c.text(path+".explain", o.Explain, maxExplain)
		c.choice(path+".scope", o.Scope, everyScope)
		c.bounds(path+".term_days", o.TermDays, 1, maxTerm)
		c.bounds(path+".seats", o.Seats, 1, maxSeats)
		c.entries(path+".powers", o.Powers, powers)
		if o.Founds {
			founds++
			if o.Scope != InOrganisation || founds > 1 {
				c.add(Mistake{Path: path + ".founds", Code: codeChoice, Found: o.ID, Expected: "one office of scope organisation"})
			}
		}
	}
}

func (c *checker) checkAssents() {
	var known []string
	for _, b := range assentBounds {
		known = append(known, b.entry)
		if c.rules.assent(b.entry) == nil {
			c.add(Mistake{Path: "assents", Code: codeMissing, Expected: b.entry})
		}
	}
	for i, a := range c.rules.Assents {
		path := fmt.Sprintf("assents[%d]", i+1)
		k := slices.Index(known, a.Entry)
		if k < 0 {
			c.choice(path+".entry", a.Entry, known)
			continue
		}
		if slices.ContainsFunc(c.rules.Assents[:i], func(b Assent) bool { return b.Entry == a.Entry }) {
			c.add(Mistake{Path: path + ".entry", Code: codeTwice, Found: a.Entry})
		}
		b := assentBounds[k]
		c.bounds(path+".least", a.Least, b.least[0], b.least[1])
		c.bounds(path+".percent", a.Percent, b.percent[0], b.percent[1])
		c.bounds(path+".quiet.days", a.Quiet.Days, b.days[0], b.days[1])
		c.bounds(path+".quiet.least", a.Quiet.Least, b.spoke[0], b.spoke[1])
		c.bounds(path+".quiet.percent", a.Quiet.Percent, b.quorum[0], b.quorum[1])
		c.bounds(path+".quiet.majority", a.Quiet.Majority, b.majority[0], b.majority[1])
	}
}

func (c *checker) checkLaws() {
	for _, l := range laws {
		name := l.entry + l.right
		for _, h := range l.holders {
			if !c.rules.keeps(&l, h) {
				c.add(Mistake{Path: "rights", Code: codeLaw, Found: fmt.Sprintf("%s: %s (%s)", l.what.En, name, h), Expected: lawWants(&l)})
			}
		}
	}
}

func lawWants(l *law) string {
	if l.right != "" {
		return fmt.Sprintf("a right %q for %v", l.right, l.holders)
	}
	return fmt.Sprintf("a right for %v to append %s within %s", l.holders, l.entry, strings.Join(l.within, ", "))
}

// keeps tells whether those in a standing can do what a law says, in every scope it names.
func (r *Rules) keeps(l *law, h Holder) bool {
	if l.right != "" {
		right := r.Right(l.right)
		return right != nil && right.holds(h)
	}
	for _, kind := range l.within {
		if !slices.ContainsFunc(r.Rights, func(x Right) bool {
			return x.holds(h) && slices.Contains(x.Appends, l.entry) && slices.Contains(x.Within, kind)
		}) {
			return false
		}
	}
	return true
}

func stoppable() []string {
	var names []string
	for i := range types {
		if types[i].Stoppable {
			names = append(names, types[i].ID)
		}
	}
	return names
}
