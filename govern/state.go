package govern

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// State is the part of a network's state that governs, folded from its public
// entries. Times are milliseconds since 1970, as the entries say. Treat it as
// read-only except through Apply.
//
// Entries are named by their number. A network that went on at another operator
// (log.succeed) has entries in more than one record; numbers then go on from
// one to the next: entry n of the present record is number Base+n, in the state
// and in the bodies of entries.
type State struct {
	Size     int64  `json:"size"` // entries folded
	Base     int64  `json:"base"` // how many of them are of records before the present one
	Time     int64  `json:"time"` // of the last of them
	Founded  bool   `json:"founded"`
	Origin   string `json:"origin"` // of the record
	Name     string `json:"name"`
	Purpose  string `json:"purpose"`
	Operator string `json:"operator"` // who runs the server, and where they can be reached
	Party    string `json:"rp"`       // the name for which the founders' passkeys were made
	LogKey   string `json:"log_key"`

	Rules      *Rules `json:"rules,omitempty"`
	RulesEntry int64  `json:"rules_entry"`

	Persons map[int64]*Person `json:"persons"` // whoever ever was here; the next number is one more than their number
	Members int64             `json:"members"` // how many of them are members

	Groups        map[string]int64         `json:"groups"`        // entry that founded it
	Organisations map[string]*Organisation `json:"organisations"` // by name
	Invitations   map[string]*Invitation   `json:"invitations"`   // open ones, by the hash of their code in base64
	Mandates      map[int64]*Mandate       `json:"mandates"`      // by the entry that gave it; ended ones stay
	Acts          map[int64]*Act           `json:"acts"`          // open ones
	Assemblies    map[int64]*Assembly      `json:"assemblies"`
	Cessions      map[int64]*Cession       `json:"cessions"` // in force or run out, not withdrawn
	Tokens        map[string]*Token        `json:"tokens"`   // by the token's hash in base64
	Statements    Statements               `json:"statements"`
	Commitments   map[int64]*Commitment    `json:"commitments"`
	Witnesses     map[string]string        `json:"witnesses"` // name to public key
	Stops         []Stop                   `json:"stops"`     // pauses and outages
	Recent        []Recent                 `json:"recent"`    // entries that can still be disowned
	Losses        []Loss                   `json:"losses"`
	Origins       []Loss                   `json:"origins"` // earlier records that this one succeeds

	scopes map[Scope]Scope  // see kept
	holds  map[string]int64 // how many statements, by type; see hold
	ended  *Ended           // by the last entry
}

// Person is somebody who is or was here.
type Person struct {
	Standing   Holder          `json:"standing"` // Member, Guest or Left
	Household  string          `json:"household"`
	Group      string          `json:"group"`
	GroupEntry int64           `json:"group_entry"` // since when in it
	Inviter    int64           `json:"inviter,omitempty"`
	Arrived    int64           `json:"arrived"`
	Joined     int64           `json:"joined"` // entry by which they became a member; meaningless for guests
	Ended      int64           `json:"ended,omitempty"`
	Erased     bool            `json:"erased,omitempty"`
	Keys       map[string]*Key `json:"keys"` // by credential ID, or the card's public key, in base64url
	Trustees   []int64         `json:"trustees,omitempty"`
	Vouches    map[int64]Vouch `json:"vouches,omitempty"`    // of a guest, by who vouched
	Objections map[int64]int64 `json:"objections,omitempty"` // against a guest: who, and in which entry
	Consents   map[int64]int64 `json:"consents,omitempty"`   // helper to the time until which it holds
}

// Key is a person's public key.
type Key struct {
	Kind   string `json:"kind"` // "device" or "card"
	Public []byte `json:"public"`
	Party  string `json:"rp,omitempty"`
	Entry  int64  `json:"entry"`
	At     int64  `json:"at"` // when it was entered
	// Days is after how many days it counts, if others entered it for somebody who had lost theirs; 0 for keys of one's own.
	Days int64 `json:"days,omitempty"`
}

// Vouch is by whom and when somebody vouched.
type Vouch struct {
	Entry int64 `json:"entry"`
	At    int64 `json:"at"`
}

// Organisation has people for whom delegates speak.
type Organisation struct {
	Entry    int64           `json:"entry"`
	People   map[int64]int64 `json:"people"`             // member to the entry since which they belong
	Admitted map[int64]int64 `json:"admitted,omitempty"` // member to the entry that awaits their acceptance
}

// Invitation is an open one.
type Invitation struct {
	By    int64 `json:"by"`
	Entry int64 `json:"entry"`
	At    int64 `json:"at"`
}

