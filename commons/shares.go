package commons

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"bremen/network"
	"bremen/record"
)

// sumFile is what the server keeps of the sums in a frozen network, so that members can be shown their own part. Whose a
// leaf is follows only from the salts of that person's payloads: when they are erased, nothing leads there any more.
type sumFile struct {
	Number int64               `json:"number"`
	Seed   record.Hash         `json:"seed"` // makes the salts of this file unlike those of any other
	People map[int64]sumPerson `json:"people"`
	// Figures are those per head that held then, as anybody can read; for whom they held is not said.
	Figures []Figure  `json:"figures"`
	Trees   []sumTree `json:"trees"`
}

type sumPerson struct {
	Group   string  `json:"group"`             // Group.ID
	Entries []int64 `json:"entries,omitempty"` // private statements that went in, as anybody can read in the record
}

// sumTree is one sum. Everybody of the group has two leaves in it, whether or not they stated anything: with random parts
// of their amount, so that the siblings in a proof tell nobody another's. Leaves are sorted by their hashes.
type sumTree struct {
	Line   Line      `json:"line"`
	Sum    Decimal   `json:"sum"`
	Leaves []sumNode `json:"leaves"`

	from, to int // periods; 0 for a total
	parts    []Decimal
	who      []int64
}

// halves is how many leaves everybody has.
const halves = 2

// finish names the windows and makes the leaves.
func (f *sumFile) finish(keys map[int64]record.Hash) {
	for i := range f.Trees {
		t := &f.Trees[i]
		if t.from > 0 {
			t.Line.Window = network.Span{From: t.from, To: t.to}.String()
		}
		for k, person := range t.who {
			t.Sum = t.Sum.Add(t.parts[k])
			for _, leaf := range ownLeaves(f.Seed, keys[person], t.Line, t.parts[k]) {
				node, err := sumLeaf(leaf.salt, leaf.amount)
				if err != nil { // needs and offers are not negative, as was checked
					panic("commons: " + err.Error())
				}
				t.Leaves = append(t.Leaves, node)
			}
		}
		slices.SortFunc(t.Leaves, func(a, b sumNode) int { return bytes.Compare(a.Hash[:], b.Hash[:]) })
	}
}

// shareKey is the secret of a person in one file: from the salts of what they stated, which only the vault has, or from
// the file's seed for those who stated nothing.
func shareKey(seed record.Hash, person int64, salts []byte) record.Hash {
	secret := sha256.Sum256(append([]byte("bremen sum secret\n"), salts...))
	mac := hmac.New(sha256.New, secret[:])
	mac.Write([]byte("bremen sum key\n"))
	mac.Write(seed[:])
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(person)))
	return record.Hash(mac.Sum(nil))
}

type ownLeaf struct {
	salt   record.Hash
	amount Decimal
}

// ownLeaves splits a person's amount into random parts, each with its salt.
func ownLeaves(seed, key record.Hash, l Line, amount Decimal) []ownLeaf {
	derive := func(what string) record.Hash {
		mac := hmac.New(sha256.New, key[:])
		mac.Write([]byte("bremen sum " + what + "\n"))
		mac.Write(seed[:])
		text, err := record.Canonical(l)
		if err != nil { // a Line holds nothing that JSON cannot
			panic("commons: " + err.Error())
		}
		mac.Write(text)
		return record.Hash(mac.Sum(nil))
	}
	random := derive("part")
	first := Decimal{new(big.Int).Mod(new(big.Int).SetBytes(random[:]), new(big.Int).Add(amount.int(), big.NewInt(1)))}
	return []ownLeaf{{derive("salt 0"), first}, {derive("salt 1"), amount.Sub(first)}}
}

// root is the tree's root.
func (t *sumTree) root() record.Hash { return sumRoot(t.Leaves).Hash }

