// Package economy holds whole economies as data and states them as linear
// programs: products and the techniques that make them, labour by skill,
// capital that wears and is built, limits of nature, several regions with
// transport between them, several periods, and what is finally demanded.
//
// Begin at Economy. Validate says what is wrong with one; Problem writes it
// down as a block.Problem in which every technique stands once for all regions
// and periods, together with an Index that says what stands where and reads a
// solution back as a Plan.
//
// # What is planned
//
// A block is one region in one period, number region·periods + period. Vectors
// over blocks are item-major: figure i in block b stands at i·blocks + b. In
// every block techniques are active at any level; what they make, what was in
// stock and what arrives covers what they use up, what is built, stored, sent
// and finally served. What is left over may be thrown away. Labour and limits
// bound each block (limits also periods, regions or both together). A
// technique works with capital that was installed before the period began;
// what is built in a period is installed from the next one on.
//
// With Satisfaction as goal the program maximises
//
//	Σ over needs and blocks of weight·value(satisfaction)
//	+ 2 · for each urgency, its share of all weight times the satisfaction of the worst-served
//	− 0.01 · labour, as a share of all there is, times the sum of all weights
//
// where satisfaction is what is served of a demand, from 0 to 1, counted in
// proportion to its size among the demands for the product; value is 1 at 1,
// with falling slopes (Economy.Steps). With LeastLabour all demand is met
// exactly and the labour it takes is minimised.
//
// # Amounts
//
// Figures are in the products' own units. The program counts all amounts in
// Index.Unit of them, a power of two near the typical demand, so that its
// figures are of the size of 1 and nothing is rounded; coefficients are untouched.
//
// # The most of every column
//
// Proofs need every column to have a finite upper bound. Demand bounds what is
// served, arcs what is moved. An activity is bounded by the least of: what is
// stated, the labour there is, every limit, the capital there can be. What these
// leave open is bounded by the supply of its inputs, in as many rounds as chains
// are long. UnboundedError names what nothing bounds; state a most for it.
//
// # What it does not do
//
// Continuous activities only, no ages of stocks or capital, no delays but
// that of building, no trade for money. Files are read by network/economy too;
// see Read and docs/economy.md.
//
// It imports block programs and the reading of tables, and does no input or
// output but through the fs.FS and io.Writer it is handed.
package economy
