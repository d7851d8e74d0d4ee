package witness

import (
	"fmt"
	"strings"

	cosign "github.com/transparency-dev/formats/note"

	"bremen/record"
)

// LineError is a line of a list of logs that is none.
type LineError struct {
	Line int // from 1
	Text string
}

func (e *LineError) Error() string {
	return fmt.Sprintf("line %d: %q is no public key of a log", e.Line, e.Text)
}

// ParseLogs reads which logs a witness serves, as [New] takes them: by origin, the public keys of which one must have
// signed. The text has a public key on each line, named after its log; or it is a list of the public witness network
// (its log-list format, which begins with a line "logs/v0"), of which the lines vkey and origin count. Blank lines and
// those that begin with "#" are left aside. The error may be a *LineError.
func ParseLogs(text string) (map[string][]string, error) {
	logs := map[string][]string{}
	list := false
	origin, key := "", "" // of the log that is being read
	take := func() {
		if key != "" {
			logs[origin] = append(logs[origin], key)
		}
	}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case line == "logs/v0" && key == "":
			list = true
			continue
		case list && word == "origin":
			if rest != "none" {
				origin = rest
			}
		case list && word != "vkey":
			continue
		default:
			take()
			if key = line; list {
				key = rest
			}
			v, err := cosign.NewVerifier(key)
			if err != nil {
				return nil, &LineError{Line: n, Text: key}
			}
			origin = v.Name()
		}
		if record.CheckOrigin(origin) != nil {
			return nil, &LineError{Line: n, Text: line}
		}
	}
	take()
	return logs, nil
}
