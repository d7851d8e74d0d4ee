package interior

import "golang.org/x/sys/cpu"

//go:noescape
func tile16(k int, a, b, c *float64, stride int)

//go:noescape
func tile8(k int, a, b, c *float64, stride int)

//go:noescape
func axpyFMA(n int, a float64, x, y *float64)

//go:noescape
func dotFMA(n int, x, y *float64) float64

var (
	wide = cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ
	fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA
)

// stripRows is how many rows of a tile the kernel in use takes at once.
func stripRows() int {
	if wide {
		return 16
	}
	return 8
}

func tile(k int, a, b, c []float64, stride int) {
	switch {
	case wide:
		tile16(k, &a[0], &b[0], &c[0], stride)
	case fast:
		tile8(k, &a[0], &b[0], &c[0], stride)
	default:
		tilePlain(8, k, a, b, c, stride)
	}
}

// axpy adds a·x to y.
func axpy(a float64, x, y []float64) {
	if !fast {
		axpyPlain(a, x, y)
		return
	}
	if len(x) > 0 {
		_ = y[len(x)-1]
		axpyFMA(len(x), a, &x[0], &y[0])
	}
}

// dot returns the product of two vectors, as long as x.
func dot(x, y []float64) float64 {
	if !fast {
		return dotPlain(x, y)
	}
	if len(x) == 0 {
		return 0
	}
	_ = y[len(x)-1]
	return dotFMA(len(x), &x[0], &y[0])
}
