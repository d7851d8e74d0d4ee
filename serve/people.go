package serve

import (
	"errors"
	"slices"
	"time"

	"bremen/govern"
	"bremen/record"
)

type guestRow struct {
	Number                   int64
	Name, Household, Inviter string
	Vouched, Objections      int
	From                     *time.Time
	MineVouch, MineObjection bool
	Reasons                  []string
	inviter                  int64
	objections               []int64
}

type memberRow struct {
	Number                 int64
	Name, Household, Group string
}

type peopleData struct {
	Member         bool
	Vouchers, Days int64
	Guests         []guestRow
	Members        []memberRow
	Helped         []int64
}

func (v *visit) people() error {
	if !v.mayRead() {
		return errNotFound
	}
	d := &peopleData{}
	v.govern(func(g *govern.State) { v.collect(g, d) })
	for i := range d.Guests {
		row := &d.Guests[i]
		row.Name, row.Inviter = v.name(row.Number), v.called(row.inviter)
		for _, entry := range row.objections {
			reason, err := v.net.Payload(v.ctx(), v.person, entry, "reason")
			if errors.Is(err, record.ErrErased) {
				reason, err = []byte(v.say("erased")), nil
			}
			if err != nil {
				return err
			}
			row.Reasons = append(row.Reasons, string(reason))
		}
	}
	for i := range d.Members {
		d.Members[i].Name = v.name(d.Members[i].Number)
	}
	return v.show("people", v.say("people.title"), d)
}

// mayRead tells whether who is signed in may read names.
func (v *visit) mayRead() (may bool) {
	v.govern(func(g *govern.State) { may = g.Holds(v.person, "read", v.person > 0) })
	return may
}

func (v *visit) collect(g *govern.State, d *peopleData) {
	now := max(v.s.o.Clock().UnixMilli(), g.Time)
	d.Member = g.Standing(v.person) == govern.Member
	d.Vouchers, d.Days = g.Rules.Number("vouchers"), g.Rules.Number("objection_days")
	var numbers []int64
	for n := range g.Persons {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		p := g.Persons[n]
		if p.Consents[v.person] > now {
			d.Helped = append(d.Helped, n)
		}
		switch p.Standing {
		case govern.Member:
			d.Members = append(d.Members, memberRow{Number: n, Household: p.Household, Group: p.Group})
		case govern.Guest:
			row := guestRow{Number: n, Household: p.Household, inviter: p.Inviter, Vouched: len(p.Vouches)}
			_, row.MineVouch = p.Vouches[v.person]
			_, row.MineObjection = p.Objections[v.person]
			var from int64
			if from, row.Objections = g.MayJoinFrom(n); from > 0 && row.Objections == 0 {
				row.From = pointer(time.UnixMilli(from))
			}
			for _, entry := range p.Objections {
				row.objections = append(row.objections, entry)
			}
			slices.Sort(row.objections)
			d.Guests = append(d.Guests, row)
		}
	}
}
