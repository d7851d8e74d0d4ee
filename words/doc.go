// Package words says figures and names as people read them, the same way in
// sentences, on pages and in the terminal: [Language] writes numbers, shares
// and quantities, [Names] finds what a thing of a network is called.
//
// Sentences themselves stand in the catalogues of the packages that say them.
// The package does no input or output and imports network only.
package words
