//go:build cgo && ((linux && (amd64 || arm64)) || (darwin && (amd64 || arm64)) || (windows && amd64))

package highs

import (
	"fmt"
	"math"
	"sync"

	wt "github.com/bytecodealliance/wasmtime-go/v39"
)

const haveWasmtime = true

// wasmtimeEngine runs machines in wasmtime. Its defaults are kept: epoch
// interruption would cost half the speed, canonical NaNs three quarters.
type wasmtimeEngine struct {
	engine *wt.Engine
	module *wt.Module
	linker *wt.Linker
	names  map[string]string
	once   sync.Once
}

func newWasmtime(m *module, c *cache) (engine, error) {
	e := &wasmtimeEngine{engine: wt.NewEngine(), names: m.Exports}
	var err error
	if e.module, err = e.compile(m, c); err != nil {
		e.close()
		return nil, fmt.Errorf("compile solver: %w", err)
	}
	if err := e.link(m); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

// compile takes the compiled module from the cache, or compiles and keeps it.
// Whatever the cache does, the module is compiled if nothing else helps.
func (e *wasmtimeEngine) compile(m *module, c *cache) (*wt.Module, error) {
	path, ok := c.file(Wasmtime, wasmtimeVersion, m.SHA256)
	if ok {
		if mod, err := wt.NewModuleDeserializeFile(e.engine, path); err == nil {
			return mod, nil
		}
	}
	mod, err := wt.NewModule(e.engine, m.wasm)
	if err != nil {
		return nil, err
	}
	if b, err := mod.Serialize(); err == nil {
		c.keep(path, b)
	}
	return mod, nil
}

// link checks every import of the module and defines it.
func (e *wasmtimeEngine) link(m *module) error {
	e.linker = wt.NewLinker(e.engine)
	for _, im := range e.module.Imports() {
		ft := im.Type().FuncType()
		if ft == nil || im.Name() == nil {
			return fmt.Errorf("module imports something from %s that is no function", im.Module())
		}
		f, err := m.importNamed(im.Module(), *im.Name(), kinds(ft.Params()), kinds(ft.Results()))
		if err != nil {
			return err
		}
		if err := e.linker.FuncNew(im.Module(), *im.Name(), ft, serve(f)); err != nil {
			return fmt.Errorf("link %s: %w", *im.Name(), err)
		}
	}
	return nil
}

// serve makes a host function callable by a machine, which it finds in the store's data.
func serve(f *hostFunc) func(*wt.Caller, []wt.Val) ([]wt.Val, *wt.Trap) {
	return func(c *wt.Caller, in []wt.Val) ([]wt.Val, *wt.Trap) {
		m := c.Data().(*wasmtimeMachine)
		var args [4]uint64
		for i, v := range in {
			args[i] = bits(v)
		}
		outer := m.store
		m.store = c
		r, err := f.run(m.host, m, args[:len(in)])
		m.store = outer
		if err != nil {
			m.host.fault = err
			return nil, wt.NewTrap(err.Error())
		}
		if f.results == "" {
			return nil, nil
		}
		return []wt.Val{value(f.results[0], r)}, nil
	}
}

func (e *wasmtimeEngine) name() string { return Wasmtime }

func (e *wasmtimeEngine) close() {
	e.once.Do(func() {
		if e.linker != nil {
			e.linker.Close()
		}
		if e.module != nil {
			e.module.Close()
		}
		e.engine.Close()
	})
}

// wasmtimeMachine is a store with one instance in it.
type wasmtimeMachine struct {
	host  *host
	own   *wt.Store
	store wt.Storelike // own, or the caller while a host function runs
	inst  *wt.Instance
	mem   *wt.Memory
	bytes []byte // of mem, fetched again when a call begins and when it grows
	names map[string]string
	funcs map[string]wasmtimeFunc
}

type wasmtimeFunc struct {
	fn     *wt.Func
	params string
}

func (e *wasmtimeEngine) start(h *host) (machine, error) {
	m := &wasmtimeMachine{host: h, names: e.names, funcs: map[string]wasmtimeFunc{}}
	m.own = wt.NewStoreWithData(e.engine, m)
	m.store = m.own
	var err error
	if m.inst, err = e.linker.Instantiate(m.own, e.module); err != nil {
		m.close()
		return nil, err
	}
	if x := m.inst.GetExport(m.own, e.names["memory"]); x != nil {
		m.mem = x.Memory()
	}
	if m.mem == nil {
		m.close()
		return nil, fmt.Errorf("module exports no memory")
	}
	m.bytes = m.mem.UnsafeData(m.own)
	return m, nil
}

// memory need not ask wasmtime each time, which costs as much as the rest of a
// clock reading: the module's memory grows by host functions only.
func (m *wasmtimeMachine) memory() []byte { return m.bytes }

func (m *wasmtimeMachine) grow(pages uint64) bool {
	_, err := m.mem.Grow(m.store, pages)
	m.bytes = m.mem.UnsafeData(m.store)
	return err == nil
}

func (m *wasmtimeMachine) close() { m.own.Close() }

func (m *wasmtimeMachine) export(name string) (wasmtimeFunc, error) {
	if f, ok := m.funcs[name]; ok {
		return f, nil
	}
	fn := m.inst.GetFunc(m.own, m.names[name])
	if fn == nil {
		return wasmtimeFunc{}, fmt.Errorf("module exports no %s", name)
	}
	f := wasmtimeFunc{fn, kinds(fn.Type(m.own).Params())}
	m.funcs[name] = f
	return f, nil
}

func (m *wasmtimeMachine) call(name string, args ...uint64) (uint64, error) {
	f, err := m.export(name)
	if err != nil {
		return 0, err
	}
	if len(args) != len(f.params) {
		return 0, fmt.Errorf("%s takes %d arguments, not %d", name, len(f.params), len(args))
	}
	in := make([]any, len(args))
	for i, a := range args {
		in[i] = value(f.params[i], a)
	}
	m.bytes = m.mem.UnsafeData(m.own)
	r, err := f.fn.Call(m.own, in...)
	if err != nil {
		return 0, err
	}
	m.bytes = m.mem.UnsafeData(m.own)
	switch v := r.(type) {
	case int32:
		return uint64(uint32(v)), nil
	case int64:
		return uint64(v), nil
	case float64:
		return math.Float64bits(v), nil
	}
	return 0, nil
}

func kinds(types []*wt.ValType) string {
	s := make([]byte, len(types))
	for i, t := range types {
		switch t.Kind() {
		case wt.KindI32:
			s[i] = 'i'
		case wt.KindI64:
			s[i] = 'l'
		case wt.KindF64:
			s[i] = 'd'
		default:
			s[i] = '?'
		}
	}
	return string(s)
}

func value(kind byte, v uint64) wt.Val {
	switch kind {
	case 'l':
		return wt.ValI64(int64(v))
	case 'd':
		return wt.ValF64(math.Float64frombits(v))
	}
	return wt.ValI32(int32(uint32(v)))
}

func bits(v wt.Val) uint64 {
	switch v.Kind() {
	case wt.KindI64:
		return uint64(v.I64())
	case wt.KindF64:
		return math.Float64bits(v.F64())
	}
	return uint64(uint32(v.I32()))
}
