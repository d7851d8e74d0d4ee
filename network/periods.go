package network

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of what the parsers of this package accept; nothing longer is meant.
const (
	maxPeriods     = 1_000_000
	maxPeriodsText = 1 << 16
)

// ParsePeriods reads a set of periods of a calendar: numbers and ranges
// separated by commas, semicolons or blanks ("1-3,7", "1..3 7"), dates
// ("2027-05-03", "2027-05-03..2027-06-01"), months ("2027-05") and weeks
// ("2027-W18"; "W18" where the calendar has one week of that number only). A
// date means the period that contains it. Empty text is nil, all periods. A
// calendar without Periods bounds nothing and has no dates.
//
// The result is canonical: ordered, merged, no overlaps. Errors are Mistakes.
func ParsePeriods(s string, c Calendar) (Periods, error) {
	if len(s) > maxPeriodsText {
		return nil, Mistake{Code: CodePeriods, Found: s}
	}
	var ps Periods
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		span, err := parsePeriodSpan(part, c)
		if err != nil {
			return nil, err
		}
		ps = append(ps, span)
	}
	if len(ps) == 0 && strings.TrimSpace(s) != "" {
		return nil, Mistake{Code: CodePeriods, Found: s}
	}
	return ps.Canonical(), nil
}

func parsePeriodSpan(part string, c Calendar) (Span, error) {
	from, to, ranged := cutSpan(part)
	a, err := parsePeriod(from, c)
	if err != nil {
		return Span{}, err
	}
	b := a
	if ranged {
		if b, err = parsePeriod(to, c); err != nil {
			return Span{}, err
		}
	}
	span := Span{a.From, b.To}
	if span.From > span.To {
		return Span{}, Mistake{Code: CodeBackwards, Found: part}
	}
	return span, nil
}

// cutSpan splits "a..b", "a–b", "a/b", and "a-b" if a is a number.
func cutSpan(s string) (from, to string, ranged bool) {
	for _, sep := range []string{"..", "–", "/"} {
		if from, to, ok := strings.Cut(s, sep); ok {
			return from, to, true
		}
	}
	if from, to, ok := strings.Cut(s, "-"); ok && isDigits(from) && isDigits(to) && len(from) < 7 {
		if len(from) == 4 && len(to) == 2 && to <= "12" && from > to {
			return s, "", false // a month, "2027-05"
		}
		return from, to, true
	}
	if from, to, ok := strings.Cut(s, "-"); ok && isWeek(from) && isWeek(to) {
		return from, to, true
	}
	return s, "", false
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

func isWeek(s string) bool {
	return len(s) > 1 && len(s) < 4 && (s[0] == 'W' || s[0] == 'w') && isDigits(s[1:])
}

// parsePeriod reads one number, date, week or month.
func parsePeriod(s string, c Calendar) (Span, error) {
	switch {
	case isDigits(s):
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxPeriods {
			return Span{}, Mistake{Code: CodePeriod, Found: s}
		}
		if c.Periods > 0 && n > c.Periods {
			return Span{}, Mistake{Code: CodeOutside, Found: s, Expected: "1-" + strconv.Itoa(c.Periods)}
		}
		return Span{n, n}, nil
	case isWeek(s):
		return weekOfAnyYear(s, c)
	}
	first, last, ok := parseDates(s)
	if !ok {
		return Span{}, Mistake{Code: CodePeriods, Found: s}
	}
	return c.between(first, last, s)
}

// ParseDay reads a day as 2027-05-03, or as it is written in German: 3.5.2027.
func ParseDay(s string) (day time.Time, ok bool) {
	for _, form := range []string{time.DateOnly, "2.1.2006"} {
		if d, err := time.Parse(form, strings.ReplaceAll(s, " ", "")); err == nil {
			return d, true
		}
	}
	return time.Time{}, false
}

// parseDates reads a day, a month or an ISO week as its first and last day.
func parseDates(s string) (first, last time.Time, ok bool) {
	if len(s) == 10 {
		d, err := time.Parse(time.DateOnly, s)
		return d, d, err == nil
	}
	if len(s) == 8 && isDigits(s[:4]) && s[4] == '-' && isWeek(s[5:]) {
		year, _ := strconv.Atoi(s[:4])
		week, _ := strconv.Atoi(s[6:])
		first = isoMonday(year, week)
		if y, w := first.ISOWeek(); y != year || w != week {
			return first, last, false
		}
		return first, first.AddDate(0, 0, 6), true
	}
	if d, err := time.Parse("2006-01", s); err == nil && len(s) == 7 {
		return d, d.AddDate(0, 1, -1), true
	}
	return first, last, false
}

// isoMonday returns the Monday of an ISO week; 4 January is always in week 1.
func isoMonday(year, week int) time.Time {
	d := time.Date(year, time.January, 4, 0, 0, 0, 0, time.UTC)
	back := (int(d.Weekday()) + 6) % 7
	return d.AddDate(0, 0, 7*(week-1)-back)
}

// between returns the periods that contain first to last; some day of them must be inside the calendar.
func (c Calendar) between(first, last time.Time, found string) (Span, error) {
	if c.Periods <= 0 || c.Start.IsZero() {
		return Span{}, Mistake{Code: CodeNoCalendar, Found: found}
	}
	end := c.StartOf(c.Periods + 1)
	if last.Before(c.Start) || !first.Before(end) {
		return Span{}, Mistake{
			Code: CodeDateOutside, Found: found,
			Expected: c.Start.Format(time.DateOnly) + ".." + end.AddDate(0, 0, -1).Format(time.DateOnly),
		}
	}
	a, b := c.PeriodOf(first), c.PeriodOf(last)
	if a == 0 {
		a = 1
	}
	if b == 0 {
		b = c.Periods
	}
	return Span{a, b}, nil
}

// weekOfAnyYear finds the periods of "W18" if the calendar spans one such week only.
func weekOfAnyYear(s string, c Calendar) (Span, error) {
	week, _ := strconv.Atoi(s[1:])
	var span Span
	hits := 0
	if c.Periods > 0 && !c.Start.IsZero() {
		end := c.StartOf(c.Periods + 1)
		for year := c.Start.Year() - 1; year <= end.Year()+1; year++ {
			monday := isoMonday(year, week)
			if y, w := monday.ISOWeek(); y != year || w != week || !monday.Before(end) || !monday.AddDate(0, 0, 6).After(c.Start.AddDate(0, 0, -1)) {
				continue
			}
			got, err := c.between(monday, monday.AddDate(0, 0, 6), s)
			if err == nil {
				span = got
				hits++
			}
		}
	}
	switch hits {
	case 0:
		return Span{}, Mistake{Code: CodeNoWeek, Found: s}
	case 1:
		return span, nil
	}
	return Span{}, Mistake{Code: CodeManyWeeks, Found: s}
}

// PeriodOf returns the period that contains a day, 0 when the calendar does not reach it.
func (c Calendar) PeriodOf(day time.Time) int {
	if day.Before(c.Start) || !day.Before(c.StartOf(c.Periods+1)) {
		return 0
	}
	lo, hi := 1, c.Periods // StartOf(lo) ≤ day < StartOf(hi+1)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if c.StartOf(mid).After(day) {
			hi = mid - 1
		} else {
			lo = mid
		}
	}
	return lo
}

