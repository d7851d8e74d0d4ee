package network

import (
	"errors"
	"slices"
	"testing"
	"time"
)

var weeks26 = Calendar{Start: time.Date(2027, 5, 3, 0, 0, 0, 0, time.UTC), Unit: Week, Periods: 26} // from ISO week 18

func TestParsePeriods(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"3", "3"},
		{"1-3,7", "1-3,7"},
		{"1..3; 7", "1-3,7"},
		{"7,1–3", "1-3,7"},
		{"1-3,2-5,6", "1-6"},
		{"2027-05-03", "1"},
		{"2027-05-09..2027-05-10", "1-2"},
		{"2027-05-10/2027-05-31", "2-5"},
		{"2027-W18", "1"},
		{"2027-W18..2027-W20", "1-3"},
		{"W18", "1"},
		{"W19-W21", "2-4"},
		{"2027-06", "5-9"},
		{"2027-05", "1-5"},
		{"1-26", "1-26"},
	}
	for _, tt := range tests {
		got, err := ParsePeriods(tt.in, weeks26)
		if err != nil || got.String() != tt.want {
			t.Errorf("ParsePeriods(%q) = %v, %v; want %s", tt.in, got, err, tt.want)
		}
		again, err := ParsePeriods(got.String(), weeks26)
		if err != nil || !slices.Equal(again, got) {
			t.Errorf("%q printed as %q reads as %v, %v", tt.in, got.String(), again, err)
		}
	}
}

func TestParsePeriodsRefuses(t *testing.T) {
	two := Calendar{Start: weeks26.Start, Unit: Week, Periods: 104}
	tests := []struct {
		in   string
		cal  Calendar
		code Code
	}{
		{"0", weeks26, CodePeriod},
		{"27", weeks26, CodeOutside},
		{"5-3", weeks26, CodeBackwards},
		{"a", weeks26, CodePeriods},
		{"1-", weeks26, CodePeriods},
		{",", weeks26, CodePeriods},
		{"2027-05-02", weeks26, CodeDateOutside},
		{"2027-11-01", weeks26, CodeDateOutside},
		{"2027-04", weeks26, CodeDateOutside},
		{"2027-02-30", weeks26, CodePeriods},
		{"2027-W54", weeks26, CodePeriods},
		{"W2", weeks26, CodeNoWeek},
		{"W20", two, CodeManyWeeks},
		{"2027-05-03", Calendar{}, CodeNoCalendar},
		{"99999999", Calendar{}, CodePeriod},
	}
	for _, tt := range tests {
		_, err := ParsePeriods(tt.in, tt.cal)
		var m Mistake
		if !errors.As(err, &m) || m.Code != tt.code {
			t.Errorf("ParsePeriods(%q): %v, want %s", tt.in, err, tt.code)
		}
	}
}

func TestPeriodsOfMonths(t *testing.T) {
	months := Calendar{Start: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), Unit: Month, Periods: 12}
	if got, err := ParsePeriods("2027-02..2027-04,2027-12-31", months); err != nil || got.String() != "2-4,12" {
		t.Errorf("got %v, %v", got, err)
	}
	day := Calendar{Start: weeks26.Start, Unit: Day, Periods: 3}
	if got, err := ParsePeriods("2027-05", day); err != nil || got.String() != "1-3" {
		t.Errorf("a month that contains the calendar: %v, %v", got, err)
	}
}

func TestPeriodsSets(t *testing.T) {
	p := Periods{{2, 3}, {5, 9}}
	if got := slices.Collect(p.All(6)); !slices.Equal(got, []int{2, 3, 5, 6}) {
		t.Errorf("All(6) of %v: %v", p, got)
	}
	if p.Count(6) != 4 || p.Has(4) || !p.Has(5) {
		t.Errorf("Count or Has of %v", p)
	}
	var all Periods
	if !all.Has(99) || all.Count(3) != 3 || !slices.Equal(slices.Collect(all.All(2)), []int{1, 2}) {
		t.Error("an empty set has all periods")
	}
}

func TestParseSpan(t *testing.T) {
	for in, want := range map[string]Span{"": {}, "0": {}, "3": {3, 3}, "3-8": {3, 8}, "0..25": {0, 25}, "1–2": {1, 2}} {
		if got, err := ParseSpan(in); err != nil || got != want {
			t.Errorf("ParseSpan(%q) = %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"-1", "8-3", "a", "1.5", "1-2-3", "99999999999999999999"} {
		if got, err := ParseSpan(in); err == nil {
			t.Errorf("ParseSpan(%q) = %v", in, got)
		}
	}
}

func FuzzPeriods(f *testing.F) {
	for _, s := range []string{"1-3,7", "2027-05-03..2027-06-01", "W18", "2027-W18", "0", "1..", "–", "2027-05"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriods(s, weeks26)
		if err != nil {
			var m Mistake
			if !errors.As(err, &m) || m.In("de") == "" {
				t.Fatalf("%q: %v is no mistake", s, err)
			}
			return
		}
		if again, err := ParsePeriods(p.String(), weeks26); err != nil || !slices.Equal(again, p) {
			t.Fatalf("%q is %v, printed %q reads as %v, %v", s, p, p.String(), again, err)
		}
		for _, span := range p {
			if span.From < 1 || span.To > weeks26.Periods || span.From > span.To {
				t.Fatalf("%q gives %v", s, p)
			}
		}
	})
}

func FuzzSpan(f *testing.F) {
	for _, s := range []string{"0", "3-8", "0..25", "x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		span, err := ParseSpan(s)
		if err != nil {
			return
		}
		if again, err := ParseSpan(span.String()); err != nil || again != span {
			t.Fatalf("%q is %v, printed %q reads as %v, %v", s, span, span.String(), again, err)
		}
	})
}

func TestDaysAndUnitsAsWrittenInGerman(t *testing.T) {
	for in, want := range map[string]string{"2027-03-01": "2027-03-01", "1.3.2027": "2027-03-01", "01.03.2027": "2027-03-01", "3. 5. 2027": "2027-05-03", "31.2.2027": "", "3/5/2027": "", "": ""} {
		got, ok := ParseDay(in)
		if ok != (want != "") || ok && got.Format(time.DateOnly) != want {
			t.Errorf("ParseDay(%q) = %v, %t, want %q", in, got, ok, want)
		}
	}
	for in, want := range map[string]Unit{"Woche": Week, "week": Week, "MONAT": Month, "Dekade": "Dekade"} {
		if got := UnitNamed(in); got != want {
			t.Errorf("UnitNamed(%q) = %q, want %q", in, got, want)
		}
	}
}
