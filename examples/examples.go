// Package examples carries the example region within the program, so that its
// demo needs no files. The other folders are read where they lie; what each
// holds and where its figures come from stands in its README.md.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed region/*.csv region/network.yaml
var files embed.FS

// Region returns the tables of the example region.
func Region() fs.FS {
	sub, err := fs.Sub(files, "region")
	if err != nil {
		panic(err) // the pattern above names it
	}
	return sub
}
