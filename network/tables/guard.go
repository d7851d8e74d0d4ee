package tables

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"bremen/network"
)

// Limits of what is read; a file beyond them is reported and not read on.
const (
	maxLine  = 1 << 20 // bytes of one line
	maxBytes = 4 << 30 // bytes of one file
	maxUTF16 = 1 << 28 // bytes of a file that must be recoded
	maxRows  = 1 << 24 // rows of one table
)

// guard passes on whole lines of a text after checking them: UTF-8, no NUL
// characters, not too long. The first line that fails ends the text with a *lineError.
type guard struct {
	in    *bufio.Reader
	line  int    // lines passed on
	rest  []byte // of the line being passed on
	long  []byte // buffer for lines longer than in's
	bytes int64
	err   error
}

// lineError is a line that cannot be text.
type lineError struct {
	line int
	network.Mistake
}

func (e *lineError) Unwrap() error { return e.Mistake }

// newGuard skips a byte-order mark and recodes UTF-16.
func newGuard(r io.Reader) (*guard, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	mark, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(mark, []byte("\xef\xbb\xbf")):
		_, err = in.Discard(3)
		return &guard{in: in}, err
	case bytes.HasPrefix(mark, []byte("\xff\xfe")):
		return recode(in, binary.LittleEndian)
	case bytes.HasPrefix(mark, []byte("\xfe\xff")):
		return recode(in, binary.BigEndian)
	}
	return &guard{in: in}, nil
}

func recode(r io.Reader, order binary.ByteOrder) (*guard, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxUTF16+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > maxUTF16 {
		return nil, &lineError{1, network.Mistake{Code: network.CodeTooBig, Expected: strconv.Itoa(maxUTF16)}}
	}
	if len(raw)%2 != 0 {
		return nil, &lineError{1, network.Mistake{Code: network.CodeEncoding, Found: "UTF-16"}}
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 2; i < len(raw); i += 2 { // without the mark
		units = append(units, order.Uint16(raw[i:]))
	}
	text := string(utf16.Decode(units))
	return &guard{in: bufio.NewReader(bytes.NewReader([]byte(text)))}, nil
}

// Read implements io.Reader.
func (g *guard) Read(p []byte) (int, error) {
	if len(g.rest) == 0 {
		if err := g.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

// nextLine returns the next checked line with its line end.
func (g *guard) nextLine() ([]byte, error) {
	if len(g.rest) > 0 {
		line := g.rest
		g.rest = nil
		return line, nil
	}
	if err := g.next(); err != nil {
		return nil, err
	}
	line := g.rest
	g.rest = nil
	return line, nil
}

func (g *guard) next() error {
	if g.err != nil {
		return g.err
	}
	line, err := g.in.ReadSlice('\n')
	g.long = g.long[:0]
	for errors.Is(err, bufio.ErrBufferFull) && len(g.long) <= maxLine {
		g.long = append(g.long, line...)
		line, err = g.in.ReadSlice('\n')
	}
	if len(g.long) > 0 {
		g.long = append(g.long, line...)
		line = g.long
	}
	if err != nil {
		g.err = err // io.EOF after the last line
	}
	if len(line) == 0 {
		return g.err
	}
	g.line++
	g.bytes += int64(len(line))
	if m := g.check(line); m != nil {
		g.err = &lineError{g.line, *m}
		return g.err
	}
	g.rest = line
	return nil
}

func (g *guard) check(line []byte) *network.Mistake {
	switch {
	case len(line) > maxLine:
		return &network.Mistake{Code: network.CodeLongLine, Expected: strconv.Itoa(maxLine)}
	case g.bytes > maxBytes:
		return &network.Mistake{Code: network.CodeTooBig, Expected: strconv.Itoa(maxBytes)}
	case bytes.IndexByte(line, 0) >= 0:
		return &network.Mistake{Code: network.CodeNUL}
	case !utf8.Valid(line):
		return &network.Mistake{Code: network.CodeEncoding, Found: wrongBytes(line)}
	}
	return nil
}

// wrongBytes shows the first byte that is no UTF-8, with what stands before it.
func wrongBytes(line []byte) string {
	for i := 0; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && size == 1 {
			return fmt.Sprintf("%s\\x%02x", line[max(0, i-12):i], line[i])
		}
		i += size
	}
	return ""
}
