package record

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// KeepAll is how long all checkpoints are kept. Of older ones [Thin] keeps one an hour.
const KeepAll = 90 * 24 * time.Hour

// Thin drops checkpoints that are older than [KeepAll], by the time of their last entry, but for one an hour: of those with
// the most signatures the first. The newest checkpoint of a log stays. It returns how many it dropped.
//
// Nothing is proven by an old checkpoint that lies with the log itself: whoever holds one from elsewhere is shown that the
// log extends it by the tree. What it is kept for are the times at which witnesses cosigned; with one an hour an auditor
// still knows every entry's time to the hour.
func Thin(ctx context.Context, l Log, now time.Time) (int, error) {
	latest, err := l.LatestCheckpoint(ctx)
	if isNone(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	newest, err := PeekCheckpoint(latest)
	if err != nil {
		return 0, err
	}
	t := thinning{log: l}
	for next := int64(0); next < newest.Size; {
		signed, err := l.Checkpoint(ctx, next)
		if err != nil {
			return t.dropped, err
		}
		c, err := PeekCheckpoint(signed)
		if err != nil {
			return t.dropped, err
		}
		next = c.Size + 1
		if c.Size == 0 || c.Size == newest.Size {
			continue
		}
		at, err := timeOf(ctx, l, c.Size-1)
		if err != nil {
			return t.dropped, err
		}
		if now.Sub(at) <= KeepAll {
			break
		}
		if err := t.next(ctx, c.Size, at.Truncate(time.Hour), bytes.Count(signed, []byte("\n— "))); err != nil {
			return t.dropped, err
		}
	}
	return t.dropped, nil
}

// timeOf returns when an entry was taken.
func timeOf(ctx context.Context, l Log, seq int64) (time.Time, error) {
	raw, err := l.Read(ctx, seq, 1)
	if err != nil {
		return time.Time{}, err
	}
	if len(raw) == 0 {
		return time.Time{}, fmt.Errorf("entry %d, which a checkpoint covers: %w", seq, ErrNone)
	}
	e, err := Decode(raw[0])
	return e.Time, err
}

// thinning is the hour that is being looked at, and the checkpoint that stays of it.
type thinning struct {
	log        Log
	hour       time.Time
	kept       int64
	signatures int
	dropped    int
}

// next drops the worse of two checkpoints of an hour.
func (t *thinning) next(ctx context.Context, size int64, hour time.Time, signatures int) error {
	if !hour.Equal(t.hour) {
		t.hour, t.kept, t.signatures = hour, size, signatures
		return nil
	}
	drop := size
	if signatures > t.signatures {
		drop, t.kept, t.signatures = t.kept, size, signatures
	}
	t.dropped++
	return t.log.DropCheckpoint(ctx, drop)
}