// id names the row of the sum.
func (t *sumTree) id() string {
	id := t.Line.id()
	if t.from == 0 && t.Line.Window != "" {
		id += ":" + t.Line.Window
	}
	if len(id) <= 200 {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return strings.ToValidUTF8(id[:150], "") + ":" + hex.EncodeToString(sum[:8])
}

// notePrefix begins the note of a row that is a sum.
const notePrefix = "Merkle sum tree: "

// note is what the public row says of the tree.
func (t *sumTree) note() string {
	root := t.root()
	return fmt.Sprintf("%sroot %s, sum %s %s, leaves %d", notePrefix, base64.StdEncoding.EncodeToString(root[:]), t.Sum, t.Line.Unit, len(t.Leaves))
}

// SumOf reads the root and the exact sum from the note of a row in a frozen network; false if the row is no sum.
func SumOf(note string) (root record.Hash, sum Decimal, ok bool) {
	rest, ok := strings.CutPrefix(note, notePrefix+"root ")
	if !ok {
		return root, sum, false
	}
	hash, rest, ok := strings.Cut(rest, ", sum ")
	amount, _, blank := strings.Cut(rest, " ")
	raw, err := base64.StdEncoding.DecodeString(hash)
	if !ok || !blank || err != nil || len(raw) != len(root) {
		return root, sum, false
	}
	if sum, err = ParseDecimal(amount); err != nil {
		return root, sum, false
	}
	return record.Hash(raw), sum, true
}

func (n *Network) sumPath(file record.Hash) string {
	return filepath.Join(n.c.o.Dir, "sums", hex.EncodeToString(file[:]))
}

func (n *Network) keepSums(file record.Hash, f *sumFile) error {
	text, err := record.Canonical(f)
	if err != nil {
		return err
	}
	return writeFile(n.sumPath(file), text)
}

func (n *Network) readSums(file record.Hash) (*sumFile, error) {
	text, err := os.ReadFile(n.sumPath(file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("sums of file %x: %w", file[:], ErrNoFile)
	}
	if err != nil {
		return nil, err
	}
	return parseSums(text)
}

func parseSums(text []byte) (*sumFile, error) {
	f := &sumFile{}
	if err := json.Unmarshal(text, f, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("sums: %w", err)
	}
	for i := range f.Trees {
		if len(f.Trees[i].Leaves) == 0 {
			return nil, fmt.Errorf("sums: tree %d has no leaves", i)
		}
	}
	return f, nil
}

// Share is a person's own part of one sum in a frozen network.
type Share struct {
	Line   Line        `json:"line"`
	Own    Decimal     `json:"own"`
	Sum    Decimal     `json:"sum"`
	Root   record.Hash `json:"root"`
	Proofs []SumProof  `json:"proofs"` // of parts that add up to Own
}

// Verify checks that the part is in the sum.
func (s *Share) Verify() error {
	var own Decimal
	seen := map[int]bool{}
	for i := range s.Proofs {
		p := &s.Proofs[i]
		if seen[p.Index] {
			return errors.New("proof: one leaf is there twice")
		}
		seen[p.Index] = true
		if err := p.Verify(s.Root, s.Sum); err != nil {
			return err
		}
		own = own.Add(p.Amount)
	}
	if own.Cmp(s.Own) != 0 {
		return fmt.Errorf("proof: the parts add up to %s, not %s", own, s.Own)
	}
	return nil
}

// MyShare shows a person their own part of every sum of their group in a frozen network, with proofs that it is in it, and
// that the root is the one in the file. Only they themselves may ask. What they stated and what does not show up is found
// by comparing: the shares of lines that they said nothing about are zero, or their group's figure.
func (n *Network) MyShare(ctx context.Context, person int64, file record.Hash) ([]Share, error) {
	f, err := n.readSums(file)
	if err != nil {
		return nil, err
	}
	who, there := f.People[person]
	if !there {
		return nil, nil
	}
	text, err := n.file(file)
	if err != nil {
		return nil, err
	}
	net, err := ReadNetwork(text)
	if err != nil {
		return nil, err
	}
	own, key, err := n.ownAmounts(ctx, f, person, who, net)
	if err != nil {
		return nil, err
	}
	roots := publishedRoots(net)
	figures := f.perHead(measuresOf(net), who.Group)
	var list []Share
	for i := range f.Trees {
		t := &f.Trees[i]
		if t.Line.Group != who.Group {
			continue
		}
		s, ok := t.share(f.Seed, key, own, figures)
		if !ok {
			return nil, fmt.Errorf("sum of %s %s: your part is not in it", t.Line.Kind, t.Line.What)
		}
		if t.Sum.Sign() > 0 && t.Line.Kind != kindMaximum && !roots[s.Root] {
			return nil, fmt.Errorf("sum of %s %s: its root is not in the file", t.Line.Kind, t.Line.What)
		}
		list = append(list, s)
	}
	return list, nil
}

// publishedRoots are the roots that a frozen network names.
func publishedRoots(net *network.Network) map[record.Hash]bool {
	roots := map[record.Hash]bool{}
	for i := range net.Needs {
		if root, _, ok := SumOf(net.Needs[i].Note); ok {
			roots[root] = true
		}
	}
	for i := range net.Preferences {
		if root, _, ok := SumOf(net.Preferences[i].Note); ok {
			roots[root] = true
		}
	}
	for i := range net.Work {
		if root, _, ok := SumOf(net.Work[i].Note); ok {
			roots[root] = true
		}
	}
	return roots
}

// ownAmounts computes again what a person's statements add to lines, and the secret of their leaves.
func (n *Network) ownAmounts(ctx context.Context, f *sumFile, person int64, who sumPerson, net *network.Network) (amounts, record.Hash, error) {
	m, all := measuresOf(net), amounts{}
	var salts []byte
	for _, number := range who.Entries {
		e, _, err := n.Entry(ctx, number)
		if err != nil {
			return nil, record.Hash{}, err
		}
		found, err := n.payloads(ctx, number, e.Statement.Payloads...)
		if err != nil {
			return nil, record.Hash{}, err
		}
		for _, ref := range e.Statement.Payloads {
			if !summed(e.Statement.Type, ref.Name) || ref.Person != person {
				continue
			}
			p, there := found[ref.Hash]
			if !there {
				return nil, record.Hash{}, fmt.Errorf("entry %d: %w", number, record.ErrErased)
			}
			salts = append(salts, p.Salt[:]...)
			x := frozenNeed{entry: number, person: person, typ: e.Statement.Type, data: p.Data}
			own, err := m.statement(who.Group, &x, map[string]bool{}, map[int64]bool{})
			if err != nil {
				continue // it was left out
			}
			for w, d := range own {
				all[w] = all[w].Add(d)
			}
		}
	}
	return all, shareKey(f.Seed, person, salts), nil
}

// perHead are the amounts per head that could be a person's for lines they said nothing about, one for each figure.
func (f *sumFile) perHead(m *measures, group string) []amounts {
	var list []amounts
	for i := range f.Figures {
		a := amounts{}
		if need, err := f.Figures[i].need(); err == nil && m.need(a, group, need) == nil {
			list = append(list, a)
		}
	}
	return list
}

// possible are the amounts that a person may have in a window: their own, with any of the figures per head added. Of more
// than ten figures for one window only the first ten are tried.
func possible(own amounts, figures []amounts, at window) []Decimal {
	list := []Decimal{own[at]}
	for _, f := range figures {
		if more := f[at]; more.Sign() > 0 && len(list) < 1<<10 {
			for _, d := range slices.Clone(list) {
				list = append(list, d.Add(more))
			}
		}
	}
	return list
}

// share finds a person's leaves: of their own amount, or with a figure per head that may hold for them.
func (t *sumTree) share(seed, key record.Hash, own amounts, figures []amounts) (Share, bool) {
	at := window{line: t.Line}
	if t.Line.Basis != string(network.InTotal) || t.Line.Kind == kindWork {
		span, err := network.ParseSpan(t.Line.Window)
		if err != nil {
			return Share{}, false
		}
		at.line.Window, at.at = "", span.From
	}
	for _, amount := range possible(own, figures, at) {
		s := Share{Line: t.Line, Own: amount, Sum: t.Sum, Root: t.root()}
		for _, leaf := range ownLeaves(seed, key, t.Line, amount) {
			node, err := sumLeaf(leaf.salt, leaf.amount)
			i := slices.IndexFunc(t.Leaves, func(x sumNode) bool { return x.Hash == node.Hash })
			if err != nil || i < 0 {
				break
			}
			s.Proofs = append(s.Proofs, SumProof{Index: i, Leaves: len(t.Leaves), Salt: leaf.salt, Amount: leaf.amount, Siblings: proveSum(t.Leaves, i)})
		}
		if len(s.Proofs) == halves {
			return s, true
		}
	}
	return Share{}, false
}
