package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// Witnessed is record.Witnessed's.
func (s *Store) Witnessed(ctx context.Context, origin string) ([]byte, error) {
	var note []byte
	err := s.read.QueryRowContext(ctx, "SELECT note FROM witnessed WHERE origin = ?", origin).Scan(&note)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return note, explain(err)
}

// SetWitnessed is record.Witnessed's.
func (s *Store) SetWitnessed(ctx context.Context, origin string, old, new []byte) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query, args := "UPDATE witnessed SET note = ? WHERE origin = ? AND note = ?", []any{new, origin, old}
	if len(old) == 0 {
		query, args = "INSERT INTO witnessed (note, origin) VALUES (?, ?) ON CONFLICT DO NOTHING", []any{new, origin}
	}
	done, err := s.write.ExecContext(ctx, query, args...)
	if err != nil {
		return false, explain(err)
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// WitnessedOrigins is record.Witnessed's.
func (s *Store) WitnessedOrigins(ctx context.Context) ([]string, error) {
	return collect[string](s.read.QueryContext(ctx, "SELECT origin FROM witnessed ORDER BY origin"))
}
