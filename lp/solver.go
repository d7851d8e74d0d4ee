package lp

import (
	"context"
	"time"
)

// Status is what a solver found, after lp's own check.
type Status uint8

const (
	Unknown    Status = iota // no answer: numerical trouble, or a point that fails the check
	Optimal                  // primal, dual and gap pass Check within the tolerances asked for
	Infeasible               // no point meets all rows and bounds
	Unbounded                // the objective has no end
	Stopped                  // cancelled, or out of time or iterations
)

// Method chooses the algorithm of a solver.
type Method string

const (
	Auto     Method = ""         // the solver's choice by size
	Simplex  Method = "simplex"  // a vertex and its basis
	Interior Method = "interior" // interior point without crossover: near strictly complementary duals
	Exact    Method = "exact"    // interior point, then crossover to a vertex
	// Sharp is an interior point whose duals come in twice the precision (see
	// Solution.RowDualRest). A solver that has no such method takes Interior.
	Sharp Method = "sharp"
)

// Options of one solve. The zero value solves to 1e-7 without limits.
type Options struct {
	Method    Method
	Tolerance float64 // relative residuals and gap; 0 means 1e-7
	// Work bounds the solve in the solver's deterministic clock (a count of
	// clock readings turned into seconds), so that the same input ends at the
	// same point on every machine. 0 means no bound.
	Work time.Duration
	// Time bounds the solve by the wall clock; what it yields then depends on the machine.
	Time     time.Duration
	Basis    *Basis            // where the simplex method starts; nil from scratch
	Start    *Solution         // where an interior point method starts, if it can (Col, RowDual); nil from scratch
	MIPGap   float64           // relative gap at which an integer program may stop; 0 means 1e-6
	Presolve *bool             // nil means the solver's default (on)
	Ranging  bool              // also return cost and bound ranges (needs a basis)
	Progress func(Progress)    // called now and then from the solving goroutine; may be nil
	Extra    map[string]string // further options under the solver's own names
}

// Progress tells how far a solve has come.
type Progress struct {
	Iterations int
	Elapsed    time.Duration
	Phase      string // "presolve", "interior", "simplex", "mip" …
}

// BasisStatus of a column or row, in HiGHS's order.
type BasisStatus int8

const (
	AtLower BasisStatus = iota
	Basic
	AtUpper
	AtZero
	NonBasic
)

// Basis is a simplex basis: one status per column and row.
type Basis struct {
	Cols, Rows []BasisStatus
}

// Range says within which interval a figure of the program may move before
// the basis changes, and the objective at either end.
type Range struct {
	Lower, Upper                   float64
	ObjectiveLower, ObjectiveUpper float64
}

// Ranging holds the sensitivity of a basic solution.
type Ranging struct {
	Cost []Range // per column
	Row  []Range // per row: the row's active bound
	Col  []Range // per column: its active bound
}

// Solution of a problem. Vectors are owned by the caller.
//
// Dual signs: Row[i] is the change of the objective (as stated, minimised or
// maximised) per unit of increase of row i's active bound; Reduced[j] likewise
// for column j's active bound. So c = Aᵀ·RowDual + Reduced.
type Solution struct {
	Status    Status
	Objective float64   // as stated, offset included
	Col       []float64 // primal, per column
	Row       []float64 // A·x, per row
	RowDual   []float64 // per row
	Reduced   []float64 // per column
	// RowDualRest, where there is one, is what RowDual lost in rounding: their
	// sum is a dual of twice the precision.
	RowDualRest []float64
	Basis       *Basis   // nil without one
	Ranging     *Ranging // nil unless asked for and available

	// Ray proves infeasibility when Status is Infeasible and the solver has
	// one: weights y per row such that the interval of (Aᵀy)·x over the column bounds
	// does not meet the interval of y·rows (Farkas). Nil otherwise.
	Ray []float64

	Check      Check
	Iterations int
	Elapsed    time.Duration
	Method     Method // what was really used
	Detail     string // the solver's own word, for messages
}

// Solver finds a solution of a problem. It never changes p. When ctx is
// cancelled it returns promptly with ctx's error. An error means that no
// answer came at all (the solver crashed, ran out of memory); infeasible and
// unbounded programs are answers, not errors.
type Solver interface {
	Solve(ctx context.Context, p *Problem, o Options) (*Solution, error)
}
