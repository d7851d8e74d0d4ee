// Package report shows a plan on paper and screen: one self-contained
// report.html in German and English, tables as CSV, the lists that people
// work with (baking, packing, driving, shifts, orders) as pages to print, as
// CSV and as calendars, and a folder that holds all of it.
//
// Start at [Write], which leaves a whole folder, or at [HTML], which writes
// one page. Everything here is a pure function of a network and of the plan
// made from it: the package asks no clock, no network connection and no
// solver, and the same input gives the same bytes. It may import capacity, network,
// plan and words only.
//
// Sentences stand in messages/*.json, one file per language and one entry per
// sentence; no sentence is built from fragments. Scripts and styles stand in
// src and are bundled into assets by "make assets" (internal/bundle); pages
// cannot be made before that.
package report
