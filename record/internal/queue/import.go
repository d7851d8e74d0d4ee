package queue

import (
	"context"
	"fmt"

	"bremen/record"
)

// Import is record.Appender's.
func (q *Queue) Import(ctx context.Context, entries [][]byte, payloads []record.Payload) error {
	byHash := map[record.Hash]record.Payload{}
	for i := range payloads {
		byHash[payloads[i].Hash()] = payloads[i]
	}
	for len(entries) > 0 {
		n := min(len(entries), maxGroup)
		rows := make([]Row, n)
		for i, data := range entries[:n] {
			row, err := fixedRow(q.origin, data, byHash)
			if err != nil {
				return err
			}
			rows[i] = row
		}
		if err := q.importGroup(ctx, rows); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

func fixedRow(origin string, data []byte, payloads map[record.Hash]record.Payload) (Row, error) {
	e, err := record.Decode(data)
	if err != nil {
		return Row{}, err
	}
	if e.Statement.Origin != origin {
		return Row{}, fmt.Errorf("%w: entry %d is of log %q, expected %q", record.ErrInvalid, e.Seq, e.Statement.Origin, origin)
	}
	row := Row{Seq: e.Seq, Time: e.Time, Statement: e.StatementHash, Data: data}
	for _, ref := range e.Statement.Payloads {
		if p, ok := payloads[ref.Hash]; ok && p.Person == ref.Person {
			row.Payloads = append(row.Payloads, p)
		}
	}
	return row, nil
}
