// Package pdhg is a first-order method for linear programs too large for any
// other: it needs products with the matrix and a few vectors, no factors. It solves
// package block's programs as they stand, so that coefficients which are
// repeated are read once for all places they are repeated in.
//
// Begin reading at Solve. A program is scaled (scale.go) and then walked
// through by the restarted, reflected Halpern iteration of the primal-dual
// hybrid gradient (iterate.go), with restarts and a weight between x and y by one rule for all
// programs (restart.go). As soon as the gap is closed, what still breaks bounds is polished away
// (polish.go). A step that does not shrink is a proof that there is no answer (hopeless.go).
// The matrix is an operator (operator.go, blocks.go) whose inner loops are
// kernels (kernel.go) for the processor's vectors.
//
// What is answered has passed lp.Check. Close turns it into a point that breaks no bound at all (close.go). The same program gives the same bytes with
// any number of threads and on any processor.
//
// docs/pdhg.md tells what was tried and measured. It imports lp and lp/block only, and gonum for a small eigenvalue problem.
//
// Sources: Applegate and others, "Practical large-scale linear programming using primal-dual
// hybrid gradient", NeurIPS 2021; Lu and Yang, "Restarted Halpern PDHG for
// linear programming", 2024; Lu, Peng and Yang, "cuPDLPx", 2025.
package pdhg
