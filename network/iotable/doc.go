// Package iotable reads input-output tables and makes two things of them: a
// network that is planned like any other, and answers to pure questions of
// quantity (how much must everybody make, what work is in a thing).
//
// Start with Open, which reads a folder: iotable.yaml says which CSV file is
// what, and docs/iotable.md describes it. The result is a Table: symmetric
// (every sector makes its own product) or a pair of make and use tables
// (industries make several commodities). Table.Network turns it into a
// network.Network, and OpenNetwork does both. Folder tells whether a path is
// such a folder.
//
// A = Z·x̂⁻¹ is the matrix of technology coefficients: A[i][j] units of product
// i are used up per unit of j made. Solve finds the output x = A·x + y that a
// final demand y takes, by restarted GMRES on sparse matrices of up to millions
// of products, and says when there is none because the table is not productive
// (UnproductiveError). Multipliers, Values, ForwardLinkages and ProfitRate apply
// the Leontief inverse without forming it.
//
// # Negative figures
//
// A negative final demand is a supply (imports netted against final use, goods
// taken from stock) and becomes a starting stock; a negative use is an output,
// a negative make a use. Nothing else is changed. The reader returns a Notice
// with file and line for every such cell.
//
// # What it does not do
//
// It balances, aggregates and updates no tables. It knows one period and one
// place. Classes of joint production are not untangled: for make and use
// tables Symmetric applies the industry technology assumption, and Network
// plans the joint outputs as they are.
//
// # Order and rounding
//
// All results depend only on the arguments: not on the number of threads, nor
// on the order of rows in the files as long as sectors stand in the same order.
//
// # Sources
//
// Miller and Blair, Input-Output Analysis, 2nd edition, Cambridge 2009 (in
// comments: Miller and Blair); Eurostat Manual of Supply, Use and Input-Output
// Tables, Luxembourg 2008 (in comments: Eurostat manual); Saad and Schultz,
// GMRES, SIAM J. Sci. Stat. Comput. 7 (1986) 856-869; Berman and Plemmons,
// Nonnegative Matrices in the Mathematical Sciences, SIAM 1994.
//
// The package imports the network's vocabulary, the standard library, a YAML
// reader, and gonum for dense elimination.
package iotable
