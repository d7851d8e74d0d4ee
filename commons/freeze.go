package commons

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json"

	"bremen/govern"
	"bremen/network"
	"bremen/network/tables"
	"bremen/record"
)

// ReadNetwork reads a file that Freeze wrote.
func ReadNetwork(file []byte) (*network.Network, error) {
	return tables.ReadWorkbook(bytes.NewReader(file), "network.xlsx")
}

// Frozen is the public network for a plan.
type Frozen struct {
	Number  int64            // how many entries it was folded from
	File    []byte           // a workbook that plan, verify and audit read; it is in Commons.Files
	Hash    record.Hash      // SHA-256 of File, which plan.adopt names
	Network *network.Network // what the file says, normalised
	Groups  []Group          // as published
	// Left are statements that could not go in. Why may tell what was stated: show it only to whoever stated it.
	Left []Left
}

// frozenNeed is a private statement with whose it is, as far as it can still be read.
type frozenNeed struct {
	entry, person int64
	typ           string
	data          []byte
	salt          [record.SaltSize]byte
}

// freezing is what one Freeze goes through.
type freezing struct {
	*public
	net      *network.Network
	measures *measures
	figures  map[int64]Figure
	group    map[int64]string // published group by person
	home     map[int64]string // group by person
	members  map[int64]bool
	private  []frozenNeed
	left     []Left
	promises map[int64]Promise // accepted, by entry
}

// Freeze sums up needs and work offers by group and writes the public network of what holds now. Nothing is published
// below the rules' figure group_least: smaller groups are merged, and a smaller network is refused.
//
// In tables needs and work every row is a sum over all people of a group, in table preferences the rows of groups come from one; the
// note has the root of the sum's tree. Table commitments has what organisations have promised and their receivers have accepted. What people state as recipes and
// stocks of their own, commit to or did is not in the network.
func (n *Network) Freeze(ctx context.Context) (*Frozen, error) {
	f, err := n.gather(ctx)
	if err != nil {
		return nil, err
	}
	if f.net, f.left, err = f.base(); err != nil {
		return nil, err
	}
	f.measures = measuresOf(f.net)
	sums := f.sums()
	trees := f.trees(sums)
	f.write(trees)
	f.commit()
	f.net.Normalise()
	file, err := workbook(f.net)
	if err != nil {
		return nil, err
	}
	hash, err := n.c.files.Put(file)
	if err != nil {
		return nil, err
	}
	if err := n.keepSums(hash, trees); err != nil {
		return nil, err
	}
	read, err := ReadNetwork(file)
	return &Frozen{Number: f.number, File: file, Hash: hash, Network: read, Groups: f.groups, Left: f.left}, err
}

// gather takes what is needed out of the state, and reads what is private of it.
func (n *Network) gather(ctx context.Context) (*freezing, error) {
	f := &freezing{figures: map[int64]Figure{}, group: map[int64]string{}, home: map[int64]string{}, members: map[int64]bool{}}
	refs := map[record.Hash]*frozenNeed{}
	var err error
	n.View(func(s *State) { err = f.take(s, refs) })
	if err != nil {
		return nil, err
	}
	byLog := map[record.Log][]record.Ref{}
	for hash, x := range refs {
		log, _ := n.place(x.entry)
		byLog[log] = append(byLog[log], record.Ref{Person: x.person, Hash: hash})
	}
	for log, list := range byLog {
		for part := range slices.Chunk(list, 1000) {
			found, err := log.Payloads(ctx, part...)
			if err != nil {
				return nil, err
			}
			for hash, p := range found {
				x := *refs[hash]
				x.data, x.salt = p.Data, p.Salt
				f.private = append(f.private, x)
			}
		}
	}
	slices.SortFunc(f.private, func(a, b frozenNeed) int { return cmp.Compare(a.entry, b.entry) })
	return f, nil
}

func (f *freezing) take(s *State, refs map[record.Hash]*frozenNeed) error {
	if !s.Govern.Founded {
		return &Refusal{Code: RefusedFew, Found: "0", Wanted: "5"}
	}
	var err error
	if f.public, err = s.public(); err != nil {
		return err
	}
	f.promises = s.promised()
	for n, p := range s.Govern.Persons {
		if p.Standing == govern.Member || p.Standing == govern.Guest {
			f.group[n], f.home[n], f.members[n] = f.publishedAs[p.Group], p.Group, p.Standing == govern.Member
		}
	}
	for entry, x := range s.Figures {
		f.figures[entry] = *x
	}
	for entry, p := range s.Private {
		for _, ref := range p.Refs {
			if summed(p.Type, ref.Name) && f.group[p.Person] != "" {
				refs[ref.Hash] = &frozenNeed{entry: entry, person: p.Person, typ: p.Type}
			}
		}
	}
	return nil
}

