package postgres

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tailing looks by itself every lookEvery, in case a connection has died without a word, and waits retryAfter before it
// connects again.
const (
	lookEvery  = 10 * time.Second
	retryAfter = 200 * time.Millisecond
)

// listen tells the logs of entries that any server has appended, until ctx ends.
func (s *Store) listen(ctx context.Context) {
	for ctx.Err() == nil {
		// An error has no one to go to: appends and reads meet the same one and report it.
		_ = s.listenOnce(ctx)
		select {
		case <-time.After(retryAfter):
		case <-ctx.Done():
		}
	}
}

func (s *Store) listenOnce(ctx context.Context) error {
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	for {
		// What came before LISTEN took hold was not announced.
		if err := s.look(ctx, conn); err != nil {
			return err
		}
		if err := s.hear(ctx, conn); err != nil {
			return err
		}
	}
}

// look asks how far each log is.
func (s *Store) look(ctx context.Context, conn *pgx.Conn) error {
	for _, l := range s.known() {
		var size int64
		if err := conn.QueryRow(ctx, sizeQuery, l.id).Scan(&size); err != nil {
			return err
		}
		l.Grow(size)
	}
	return nil
}

// hear passes on what is announced, for lookEvery.
func (s *Store) hear(ctx context.Context, conn *pgx.Conn) error {
	until, cancel := context.WithTimeout(ctx, lookEvery)
	defer cancel()
	for {
		n, err := conn.WaitForNotification(until)
		if err != nil {
			if until.Err() != nil && ctx.Err() == nil && !conn.IsClosed() {
				return nil
			}
			return err
		}
		id, size, ok := strings.Cut(n.Payload, " ")
		if !ok {
			continue
		}
		for _, l := range s.known() {
			if strconv.FormatInt(l.id, 10) == id {
				if size, err := strconv.ParseInt(size, 10, 64); err == nil {
					l.Grow(size)
				}
			}
		}
	}
}

func (s *Store) known() []*log {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*log, 0, len(s.logs))
	for _, l := range s.logs {
		out = append(out, l)
	}
	return out
}
