package record

import (
	"fmt"
	"time"
)

// MaxSkew is how far the clocks of a log and of a witness may differ, the time it takes to be cosigned included.
const MaxSkew = 2 * time.Minute

// TimeError: an entry's time cannot be, by a witness's clock.
type TimeError struct {
	Entry   int64
	Time    time.Time // of the entry
	Witness string
	Seen    time.Time // when the witness cosigned
	Ahead   bool      // it held the entry by then; else it did not
}

func (e *TimeError) Error() string {
	had := "cosigned a log that did not hold it"
	if e.Ahead {
		had = "had seen it"
	}
	return fmt.Sprintf("entry %d says it is of %s; witness %s %s at %s", e.Entry, e.Time.Format(time.RFC3339), e.Witness, had, e.Seen.Format(time.RFC3339))
}

// CheckTimes compares the times that a log gives its entries with those at which witnesses cosigned a checkpoint: last is
// the time of the last entry that the checkpoint covers, next that of the one after it, zero where there is none. An
// entry that was to be dated forward stands before a cosignature that is earlier, one dated back behind a cosignature
// that is later, so a log lies about time by no more than MaxSkew and the time between checkpoints, or is found out. The
// error is a *TimeError.
func CheckTimes(c Checkpoint, last, next time.Time) error {
	for _, s := range c.Cosigned {
		if last.After(s.Time.Add(MaxSkew)) {
			return &TimeError{Entry: c.Size - 1, Time: last, Witness: s.Name, Seen: s.Time, Ahead: true}
		}
		if !next.IsZero() && next.Before(s.Time.Add(-MaxSkew)) {
			return &TimeError{Entry: c.Size, Time: next, Witness: s.Name, Seen: s.Time}
		}
	}
	return nil
}
