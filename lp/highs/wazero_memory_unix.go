//go:build unix && (amd64 || arm64 || loong64 || ppc64le || riscv64 || s390x)

package highs

import (
	"context"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// withMemory makes machines reserve addresses for all the memory they may ever
// have. It then grows without being copied, and goes back to the system when
// the machine ends; Go's collector would keep hundreds of megabytes.
func withMemory(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserve))
}

func reserve(capacity, most uint64) experimental.LinearMemory {
	all, err := unix.Mmap(-1, 0, int(most), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return &collected{}
	}
	return &reserved{all: all}
}

// reserved is memory of which the first bytes may be used.
type reserved struct {
	all  []byte
	used uint64
}

func (m *reserved) Reallocate(size uint64) []byte {
	if size > uint64(len(m.all)) {
		return nil
	}
	if size > m.used {
		if unix.Mprotect(m.all[:size], unix.PROT_READ|unix.PROT_WRITE) != nil {
			return nil
		}
		m.used = size
	}
	return m.all[:size:size]
}

func (m *reserved) Free() {
	if m.all != nil {
		unix.Munmap(m.all)
		m.all = nil
	}
}

// collected is memory of Go's own, where the system grants no addresses.
type collected struct{ b []byte }

func (m *collected) Reallocate(size uint64) []byte {
	if size > uint64(cap(m.b)) {
		b := make([]byte, size, size+size/8)
		copy(b, m.b)
		m.b = b
	}
	m.b = m.b[:size]
	return m.b
}

func (m *collected) Free() { m.b = nil }
