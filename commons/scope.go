package commons

import (
	"github.com/go-json-experiment/json"

	"bremen/record"
)

// successor tells from which record one goes on, by its first entry, and how many entries the network had by then.
func successor(e *record.Entry) (origin string, size int64, ok bool) {
	var b struct {
		Origin string `json:"origin"`
		Size   int64  `json:"size"`
	}
	if e.Statement.Type != "log.succeed" || json.Unmarshal(e.Statement.Body, &b) != nil {
		return "", 0, false
	}
	return b.Origin, b.Size, true
}
