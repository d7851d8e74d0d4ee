// Package lp holds a sparse linear program, its solution, the check of a
// solution against the optimality conditions, and what provers and readers of
// programs need: certified bounds, MPS and LP files. ByColumn is a program whose
// entries nobody stores.
//
// Start with Problem. Solvers live in packages below (lp/highs) behind Solver.
// A solver's own word is never taken: each solution carries a Check computed
// here. The package does no work of a solver, imports nothing of Bremen, and
// reads no clock.
package lp