// Canonical returns the same set ordered and merged; nil when empty.
func (p Periods) Canonical() Periods {
	if len(p) == 0 {
		return nil
	}
	if p.isCanonical() {
		return p
	}
	s := slices.Clone(p)
	slices.SortFunc(s, func(a, b Span) int {
		if a.From != b.From {
			return a.From - b.From
		}
		return a.To - b.To
	})
	out := s[:1]
	for _, span := range s[1:] {
		last := &out[len(out)-1]
		if span.From <= last.To+1 {
			last.To = max(last.To, span.To)
		} else {
			out = append(out, span)
		}
	}
	return out
}

func (p Periods) isCanonical() bool {
	for i := range p {
		if i > 0 && p[i].From <= p[i-1].To+1 {
			return false
		}
	}
	return true
}

// Has tells whether period t is in the set. An empty set has all.
func (p Periods) Has(t int) bool {
	if len(p) == 0 {
		return true
	}
	for _, s := range p {
		if s.From <= t && t <= s.To {
			return true
		}
	}
	return false
}

// All yields the periods of a canonical set in order, for a calendar of T
// periods; an empty set yields 1 to T. Periods past T are left out.
func (p Periods) All(T int) iter.Seq[int] {
	return func(yield func(int) bool) {
		if len(p) == 0 {
			p = Periods{{1, T}}
		}
		for _, s := range p {
			for t := max(s.From, 1); t <= min(s.To, T); t++ {
				if !yield(t) {
					return
				}
			}
		}
	}
}

// Count returns how many periods All yields.
func (p Periods) Count(T int) int {
	if len(p) == 0 {
		return max(T, 0)
	}
	n := 0
	for _, s := range p {
		n += max(0, min(s.To, T)-max(s.From, 1)+1)
	}
	return n
}

// String prints the set as ParsePeriods reads it: "1-3,7"; "" for all.
func (p Periods) String() string {
	if len(p) == 1 {
		return p[0].String()
	}
	var b strings.Builder
	for i, s := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(s.String())
	}
	return b.String()
}

// MarshalText returns String.
func (p Periods) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads periods by number.
func (p *Periods) UnmarshalText(text []byte) error {
	ps, err := ParsePeriods(string(text), Calendar{})
	if err == nil {
		*p = ps
	}
	return err
}

// ParseSpan reads an offset or a range of offsets, counted from 0: "0", "3-8", "0..25".
// Empty text is 0. Errors are Mistakes.
func ParseSpan(s string) (Span, error) {
	if s == "" {
		return Span{}, nil
	}
	from, to, ranged := s, s, false
	for _, sep := range []string{"..", "–", "-"} {
		if a, b, ok := strings.Cut(s, sep); ok {
			from, to, ranged = a, b, true
			break
		}
	}
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	if !isDigits(from) || !isDigits(to) || errA != nil || errB != nil || a > maxPeriods || b > maxPeriods {
		return Span{}, Mistake{Code: CodeSpan, Found: s}
	}
	if ranged && a > b {
		return Span{}, Mistake{Code: CodeBackwards, Found: s}
	}
	return Span{a, b}, nil
}

// String prints the span as the parsers read it: "3", "3-8".
func (s Span) String() string {
	if s.From == s.To {
		return strconv.Itoa(s.From)
	}
	return fmt.Sprintf("%d-%d", s.From, s.To)
}

// MarshalText returns String.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads as ParseSpan does.
func (s *Span) UnmarshalText(text []byte) error {
	span, err := ParseSpan(string(text))
	if err == nil {
		*s = span
	}
	return err
}
