package audittest

import (
	"time"

	"bremen/govern"
	"bremen/record"
)

// Many adds n entries as they come most often, half a second apart: needs that replace the member's last, nine of ten in
// a session and the tenth signed with a device that saw the head of a hundred entries before at most. They are
// imported as they are, without asking the rules.
func (n *Network) Many(count int) {
	n.tb.Helper()
	last := map[int64]int64{}
	seq := n.Head().Size
	now := n.Clock.Now().UTC().Truncate(time.Millisecond)
	for count > 0 {
		part := min(count, 100)
		seen := n.Head()
		raw := make([][]byte, part)
		for i := range raw {
			by := 1 + seq%3
			x := Said{Type: "need.state", By: by, Right: "state", Kind: record.Session}
			if before, ok := last[by]; ok {
				x.Body = map[string]any{"replaces": before}
			}
			if seq%10 == 0 {
				x.Kind, x.Seen = record.Device, seen
			}
			p, err := record.Prepare(n.Log.Origin(), n.Draft(n.Log.Origin(), x))
			if err != nil {
				n.tb.Fatal(err)
			}
			if raw[i], err = p.Place(seq, now); err != nil {
				n.tb.Fatal(err)
			}
			last[by], seq, now = seq, seq+1, now.Add(500*time.Millisecond)
		}
		if err := n.Log.Import(n.tb.Context(), raw, nil); err != nil {
			n.tb.Fatal(err)
		}
		count -= part
	}
	n.Clock.Pass(now.Sub(n.Clock.Now()))
	n.State = govern.NewState() // what the log says now
	for e, err := range record.Entries(n.tb.Context(), n.Log, 0) {
		if err == nil {
			err = n.State.Apply(&e)
		}
		if err != nil {
			n.tb.Fatal(err)
		}
	}
}