// Mandate gives an office to a person.
type Mandate struct {
	Office string `json:"office"`
	Scope  Scope  `json:"scope"`
	Holder int64  `json:"holder"`
	Until  int64  `json:"until"`           // the end of its term
	Given  int64  `json:"given"`           // when it found enough assent
	From   int64  `json:"from,omitempty"`  // when it was accepted; 0 if not yet
	Ended  int64  `json:"ended,omitempty"` // laid down, recalled or left
}

// Act is an entry that waits for assent.
type Act struct {
	Type  string          `json:"type"`
	By    int64           `json:"by"`
	At    int64           `json:"at"`
	Scope Scope           `json:"scope"`
	Roll  int64           `json:"roll"`            // how many it concerns
	Terms Assent          `json:"terms"`           // how much assent it needs, as the rules said when it was opened
	Named int64           `json:"named,omitempty"` // so many trustees suffice, for a new key
	Days  int64           `json:"days"`            // after which it lapses
	Not   int64           `json:"not,omitempty"`
	Body  json.RawMessage `json:"body"`
	Yes   map[int64]int64 `json:"yes"` // who assented, in which entry
	No    map[int64]int64 `json:"no,omitempty"`
}

// Assembly was called when all mandates had lapsed.
type Assembly struct {
	At       int64          `json:"at"`
	Entry    int64          `json:"entry"`
	Attended map[int64]bool `json:"attended"`
	Closed   bool           `json:"closed"` // a mandate was proposed, so nobody else is counted
}

// Cession is a power that an organisation has ceded.
type Cession struct {
	Organisation string `json:"organisation"`
	Power        string `json:"power"`
	Office       string `json:"office"`
	Until        int64  `json:"until"`
}

// Token lets a program use some of a member's rights.
type Token struct {
	Person int64    `json:"person"`
	Rights []string `json:"rights"`
	Until  int64    `json:"until"`
	Entry  int64    `json:"entry"`
}

// Commitment is one that holds.
type Commitment struct {
	Maker    Scope `json:"maker"`
	Receiver Scope `json:"receiver,omitempty"` // none where a person's commitment keeps it private
	Accepted bool  `json:"accepted,omitempty"`
}

// Stop is a pause or an outage.
type Stop struct {
	From   int64           `json:"from"`
	Until  int64           `json:"until"`
	Entry  int64           `json:"entry"`
	Least  int64           `json:"least"` // by which deadlines move at least
	Outage bool            `json:"outage,omitempty"`
	By     map[int64]int64 `json:"by,omitempty"` // members who began it; none if the operator did
}

// Recent is an entry in somebody's name.
type Recent struct {
	Entry  int64  `json:"entry"`
	Person int64  `json:"person"`
	At     int64  `json:"at"`
	Type   string `json:"type"`
}

// Loss names a head of a record: one whose entries are lost, or from which this record goes on.
type Loss struct {
	Entry  int64  `json:"entry"`
	Origin string `json:"origin,omitempty"`
	Size   int64  `json:"size"`
	Root   []byte `json:"root"`
}

// NewState returns the state before the founding.
func NewState() *State {
	return &State{
		Persons: map[int64]*Person{}, Groups: map[string]int64{}, Organisations: map[string]*Organisation{},
		Invitations: map[string]*Invitation{}, Mandates: map[int64]*Mandate{}, Acts: map[int64]*Act{},
		Assemblies: map[int64]*Assembly{}, Cessions: map[int64]*Cession{}, Tokens: map[string]*Token{},
		Statements: Statements{}, Commitments: map[int64]*Commitment{}, Witnesses: map[string]string{},
		Stops: []Stop{}, Recent: []Recent{}, Losses: []Loss{}, Origins: []Loss{},
		scopes: map[Scope]Scope{}, holds: map[string]int64{},
	}
}

// JSON returns the state as canonical JSON: the same bytes for the same entries.
func (s *State) JSON() []byte {
	text, err := canonical(s)
	if err != nil { // a State holds nothing that JSON cannot
		panic(fmt.Sprintf("govern: state: %v", err))
	}
	return text
}

// ParseState reads a state from a snapshot that JSON wrote. It is for one's own
// snapshots: it does not check that any entries lead there.
func ParseState(text []byte) (*State, error) {
	s := NewState()
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return nil, fmt.Errorf("state: %w", err)
	}
	if s.Founded && s.Rules == nil {
		return nil, fmt.Errorf("state: founded without rules")
	}
	if err := whole(reflect.ValueOf(*s), "state"); err != nil {
		return nil, err
	}
	for entry, a := range s.Acts {
		t := TypeByID(a.Type)
		if t == nil || !t.Act {
			return nil, fmt.Errorf("state: act %d of type %q", entry, a.Type)
		}
		if _, err := t.decodeBody(a.Body); err != nil {
			return nil, fmt.Errorf("state: act %d: %w", entry, err)
		}
		if _, err := canonical(a.Body); err != nil {
			return nil, fmt.Errorf("state: act %d: %w", entry, err)
		}
	}
	for _, x := range s.Statements {
		s.holds[x.Type]++
	}
	if s.Rules != nil {
		if mistakes := s.Rules.Check(); len(mistakes) > 0 {
			return nil, fmt.Errorf("state: %w", mistakes)
		}
	}
	return s, nil
}

