// Package tables reads and writes networks as tables: a folder of CSV files
// with network.yaml beside them, or one XLSX workbook with a sheet per table.
//
// Start with Read and Write. The tables and columns are those of
// network.Tables; German headers and sheet names are read too. Reading reports
// every mistake, as network.Problems, with file and line or sheet and cell.
// Writing never leaves a half-written file or folder behind. What is written
// and read again is the same network.
//
// The package reads files and nothing else: it keeps no state and knows no clock.
package tables
