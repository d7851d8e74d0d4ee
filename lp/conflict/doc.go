// Package conflict finds what cannot go together: irreducible infeasible sets,
// sets of bounds of a linear program that no point meets all of, and from which
// no member can be left out.
//
// Start with Find. It asks an lp.Solver and believes only what it can check:
// that a set is in conflict, by a proof (Support); that the rest of a set is
// not, by a point.
package conflict
