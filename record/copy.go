package record

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

// batch is how many entries are read at a time.
const batch = 1000

// Entries reads the entries from number from on that are durable, in order, the next batch while the last is decoded. It
// ends at the first error.
func Entries(ctx context.Context, r Reader, from int64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		reading, stop := context.WithCancel(ctx)
		defer stop()
		for b := range batches(reading, r, from) {
			if b.err != nil {
				yield(Entry{}, b.err)
				return
			}
			for _, data := range b.raw {
				e, err := Decode(data)
				if err == nil && e.Seq != from {
					err = fmt.Errorf("%w: number %d stands at %d", ErrInvalid, e.Seq, from)
				}
				if !yield(e, err) || err != nil {
					return
				}
				from++
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Entry{}, err) // reading ended with it, and perhaps before the log did
		}
	}
}

// read is what one look into a log brought.
type read struct {
	raw [][]byte
	err error
}

// batches reads a log to its end, to the first error or until ctx ends.
func batches(ctx context.Context, r Reader, from int64) <-chan read {
	out := make(chan read, 1)
	go func() {
		defer close(out)
		for {
			raw, err := r.Read(ctx, from, batch)
			if err == nil && len(raw) == 0 {
				return
			}
			select {
			case out <- read{raw, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
			from += int64(len(raw))
		}
	}()
	return out
}

// Copy brings the log to, which must hold nothing that from does not, up to where from ends: entries byte by byte,
// payloads that are still there, erasures, checkpoints and where it goes on. It may be repeated, and then goes on, with the
// payloads that are missing. Whoever copies to another store than their own lets nothing be appended to from meanwhile.
func Copy(ctx context.Context, to, from Log) error {
	erased, err := from.Erased(ctx)
	if err != nil {
		return err
	}
	already, err := to.Erased(ctx)
	if err != nil {
		return err
	}
	for _, person := range erased {
		if slices.Contains(already, person) {
			continue
		}
		if err := to.Erase(ctx, person); err != nil {
			return err
		}
	}
	if err := samePrefix(ctx, to, from); err != nil {
		return err
	}
	if err := copyPayloads(ctx, to, from); err != nil {
		return err
	}
	for {
		size, err := to.Size(ctx)
		if err != nil {
			return err
		}
		raw, err := from.Read(ctx, size, batch)
		if err != nil {
			return err
		}
		if len(raw) == 0 {
			return copyEnd(ctx, to, from)
		}
		payloads, err := payloadsOf(ctx, from, raw, nil)
		if err != nil {
			return err
		}
		if err := to.Import(ctx, raw, payloads); err != nil {
			return err
		}
	}
}

// copyPayloads adds those of the entries that are there already which are missing.
func copyPayloads(ctx context.Context, to, from Log) error {
	size, err := to.Size(ctx)
	if err != nil {
		return err
	}
	for n := int64(0); n < size; n += batch {
		raw, err := from.Read(ctx, n, int(min(batch, size-n)))
		if err != nil {
			return err
		}
		payloads, err := payloadsOf(ctx, from, raw, to)
		if err != nil {
			return err
		}
		if err := to.Keep(ctx, payloads...); err != nil {
			return err
		}
	}
	return nil
}

// payloadsOf reads the payloads of entries that are still there, without those that have has, which may be nil.
func payloadsOf(ctx context.Context, from Log, raw [][]byte, have Log) ([]Payload, error) {
	var refs []Ref
	for _, data := range raw {
		e, err := Decode(data)
		if err != nil {
			return nil, err
		}
		refs = append(refs, e.Statement.Payloads...)
	}
	found, err := from.Payloads(ctx, refs...)
	if err != nil {
		return nil, err
	}
	there := map[Hash]Payload{}
	if have != nil {
		if there, err = have.Payloads(ctx, refs...); err != nil {
			return nil, err
		}
	}
	var list []Payload
	for _, ref := range refs {
		_, had := there[ref.Hash]
		if p, ok := found[ref.Hash]; ok && !had {
			list = append(list, p)
		}
	}
	return list, nil
}

// copyEnd copies what is said of a log as a whole.
func copyEnd(ctx context.Context, to, from Log) error {
	if err := copyCheckpoints(ctx, to, from); err != nil {
		return err
	}
	moved, err := from.Moved(ctx)
	if err != nil || moved == "" {
		return err
	}
	return to.Move(ctx, moved)
}

// samePrefix checks that one log begins with the other.
func samePrefix(ctx context.Context, to, from Log) error {
	size, err := to.Size(ctx)
	if err != nil {
		return err
	}
	have, err := HeadAt(ctx, to, size)
	if err != nil {
		return err
	}
	want, err := HeadAt(ctx, from, size)
	if err != nil {
		return fmt.Errorf("log %q does not hold the %d entries that are already there: %w", from.Origin(), size, err)
	}
	if have != want {
		return fmt.Errorf("log %q begins with other entries than the %d that are already there", from.Origin(), size)
	}
	return nil
}

func copyCheckpoints(ctx context.Context, to, from Log) error {
	end, err := to.Size(ctx)
	if err != nil {
		return err
	}
	for size := int64(0); ; size++ {
		signed, err := from.Checkpoint(ctx, size)
		if isNone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		c, err := PeekCheckpoint(signed)
		if err != nil || c.Size > end {
			return err
		}
		if err := to.PutCheckpoint(ctx, c.Size, signed); err != nil {
			return err
		}
		size = c.Size
	}
}
