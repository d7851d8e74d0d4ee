// Package block holds linear programs in which the same few columns stand many
// times: a recipe in every period and region of an economy. A Problem stores
// their coefficients once and says where they are repeated, so that a program
// of 10^8 coefficients takes the memory of its vectors; whatever repeats
// nothing stands beside them as ordinary sparse columns.
//
// Begin reading at Problem. Explicit writes a problem out as an lp.Problem, Of
// takes one in. lp/pdhg solves them as they stand, Check, SafeBound, FarkasHolds and Prove
// judge what it returns without writing anything out.
//
// It imports lp only.
package block
