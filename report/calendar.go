package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"bremen/plan"
)

// calendar says when periods are.
type calendar struct {
	unit   string
	starts []time.Time // of period t at t-1; one more for the end of the last
}

// newCalendar reads the document's calendar. Starts that are missing or no
// dates leave the calendar without dates: periods then have only numbers.
func newCalendar(c plan.Calendar) calendar {
	cal := calendar{unit: c.Unit}
	if len(c.Starts) != c.Periods || c.Periods == 0 {
		return cal
	}
	starts := make([]time.Time, 0, c.Periods+1)
	for _, s := range c.Starts {
		t, err := time.Parse(time.DateOnly, s)
		if err != nil {
			return cal
		}
		starts = append(starts, t)
	}
	cal.starts = append(starts, after(starts[len(starts)-1], c.Unit))
	return cal
}

// after is the first day after a period of the unit that begins at t.
func after(t time.Time, unit string) time.Time {
	switch unit {
	case "week":
		return t.AddDate(0, 0, 7)
	case "month":
		return t.AddDate(0, 1, 0)
	case "quarter":
		return t.AddDate(0, 3, 0)
	case "year":
		return t.AddDate(1, 0, 0)
	}
	return t.AddDate(0, 0, 1)
}

// dated reports whether period t has dates.
func (c calendar) dated(t int) bool { return t >= 1 && t < len(c.starts) }

// first and end are the first day of a period and the day after its last.
func (c calendar) first(t int) time.Time { return c.starts[t-1] }
func (c calendar) end(t int) time.Time   { return c.starts[t] }

// date writes a day: 3. Mai 2027, 3 May 2027.
func (l Language) date(t time.Time) string {
	return l.say("date.day", "day", strconv.Itoa(t.Day()), "month", l.month(t), "year", strconv.Itoa(t.Year()))
}

// dayMonth writes a day without its year.
func (l Language) dayMonth(t time.Time) string {
	return l.say("date.short", "day", strconv.Itoa(t.Day()), "month", l.month(t))
}

func (l Language) month(t time.Time) string { return l.say(fmt.Sprintf("month.%d", int(t.Month()))) }

// weekday writes the day of the week.
func (l Language) weekday(t time.Time) string {
	return l.say(fmt.Sprintf("weekday.%d", int(t.Weekday())))
}

// period names period t; 0 is all periods together.
func (l Language) period(c calendar, t int) string {
	if t == 0 {
		return l.say("period.all")
	}
	return l.sayOr("period."+c.unit, "") + "\u00a0" + strconv.Itoa(t)
}

// periodDated names period t with its dates: Woche 3 · 17.–23. Mai 2027.
func (l Language) periodDated(c calendar, t int) string {
	if !c.dated(t) {
		return l.period(c, t)
	}
	return l.period(c, t) + " · " + l.span(c.first(t), c.end(t).AddDate(0, 0, -1))
}

// span writes the days from a to b, both included.
func (l Language) span(a, b time.Time) string {
	switch {
	case a.Equal(b):
		return l.date(a)
	case a.Year() != b.Year():
		return l.date(a) + " – " + l.date(b)
	case a.Month() != b.Month():
		return l.dayMonth(a) + " – " + l.date(b)
	}
	return l.say("date.span", "from", strconv.Itoa(a.Day()), "to", strconv.Itoa(b.Day()),
		"month", l.month(b), "year", strconv.Itoa(b.Year()))
}

// horizon writes the days the whole plan covers; empty without dates.
func (l Language) horizon(c calendar) string {
	if len(c.starts) == 0 {
		return ""
	}
	return l.span(c.starts[0], c.starts[len(c.starts)-1].AddDate(0, 0, -1))
}

// periodSet writes a sorted set of periods as "3–5, 9".
func periodSet(ts []int) string {
	var parts []string
	for i := 0; i < len(ts); {
		j := i
		for j+1 < len(ts) && ts[j+1] == ts[j]+1 {
			j++
		}
		if j == i {
			parts = append(parts, strconv.Itoa(ts[i]))
		} else {
			parts = append(parts, strconv.Itoa(ts[i])+"–"+strconv.Itoa(ts[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// periods names a set of periods, "3–5, 9" or the document's "3-5,9".
func (l Language) periods(c calendar, set string) string {
	set = strings.ReplaceAll(set, "-", "–")
	set = strings.ReplaceAll(strings.ReplaceAll(set, " ", ""), ",", ", ")
	if set == "" || set == "1–"+strconv.Itoa(len(c.starts)-1) {
		return l.say("period.all")
	}
	if t, err := strconv.Atoi(set); err == nil {
		return l.period(c, t)
	}
	return l.say("periods."+c.unit, "periods", set)
}