// whole checks that no map that must be there and nothing in one is null.
func whole(v reflect.Value, path string) error {
	for i := range v.NumField() {
		f, field := v.Field(i), v.Type().Field(i)
		if f.Kind() != reflect.Map || !field.IsExported() {
			continue
		}
		at := path + "." + field.Name
		if f.IsNil() && !strings.Contains(field.Tag.Get("json"), "omitempty") {
			return fmt.Errorf("%s is null", at)
		}
		for m := f.MapRange(); m.Next(); {
			e := m.Value()
			if e.Kind() != reflect.Pointer {
				break
			}
			if e.IsNil() {
				return fmt.Errorf("%s[%v] is null", at, m.Key())
			}
			if err := whole(e.Elem(), fmt.Sprintf("%s[%v]", at, m.Key())); err != nil {
				return err
			}
		}
	}
	return nil
}

// NextPerson returns the number that the next to arrive will have.
func (s *State) NextPerson() int64 { return int64(len(s.Persons)) + 1 }

// Standing returns in which standing somebody is: Operator for 0, Newcomer for a number that nobody has.
func (s *State) Standing(person int64) Holder {
	if person == 0 {
		return Operator
	}
	if p := s.Persons[person]; p != nil {
		return p.Standing
	}
	return Newcomer
}

// number returns a figure of the rules in force.
func (s *State) number(key string) int64 {
	if s.Rules == nil {
		return 0
	}
	return s.Rules.Numbers[key]
}

const (
	msHour = int64(60 * 60 * 1000)
	msDay  = 24 * msHour
)

// deadline returns when a time of some days that began then is over. A
// deadline that falls in a pause or an outage moves by its length, and at
// least by the days that the rules say.
func (s *State) deadline(from, days int64) int64 { return s.due(from, days, true) }

// due is a deadline that outages move and, if pauses is set, pauses as well.
func (s *State) due(from, days int64, pauses bool) int64 {
	due := from + days*msDay
	for i := range s.Stops {
		if p := &s.Stops[i]; due >= p.From && due < p.Until && (pauses || p.Outage) {
			due += max(p.Until-p.From, p.Least)
		}
	}
	return due
}

// pausedAt returns the pause that holds at a time, nil if none does.
func (s *State) pausedAt(now int64) *Stop {
	for i := range s.Stops {
		if p := &s.Stops[i]; !p.Outage && now >= p.From && now < p.Until {
			return p
		}
	}
	return nil
}

// Paused tells whether a pause holds at a time, in milliseconds since 1970. In one no mails are sent.
func (s *State) Paused(now int64) bool { return s.pausedAt(now) != nil }

// ends returns when a mandate is over: its term, or what ended it before.
func (m *Mandate) ends() int64 {
	if m.Ended > 0 {
		return min(m.Until, m.Ended)
	}
	return m.Until
}

// InForce tells whether a mandate holds at a time.
func (s *State) InForce(m *Mandate, now int64) bool {
	return m.From > 0 && now >= m.From && now < m.ends() && s.Standing(m.Holder) == Member
}

// mandateEntries returns the numbers of all mandates, rising.
func (s *State) mandateEntries() []int64 {
	list := make([]int64, 0, len(s.Mandates))
	for entry := range s.Mandates {
		list = append(list, entry)
	}
	slices.Sort(list)
	return list
}

// belongs tells whether a person is one of a scope: themselves, a member of
// the group, the organisation or the network. Guests belong only to themselves.
func (s *State) belongs(person int64, scope Scope) bool {
	p := s.Persons[person]
	if p == nil {
		return false
	}
	switch scope.Kind() {
	case InPerson:
		return scope.Person() == person
	case InNetwork:
		return p.Standing == Member
	case InGroup:
		return p.Standing == Member && p.Group == scope.Name()
	case InOrganisation:
		o := s.Organisations[scope.Name()]
		return p.Standing == Member && o != nil && has(o.People, person)
	}
	return false
}

// since returns the entry since which a member is one of a scope.
func (s *State) since(person int64, scope Scope) int64 {
	p := s.Persons[person]
	switch scope.Kind() {
	case InGroup:
		return max(p.Joined, p.GroupEntry)
	case InOrganisation:
		return max(p.Joined, s.Organisations[scope.Name()].People[person])
	}
	return p.Joined
}

func has[V any](m map[int64]V, key int64) bool {
	_, ok := m[key]
	return ok
}
