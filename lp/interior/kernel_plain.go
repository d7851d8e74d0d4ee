//go:build !amd64

package interior

func stripRows() int { return 8 }

func tile(k int, a, b, c []float64, stride int) { tilePlain(8, k, a, b, c, stride) }

// axpy adds a·x to y.
func axpy(a float64, x, y []float64) { axpyPlain(a, x, y) }

// dot returns the product of two vectors, as long as x.
func dot(x, y []float64) float64 { return dotPlain(x, y) }
