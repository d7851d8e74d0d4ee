package jobs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"bremen/network"
	"bremen/plan"
	"bremen/record/postgres/postgrestest"
	"bremen/series"
)

// doomedSeries names, in a process that a test starts, the database in which it is to compute a variant until it is killed.
const doomedSeries = "BREMEN_SERIES_DOOMED"

func computeUntilKilled(url string) {
	ctx := context.Background()
	q, err := OpenSeries(ctx, url, slog.Default())
	if err == nil {
		err = q.Work(ctx, "doomed", 1, func(context.Context, *network.Network, series.Order) (*series.Outcome, error) {
			fmt.Println("working")
			select {}
		})
	}
	fmt.Println(err)
	os.Exit(1)
}

// shelf is the series of a database in a test.
type shelf struct {
	*testing.T
	url string
	*Series
}

func (s *shelf) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func openShelf(t *testing.T, url string) *shelf {
	t.Helper()
	q, err := OpenSeries(t.Context(), url, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError + 1})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return &shelf{t, url, q}
}

// work has variants computed, two side by side, until it is stopped.
func (s *shelf) work(name string, do Planning) (stop func()) {
	s.Helper()
	return untilStopped(s.T, func(ctx context.Context) error { return s.Work(ctx, name, 2, do) })
}

// village is a network with little in it, and some orders.
func village(count int) (*network.Network, []series.Order, []string) {
	n := &network.Network{Settings: network.Settings{ID: "village"}, Products: []network.Product{{ID: "bread", Unit: "kg"}}}
	n.Normalise()
	var orders []series.Order
	for i := range count {
		orders = append(orders, series.Order{Planner: series.Planner, Changes: []series.Stated{{Text: fmt.Sprintf("network.money_per_hour=%d", i)}}})
	}
	var hashes []string
	for _, o := range orders {
		hashes = append(hashes, o.Hash())
	}
	return n, orders, hashes
}

func outcome(n *network.Network, o series.Order) *series.Outcome {
	return &series.Outcome{Network: network.Hash(n), Variant: o.Hash(), Status: plan.Optimal, Rungs: []series.Rung{}, Agents: []series.Served{}}
}

// until waits for as many outcomes.
func (s *shelf) until(n *network.Network, hashes []string, count int) map[string]*series.Outcome {
	s.Helper()
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		found, err := s.Outcomes(s.Context(), network.Hash(n), hashes)
		s.ok(err)
		if len(found) >= count {
			return found
		}
		if time.Since(begun) > time.Minute {
			s.Fatalf("%d outcomes, want %d", len(found), count)
		}
	}
}

func (s *shelf) query(sql string, args ...any) (text string) {
	s.Helper()
	s.ok(s.pool.QueryRow(s.Context(), sql, args...).Scan(&text))
	return text
}

func TestSeries(t *testing.T) {
	t.Parallel()
	cluster, end, err := postgrestest.Start(1, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	for name, test := range map[string]func(*shelf){
		"variants are computed once, by any worker":            computedOnce,
		"a worker needs the least of powers":                   leastPower,
		"a variant whose worker is killed goes on at another":  survivesSeries,
		"a variant under way is given back":                    givenBack,
		"what fails again and again is given up and told of":   givenUp,
		"what is cancelled is computed no more, until ordered": cancelledSeries,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(openShelf(t, cluster.Database(t)))
		})
	}
}

func computedOnce(s *shelf) {
	n, orders, hashes := village(700)
	s.ok(s.Start(s.Context(), n, orders[:500]))
	s.ok(s.Start(s.Context(), n, orders)) // a job that is there already is not there twice
	var times atomic.Int32
	do := func(_ context.Context, m *network.Network, o series.Order) (*series.Outcome, error) {
		times.Add(1)
		if network.Hash(m) != network.Hash(n) {
			return nil, errors.New("another network")
		}
		return outcome(m, o), nil
	}
	for _, name := range []string{"a", "b"} {
		openShelf(s.T, s.url).work(name, do)
	}
	found := s.until(n, hashes, len(hashes))
	for _, o := range orders {
		if found[o.Hash()] == nil {
			s.Errorf("no outcome of %v", o)
		}
	}
	s.ok(s.Start(s.Context(), n, orders))
	if jobs := s.query(`SELECT count(*)::text FROM bremen_series.river_job`); jobs != "700" || times.Load() != 700 {
		s.Errorf("%s jobs, begun %d times, want 700", jobs, times.Load())
	}
	if by := s.query(`SELECT count(DISTINCT worker)::text FROM bremen_series.outcome`); by != "2" {
		s.Errorf("computed by %s workers, want 2", by)
	}
}

