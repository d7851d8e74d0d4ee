package jobs

import (
	"archive/zip"
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"bremen/network"
	"bremen/network/tables"
	"bremen/series"
)

// SeriesSchema has the tables of series, with River's: a role that may use nothing else can work on variants. Nothing of
// records, people or plans is there; dumps may leave it out.
const SeriesSchema = "bremen_series"

// seriesLocks is the first half of the advisory locks of variants.
const seriesLocks = 0x62727365

//go:embed seriesql/*.sql
var seriesMigrations embed.FS

// Series keeps variants of networks in PostgreSQL, and has workers compute each once. It is a queue as OnPostgres makes,
// for jobs of another kind: an outcome and the end of its job are one transaction in the very session that holds the job's
// lock, so that whoever lost the lock writes nothing.
type Series struct{ line }

// variantArgs names a variant as River keeps it; there is one job of it that is not over.
type variantArgs struct {
	Network string `json:"network" river:"unique"`
	Variant string `json:"variant" river:"unique"`
}

// Kind is river.JobArgs'.
func (variantArgs) Kind() string { return "variant" }

// InsertOpts is river.JobArgsWithInsertOpts'.
func (variantArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: seriesQueue, MaxAttempts: mostTries, UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: unended}}
}

// seriesQueue is named by the planner, so that a worker of another version leaves alone what it cannot compute.
var seriesQueue = strings.NewReplacer(" ", "-", ".", "_").Replace(series.Planner)

// OpenSeries opens the series in the database that a URL names. A role that may not create the schema finds it there, or
// gets an error.
func OpenSeries(ctx context.Context, url string, log *slog.Logger) (*Series, error) {
	q := &Series{line{log: log, schema: SeriesSchema, kind: variantArgs{}.Kind(), locks: seriesLocks}}
	if err := q.open(ctx, url); err != nil {
		return nil, err
	}
	if err := q.tables(ctx); err != nil {
		q.Close()
		return nil, fmt.Errorf("series: %w", err)
	}
	return q, nil
}

// Close lets go of the series. Work must have returned.
func (q *Series) Close() error {
	q.pool.Close()
	return nil
}

// tables brings the tables of series up to date, one process at a time.
func (q *Series) tables(ctx context.Context) error {
	files, err := fs.Sub(seriesMigrations, "seriesql")
	if err != nil {
		return err
	}
	store, err := database.NewStore(database.DialectPostgres, SeriesSchema+".version")
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(q.pool)
	defer db.Close()
	p, err := goose.NewProvider("", db, files, goose.WithStore(store), goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// atOnce is how many variants one statement is about.
const atOnce = 500

// Start orders variants of a network, as many of them as have neither an outcome nor a job that is not over; what failed
// before is tried again.
func (q *Series) Start(ctx context.Context, n *network.Network, orders []series.Order) error {
	var packed bytes.Buffer
	if err := tables.WriteZip(&packed, n); err != nil {
		return err
	}
	hash := network.Hash(n)
	if _, err := q.pool.Exec(ctx, `INSERT INTO bremen_series.network (hash, tables) VALUES ($1, $2) ON CONFLICT DO NOTHING`, hash, packed.Bytes()); err != nil {
		return err
	}
	for part := range slices.Chunk(orders, atOnce) {
		if err := q.start(ctx, hash, part); err != nil {
			return err
		}
	}
	return nil
}

func (q *Series) start(ctx context.Context, hash string, orders []series.Order) error {
	var hashes []string
	var stated [][]byte
	for _, o := range orders {
		hashes, stated = append(hashes, o.Hash()), append(stated, o.Encode())
	}
	return pgx.BeginFunc(ctx, q.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO bremen_series.variant (network, hash, stated)
			SELECT $1, * FROM unnest($2::text[], $3::bytea[]) ON CONFLICT DO NOTHING`, hash, hashes, stated)
		if err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT variant FROM bremen_series.outcome WHERE network = $1 AND variant = ANY($2)`, hash, hashes)
		if err != nil {
			return err
		}
		there, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		var jobs []river.InsertManyParams
		for _, v := range hashes {
			if !slices.Contains(there, v) {
				jobs = append(jobs, river.InsertManyParams{Args: variantArgs{hash, v}})
			}
		}
		if len(jobs) > 0 {
			_, err = q.client.InsertManyTx(ctx, tx, jobs)
		}
		return err
	})
}

