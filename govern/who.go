package govern

import "slices"

// Row is a line of the table "who can do what": one type of entry.
type Row struct {
	Type *Type  `json:"-"`
	ID   string `json:"id"`
	Who  []Who  `json:"who"`
}

// WhoCan returns the table "who can do what" at a time: every type of entry
// with the rights and offices that may append it, and who holds these now.
// Types that nobody may append are there with nobody.
func (s *State) WhoCan(now int64) []Row {
	rows := make([]Row, len(types))
	for i := range types {
		t := &types[i]
		_, who := s.whoCould(s.Rules, t, "", now)
		rows[i] = Row{Type: t, ID: t.ID, Who: who}
	}
	return rows
}

// whoCould lists who may append a type of entry, in a scope or in any (""), and
// the rights and powers by which.
func (s *State) whoCould(r *Rules, t *Type, scope Scope, now int64) (needs []string, could []Who) {
	if r == nil {
		return nil, nil
	}
	for i := range r.Rights {
		x := &r.Rights[i]
		if slices.Contains(x.Appends, t.ID) && (scope == "" || slices.Contains(x.Within, scope.Kind())) {
			needs = append(needs, x.ID)
			could = append(could, Who{Right: x.ID, Holders: x.Holders, Title: x.Title})
		}
	}
	for i := range r.Powers {
		p := &r.Powers[i]
		if !slices.Contains(p.Appends, t.ID) {
			continue
		}
		needs = append(needs, p.ID)
		for k := range r.Offices {
			if o := &r.Offices[k]; slices.Contains(o.Powers, p.ID) {
				if w, ok := s.holdersOf(o, p.ID, scope, now); ok {
					could = append(could, w)
				}
			}
		}
	}
	return needs, could
}

// holdersOf tells who holds an office with a power that reaches a scope; false
// where the office never reaches that kind of scope.
func (s *State) holdersOf(o *Office, power string, scope Scope, now int64) (Who, bool) {
	w := Who{Power: power, Office: o.ID, Scope: o.Scope, Title: o.Title}
	for _, entry := range s.mandateEntries() {
		m := s.Mandates[entry]
		if m.Office == o.ID && s.InForce(m, now) && (scope == "" || s.covers(m, power, scope, now)) {
			w.Persons = append(w.Persons, m.Holder)
			w.Mandates = append(w.Mandates, entry)
		}
	}
	return w, scope == "" || o.Scope == scope.Kind() || len(w.Persons) > 0
}

// Rights returns the IDs of the rights and powers by which a person could
// append a type of entry in a scope now, rights first; the first one is what a
// command invokes.
func (s *State) Rights(person int64, entry string, scope Scope, now int64) []string {
	t := TypeByID(entry)
	if t == nil || s.Rules == nil {
		return nil
	}
	var list []string
	standing := s.Standing(person)
	for i := range s.Rules.Rights {
		x := &s.Rules.Rights[i]
		outside := standing == Operator || standing == Newcomer || standing == Guest && scope == InNetwork
		if slices.Contains(x.Appends, entry) && x.holds(standing) && slices.Contains(x.Within, scope.Kind()) && (outside || s.belongs(person, scope)) {
			list = append(list, x.ID)
		}
	}
	for i := range s.Rules.Powers {
		p := &s.Rules.Powers[i]
		if slices.Contains(p.Appends, entry) && s.hasPower(person, p.ID, scope, now) {
			list = append(list, p.ID)
		}
	}
	return list
}

func (s *State) hasPower(person int64, power string, scope Scope, now int64) bool {
	for _, m := range s.Mandates {
		o := s.Rules.Office(m.Office)
		if m.Holder == person && o != nil && slices.Contains(o.Powers, power) && s.InForce(m, now) && s.covers(m, power, scope, now) {
			return true
		}
	}
	return false
}

// Holds tells whether somebody has a right; for rights that append nothing,
// such as reading. Person 0 who is not signed in has only what anyone has: ask with signedIn false.
func (s *State) Holds(person int64, right string, signedIn bool) bool {
	if s.Rules == nil {
		return false
	}
	x := s.Rules.Right(right)
	if x == nil {
		return false
	}
	if !signedIn {
		return slices.Contains(x.Holders, Anyone)
	}
	return x.holds(s.Standing(person))
}
