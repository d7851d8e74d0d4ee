package highs

import (
	"context"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// wazeroEngine runs machines in wazero. Cancelling through its contexts would
// cost five times the speed; the clock does it instead.
type wazeroEngine struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
	names   map[string]string
}

// newWazero compiles with wazero's own cache. If what is kept there cannot be
// used it is thrown away, and made again; failing that, there is no cache.
func newWazero(m *module, c *cache) (engine, error) {
	for range 2 {
		dir, ok := c.folder(Wazero + "-" + wazeroVersion)
		if !ok {
			break
		}
		if e, err := startWazero(m, dir); err == nil {
			return e, nil
		}
		c.drop(dir)
	}
	return startWazero(m, "")
}

// startWazero compiles with wazero's own cache in dir, or without one.
func startWazero(m *module, dir string) (*wazeroEngine, error) {
	ctx := context.Background()
	cfg := wazero.NewRuntimeConfig().WithMemoryLimitPages(maxMemory / pageBytes)
	if dir != "" {
		c, err := wazero.NewCompilationCacheWithDir(dir)
		if err != nil {
			return nil, err
		}
		cfg = cfg.WithCompilationCache(c)
	}
	e := &wazeroEngine{runtime: wazero.NewRuntimeWithConfig(ctx, cfg), names: m.Exports}
	var err error
	if e.module, err = e.runtime.CompileModule(ctx, m.wasm); err != nil {
		e.close()
		return nil, fmt.Errorf("compile solver: %w", err)
	}
	if err := e.link(ctx, m); err != nil {
		e.close()
		return nil, err
	}
	return e, nil
}

// link checks every import of the module and defines it.
func (e *wazeroEngine) link(ctx context.Context, m *module) error {
	b := e.runtime.NewHostModuleBuilder(m.Host)
	for _, d := range e.module.ImportedFunctions() {
		host, short, _ := d.Import()
		f, err := m.importNamed(host, short, wazeroKinds(d.ParamTypes()), wazeroKinds(d.ResultTypes()))
		if err != nil {
			return err
		}
		b.NewFunctionBuilder().WithGoModuleFunction(serveWazero(f), d.ParamTypes(), d.ResultTypes()).Export(short)
	}
	_, err := b.Instantiate(ctx)
	return err
}

type machineKey struct{}

// serveWazero makes a host function callable by a machine, which it finds in
// the context of the call.
func serveWazero(f *hostFunc) api.GoModuleFunc {
	return func(ctx context.Context, _ api.Module, stack []uint64) {
		m := ctx.Value(machineKey{}).(*wazeroMachine)
		r, err := f.run(m.host, m, stack[:len(f.params)])
		if err != nil {
			m.host.fault = err
			panic(err) // wazero turns it into an error of the call
		}
		if f.results != "" {
			stack[0] = r
		}
	}
}

func (e *wazeroEngine) name() string { return Wazero }
func (e *wazeroEngine) close()       { e.runtime.Close(context.Background()) }

// wazeroMachine is one instance.
type wazeroMachine struct {
	host  *host
	ctx   context.Context // carries the machine itself to its host functions
	mod   api.Module
	names map[string]string
}

func (e *wazeroEngine) start(h *host) (machine, error) {
	m := &wazeroMachine{host: h, names: e.names}
	m.ctx = context.WithValue(context.Background(), machineKey{}, m)
	var err error
	m.mod, err = e.runtime.InstantiateModule(withMemory(m.ctx), e.module, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (m *wazeroMachine) memory() []byte {
	mem := m.mod.Memory()
	b, _ := mem.Read(0, mem.Size())
	return b
}

func (m *wazeroMachine) grow(pages uint64) bool {
	_, ok := m.mod.Memory().Grow(uint32(pages))
	return ok
}

func (m *wazeroMachine) close() { m.mod.Close(m.ctx) }

func (m *wazeroMachine) call(name string, args ...uint64) (uint64, error) {
	f := m.mod.ExportedFunction(m.names[name])
	if f == nil {
		return 0, fmt.Errorf("module exports no %s", name)
	}
	r, err := f.Call(m.ctx, args...)
	if err != nil || len(r) == 0 {
		return 0, err
	}
	return r[0], nil
}

func wazeroKinds(types []api.ValueType) string {
	s := make([]byte, len(types))
	for i, t := range types {
		switch t {
		case api.ValueTypeI32:
			s[i] = 'i'
		case api.ValueTypeI64:
			s[i] = 'l'
		case api.ValueTypeF64:
			s[i] = 'd'
		default:
			s[i] = '?'
		}
	}
	return string(s)
}