// grants are what docs/operators.md has the owner grant.
func grants(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operators.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```sql\n(CREATE ROLE bremen_worker.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatal("docs/operators.md grants nothing to bremen_worker")
	}
	return string(m[1])
}

func leastPower(s *shelf) {
	_, err := s.pool.Exec(s.Context(), grants(s.T))
	s.ok(err)
	worker := openShelf(s.T, strings.Replace(s.url, "user=bremen", "user=bremen_worker", 1))
	n, orders, hashes := village(3)
	s.ok(s.Start(s.Context(), n, orders))
	worker.work("w", func(_ context.Context, m *network.Network, o series.Order) (*series.Outcome, error) {
		return outcome(m, o), nil
	})
	s.until(n, hashes, 3)
	for _, sql := range []string{
		`UPDATE bremen_series.outcome SET stated = ''`, `DELETE FROM bremen_series.outcome`, `UPDATE bremen_series.variant SET stated = ''`,
		`DELETE FROM bremen_series.network`, `CREATE TABLE bremen_series.x ()`, `CREATE SCHEMA x`,
	} {
		if _, err := worker.pool.Exec(s.Context(), sql); err == nil {
			s.Errorf("a worker may %s", sql)
		}
	}
	if me := worker.query(`SELECT current_user`); me != "bremen_worker" {
		s.Errorf("worked as %s", me)
	}
}

func survivesSeries(s *shelf) {
	n, orders, hashes := village(1)
	s.ok(s.Start(s.Context(), n, orders))
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), doomedSeries+"="+s.url), os.Stderr
	out, err := cmd.StdoutPipe()
	s.ok(err)
	s.ok(cmd.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "working\n" {
		s.Fatalf("the other process says %q, %v", line, err)
	}
	var times atomic.Int32
	s.work("heir", func(_ context.Context, m *network.Network, o series.Order) (*series.Outcome, error) {
		times.Add(1)
		return outcome(m, o), nil
	})
	time.Sleep(reclaimAfter + 2*reclaimEvery)
	if k := times.Load(); k != 0 {
		s.Errorf("begun %d times while the first worker lived", k)
	}
	s.ok(cmd.Process.Kill())
	cmd.Wait()
	s.until(n, hashes, 1)
	if got := s.query(`SELECT tries || ' ' || worker FROM bremen_series.outcome`); got != "2 heir" || times.Load() != 1 {
		s.Errorf("tries and worker: %s, begun %d times by it", got, times.Load())
	}
}

func givenBack(s *shelf) {
	n, orders, hashes := village(1)
	s.ok(s.Start(s.Context(), n, orders))
	begun := make(chan struct{}, 1)
	other := openShelf(s.T, s.url)
	stop := other.work("slow", func(ctx context.Context, _ *network.Network, _ series.Order) (*series.Outcome, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	})
	<-begun
	stop()
	s.work("quick", func(_ context.Context, m *network.Network, o series.Order) (*series.Outcome, error) {
		return outcome(m, o), nil
	})
	s.until(n, hashes, 1)
	if got := s.query(`SELECT tries || ' ' || worker FROM bremen_series.outcome`); got != "1 quick" {
		s.Errorf("tries and worker: %s", got)
	}
}

func givenUp(s *shelf) {
	n, orders, hashes := village(2)
	s.ok(s.Start(s.Context(), n, orders))
	var times atomic.Int32
	s.work("w", func(_ context.Context, m *network.Network, o series.Order) (*series.Outcome, error) {
		if o.Hash() == hashes[0] {
			return outcome(m, o), nil
		}
		if times.Add(1) == 2 {
			panic("boom")
		}
		return nil, errors.New("no memory")
	})
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		why, err := s.Given(s.Context(), network.Hash(n), hashes)
		s.ok(err)
		if len(why) == 1 {
			if why[hashes[1]] != "no memory" || times.Load() != mostTries {
				s.Errorf("given up after %d tries: %v", times.Load(), why)
			}
			return
		}
		if time.Since(begun) > time.Minute {
			s.Fatalf("%d tries, given up: %v", times.Load(), why)
		}
	}
}

func cancelledSeries(s *shelf) {
	n, orders, hashes := village(3)
	s.ok(s.Start(s.Context(), n, orders))
	s.ok(s.Cancel(s.Context(), network.Hash(n), hashes[:2]))
	why, err := s.Given(s.Context(), network.Hash(n), hashes)
	s.ok(err)
	if len(why) != 2 || why[hashes[0]] != "cancelled" {
		s.Errorf("cancelled: %v", why)
	}
	s.work("w", func(_ context.Context, m *network.Network, o series.Order) (*series.Outcome, error) {
		return outcome(m, o), nil
	})
	s.until(n, hashes, 1)
	s.ok(s.Start(s.Context(), n, orders))
	s.until(n, hashes, 3)
	if why, err := s.Given(s.Context(), network.Hash(n), hashes); err != nil || len(why) != 0 {
		s.Errorf("ordered again: %v, %v", why, err)
	}
}

// A network whose tables were altered, or that is not there, is an error and no outcome.
func TestStoredNetworksAreChecked(t *testing.T) {
	t.Parallel()
	cluster, end, err := postgrestest.Start(1, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(end)
	s := openShelf(t, cluster.Database(t))
	n, orders, hashes := village(1)
	s.ok(s.Start(t.Context(), n, orders))
	hash := network.Hash(n)
	if m, err := s.network(t.Context(), hash); err != nil || network.Hash(m) != hash {
		t.Errorf("as it is: %v", err)
	}
	if _, err := s.network(t.Context(), strings.Repeat("0", 64)); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("one that is not there: %v", err)
	}
	other := *n
	other.Products = []network.Product{{ID: "rolls", Unit: "kg"}}
	other.Normalise()
	s.ok(s.Start(t.Context(), &other, nil))
	for _, alter := range []string{
		`UPDATE bremen_series.network SET tables = (SELECT tables FROM bremen_series.network WHERE hash <> $1) WHERE hash = $1`,
		`UPDATE bremen_series.network SET tables = '\x00' WHERE hash = $1`,
	} {
		_, err := s.pool.Exec(t.Context(), alter, hash)
		s.ok(err)
		if _, err := s.network(t.Context(), hash); err == nil {
			t.Errorf("after %s it is taken", alter)
		}
	}
	_, err = s.pool.Exec(t.Context(), `UPDATE bremen_series.variant SET stated = convert_to('{"planner":"","changes":[]}', 'UTF8')`)
	s.ok(err)
	if _, err := s.order(t.Context(), variantArgs{hash, hashes[0]}); err == nil || !strings.Contains(err.Error(), "has the hash") {
		t.Errorf("an altered variant: %v", err)
	}
}
