package network

import (
	"math"
	"strconv"
	"strings"
)

// setCell writes the change's value into a column of the cursor's row.
func (c Change) setCell(cur *Cursor, column int) error {
	field := cur.Field(column)
	switch f := field.(type) {
	case *float64:
		v, err := c.figure(*f, true, cur)
		if err == nil {
			*f = v
		}
		return err
	case **float64:
		if c.op == '=' && c.value == "" {
			*f = nil
			return nil
		}
		old := 0.0
		if *f != nil {
			old = **f
		}
		v, err := c.figure(old, *f != nil, cur)
		if err == nil {
			*f = &v
		}
		return err
	case *int:
		v, err := c.figure(float64(*f), true, cur)
		if err == nil && v != math.Trunc(v) {
			return changeError(c.text, Mistake{Code: CodeCount, Found: c.value})
		}
		if err == nil {
			*f = int(v)
		}
		return err
	}
	if c.op != '=' {
		return changeError(c.text, Mistake{Code: CodeChangeNumber, Found: c.column})
	}
	return c.setWord(cur, field, &cur.Table.Columns[column])
}

// setWord writes a value that is no figure.
func (c Change) setWord(cur *Cursor, field any, col *Column) error {
	var err error
	switch f := field.(type) {
	case *string:
		v := c.value
		if col.Type == TypeChoice && v != "" {
			var choices []string
			for _, ch := range col.Choices {
				choices = append(choices, ch.ID)
				if ch.De == v {
					v = ch.ID
				}
			}
			if !contains(choices, v) {
				return changeError(c.text, Mistake{Code: CodeChoice, Found: v, Expected: strings.Join(choices, ", ")})
			}
		}
		*f = v
	case *bool:
		switch strings.ToLower(c.value) {
		case "yes", "ja", "true", "1":
			*f = true
		case "no", "nein", "false", "0", "":
			*f = false
		default:
			return changeError(c.text, Mistake{Code: CodeFlag, Found: c.value})
		}
	case *Periods:
		*f, err = parsePlainPeriods(c.value)
	case *Span:
		*f, err = ParseSpan(c.value)
	}
	if err != nil {
		if m, ok := err.(Mistake); ok {
			return changeError(c.text, m)
		}
		return changeError(c.text, Mistake{Code: CodePeriods, Found: c.value})
	}
	return nil
}

// parsePlainPeriods reads "1-3,7" without a calendar; "" is all.
func parsePlainPeriods(s string) (Periods, error) {
	var p Periods
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	err := p.UnmarshalText([]byte(s))
	return p, err
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// figure returns what the change makes of a figure.
func (c Change) figure(old float64, stated bool, cur *Cursor) (float64, error) {
	word, unit, _ := strings.Cut(c.value, " ")
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, changeError(c.text, Mistake{Code: CodeNumber, Found: c.value})
	}
	if unit = strings.TrimSpace(unit); unit != "" {
		if v, err = c.convert(v, unit, cur); err != nil {
			return 0, err
		}
	}
	if c.op != '=' && !stated {
		return 0, changeError(c.text, Mistake{Code: CodeChangeEmpty})
	}
	switch c.op {
	case '*':
		v *= old
	case '+':
		v += old
	case '-':
		v = old - v
	}
	v = plain(v)
	if col := cur.column(c.column); col != nil {
		switch {
		case col.Type == TypeShare && (v < 0 || v > 1):
			return 0, changeError(c.text, Mistake{Code: CodeShare, Found: formatPlain(v)})
		case v < 0 && !col.Signed:
			return 0, changeError(c.text, Mistake{Code: CodeNegative, Found: formatPlain(v)})
		}
	}
	return v, nil
}

// convert restates v in the unit of the row's quantities. A factor has no unit.
func (c Change) convert(v float64, unit string, cur *Cursor) (float64, error) {
	target := ""
	if cur != nil {
		if k := cur.Table.Column("unit"); k >= 0 {
			target = *cur.Field(k).(*string)
		} else if c.table == "work" {
			target = HourUnit
		}
	}
	if c.op == '*' || target == "" {
		return 0, changeError(c.text, Mistake{Code: CodeNumber, Found: c.value})
	}
	w, err := Convert(v, unit, target)
	if err != nil {
		return 0, changeError(c.text, Mistake{Code: CodeUnit, Found: unit, Expected: target})
	}
	return w, nil
}

// column returns a column of the cursor's table; nil without one.
func (c *Cursor) column(name string) *Column {
	if c == nil {
		return nil
	}
	if k := c.Table.Column(name); k >= 0 {
		return &c.Table.Columns[k]
	}
	return nil
}

// plain drops what binary arithmetic leaves behind the 15th digit.
func plain(v float64) float64 {
	w, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 14, 64), 64)
	if err != nil {
		return v
	}
	return w
}

func formatPlain(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// settingSetters change the settings that are figures or choices.
var settingSetters = map[string]func(n *Network, c Change) error{
	"money_per_hour": func(n *Network, c Change) error {
		v, err := c.figure(n.MoneyPerHour, true, nil)
		if err == nil && v < 0 {
			return changeError(c.text, Mistake{Code: CodeNegative, Found: c.value})
		}
		n.MoneyPerHour = v
		return err
	},
	"periods": func(n *Network, c Change) error {
		v, err := c.figure(float64(n.Calendar.Periods), true, nil)
		if err == nil && (v < 1 || v != math.Trunc(v)) {
			return changeError(c.text, Mistake{Code: CodeCount, Found: c.value})
		}
		n.Calendar.Periods = int(v)
		return err
	},
	"counting": func(n *Network, c Change) error {
		n.Counting = Counting(c.value)
		return c.among(string(CountOnce), string(CountAll))
	},
	"allowance": func(n *Network, c Change) error {
		n.Allowance = c.value
		return c.among(AllowTwiceMedian, AllowStated, AllowNone)
	},
}

func (c Change) among(choices ...string) error {
	if c.op != '=' {
		return changeError(c.text, Mistake{Code: CodeChangeNumber, Found: c.column})
	}
	if !contains(choices, c.value) {
		return changeError(c.text, Mistake{Code: CodeChoice, Found: c.value, Expected: strings.Join(choices, ", ")})
	}
	return nil
}

func (n *Network) setSetting(c Change) error { return settingSetters[c.column](n, c) }
