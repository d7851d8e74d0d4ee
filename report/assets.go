package report

import (
	"embed"
	"errors"
	"io/fs"
)

// assetFiles holds what "make assets" bundles into the folder assets. The
// pattern also matches this file, so that the package builds without them.
//
//go:embed assets*
var assetFiles embed.FS

// ErrNoAssets tells that the program was built without the scripts and styles
// of its pages.
var ErrNoAssets = errors.New(`report: no scripts and styles in this build; run "make assets" and build again`)

// asset returns a bundled file.
func asset(name string) (string, error) {
	b, err := assetFiles.ReadFile("assets/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrNoAssets
	}
	return string(b), err
}
