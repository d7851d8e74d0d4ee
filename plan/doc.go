// Package plan turns a network into linear programs, solves its ladder of
// goals, reads the plan back, proves it, and explains it.
//
// Start with Make, which does all of that; Build gives the program alone,
// Verify checks a plan without any solver. Document is the plan as data.
// The package does no input or output and knows no clock.
package plan
