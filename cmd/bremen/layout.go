package main

import (
	"io"
	"strings"
	"unicode/utf8"
)

// width is how many columns the text for people takes at most.
const width = 80

// wrap breaks text into lines of at most most columns, paragraph by paragraph;
// lines that begin with a blank stay as they are.
func wrap(text string, most int) string {
	var b strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		if strings.HasPrefix(line, " ") {
			b.WriteString(line)
			continue
		}
		b.WriteString(fill(line, most, ""))
	}
	return b.String()
}

// hang writes text after first, its further lines below its beginning.
func hang(text, first string, most int) string {
	return first + fill(text, most-utf8.RuneCountInString(first), strings.Repeat(" ", utf8.RuneCountInString(first)))
}

// fill breaks words into lines of at most most columns, with prefix before each
// but the first. A unit stays with its number.
func fill(text string, most int, prefix string) string {
	var b strings.Builder
	column := 0
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' }) {
		n := utf8.RuneCountInString(w)
		switch {
		case column == 0:
		case column+1+n > most:
			b.WriteString("\n" + prefix)
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(plain(w))
		column += n
	}
	return b.String()
}

// table prints rows of cells in columns that fit into the width. Columns named
// in right are aligned to the right; the column flex gives way when it is too
// wide, wrapping below itself.
type table struct {
	head  []string
	rows  [][]string
	right map[int]bool
	flex  int
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t *table) print(w io.Writer) {
	widths := make([]int, len(t.head))
	for _, r := range append([][]string{t.head}, t.rows...) {
		for i, c := range r {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	total := 2 * (len(widths) - 1)
	for _, n := range widths {
		total += n
	}
	if total > width {
		widths[t.flex] = max(12, widths[t.flex]-(total-width))
	}
	for _, r := range append([][]string{t.head}, t.rows...) {
		t.printRow(w, r, widths)
	}
}

func (t *table) printRow(w io.Writer, cells []string, widths []int) {
	lines := strings.Split(fill(cells[t.flex], widths[t.flex], ""), "\n")
	for k, part := range lines {
		var b strings.Builder
		for i, c := range cells {
			switch {
			case i == t.flex:
				c = clip(part, widths[i])
			case k > 0:
				c = ""
			}
			pad := strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(c)))
			if i > 0 {
				b.WriteString("  ")
			}
			if t.right[i] {
				b.WriteString(pad + c)
			} else {
				b.WriteString(c + pad)
			}
		}
		io.WriteString(w, strings.TrimRight(b.String(), " ")+"\n")
	}
}

// clip shortens s to at most n columns.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:max(0, n-1)]) + "…"
}
