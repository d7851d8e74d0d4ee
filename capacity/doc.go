// Package capacity finds out how much planning a machine can do by doing it: it
// plans a series of generated economies of growing size, each with a plan that
// breaks no bound and a proven gap, measures time and memory, and tells from
// their growth what can be planned in a minute, an hour, a night.
//
// Start at Measure, which returns a Report; package report draws it. Fit is the
// law by which time and memory are taken to grow. The package asks the clock
// and the system for time and memory and writes nothing.
package capacity
