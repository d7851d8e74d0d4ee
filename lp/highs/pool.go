package highs

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"bremen/lp"
	"bremen/lp/conflict"
)

// Options of a pool. The zero value takes the fastest engine of the build, as
// many solves side by side as there are processors, and the user's cache folder.
type Options struct {
	// Engine is Wasmtime or Wazero; empty takes the fastest that the build has.
	Engine string
	// Instances is how many solves may run side by side; further ones wait.
	// 0 means the number of processors.
	Instances int
	// Memory is the most bytes that one instance may use; 0 means 2 GiB, which
	// is also the most possible.
	Memory int64
	// Cache is the folder for compiled modules; empty means bremen/highs in the
	// user's cache folder. If anybody else may write there, it is not used.
	Cache string
	// NoCache compiles anew each time and writes nothing.
	NoCache bool
}

// Pool runs solves, each in a sandbox of its own. It implements lp.Solver and
// is safe for concurrent use.
type Pool struct {
	engine engine
	memory int64
	slots  chan struct{} // one element per solve going on
	closed chan struct{}
	once   sync.Once
}

// ErrClosed says that the pool was closed before.
var ErrClosed = errors.New("solver pool is closed")

var _ lp.Solver = (*Pool)(nil)

// New compiles the solver, or loads it from the cache, and returns a pool.
func New(o Options) (*Pool, error) {
	m, err := loadModule()
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	var c *cache
	if !o.NoCache {
		c = openCache(o.Cache)
	}
	e, err := newEngine(o.Engine, m, c)
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	p := &Pool{engine: e, memory: o.Memory, closed: make(chan struct{})}
	if p.memory <= 0 || p.memory > maxMemory {
		p.memory = maxMemory
	}
	n := o.Instances
	if n <= 0 {
		n = runtime.NumCPU()
	}
	p.slots = make(chan struct{}, n)
	return p, nil
}

// Engine returns the name of the engine in use.
func (p *Pool) Engine() string { return p.engine.name() }

// Instances returns how many solves may run side by side.
func (p *Pool) Instances() int { return cap(p.slots) }

// Close waits for the solves going on and frees the compiled solver. Solves
// asked for later return ErrClosed. It may be called more than once.
func (p *Pool) Close() error {
	p.once.Do(func() {
		close(p.closed)
		for range cap(p.slots) {
			p.slots <- struct{}{}
		}
		p.engine.close()
	})
	return nil
}

// acquire waits for a slot, to be given back by release.
func (p *Pool) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-p.closed:
		return ErrClosed
	default:
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-p.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Pool) release() { <-p.slots }

// Solve implements lp.Solver. Each call runs in a new instance, whose memory
// is given back at the end, so an answer depends on its arguments only.
//
// While Options.Instances solves are running, it waits. A program that does
// not fit into an instance's memory is an error that wraps ErrMemory.
func (p *Pool) Solve(ctx context.Context, prob *lp.Problem, o lp.Options) (*lp.Solution, error) {
	if err := prob.Validate(); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	if err := p.acquire(ctx); err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	defer p.release()
	s, err := solveFresh(p.engine, p.memory, newJob(ctx, o), prob)
	if err != nil {
		return nil, fmt.Errorf("highs: %w", err)
	}
	return s, nil
}

// IIS returns an irreducible set of bounds of p that cannot all hold. It is
// conflict.Find with this pool as the solver.
func (p *Pool) IIS(ctx context.Context, prob *lp.Problem, o conflict.Options) (*conflict.Set, error) {
	return conflict.Find(ctx, p, prob, o)
}

// solveFresh solves in an instance of its own.
func solveFresh(e engine, memory int64, b *job, p *lp.Problem) (*lp.Solution, error) {
	in, err := newInstance(e, memory)
	if err != nil {
		return nil, err
	}
	defer in.close()
	if err := in.pass(p); err != nil {
		return nil, err
	}
	return in.solve(b, p)
}
