package mistake

import (
	"strings"
	"unicode"
)

// Nearest returns the name most like the one found: the one that fewest
// insertions, deletions, replacements and swaps of neighbours lead to, upper
// and lower case counting half; ties go to the one that begins alike for longer
// ("bred", "bread" and not "bed"), then to the first in order of the alphabet.
// About a third of the letters may differ, and one more if the first two agree
// ("brot", "bread"). It is "" where nothing is like it.
func Nearest(found string, names []string) string {
	f := []rune(found)
	if len(f) == 0 || len(f) > 60 {
		return ""
	}
	most := max(2, 2*(len(f)+2)/3) // in halves
	if len(f) <= 2 {
		most = 2
	}
	best, least := "", most+3
	var d distance
	for _, name := range names {
		if name == found || name == "" || len(name) > 200 || abs(len(name)-len(found)) > 30 {
			continue
		}
		n := []rune(name)
		allowed := most
		if len(f) > 2 && len(n) > 2 && unicode.ToLower(f[0]) == unicode.ToLower(n[0]) && unicode.ToLower(f[1]) == unicode.ToLower(n[1]) {
			allowed += 2
		}
		cost := d.between(f, n, min(allowed, least))
		if cost <= allowed && (cost < least || cost == least && (alike(f, n) > alike(f, []rune(best)) || alike(f, n) == alike(f, []rune(best)) && name < best)) {
			best, least = name, cost
		}
	}
	return best
}

// alike counts the letters with which both begin.
func alike(a, b []rune) int {
	n := 0
	for n < len(a) && n < len(b) && unicode.ToLower(a[n]) == unicode.ToLower(b[n]) {
		n++
	}
	return n
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}

// distance computes edit distances in halves, reusing its rows.
type distance struct{ before, last, row []int }

// between returns the distance, or any number above most when it exceeds most.
func (d *distance) between(a, b []rune, most int) int {
	if 2*abs(len(a)-len(b)) > most {
		return most + 1
	}
	d.before, d.last, d.row = resize(d.before, len(b)), resize(d.last, len(b)), resize(d.row, len(b))
	for j := range d.last {
		d.last[j] = 2 * j
	}
	for i := 1; i <= len(a); i++ {
		d.row[0] = 2 * i
		least := d.row[0]
		for j := 1; j <= len(b); j++ {
			c := min(d.last[j-1]+replace(a[i-1], b[j-1]), d.last[j]+2, d.row[j-1]+2)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				c = min(c, d.before[j-2]+2)
			}
			d.row[j] = c
			least = min(least, c)
		}
		if least > most {
			return most + 1
		}
		d.before, d.last, d.row = d.last, d.row, d.before
	}
	return d.last[len(b)]
}

func replace(a, b rune) int {
	switch {
	case a == b:
		return 0
	case unicode.ToLower(a) == unicode.ToLower(b):
		return 1
	case strings.ContainsRune("-_ .:", a) && strings.ContainsRune("-_ .:", b):
		return 1
	}
	return 2
}

func resize(s []int, n int) []int {
	if cap(s) < n+1 {
		return make([]int, n+1)
	}
	return s[:n+1]
}
