package economy

import (
	"slices"
	"testing"
)

func TestDefaultRaisesEveryUrgencyToTheTop(t *testing.T) {
	t.Parallel()
	for n := 1; n < 6; n++ {
		for u := range n {
			heights := []float64{}
			for _, r := range DefaultLadder(n).Rungs {
				heights = append(heights, r[u])
			}
			if slices.Max(heights) != 1 {
				t.Errorf("%d urgencies: heights %v of urgency %d", n, heights, u)
			}
		}
	}
}
