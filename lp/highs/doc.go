// Package highs solves linear and mixed-integer programs with HiGHS, compiled
// to WebAssembly and run in a sandbox. It implements lp.Solver.
//
// Start with New, which returns a Pool, and Pool.Solve. Pool.Open starts a
// Session for a series of related programs, Pool.IIS finds what cannot go
// together (package conflict), Pool.Presolve makes programs smaller for other
// solvers. The package imports lp and lp/conflict only.
//
// # What holds
//
// The same input gives the same bytes on every machine and with either engine.
// Each solve runs in an instance of its own; HiGHS runs one thread and sees a
// clock that counts its own readings. Only Options.Time (a deadline by the
// real clock) and cancellation depend on the machine. Options.Work is a
// deadline by the solver's clock, which runs about as fast as a real one.
//
// A solver that crashes or runs out of memory is an error, and the pool goes
// on. An instance may use 2 GiB, which is room for some 10^7 entries.
// Cancellation takes effect when the solver next looks at its clock: within a
// tenth of a second at 3·10^5 entries.
//
// # Whom to believe
//
// The solver's own word decides nothing:
//
//   - Optimal: every residual of lp.CheckSolution is within Options.Tolerance,
//     or ten times that for lp.Interior, whatever HiGHS says of the point. A
//     vertex that misses the tolerance is polished; an interior point that does
//     is sought again without presolve. What still misses it is Unknown, with
//     the residuals in Detail, and the vectors for those who want them.
//   - Infeasible: Solution.Ray is a proof that has been checked (lp.FarkasHolds,
//     or conflict.Support where rounding stands in the way of exactness).
//   - Unbounded: there is a feasible point (in Solution.Col), and a direction
//     that improves without end.
//   - Integer programs: the point is checked, the gap (Check.Gap) and
//     infeasibility are the solver's word. They have no duals.
//
// # Methods
//
// lp.Simplex is HiGHS's dual simplex method, lp.Interior is IPX without
// crossover, lp.Exact is IPX with it. lp.Auto is the simplex method where a
// basis is given or entries are fewer than 10^4, else lp.Interior; if one has
// no answer, Auto asks the other. Integer programs are solved by branch and
// bound whatever the method says.
//
// # The module
//
// The WebAssembly is not in the repository: `make assets` takes it from the npm
// package (gen). Compiled, it is kept in a folder that only its owner can write.
package highs
