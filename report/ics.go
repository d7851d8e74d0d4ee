package report

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// calendar writes an agenda as a calendar (RFC 5545): one event per list and
// period that lasts as long as the period, and one on the last day of each
// order. An event keeps its UID when the plan is made anew, so that a calendar
// that reads the file again updates it.
func (w *listWriter) calendar(to io.Writer, g *agenda) error {
	c := &icsWriter{to: bufio.NewWriter(to)}
	p := page{facts: w.facts, lang: w.lang}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Bremen//plan//"+strings.ToUpper(string(w.lang)))
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", g.name+" · "+p.title().Text)
	for i := 0; i < len(g.lines); {
		j := i + 1
		for j < len(g.lines) && sameEvent(g.lines[i], g.lines[j]) {
			j++
		}
		w.event(c, g, g.lines[i:j])
		i = j
	}
	c.line("END", "VCALENDAR")
	return c.to.Flush()
}

// sameEvent reports whether two neighbouring lines stand in one event.
func sameEvent(a, b listLine) bool {
	return a.kind == b.kind && a.period == b.period && a.due.Equal(b.due) && (a.due.IsZero() || a.who == b.who)
}

func (w *listWriter) event(c *icsWriter, g *agenda, lines []listLine) {
	first := lines[0]
	if !w.cal.dated(first.period) {
		return
	}
	start, end := w.cal.first(first.period), w.cal.end(first.period)
	key, summary := "", w.lang.say("ics.summary", "list", w.lang.say("list."+string(first.kind)), "agent", g.name)
	if !first.due.IsZero() {
		start, end, key = first.due, first.due.AddDate(0, 0, 1), first.who
		summary = w.lang.say("ics.order", "supplier", first.who)
	}
	c.line("BEGIN", "VEVENT")
	c.line("UID", w.uid(g.id, string(first.kind), strconv.Itoa(first.period), key))
	c.line("DTSTAMP", w.at.UTC().Format("20060102T150405Z"))
	c.line("DTSTART;VALUE=DATE", start.Format("20060102"))
	c.line("DTEND;VALUE=DATE", end.Format("20060102"))
	c.text("SUMMARY", summary)
	c.text("DESCRIPTION", w.description(lines))
	c.text("CATEGORIES", w.lang.say("list."+string(first.kind)))
	c.line("TRANSP", "TRANSPARENT")
	c.line("END", "VEVENT")
}

// mostDescribed is how many lines an event spells out.
const mostDescribed = 60

func (w *listWriter) description(lines []listLine) string {
	var b strings.Builder
	for i, line := range lines {
		if i == mostDescribed {
			b.WriteString("\n" + w.lang.say("ics.more", "count", len(lines)-i))
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		quantity := w.lang.quantity(line.quantity, line.unit)
		key := "ics.line"
		if line.who == "" {
			key = "ics.line.alone"
		}
		b.WriteString(w.lang.say(key, "quantity", quantity, "what", line.what, "who", line.who))
		if line.note != "" {
			b.WriteString(" (" + line.note + ")")
		}
	}
	return b.String()
}

// uid is the same for the same event of the same network, in every language and every plan.
func (w *listWriter) uid(parts ...string) string {
	start := ""
	if len(w.cal.starts) > 0 {
		start = w.cal.starts[0].Format(time.DateOnly)
	}
	sum := sha256.Sum256([]byte(strings.Join(append([]string{w.doc.Network, start}, parts...), "\x00")))
	return hex.EncodeToString(sum[:16]) + "@bremen"
}

// icsWriter writes content lines: folded to 75 octets, ended by CR LF. The
// first error stays in to.
type icsWriter struct{ to *bufio.Writer }

var icsEscape = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// text writes a property whose value is free text.
func (c *icsWriter) text(name, value string) { c.line(name, icsEscape.Replace(value)) }

// line writes a property whose value needs no escaping.
func (c *icsWriter) line(name, value string) {
	rest := name + ":" + withoutControls(value)
	for most := 75; len(rest) > most; most = 74 { // a folded line begins with a space
		cut := most
		for cut > 0 && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.to.WriteString(rest[:cut] + "\r\n ")
		rest = rest[cut:]
	}
	c.to.WriteString(rest + "\r\n")
}

// withoutControls drops control characters, which content lines may not hold.
func withoutControls(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
