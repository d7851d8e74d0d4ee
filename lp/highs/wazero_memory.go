//go:build !(unix && (amd64 || arm64 || loong64 || ppc64le || riscv64 || s390x))

package highs

import "context"

// withMemory leaves memory to wazero.
func withMemory(ctx context.Context) context.Context { return ctx }
