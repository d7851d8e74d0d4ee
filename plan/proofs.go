package plan

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// Proofs is what proves a plan: per round of the ladder, in order, what was
// fixed at which level and the dual vector that bounds it; and the final
// solution, which is the primal side of every round at once (each round's
// level is compared with what this one vector attains).
type Proofs struct {
	Network   string        `json:"network"`
	Ladder    string        `json:"ladder"`
	Precision float64       `json:"precision"`
	Rows      int           `json:"rows"` // of the network's program, without goals
	Columns   int           `json:"columns"`
	Rounds    []roundRecord `json:"rounds"`
	Lengths   []int         `json:"lengths"`  // of each round's dual vector, 0 where none is needed
	Rests     []int         `json:"rests"`    // of what its figures leave out, 0 where nothing depends on it; null if nowhere
	InForce   []RunLine     `json:"in_force"` // runs from which changes are counted; null without a plan in force
	Primal    []float64     `json:"-"`
	// Rounded is the plan in whole batches and packs, from which the lists are
	// read; empty where nothing comes in whole amounts. It proves no level.
	Rounded []float64 `json:"-"`
}

// proofsHead is the header of a proofs file.
type proofsHead struct {
	*Proofs
	Rounded int `json:"rounded,omitempty"` // length of the rounded plan
}

func (c *climb) proofs(x []float64) *Proofs {
	p := &Proofs{Network: c.p.Net.ID, Precision: c.precision, Rows: c.p.LP.Rows(), Columns: c.p.LP.Cols(), Rounds: c.rounds, InForce: c.p.force, Primal: x}
	for _, r := range c.rounds {
		p.Lengths = append(p.Lengths, len(r.Dual))
		p.Rests = append(p.Rests, len(r.Rest))
	}
	return p
}

// inForce is what Build needs to know of the plan in force when the plan was made.
func (p *Proofs) inForce() *Document {
	if p.InForce == nil {
		return nil
	}
	return &Document{Runs: p.InForce}
}

// proofsMagic is the first line of a proofs file.
const proofsMagic = "bremen proofs 1\n"

// Limits on what ReadProofs takes: longer files are no plan of this program.
const (
	maxProofHeader = 64 << 20
	maxProofVector = 1 << 28
)

// Write writes the proofs: gzip of a magic line, the length of a JSON header
// (8 bytes, little endian), the header, and all vectors as little-endian float64,
// what the figures of a dual leave out as float32.
func (p *Proofs) Write(w io.Writer) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(z, 1<<16)
	head, err := json.Marshal(proofsHead{p, len(p.Rounded)})
	if err != nil {
		return err
	}
	b.WriteString(proofsMagic)
	binary.Write(b, binary.LittleEndian, uint64(len(head)))
	b.Write(head)
	for _, r := range p.Rounds {
		writeVector(b, r.Dual)
		writeShort(b, r.Rest)
	}
	writeVector(b, p.Primal)
	writeVector(b, p.Rounded)
	return errors.Join(b.Flush(), z.Close())
}

func writeVector(b *bufio.Writer, v []float64) {
	var buf [8]byte
	for _, f := range v {
		binary.LittleEndian.PutUint64(buf[:], math.Float64bits(f))
		b.Write(buf[:])
	}
}

// writeShort writes figures that float32 holds.
func writeShort(b *bufio.Writer, v []float64) {
	var buf [4]byte
	for _, f := range v {
		binary.LittleEndian.PutUint32(buf[:], math.Float32bits(float32(f)))
		b.Write(buf[:])
	}
}

// ReadProofs reads what Write wrote.
func ReadProofs(r io.Reader) (*Proofs, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("proofs: not a gzip file: %w", err)
	}
	b := bufio.NewReaderSize(z, 1<<16)
	magic := make([]byte, len(proofsMagic))
	if _, err := io.ReadFull(b, magic); err != nil || string(magic) != proofsMagic {
		return nil, fmt.Errorf("proofs: does not begin with %q", proofsMagic[:len(proofsMagic)-1])
	}
	var n uint64
	if err := binary.Read(b, binary.LittleEndian, &n); err != nil || n > maxProofHeader {
		return nil, fmt.Errorf("proofs: header of %d bytes, at most %d are read", n, maxProofHeader)
	}
	head, err := io.ReadAll(io.LimitReader(b, int64(n)))
	if err != nil || uint64(len(head)) != n {
		return nil, errors.New("proofs: the file ends within its header")
	}
	p := &Proofs{}
	h := proofsHead{Proofs: p}
	if err := json.Unmarshal(head, &h); err != nil {
		return nil, fmt.Errorf("proofs: header: %w", err)
	}
	if p.Rests == nil { // of before there were any
		p.Rests = make([]int, len(p.Rounds))
	}
	if len(p.Lengths) != len(p.Rounds) || len(p.Rests) != len(p.Rounds) {
		return nil, fmt.Errorf("proofs: %d rounds but %d vectors and %d rests", len(p.Rounds), len(p.Lengths), len(p.Rests))
	}
	for i := range p.Rounds {
		if p.Rounds[i].Dual, err = readVector(b, p.Lengths[i]); err != nil {
			return nil, fmt.Errorf("proofs: round %d: %w", i+1, err)
		}
		if n := p.Rests[i]; n != 0 && n != p.Lengths[i] {
			return nil, fmt.Errorf("proofs: round %d: rest of %d figures for %d duals", i+1, n, p.Lengths[i])
		}
		if p.Rounds[i].Rest, err = readShort(b, p.Rests[i]); err != nil {
			return nil, fmt.Errorf("proofs: round %d: rest: %w", i+1, err)
		}
	}
	if p.Primal, err = readVector(b, p.Columns); err != nil {
		return nil, fmt.Errorf("proofs: solution: %w", err)
	}
	if p.Rounded, err = readVector(b, h.Rounded); err != nil {
		return nil, fmt.Errorf("proofs: rounded solution: %w", err)
	}
	if k, err := io.Copy(io.Discard, io.LimitReader(b, 1)); k > 0 || err != nil {
		return nil, errors.New("proofs: the file goes on after its end")
	}
	return p, nil
}

func readVector(b *bufio.Reader, n int) ([]float64, error) {
	if n == 0 {
		return nil, nil
	}
	if n < 0 || n > maxProofVector {
		return nil, fmt.Errorf("vector of %d figures", n)
	}
	var v []float64
	var buf [8]byte
	for range n {
		if _, err := io.ReadFull(b, buf[:]); err != nil {
			return nil, errors.New("the file ends within a vector")
		}
		v = append(v, math.Float64frombits(binary.LittleEndian.Uint64(buf[:])))
	}
	return v, nil
}

func readShort(b *bufio.Reader, n int) ([]float64, error) {
	var v []float64
	var buf [4]byte
	for range n {
		if _, err := io.ReadFull(b, buf[:]); err != nil {
			return nil, errors.New("the file ends within a vector")
		}
		v = append(v, float64(math.Float32frombits(binary.LittleEndian.Uint32(buf[:]))))
	}
	return v, nil
}
