package record

import (
	"fmt"
	"time"
)

// MaxSkew is how far the clocks of a log and of a witness may differ, the time it takes to be cosigned included.
const MaxSkew = 2 * time.Minute

// CheckTimes compares the times that a log gives its entries with those at which witnesses cosigned a checkpoint: last is
// the time of the last entry that the checkpoint covers, next that of the one after it, zero where there is none. An
// entry that was to be dated forward stands before a cosignature that is earlier, one dated back behind a cosignature
// that is later, so a log lies about time by no more than MaxSkew and the time between checkpoints, or is found out.
func CheckTimes(c Checkpoint, last, next time.Time) error {
	for _, s := range c.Cosigned {
		if last.After(s.Time.Add(MaxSkew)) {
			return fmt.Errorf("entry %d says it is of %s; witness %s had seen it at %s", c.Size-1, last.Format(time.RFC3339), s.Name, s.Time.Format(time.RFC3339))
		}
		if !next.IsZero() && next.Before(s.Time.Add(-MaxSkew)) {
			return fmt.Errorf("entry %d says it is of %s; at %s witness %s cosigned a log that did not hold it", c.Size, next.Format(time.RFC3339), s.Time.Format(time.RFC3339), s.Name)
		}
	}
	return nil
}
