package cells

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/parquet-go/parquet-go"
)

// Writer writes a long table row by row: the texts of a row, then its numbers.
type Writer interface {
	// Row writes one row: as many texts and numbers as the table has columns of each.
	Row(texts []string, numbers ...float64) error
	// Close ends the table. It does not close what is written to.
	Close() error
}

// NewWriter writes a table to w, as Parquet if file says so and as CSV otherwise.
// Beside what is written it keeps buffers of constant size; a Parquet file is
// written in groups of 2^20 rows, each with dictionaries of its texts.
func NewWriter(w io.Writer, file string, texts, numbers []string) Writer {
	if isParquet(file) {
		return newParquetWriter(w, texts, numbers)
	}
	c := &csvWriter{out: bufio.NewWriterSize(w, 1<<18)}
	for k, name := range append(append([]string{}, texts...), numbers...) {
		if k > 0 {
			c.line = append(c.line, ',')
		}
		c.text(name)
	}
	c.line = append(c.line, '\n')
	return c
}

type csvWriter struct {
	out  *bufio.Writer
	line []byte
}

func (c *csvWriter) Row(texts []string, numbers ...float64) error {
	if _, err := c.out.Write(c.line); err != nil {
		return err
	}
	c.line = c.line[:0]
	for k, t := range texts {
		if k > 0 {
			c.line = append(c.line, ',')
		}
		c.text(t)
	}
	for k, v := range numbers {
		if k > 0 || len(texts) > 0 {
			c.line = append(c.line, ',')
		}
		c.line = strconv.AppendFloat(c.line, v, 'g', -1, 64)
	}
	c.line = append(c.line, '\n')
	return nil
}

func (c *csvWriter) Close() error {
	if _, err := c.out.Write(c.line); err != nil {
		return err
	}
	c.line = c.line[:0]
	return c.out.Flush()
}

// text appends a field, quoted where it has to be. Line breaks become spaces:
// a field ends on its line.
func (c *csvWriter) text(s string) {
	plain := true
	for i := range len(s) {
		switch b := s[i]; {
		case b == ',' || b == '"' || b == '\n' || b == '\r', b <= ' ' && (i == 0 || i == len(s)-1):
			plain = false
		}
	}
	if plain {
		c.line = append(c.line, s...)
		return
	}
	c.line = append(c.line, '"')
	for i := range len(s) {
		switch b := s[i]; b {
		case '"':
			c.line = append(c.line, '"', '"')
		case '\n', '\r':
			c.line = append(c.line, ' ')
		default:
			c.line = append(c.line, b)
		}
	}
	c.line = append(c.line, '"')
}

// parquetWriter hands rows to the library in batches, column by column.
type parquetWriter struct {
	out     *bufio.Writer
	file    *parquet.GenericWriter[any]
	columns []*parquet.ColumnWriter // texts, then numbers
	batch   [][]parquet.Value
	texts   []byte // of the batch
	rows    int    // in the row group
}

const (
	batchRows = 4096
	groupRows = 1 << 20
)

func newParquetWriter(w io.Writer, texts, numbers []string) *parquetWriter {
	group := parquet.Group{}
	for _, name := range texts {
		group[name] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	for _, name := range numbers {
		group[name] = parquet.Leaf(parquet.DoubleType)
	}
	schema := parquet.NewSchema("table", group)
	p := &parquetWriter{out: bufio.NewWriterSize(w, 1<<18)}
	options := []parquet.WriterOption{schema, parquet.Compression(&parquet.Snappy)}
	for _, name := range texts {
		options = append(options, parquet.SkipPageBounds(name)) // finding the first and last text of each page costs more than it saves
	}
	p.file = parquet.NewGenericWriter[any](p.out, options...)
	all := p.file.ColumnWriters()
	for _, name := range append(append([]string{}, texts...), numbers...) {
		leaf, _ := schema.Lookup(name)
		p.columns = append(p.columns, all[leaf.ColumnIndex])
	}
	p.batch = make([][]parquet.Value, len(p.columns))
	return p
}

func (p *parquetWriter) Row(texts []string, numbers ...float64) error {
	if len(texts)+len(numbers) != len(p.columns) {
		return fmt.Errorf("a row of %d texts and %d numbers, expected %d in all", len(texts), len(numbers), len(p.columns))
	}
	for k, t := range texts {
		from := len(p.texts) // when it grows, earlier values keep the old array
		p.texts = append(p.texts, t...)
		p.batch[k] = append(p.batch[k], parquet.ByteArrayValue(p.texts[from:]))
	}
	for k, v := range numbers {
		k += len(texts)
		p.batch[k] = append(p.batch[k], parquet.DoubleValue(v))
	}
	p.rows++
	if len(p.batch[0]) == batchRows {
		return p.flush(p.rows == groupRows)
	}
	return nil
}

func (p *parquetWriter) flush(group bool) error {
	for k, c := range p.columns {
		if len(p.batch[k]) == 0 { // of no values parquet-go would look at the first
			continue
		}
		if _, err := c.WriteRowValues(p.batch[k]); err != nil {
			return err
		}
		p.batch[k] = p.batch[k][:0]
	}
	p.texts = p.texts[:0]
	if !group {
		return nil
	}
	p.rows = 0
	return p.file.Flush()
}

func (p *parquetWriter) Close() error {
	if err := p.flush(false); err != nil {
		return err
	}
	if err := p.file.Close(); err != nil {
		return err
	}
	return p.out.Flush()
}