// Outcomes returns those that are there of these variants of a network, by the hash of their order.
func (q *Series) Outcomes(ctx context.Context, networkHash string, variants []string) (map[string]*series.Outcome, error) {
	found := map[string]*series.Outcome{}
	for part := range slices.Chunk(variants, atOnce) {
		rows, err := q.pool.Query(ctx, `SELECT variant, stated FROM bremen_series.outcome WHERE network = $1 AND variant = ANY($2)`, networkHash, part)
		if err != nil {
			return nil, err
		}
		var variant string
		var stated []byte
		_, err = pgx.ForEachRow(rows, []any{&variant, &stated}, func() error {
			o, err := series.DecodeOutcome(stated, networkHash, variant)
			found[variant] = o
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Given says why variants of a network got no outcome: they failed again and again, or were cancelled. It tells of the
// newest job of each, and only where that is over.
func (q *Series) Given(ctx context.Context, networkHash string, variants []string) (map[string]string, error) {
	why := map[string]string{}
	for part := range slices.Chunk(variants, atOnce) {
		rows, err := q.pool.Query(ctx, `SELECT DISTINCT ON (args->>'variant') args->>'variant', state::text, coalesce(errors[cardinality(errors)]->>'error', '')
			FROM bremen_series.river_job WHERE kind = $1 AND args->>'network' = $2 AND args->>'variant' = ANY($3)
			ORDER BY args->>'variant', id DESC`, q.kind, networkHash, part)
		if err != nil {
			return nil, err
		}
		var variant, state, text string
		_, err = pgx.ForEachRow(rows, []any{&variant, &state, &text}, func() error {
			switch rivertype.JobState(state) {
			case rivertype.JobStateCancelled, rivertype.JobStateDiscarded:
				if why[variant] = text; text == "" {
					why[variant] = state
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return why, nil
}

// Cancel ends the jobs of these variants that are not over.
func (q *Series) Cancel(ctx context.Context, networkHash string, variants []string) error {
	for part := range slices.Chunk(variants, atOnce) {
		rows, err := q.pool.Query(ctx, `SELECT id FROM bremen_series.river_job
			WHERE kind = $1 AND args->>'network' = $2 AND args->>'variant' = ANY($3) AND finalized_at IS NULL`, q.kind, networkHash, part)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := q.client.JobCancel(ctx, id); err != nil && !errors.Is(err, rivertype.ErrNotFound) {
				return err
			}
		}
	}
	return nil
}

// network reads a network.
func (q *Series) network(ctx context.Context, hash string) (*network.Network, error) {
	var packed []byte
	if err := q.pool.QueryRow(ctx, `SELECT tables FROM bremen_series.network WHERE hash = $1`, hash).Scan(&packed); err != nil {
		return nil, fmt.Errorf("network %s: %w", hash, err)
	}
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fmt.Errorf("network %s: %w", hash, err)
	}
	n, err := tables.ReadFS(z)
	if err != nil {
		return nil, fmt.Errorf("network %s: %w", hash, err)
	}
	if h := network.Hash(n); h != hash {
		return nil, fmt.Errorf("network %s: what is stored has the hash %s", hash, h)
	}
	return n, nil
}

// order reads a variant.
func (q *Series) order(ctx context.Context, a variantArgs) (series.Order, error) {
	var stated []byte
	err := q.pool.QueryRow(ctx, `SELECT stated FROM bremen_series.variant WHERE network = $1 AND hash = $2`, a.Network, a.Variant).Scan(&stated)
	if err != nil {
		return series.Order{}, fmt.Errorf("variant %s: %w", a.Variant, err)
	}
	o, err := series.DecodeOrder(stated)
	if err == nil && o.Hash() != a.Variant {
		err = fmt.Errorf("variant %s: what is stored has the hash %s", a.Variant, o.Hash())
	}
	return o, err
}
