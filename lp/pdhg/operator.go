package pdhg

// operator is the scaled matrix A of a program, applied piece by piece so that
// what is done with a product is done while it is still in cache. Vectors are
// whole: one value per column or row of the program.
//
// The pieces of a pass are shared out among fixed parts, the same for every
// number of threads. The pieces of one part come in order and from one
// goroutine; so whoever keeps one sum per part and adds these up in order gets
// the same bits everywhere.
type operator interface {
	size() (rows, cols int)
	// parts returns in how many parts rows and columns are visited at most.
	parts() int
	// eachCol calls f with consecutive pieces of g = Aᵀ·y: those of the columns
	// from first on. f may change g.
	eachCol(y []float64, f func(part, first int, g []float64))
	// eachRow does the same with the rows of g = A·x.
	eachRow(x []float64, f func(part, first int, g []float64))
}
