// Package lptest is one test bank for every solver behind lp.Solver: small
// programs with known answers, programs drawn so that their answers are known,
// and generators of larger ones.
//
// Start with Run. It believes no solver: statuses, points, duals, rays are
// compared with what is known and checked again.
package lptest
