package cells

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCodesFindWhatWasAddedAndNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfNDistinct(rapid.StringN(0, 20, 40), 0, 600, rapid.ID).Draw(t, "codes")
		x := NewCodes()
		known := map[string]int32{}
		for i, c := range codes {
			if i%3 == 0 {
				continue
			}
			known[c] = int32(len(x.List()))
			x.Add(c)
		}
		step := rapid.IntRange(1, 3).Draw(t, "step")
		fields, numbers := make([][]byte, step*len(codes)), make([]int32, len(codes))
		for i, c := range codes {
			fields[i*step] = []byte(c)
		}
		x.findAll(fields, step, numbers)
		for i, c := range codes {
			want, there := known[c]
			if !there {
				want = -1
			}
			if numbers[i] != want {
				t.Fatalf("%q is at %d among all, want %d", c, numbers[i], want)
			}
		}
		for range 2 {
			for _, c := range codes {
				want, there := known[c]
				if got, ok := x.Find([]byte(c)); ok != there || got != want {
					t.Fatalf("%q is at %d (%v), want %d (%v)", c, got, ok, want, there)
				}
			}
		}
	})
}
