package pdhg

import (
	"testing"

	"golang.org/x/sys/cpu"
)

// kernel is a way to the kernels that a processor may have.
type kernel struct {
	name       string
	wide, fast bool
	missing    string // why this processor has it not
}

// kernels lists all of them, the plain one first.
func kernels() []kernel {
	x := &cpu.X86
	return []kernel{
		{"plain", false, false, ""},
		{"fast", false, true, unless(x.HasAVX2 && x.HasFMA, "the processor has no AVX2 with FMA")},
		{"wide", true, true, unless(x.HasAVX512F && x.HasAVX512DQ && x.HasAVX2 && x.HasFMA, "the processor has no AVX-512")},
	}
}

func unless(has bool, reason string) string {
	if has {
		return ""
	}
	return reason
}

// use switches to the kernel until the test ends. Such tests do not run in parallel.
func (k kernel) use(t *testing.T) {
	t.Helper()
	if k.missing != "" {
		t.Skip(k.missing)
	}
	w, f := wide, fast
	t.Cleanup(func() { wide, fast = w, f })
	wide, fast = k.wide, k.fast
}
