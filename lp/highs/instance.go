package highs

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// maxMemory is the most that a 32-bit module of this build can address.
const maxMemory = 2 << 30

// instance is a machine with one Highs object in it: the C interface, with
// memory passed by copying. Every method fails once the machine has stopped.
type instance struct {
	m      machine
	host   *host
	ptr    uint64 // the Highs object
	dead   error  // why the machine has stopped
	engine engine // to start others like this one
	memory int64
	began  time.Duration // of its clock when the solve going on began
}

// newInstance starts a machine and creates a solver in it.
func newInstance(e engine, memory int64) (*instance, error) {
	h := &host{limit: uint64(memory)}
	m, err := e.start(h)
	if err != nil {
		return nil, fmt.Errorf("start solver: %w", err)
	}
	in := &instance{m: m, host: h, engine: e, memory: memory}
	if _, err := in.raw("__wasm_call_ctors"); err != nil {
		in.close()
		return nil, err
	}
	if in.ptr, err = in.raw("Highs_create"); err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

func (in *instance) close() {
	if in.m != nil {
		in.m.close()
		in.m = nil
	}
	if in.dead == nil {
		in.dead = errors.New("solver closed")
	}
}

// raw calls an export. A failure ends the instance.
func (in *instance) raw(name string, args ...uint64) (uint64, error) {
	if in.dead != nil {
		return 0, in.dead
	}
	r, err := in.m.call(name, args...)
	if err == nil {
		return r, nil
	}
	switch {
	case in.host.fault != nil:
		err = in.host.fault
	default:
		err = fmt.Errorf("%s: solver crashed: %w", name, err)
	}
	in.dead = err
	return 0, err
}

// Status values that functions of the C interface return.
const (
	statusOK      = 0
	statusWarning = 1
)

// do calls a function of the C interface whose first argument is the solver
// and whose result is a status; an error status is an error.
func (in *instance) do(name string, args ...uint64) error {
	r, err := in.raw(name, append([]uint64{in.ptr}, args...)...)
	if err != nil {
		return err
	}
	if s := int32(r); s != statusOK && s != statusWarning {
		return fmt.Errorf("%s: status %d", name, s)
	}
	return nil
}

func double(v float64) uint64 { return math.Float64bits(v) }
func integer(v int) uint64    { return uint64(uint32(v)) }

// arena hands out memory of an instance and gives all of it back at once.
// The first failure stays: later calls do nothing and err returns it.
type arena struct {
	in   *instance
	ptrs []uint64
	err  error
}

func (in *instance) arena() *arena { return &arena{in: in} }

// alloc returns a pointer to size bytes.
func (a *arena) alloc(size int) uint64 {
	if a.err != nil {
		return 0
	}
	if size < 0 || int64(size) > maxMemory {
		a.err = ErrMemory
		return 0
	}
	p, err := a.in.raw("malloc", uint64(max(size, 8)))
	if err == nil && p == 0 {
		err = ErrMemory
	}
	if err != nil {
		a.err = err
		return 0
	}
	a.ptrs = append(a.ptrs, p)
	return p
}

// free gives everything back and returns the arena's error.
func (a *arena) free() error {
	for _, p := range a.ptrs {
		if a.in.dead != nil {
			break
		}
		a.in.raw("free", p)
	}
	a.ptrs = nil
	return a.err
}

// at returns the memory from p on.
func (a *arena) at(p uint64) []byte { return a.in.m.memory()[uint32(p):] }

func (a *arena) text(s string) uint64 {
	p := a.alloc(len(s) + 1)
	if a.err == nil {
		b := a.at(p)
		copy(b, s)
		b[len(s)] = 0
	}
	return p
}

func (a *arena) doubles(v []float64) uint64 {
	p := a.alloc(8 * len(v))
	if a.err == nil {
		b := a.at(p)
		for i, x := range v {
			binary.LittleEndian.PutUint64(b[8*i:], math.Float64bits(x))
		}
	}
	return p
}

func (a *arena) ints(v []int32) uint64 {
	p := a.alloc(4 * len(v))
	if a.err == nil {
		b := a.at(p)
		for i, x := range v {
			binary.LittleEndian.PutUint32(b[4*i:], uint32(x))
		}
	}
	return p
}

func (a *arena) readDoubles(p uint64, n int) []float64 {
	v := make([]float64, n)
	b := a.at(p)
	for i := range v {
		v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return v
}

func (a *arena) readInts(p uint64, n int) []int32 {
	v := make([]int32, n)
	b := a.at(p)
	for i := range v {
		v[i] = int32(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}

// Options and figures of the solver, by its own names.

func (in *instance) setText(key, value string) error {
	a := in.arena()
	k, v := a.text(key), a.text(value)
	return in.set(a, key, value, "Highs_setStringOptionValue", k, v)
}

func (in *instance) setDouble(key string, value float64) error {
	a := in.arena()
	k := a.text(key)
	return in.set(a, key, value, "Highs_setDoubleOptionValue", k, double(value))
}

func (in *instance) setInt(key string, value int) error {
	a := in.arena()
	k := a.text(key)
	return in.set(a, key, value, "Highs_setIntOptionValue", k, integer(value))
}

func (in *instance) setBool(key string, value bool) error {
	a := in.arena()
	k, v := a.text(key), uint64(0)
	if value {
		v = 1
	}
	return in.set(a, key, value, "Highs_setBoolOptionValue", k, v)
}

func (in *instance) set(a *arena, key string, value any, name string, args ...uint64) error {
	defer a.free()
	if a.err != nil {
		return a.err
	}
	if err := in.do(name, args...); err != nil {
		if in.dead != nil {
			return err
		}
		return fmt.Errorf("solver option %s = %v: %w", key, value, err)
	}
	return nil
}

// info reads a figure of the last solve: 4 or 8 bytes by one of the
// Highs_get…InfoValue functions. A figure that does not exist reads as 0.
func (in *instance) info(function, key string) (uint64, error) {
	a := in.arena()
	defer a.free()
	k, v := a.text(key), a.alloc(8)
	if a.err != nil {
		return 0, a.err
	}
	binary.LittleEndian.PutUint64(a.at(v), 0)
	if err := in.do(function, k, v); err != nil && in.dead != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(a.at(v)), nil
}

func (in *instance) infoInt(key string) (int, error) {
	v, err := in.info("Highs_getIntInfoValue", key)
	return int(int32(uint32(v))), err
}

func (in *instance) infoDouble(key string) (float64, error) {
	v, err := in.info("Highs_getDoubleInfoValue", key)
	return math.Float64frombits(v), err
}
