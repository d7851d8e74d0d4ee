package commons

import (
	"encoding/base64"
	"time"

	"bremen/govern"
)

// Founder is one of those who found a network, with the keys of their devices and cards.
type Founder struct {
	Household  string
	Group      string
	Credential []byte // ID of the passkey
	Public     []byte // its public key as SubjectPublicKeyInfo
	Card       []byte // public Ed25519 key of the printed card
}

// Founding is what a founding says.
type Founding struct {
	Name, Purpose string
	Rules         *govern.Rules // nil: govern.Default
	Founders      []Founder     // their numbers are their places, from 1
	Party         string        // the name for which their passkeys were made
	Operator      string        // who runs the server, and where they can be reached
	LogKey        string        // see Network.LogKey
	FirstName     string        // private: of the first founder
	FirstContact  string
}

func url64(b []byte) string      { return base64.RawURLEncoding.EncodeToString(b) }
func std64(b []byte) string      { return base64.StdEncoding.EncodeToString(b) }
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z") }

// Found founds the network; see Network.PrepareFounding.
func Found(f Founding) Intent {
	rules := f.Rules
	if rules == nil {
		rules = govern.Default()
	}
	var founders []map[string]any
	for i, x := range f.Founders {
		founders = append(founders, map[string]any{
			"person": i + 1, "household": x.Household, "group": x.Group,
			"key": url64(x.Credential), "public": url64(x.Public), "card": url64(x.Card),
		})
	}
	return said("network.found", map[string]any{
		"name": f.Name, "purpose": f.Purpose, "rules": rules, "founders": founders, "rp": f.Party, "log-key": f.LogKey, "operator": f.Operator,
	}, text("name", f.FirstName), text("contact", f.FirstContact))
}

// Invite invites one person; hash is the SHA-256 of a fresh code of at least 16 random bytes, which only they get.
func Invite(hash []byte, note string) Intent {
	return said("invitation.issue", map[string]any{"invitation": std64(hash)}, text("note", note))
}

// Uninvite takes back an open invitation of one's own.
func Uninvite(hash []byte) Intent {
	return said("invitation.withdraw", map[string]any{"invitation": std64(hash)})
}

// Arrival is what somebody brings who was invited.
type Arrival struct {
	Code          []byte
	Household     string
	Credential    []byte
	Public        []byte
	Card          []byte
	Party         string
	Name, Contact string // private
}

// Arrive makes whoever shows the code a guest. The actor is a Newcomer; Prepared.Number is the number they will have.
func Arrive(a Arrival) Intent {
	return said("guest.arrive", map[string]any{
		"code": url64(a.Code), "household": a.Household, "key": url64(a.Credential), "public": url64(a.Public), "card": url64(a.Card), "rp": a.Party,
	}, text("name", a.Name), text("contact", a.Contact))
}

// Vouch vouches for a guest.
func Vouch(guest int64) Intent { return said("vouch.give", map[string]any{"guest": guest}) }

// Unvouch takes a vouch back.
func Unvouch(guest int64) Intent { return said("vouch.withdraw", map[string]any{"guest": guest}) }

// Object objects to a guest's joining, with reasons.
func Object(guest int64, reason string) Intent {
	return said("joining.object", map[string]any{"guest": guest}, text("reason", reason))
}

// Yield takes an objection back.
func Yield(guest int64) Intent { return said("joining.yield", map[string]any{"guest": guest}) }

// Join makes a guest a member.
func Join() Intent { return said("member.join", nil) }

// Leave ends one's membership. What one kept private stays until it is erased.
func Leave(reason string) Intent { return said("member.leave", nil, text("reason", reason)) }

// Erase destroys everything private of oneself, and leaves.
func Erase() Intent { return said("person.erase", nil) }

// IntroduceOneself says what one is called and how to reach one, in place of what one said before; empty texts say nothing.
func IntroduceOneself(name, contact string) Intent {
	return said("person.describe", nil, text("name", name), text("contact", contact))
}

// MoveHousehold says in which household one lives.
func MoveHousehold(household string) Intent {
	return said("household.move", map[string]any{"household": household})
}

// FoundGroup founds a group and enters it. site may be empty.
func FoundGroup(group, site string) Intent {
	return said("group.found", optional(map[string]any{"group": group}, "site", site))
}

// EnterGroup changes to a group.
func EnterGroup(group string) Intent { return said("group.enter", map[string]any{"group": group}) }

// FoundOrganisation enters an organisation, for which one speaks for a term. site may be empty.
func FoundOrganisation(organisation, site string) Intent {
	return said("organisation.found", optional(map[string]any{"organisation": organisation}, "site", site))
}

// Admit says that a member belongs to an organisation, which they have to accept.
func Admit(organisation string, person int64) Intent {
	return said("organisation.admit", map[string]any{"organisation": organisation, "person": person})
}

// EnterOrganisation accepts to belong to an organisation.
func EnterOrganisation(organisation string) Intent {
	return said("organisation.enter", map[string]any{"organisation": organisation})
}

// QuitOrganisation ends that one belongs to an organisation.
func QuitOrganisation(organisation string) Intent {
	return said("organisation.quit", map[string]any{"organisation": organisation})
}

// EnrolDevice enters another passkey of one's own.
func EnrolDevice(credential, public []byte, party string) Intent {
	return said("key.enrol", map[string]any{"kind": "device", "key": url64(credential), "public": url64(public), "rp": party})
}

// EnrolCard enters another printed card of one's own.
func EnrolCard(public []byte) Intent {
	return said("key.enrol", map[string]any{"kind": "card", "key": url64(public), "public": url64(public)})
}

// WithdrawKey ends that a key of one's own counts.
func WithdrawKey(key []byte) Intent { return said("key.withdraw", map[string]any{"key": url64(key)}) }

// NameTrustees names members two of whom can enter a new key when all are lost. The list replaces the one before.
func NameTrustees(persons ...int64) Intent {
	return said("trustees.name", map[string]any{"trustees": rising(persons)})
}

// ReplaceKey enters a new passkey for somebody who has lost theirs; others assent to it.
func ReplaceKey(person int64, credential, public []byte, party string) Intent {
	return said("key.replace", map[string]any{"person": person, "key": url64(credential), "public": url64(public), "rp": party})
}

// ObjectToKey says with an old key that a new one that others entered is not one's own.
func ObjectToKey(key []byte) Intent { return said("key.object", map[string]any{"key": url64(key)}) }

// Disown says that an entry in one's name is not one's own.
func Disown(entry int64, reason string) Intent {
	return said("entry.disown", map[string]any{"entry": entry}, text("reason", reason))
}

// ConsentToHelp lets a member enter things for oneself until a day.
func ConsentToHelp(helper int64, until time.Time) Intent {
	return said("assistance.consent", map[string]any{"helper": helper, "until": instant(until)})
}

// EndHelp ends that.
func EndHelp(helper int64) Intent { return said("assistance.end", map[string]any{"helper": helper}) }

// GrantToken lets a program use some rights until a day; hash is the SHA-256 of a random token that only it gets.
func GrantToken(hash []byte, rights []string, until time.Time, name string) Intent {
	return said("token.grant", map[string]any{"token": std64(hash), "rights": rising(rights), "until": instant(until)}, text("name", name))
}

// RevokeToken ends that.
func RevokeToken(hash []byte) Intent {
	return said("token.revoke", map[string]any{"token": std64(hash)})
}
