// Package network holds what the members of a network state: who they are and
// where, what they need, what they can make and from what, what work they
// offer, what is in stock, which ways and limits there are. The words follow
// Valueflows 1.0 where it has one.
//
// Start with Network. Tables (in schema.go) lists every attribute with unit, default and
// explanation; files are read by network/tables. The package imports the
// standard library and internal/mistake only, does no input or output, and knows no plan.
package network
