package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"sync"
)

//go:embed all:assets
var assetFiles embed.FS

// assetTypes are the files that pages load, with their content types.
var assetTypes = map[string]string{
	"page.css": "text/css; charset=utf-8",
	"page.js":  "text/javascript; charset=utf-8",
}

type asset struct {
	data []byte
	hash string
}

var assets = sync.OnceValues(func() (map[string]asset, error) {
	all := map[string]asset{}
	for name := range assetTypes {
		data, err := fs.ReadFile(assetFiles, "assets/"+name)
		if err != nil {
			return nil, fmt.Errorf("%s is not built in; type: make assets", name)
		}
		sum := sha256.Sum256(data)
		all[name] = asset{data, hex.EncodeToString(sum[:8])}
	}
	return all, nil
})

// CheckAssets tells whether scripts and styles were built in.
func CheckAssets() error {
	_, err := assets()
	return err
}

// AssetPath returns the path under which a file is served.
func AssetPath(name string) (string, error) {
	all, err := assets()
	if err != nil {
		return "", err
	}
	a, ok := all[name]
	if !ok {
		return "", fmt.Errorf("asset %q is not known", name)
	}
	return "/assets/" + a.hash + "/" + name, nil
}

// Asset returns a file and its content type; ok tells whether there is one of that name and hash.
func Asset(hash, name string) (data []byte, contentType string, ok bool) {
	all, err := assets()
	if err != nil {
		return nil, "", false
	}
	a, ok := all[name]
	return a.data, assetTypes[name], ok && a.hash == hash
}