// summed tells which private parts go into sums.
func summed(typ, name string) bool {
	return typ == "need.state" && name == "need" || typ == "offer.state" && name == "offer" || typ == "figure.decline" && name == "figure"
}

// sums are everybody's parts of every line.
func (f *freezing) sums() map[int64]amounts {
	all := map[int64]amounts{}
	for person := range f.group {
		all[person] = amounts{}
	}
	f.rated()
	said, declined := map[int64]map[string]bool{}, map[int64]map[int64]bool{}
	for i := range f.private {
		x := &f.private[i]
		if said[x.person] == nil {
			said[x.person], declined[x.person] = map[string]bool{}, map[int64]bool{}
		}
		own, err := f.measures.statement(f.group[x.person], x, said[x.person], declined[x.person])
		if err != nil {
			f.left = append(f.left, Left{x.entry, err.Error()})
			continue
		}
		for w, d := range own {
			all[x.person][w] = all[x.person][w].Add(d)
		}
	}
	for _, entry := range sorted(f.figures) {
		x := f.figures[entry]
		for _, person := range sorted(f.group) {
			if f.home[person] != x.Group || !f.members[person] || said[person][x.Product] || declined[person][entry] {
				continue
			}
			need, err := x.need()
			if err == nil {
				err = f.measures.need(all[person], f.group[person], need)
			}
			if err != nil {
				f.left = append(f.left, Left{entry, err.Error()})
				break
			}
		}
	}
	return all
}

// rated notes which variants of kinds somebody of each group has said how much they like.
func (f *freezing) rated() {
	for i := range f.private {
		x := &f.private[i]
		var need Need
		if x.typ != "need.state" || strict(x.data, &need) != nil || f.measures.need(amounts{}, f.group[x.person], &need) != nil {
			continue
		}
		for product := range need.Prefer {
			f.measures.rate(f.group[x.person], need.What, product)
		}
	}
}

// statement puts one private statement into lines; of a statement that cannot be read nothing goes in.
func (m *measures) statement(group string, x *frozenNeed, said map[string]bool, declined map[int64]bool) (amounts, error) {
	a := amounts{}
	switch x.typ {
	case "need.state":
		var need Need
		if err := strict(x.data, &need); err != nil {
			return nil, err
		}
		said[need.What] = true
		return a, m.need(a, group, &need)
	case "offer.state":
		var offer Offer
		if err := strict(x.data, &offer); err != nil {
			return nil, err
		}
		return a, m.offer(a, group, &offer)
	}
	var d Declined
	if err := strict(x.data, &d); err != nil {
		return nil, err
	}
	declined[d.Figure] = true
	return a, nil
}

// need returns what a figure says of each member it holds for.
func (x *Figure) need() (*Need, error) {
	need := &Need{What: x.Product, Quantity: x.Quantity, Unit: x.Unit, Urgency: x.Urgency}
	if x.Window == nil {
		return need, nil
	}
	var w struct {
		Periods string `json:"periods"`
		Basis   string `json:"basis"`
		Profile string `json:"profile"`
	}
	if err := json.Unmarshal(x.Window, &w, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("window of the figure: %w", err)
	}
	need.Periods, need.Basis, need.Profile = w.Periods, w.Basis, w.Profile
	return need, nil
}

// trees makes a tree for every line and window, joining periods in which everybody's part is the same.
func (f *freezing) trees(all map[int64]amounts) *sumFile {
	file := &sumFile{Number: f.number, Seed: randomHash(), People: map[int64]sumPerson{}}
	for _, entry := range sorted(f.figures) {
		file.Figures = append(file.Figures, f.figures[entry])
	}
	keys := f.keys(file)
	periods := map[Line]map[int]bool{}
	for _, own := range all {
		for w := range own {
			if periods[w.line] == nil {
				periods[w.line] = map[int]bool{}
			}
			periods[w.line][w.at] = true
		}
	}
	people := map[string][]int64{}
	for _, person := range sorted(f.group) {
		people[f.group[person]] = append(people[f.group[person]], person)
	}
	lines := make([]Line, 0, len(periods))
	for l := range periods {
		lines = append(lines, l)
	}
	slices.SortFunc(lines, compareLines)
	for _, l := range lines {
		who := people[l.Group]
		var last []Decimal
		for _, t := range sorted(periods[l]) {
			parts := make([]Decimal, len(who))
			for i, person := range who {
				parts[i] = all[person][window{l, t}]
			}
			if n := len(file.Trees); t > 0 && last != nil && file.Trees[n-1].to == t-1 && slices.EqualFunc(last, parts, func(a, b Decimal) bool { return a.Cmp(b) == 0 }) {
				file.Trees[n-1].to = t
				continue
			}
			last = parts
			file.Trees = append(file.Trees, sumTree{Line: l, from: t, to: t, parts: parts, who: who})
		}
	}
	file.finish(keys)
	return file
}

