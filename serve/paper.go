package serve

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"bremen/commons"
	"bremen/govern"
)

// slip is a printed notice: what one person is told of on paper, whom no mail reaches.
type slip struct {
	Number          int64
	Name, Household string
	Entries         []slipRow
	Keys            []slipKey
}

type slipRow struct {
	Number int64
	Title  govern.Text
	Time   time.Time
	Until  *time.Time // to say that it is not theirs; nil where nobody can
}

// slipKey is a key that others entered for somebody, until it counts.
type slipKey struct {
	Entry int64
	From  time.Time
}

// notices are the slips for those whom no mail reaches, for members to print and hand over. They hold what members read in the
// record anyway; that no mail reaches somebody is all that is said beyond it.
func (v *visit) notices() error {
	if standing(v.net, v.person) != govern.Member || !v.mayRead() {
		return problem(http.StatusForbidden, "right")
	}
	var slips []*slip
	v.govern(func(g *govern.State) { slips = v.slips(g) })
	var list []*slip
	for _, x := range slips {
		reached, err := v.s.reachedByMail(v.ctx(), v.net, x.Number)
		if err != nil {
			return err
		}
		if reached {
			continue
		}
		x.Name = v.name(x.Number)
		list = append(list, x)
	}
	return v.show("notices", v.say("notices.title"), struct {
		Slips []*slip
		Mails bool
		Link  string
	}{list, v.s.o.Mail != nil, v.s.o.Address.String() + v.path + "/mine/"})
}

// slips are those of everybody in whose name something was entered lately.
func (v *visit) slips(g *govern.State) []*slip {
	now := max(v.s.o.Clock().UnixMilli(), g.Time)
	all := map[int64]*slip{}
	of := func(person int64) *slip {
		if all[person] == nil {
			all[person] = &slip{Number: person, Household: g.Persons[person].Household}
		}
		return all[person]
	}
	for _, r := range g.Recent {
		p, until := g.Persons[r.Person], g.DisownableUntil(r.Person, r.Entry)
		if p == nil || p.Erased || until <= now && (until > 0 || now-r.At > tryMost.Milliseconds()) {
			continue
		}
		row := slipRow{Number: r.Entry, Title: titleOf(r.Type), Time: time.UnixMilli(r.At)}
		if until > 0 {
			row.Until = pointer(time.UnixMilli(until))
		}
		x := of(r.Person)
		x.Entries = append(x.Entries, row)
	}
	for number, p := range g.Persons {
		for _, k := range p.Keys {
			if from := g.KeyCounts(number, k.Entry); k.Days > 0 && from > now {
				of(number).Keys = append(of(number).Keys, slipKey{k.Entry, time.UnixMilli(from)})
			}
		}
	}
	var list []*slip
	for _, number := range slices.Sorted(maps.Keys(all)) {
		slices.SortFunc(all[number].Keys, func(a, b slipKey) int { return cmp.Compare(a.Entry, b.Entry) })
		list = append(list, all[number])
	}
	return list
}

// reachedByMail tells whether somebody is told by mail: whether the server sends any, they gave an address, and it was not refused
// for good.
func (s *Server) reachedByMail(ctx context.Context, n *commons.Network, person int64) (bool, error) {
	if s.o.Mail == nil {
		return false, nil
	}
	entry := describedIn(n, person)
	to, err := s.contact(ctx, n, person, entry)
	if err != nil || to == nil {
		return false, err
	}
	told, refused, err := s.o.Store.reach(ctx, n.Origin(), person)
	return refused == 0 || told != entry, err
}
