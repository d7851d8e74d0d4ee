// Package cells reads and writes the tables of whole economies as streams: long
// tables with a row per cell, as CSV files or Parquet files, that a description
// in YAML names, of up to 10^8 cells.
//
// Begin at Folder, which opens what a description names. Sheet reads CSV row by row,
// Codes numbers what the rows refer to by code. Every mistake is a Problem with its file,
// line and column; a reader goes on and collects up to 200.
//
// It imports a YAML reader and a Parquet library.
package cells
