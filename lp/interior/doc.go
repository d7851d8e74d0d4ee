// Package interior is an interior-point method for linear programs whose
// normal equations have a sparse factor, as those of a network planned over weeks have.
// It follows the central path (path.go) by Newton steps (newton.go); each
// factors a quasidefinite matrix by supernodes (order.go, symbolic.go,
// factor.go) with dense kernels that use the processor's vectors (kernel.go).
// Begin reading at Solver.
//
// It answers lp.Sharp only, and hands everything else to another solver. What
// it is for, beside speed on programs of that kind, is the end of the path: by
// then what is at a bound and what is between two is told apart by ten orders of magnitude, and the
// duals are refined in twice the precision (polish.go), so that those of many
// rounds can be added up with large multiples and still prove something (see
// plan's face).
//
// It never says of a program that it is infeasible or unbounded: where it
// finds no point that passes lp's check, the status is lp.Unknown and the
// point is the nearest it came to.
//
// The same program gives the same bytes with any number of threads and on any
// processor: every sum has one order, products are added by fused multiply-add or
// rounded first. It takes nothing out of a program but fixed columns and empty
// rows, so duals are those of the program as stated.
//
// It imports lp only.
package interior
