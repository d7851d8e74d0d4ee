package serve

import (
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"bremen/commons"
	"bremen/record"
)

// fileTime is how long sending a file may take: the largest are half a gigabyte.
const fileTime = 20 * time.Minute

// planFiles serves the files to which adopted plans are bound, by their SHA-256 in hexadecimal.
func planFiles(n *commons.Network) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text := r.PathValue("hash")
		sum, err := hex.DecodeString(text)
		if err != nil || len(sum) != len(record.Hash{}) || hex.EncodeToString(sum) != text {
			http.NotFound(w, r)
			return
		}
		f, err := n.OpenPlanFile(record.Hash(sum))
		if errors.Is(err, commons.ErrNoFile) {
			http.NotFound(w, r)
			return
		}
		if err != nil {
			http.Error(w, "the file cannot be read at present", http.StatusInternalServerError)
			return
		}
		defer f.Close()
		http.NewResponseController(w).SetWriteDeadline(time.Now().Add(fileTime)) //nolint:errcheck // of a test's recorder, which has none
		h := w.Header()
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Cache-Control", "private, max-age=31536000, immutable") // who may read the record is for the network to change
		h.Set("ETag", `"`+text+`"`)
		http.ServeContent(w, r, "", time.Time{}, f)
	}
}
