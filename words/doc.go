// Package words says figures and names as people read them, the same way in
// sentences, on pages and in the terminal: [Language] writes numbers, shares
// and quantities, [Names] finds what a thing of a network is called,
// [Catalogue] says sentences in either language.
//
// Sentences themselves stand with the packages that say them. The package does
// no input or output but for the files it is handed, and imports network only.
package words
