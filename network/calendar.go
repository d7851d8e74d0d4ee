package network

import "time"

// StartOf returns the first day of period t, counted from 1; T+1 gives the day after the last period.
func (c Calendar) StartOf(t int) time.Time {
	k := t - 1
	switch c.Unit {
	case Day:
		return c.Start.AddDate(0, 0, k)
	case Month:
		return c.Start.AddDate(0, k, 0)
	case Quarter:
		return c.Start.AddDate(0, 3*k, 0)
	case Year:
		return c.Start.AddDate(k, 0, 0)
	default:
		return c.Start.AddDate(0, 0, 7*k)
	}
}

// Days returns how many days period t has.
func (c Calendar) Days(t int) int {
	return int(c.StartOf(t+1).Sub(c.StartOf(t)).Hours()/24 + 0.5)
}