func compareLines(a, b Line) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.What, b.What), cmp.Compare(a.Of, b.Of),
		cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Basis, b.Basis), cmp.Compare(a.Urgency, b.Urgency), cmp.Compare(a.Profile, b.Profile),
		cmp.Compare(a.For, b.For), cmp.Compare(a.Burden, b.Burden), cmp.Compare(a.Window, b.Window))
}

// keys are the secrets from which everybody's salts follow, and notes whose statements they come from.
func (f *freezing) keys(file *sumFile) map[int64]record.Hash {
	salts := map[int64][]byte{}
	for i := range f.private {
		x := &f.private[i]
		p := file.People[x.person]
		p.Entries = append(p.Entries, x.entry)
		file.People[x.person] = p
		salts[x.person] = append(salts[x.person], x.salt[:]...)
	}
	keys := map[int64]record.Hash{}
	for person, group := range f.group {
		p := file.People[person]
		p.Group = group
		file.People[person] = p
		keys[person] = shareKey(file.Seed, person, salts[person])
	}
	return keys
}

// write puts the sums into tables needs and work. A group's maximum holds only where all who need it stated one.
func (f *freezing) write(file *sumFile) {
	maxima, whole := map[Line]Decimal{}, map[Line]bool{}
	for i := range file.Trees {
		t := &file.Trees[i]
		if t.Line.Kind == kindMaximum {
			l := t.Line
			l.Kind = kindNeed
			maxima[l] = t.Sum
			whole[l] = true
			for k, part := range t.parts {
				for j := range file.Trees {
					if u := &file.Trees[j]; u.Line == l && u.parts[k].Sign() > 0 && part.Sign() == 0 {
						whole[l] = false
					}
				}
			}
		}
	}
	for i := range file.Trees {
		t := &file.Trees[i]
		quantity, _ := t.Sum.Rat().Float64()
		if t.Line.Kind == kindDislike {
			f.prefer(file, t)
			continue
		}
		periods, err := network.ParsePeriods(t.Line.Window, f.net.Calendar)
		if err != nil || t.Sum.Sign() == 0 {
			continue
		}
		note := network.Row{Note: t.note()}
		switch t.Line.Kind {
		case kindNeed:
			d := network.Need{
				ID: t.id(), Agent: t.Line.Group, What: t.Line.What, Of: t.Line.Of, Quantity: quantity, Unit: t.Line.Unit,
				Basis: network.Basis(t.Line.Basis), Periods: periods, Profile: t.Line.Profile, Urgency: t.Line.Urgency, Row: note,
			}
			if whole[t.Line] {
				d.Maximum, _ = maxima[t.Line].Rat().Float64()
			}
			f.net.Needs = append(f.net.Needs, d)
		case kindWork:
			d, err := ParseDecimal(t.Line.Burden)
			if err != nil {
				continue
			}
			burden, _ := d.Rat().Float64()
			f.net.Work = append(f.net.Work, network.WorkOffer{
				ID: t.id(), Agent: t.Line.Group, Skill: t.Line.What, For: t.Line.For, Hours: quantity, Burden: burden, Periods: periods,
				Profile: t.Line.Profile, Row: note,
			})
		}
	}
}

// prefer puts a group's preference for a variant into table preferences: 1 less the sum of dislikes over the sum of what is needed
// of the kind, so that of those who need twice as much twice as much counts.
func (f *freezing) prefer(file *sumFile, t *sumTree) {
	var needed Decimal
	for i := range file.Trees {
		l := &file.Trees[i].Line
		if l.Kind == kindNeed && l.Group == t.Line.Group && l.What == t.Line.What && l.Unit == t.Line.Unit {
			needed = needed.Add(file.Trees[i].Sum.Times(f.measures.weight(*l, file.Trees[i].from, file.Trees[i].to)))
		}
	}
	if needed.Sign() == 0 {
		return
	}
	lacks, _ := new(big.Rat).Quo(t.Sum.Rat(), needed.Rat()).Float64()
	f.net.Preferences = append(f.net.Preferences, network.Preference{
		Agent: t.Line.Group, Kind: t.Line.What, Product: t.Line.Of, Preference: max(0, 1-lacks), Row: network.Row{Note: t.note()},
	})
}

// workbook writes a network to a workbook that every command reads.
func workbook(n *network.Network) ([]byte, error) {
	if problems := n.Validate(); len(problems) > 0 {
		return nil, &Refusal{Code: RefusedTables, Found: problems.Err().Error()}
	}
	dir, err := os.MkdirTemp("", "bremen-network-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "network.xlsx")
	if err := tables.Write(name, n); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
}

func randomHash() (h record.Hash) {
	rand.Read(h[:]) // never fails, says its documentation
	return h
}
