package highs

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// host is what one machine sees of the outside: a clock, and standard output.
// Everything else that a C program might ask for (files, environment, timers)
// is refused.
type host struct {
	clock clock
	log   func(line string) // each line that the solver prints; nil to drop them
	line  []byte            // an unfinished line
	limit uint64            // most bytes of memory
	full  bool              // memory was refused
	fault error             // why a host function stopped the machine
}

// Reasons for stopping a machine. After each of them it is dropped.
var (
	// ErrMemory says that a program needs more memory than one instance may have.
	ErrMemory = errors.New("out of memory")
	// errOvertime stops a solver that does not end by itself after its deadline.
	errOvertime = errors.New("out of time")
)

// clock is the time that the solver sees. It advances by tick at each reading
// and knows nothing of real time, so that the same input gives the same
// output on every machine. Since the solver reads it all the time, a reading
// is also where a solve is cancelled.
type clock struct {
	now  time.Duration
	ctx  context.Context // of the call going on
	end  time.Time       // deadline by the wall clock; zero for none
	late int             // how often the clock has jumped since the deadline passed
	each func()          // called at each reading; may be nil
}

const (
	// tick is the advance per reading. It makes the solver's clock run about as
	// fast as a real one on a common machine (measured: 0.7 to 3 times).
	tick = 10 * time.Microsecond
	// noLimit is a time limit that counting ticks never reaches, in seconds.
	noLimit = 1e9
	// leap is how far the clock jumps at the deadline, beyond noLimit, so that
	// the solver ends in its own way and hands out what it has. It jumps some
	// times, for the deadline may have passed before the solver reads the time
	// from which it counts.
	leap  = 2e9 * time.Second
	leaps = 4
	// grace is how long it may take to do so.
	grace = 2 * time.Second
)

// read returns the next time, or an error if the machine has to stop.
func (c *clock) read() (time.Duration, error) {
	c.now += tick
	if c.ctx != nil {
		if err := c.ctx.Err(); err != nil {
			return 0, err
		}
	}
	if !c.end.IsZero() {
		over := time.Since(c.end)
		if over > 0 && c.late < leaps {
			c.late++
			c.now += leap
		}
		if over > grace {
			return 0, errOvertime
		}
	}
	if c.each != nil {
		c.each()
	}
	return c.now, nil
}

// hostFunc is a function that the module imports. Types are strings of i, l
// and d: int32, int64, float64.
type hostFunc struct {
	params, results string
	call            func(h *host, g guest, a []uint64) (uint64, error)
}

// Error numbers of the interfaces that the module was built for.
const (
	badFile   = 8                  // WASI errno: bad file descriptor
	noEntry   = uint64(1<<32 - 44) // −ENOENT
	noTTY     = uint64(1<<32 - 59) // −ENOTTY
	pageBytes = 64 << 10
)

// hostFuncs are the functions provided, by their names in the JavaScript
// runtime that they stand in for.
var hostFuncs = map[string]*hostFunc{
	"_clock_time_get":      {"ili", "i", clockTimeGet},
	"_emscripten_date_now": {"", "d", milliseconds},
	"_emscripten_get_now":  {"", "d", milliseconds},

	"_emscripten_resize_heap": {"i", "i", resizeHeap},

	"_fd_write":          {"iiii", "i", fdWrite},
	"_fd_read":           {"iiii", "i", returning(badFile)},
	"_fd_seek":           {"ilii", "i", returning(badFile)},
	"_fd_close":          {"i", "i", returning(0)},
	"___syscall_fcntl64": {"iii", "i", returning(0)},
	"___syscall_ioctl":   {"iii", "i", returning(noTTY)},
	"___syscall_openat":  {"iiii", "i", returning(noEntry)},

	"_environ_get":       {"ii", "i", returning(0)},
	"_environ_sizes_get": {"ii", "i", environSizes},
	"__tzset_js":         {"iiii", "", returning(0)},
	"__setitimer_js":     {"id", "i", returning(0)},

	"___cxa_throw": {"iii", "", throw},
	"__abort_js":   {"", "", abort},
	"_exit":        {"i", "", exit},
	"_proc_exit":   {"i", "", exit},

	"__emscripten_runtime_keepalive_clear": {"", "", returning(0)},
}

