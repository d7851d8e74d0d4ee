package tables

import (
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"bremen/network"
)

// number reads a number of the dialect. In a workbook a number is stored as
// it is, whatever the sheet shows; a text that is a number is read in either
// language if it can mean one thing only.
func (d dialect) number(cell string) (float64, error) {
	if !d.workbook {
		return parseNumber(cell, d.comma)
	}
	if _, ok := scanNumber(cell); ok && len(cell) <= 512 { // some programs write 1e-300 in full
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			return 0, network.Mistake{Code: network.CodeNotFinite, Found: cell}
		}
		return x, nil
	}
	if i, k := strings.LastIndexByte(cell, ','), strings.LastIndexByte(cell, '.'); i > k {
		if x, err := parseNumber(cell, true); err == nil {
			if _, english := parseNumber(cell, false); english == nil || ambiguous(english) {
				return 0, network.Mistake{Code: network.CodeAmbiguousNumber, Found: cell}
			}
			return x, nil
		}
	}
	return parseNumber(cell, false)
}

func ambiguous(err error) bool { return asMistake(err).Code == network.CodeAmbiguousNumber }

// Day numbers that stand for dates from 1954 to 2119: what a spreadsheet makes of "1-3".
const (
	firstDay = 20_000
	lastDay  = 80_000
)

// mangled tells whether a cell is a day number.
func mangled(cell string) bool {
	n, err := strconv.Atoi(cell)
	return err == nil && n >= firstDay && n <= lastDay
}

// day turns a day number into a date; any other text stays as it is.
func (d dialect) day(cell string) string {
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil || x < 1 || x > 2_958_465 {
		return cell
	}
	t, err := excelize.ExcelDateToTime(x, d.date1904)
	if err != nil {
		return cell
	}
	return t.Format(time.DateOnly)
}

// periods reads periods; in a workbook a day number is a date of the calendar.
func (d dialect) periods(cell string) (network.Periods, error) {
	if !d.workbook || !mangled(cell) {
		return network.ParsePeriods(cell, d.calendar)
	}
	if ps, err := network.ParsePeriods(d.day(cell), d.calendar); err == nil {
		return ps, nil
	}
	return nil, network.Mistake{Code: network.CodeMangled, Found: cell}
}
