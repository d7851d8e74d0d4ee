package record

import (
	"bytes"
	"crypto/sha256"
	stdjson "encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// timeFormat is how times are written: UTC, always with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Canonical returns the canonical JSON (RFC 8785) of v, which may be a Go value or a json.RawMessage. It refuses what
// has no canonical form: members of one name, invalid UTF-8, numbers beyond the range of an IEEE 754 double.
func Canonical(v any) ([]byte, error) {
	raw, ok := v.(stdjson.RawMessage)
	if !ok {
		data, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		raw = data
	}
	out := jsontext.Value(raw).Clone()
	if err := out.Canonicalize(); err != nil {
		return nil, err
	}
	return out, checkNumbers(out)
}

// checkNumbers refuses numbers that overflow, which RFC 8785 (3.2.2.3) wants refused and which Canonicalize makes the
// largest double.
func checkNumbers(canonical []byte) error {
	const largest = "1.7976931348623157e+308"
	if !bytes.Contains(canonical, []byte(largest)) {
		return nil
	}
	for dec := jsontext.NewDecoder(bytes.NewReader(canonical)); ; {
		token, err := dec.ReadToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if token.Kind() == '0' && strings.TrimPrefix(token.String(), "-") == largest {
			return fmt.Errorf("a number is not less than %s", largest)
		}
	}
}

// Canonical returns the statement's canonical JSON, checked as [Decode] checks it, or an [ErrInvalid].
func (s *Statement) Canonical() ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	data, err := s.append(nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return data, nil
}

// Hash returns the hash that devices sign: SHA-256 of the canonical statement.
func (s *Statement) Hash() (Hash, error) {
	data, err := s.Canonical()
	if err != nil {
		return Hash{}, err
	}
	return sha256.Sum256(data), nil
}

// SignedText returns what Card and Server signatures sign: "bremen statement", a line feed, the statement's hash in
// base64, a line feed. It can be taken neither for a checkpoint nor for a receipt.
func SignedText(statement Hash) []byte {
	return []byte("bremen statement\n" + statement.String() + "\n")
}

// Prepared is a draft that has passed every check that needs neither number nor time.
type Prepared struct {
	Entry    Entry // without Seq and Time
	Payloads []Payload

	signatures, statement []byte
}

// Prepare checks a draft for the log of an origin and encodes what can be encoded before it has its number. Errors are
// ErrInvalid.
func Prepare(origin string, d Draft) (*Prepared, error) {
	s := d.Statement
	if s.Origin != origin {
		return nil, fmt.Errorf("%w: origin %q, the log's is %q", ErrInvalid, s.Origin, origin)
	}
	if err := checkPayloads(s.Payloads, d.Payloads); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if err := checkSignatures(&s, d.Signatures); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	statement, err := s.Canonical()
	if err != nil {
		return nil, err
	}
	// What callers hold is what Decode would give them.
	if s.Body, err = Canonical(s.Body); err != nil {
		return nil, fmt.Errorf("%w: body: %w", ErrInvalid, err)
	}
	signatures, err := appendSignatures(nil, d.Signatures)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	p := &Prepared{
		Entry:    Entry{Signatures: d.Signatures, Statement: s, StatementHash: sha256.Sum256(statement)},
		Payloads: d.Payloads, signatures: signatures, statement: statement,
	}
	const around = len(`{"seq":,"signatures":,"statement":,"time":""}`) + 19 + len(timeFormat)
	if n := around + len(signatures) + len(statement); n > MaxEntry {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrInvalid, n, MaxEntry)
	}
	return p, nil
}

// Place gives the statement its number and time, and returns the entry's canonical JSON.
func (p *Prepared) Place(seq int64, t time.Time) ([]byte, error) {
	p.Entry.Seq, p.Entry.Time = seq, t.UTC().Truncate(time.Millisecond)
	if err := checkPlace(&p.Entry); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	b := make([]byte, 0, len(p.signatures)+len(p.statement)+100)
	b = append(b, `{"seq":`...)
	b = strconv.AppendInt(b, seq, 10)
	b = append(b, `,"signatures":`...)
	b = append(b, p.signatures...)
	b = append(b, `,"statement":`...)
	b = append(b, p.statement...)
	b = append(b, `,"time":"`...)
	b = p.Entry.Time.AppendFormat(b, timeFormat)
	return append(b, `"}`...), nil
}

// wire is an entry as it is written.
type wire struct {
	Seq        int64       `json:"seq"`
	Signatures []Signature `json:"signatures"`
	Statement  Statement   `json:"statement"`
	Time       string      `json:"time"`
}

// Decode reads an entry from its canonical JSON. It refuses everything that this package would not have written, so
// that one entry has one form. Errors are ErrInvalid.
func Decode(data []byte) (Entry, error) {
	e, err := decode(data)
	if err != nil {
		return Entry{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return e, nil
}

func decode(data []byte) (Entry, error) {
	if len(data) > MaxEntry {
		return Entry{}, fmt.Errorf("%d bytes, at most %d", len(data), MaxEntry)
	}
	var w wire
	if err := json.Unmarshal(data, &w, json.RejectUnknownMembers(true)); err != nil {
		return Entry{}, err
	}
	e := Entry{Seq: w.Seq, Signatures: w.Signatures, Statement: w.Statement}
	var err error
	if e.Time, err = time.Parse(timeFormat, w.Time); err != nil {
		return Entry{}, fmt.Errorf("time %q: expected the form %s", w.Time, timeFormat)
	}
	if err := e.Statement.check(); err != nil {
		return Entry{}, err
	}
	if err := checkSignatures(&e.Statement, e.Signatures); err != nil {
		return Entry{}, err
	}
	if err := checkPlace(&e); err != nil {
		return Entry{}, err
	}
	err = e.sameForm(data)
	return e, err
}

// Canonical returns the entry's canonical JSON, which Decode reads: what is a leaf of the tree.
func (e *Entry) Canonical() ([]byte, error) {
	if err := e.Statement.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	data, _, err := e.encode(0)
	if err == nil && len(data) > MaxEntry {
		err = fmt.Errorf("%d bytes, at most %d", len(data), MaxEntry)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return data, nil
}

// encode writes the entry, of about size bytes, and its statement alone.
func (e *Entry) encode(size int) (data, statement []byte, err error) {
	var p Prepared
	if p.statement, err = e.Statement.append(make([]byte, 0, size)); err != nil {
		return nil, nil, err
	}
	if p.signatures, err = appendSignatures(nil, e.Signatures); err != nil {
		return nil, nil, err
	}
	p.Entry = *e
	data, err = p.Place(e.Seq, e.Time)
	return data, p.statement, err
}

// sameForm writes the entry again, checks that it is data, and fills in the statement's hash.
func (e *Entry) sameForm(data []byte) error {
	again, statement, err := e.encode(len(data))
	if err != nil {
		return err
	}
	if !bytes.Equal(again, data) {
		i := 0
		for i < min(len(again), len(data)) && again[i] == data[i] {
			i++
		}
		return fmt.Errorf("not in canonical form from byte %d on", i)
	}
	e.StatementHash = sha256.Sum256(statement)
	return nil
}