// run calls the function. A panic in it (a pointer of the module's that points
// nowhere, a listener's mistake) stops the machine, not the program.
func (f *hostFunc) run(h *host, g guest, a []uint64) (r uint64, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("host function panicked: %v", v)
		}
	}()
	return f.call(h, g, a)
}

func returning(v uint64) func(*host, guest, []uint64) (uint64, error) {
	return func(*host, guest, []uint64) (uint64, error) { return v, nil }
}

func clockTimeGet(h *host, g guest, a []uint64) (uint64, error) {
	t, err := h.clock.read()
	if err != nil {
		return 0, err
	}
	binary.LittleEndian.PutUint64(g.memory()[uint32(a[2]):], uint64(t))
	return 0, nil
}

func milliseconds(h *host, g guest, a []uint64) (uint64, error) {
	t, err := h.clock.read()
	return double(float64(t) / 1e6), err
}

// resizeHeap grows the memory to what is asked for and a fifth more, as the
// JavaScript runtime does.
func resizeHeap(h *host, g guest, a []uint64) (uint64, error) {
	want, have := uint64(uint32(a[0])), uint64(len(g.memory()))
	if want > h.limit {
		h.full = true
		return 0, nil
	}
	for _, spare := range []uint64{have / 5, have / 10, have / 20, 0} {
		size := min(max(want, have+min(spare, 96<<20)), h.limit)
		if g.grow((size - have + pageBytes - 1) / pageBytes) {
			return 1, nil
		}
	}
	h.full = true
	return 0, nil
}

// fdWrite takes what the solver prints, whatever the descriptor.
func fdWrite(h *host, g guest, a []uint64) (uint64, error) {
	m := g.memory()
	iov, n, total := uint32(a[1]), uint32(a[2]), uint32(0)
	for i := range n {
		p := binary.LittleEndian.Uint32(m[iov+8*i:])
		k := binary.LittleEndian.Uint32(m[iov+8*i+4:])
		h.print(m[p : p+k])
		total += k
	}
	binary.LittleEndian.PutUint32(m[uint32(a[3]):], total)
	return 0, nil
}

func (h *host) print(b []byte) {
	if h.log == nil {
		return
	}
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			break
		}
		h.log(string(append(h.line, b[:i]...)))
		h.line, b = h.line[:0], b[i+1:]
	}
	h.line = append(h.line, b...)
}

func environSizes(h *host, g guest, a []uint64) (uint64, error) {
	m := g.memory()
	binary.LittleEndian.PutUint32(m[uint32(a[0]):], 0)
	binary.LittleEndian.PutUint32(m[uint32(a[1]):], 0)
	return 0, nil
}

// throw ends the machine: the module is built without exception handling.
func throw(h *host, g guest, a []uint64) (uint64, error) {
	name := typeName(g.memory(), uint32(a[1]))
	if name == "St9bad_alloc" {
		return 0, ErrMemory
	}
	return 0, fmt.Errorf("solver threw C++ exception %s", name)
}

// typeName reads the name out of a std::type_info: a table pointer, then the name.
func typeName(m []byte, info uint32) string {
	if int(info)+8 > len(m) {
		return "?"
	}
	p := binary.LittleEndian.Uint32(m[info+4:])
	if int(p) >= len(m) {
		return "?"
	}
	s := m[p:min(len(m), int(p)+80)]
	if i := bytes.IndexByte(s, 0); i >= 0 {
		s = s[:i]
	}
	return string(s)
}

// abort is how the module ends when memory is refused, and for nothing else known.
func abort(h *host, g guest, a []uint64) (uint64, error) {
	if h.full {
		return 0, ErrMemory
	}
	return 0, errors.New("solver aborted")
}

func exit(h *host, g guest, a []uint64) (uint64, error) {
	return 0, fmt.Errorf("solver exited with status %d", int32(a[0]))
}
