// Package commonstest makes networks that can be planned, whose people have real keys and really sign, for tests of what
// servers and workers do with them.
package commonstest

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"testing"
	"time"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// Village is a network of six people, of whom 1 has the office that adopts plans. A bakery makes loaves, one kind out of the
// other, from rye that it has; everybody needs some of each.
type Village struct {
	testing.TB
	Net *commons.Network
	now func() time.Time
}

const (
	people = 6
	party  = "localhost"
)

// Found founds the village in a record that has no entry yet. Its plan has so many kinds of loaves and weeks; 120 and 104 take
// a solver some seconds.
func Found(tb testing.TB, net *commons.Network, now func() time.Time, loaves, weeks int) *Village {
	tb.Helper()
	v := &Village{tb, net, now}
	v.found()
	until := now().Add(90 * 24 * time.Hour)
	office := v.Say(1, commons.GiveMandate(commons.Mandating{Office: "planning", Scope: govern.InNetwork, Holder: 1, Until: until}))
	for n := int64(2); n <= 4; n++ {
		open := false
		net.View(func(s *commons.State) { open = s.Govern.Acts[office.Number] != nil })
		if open {
			v.Say(n, commons.AssentTo(office.Number))
		}
	}
	v.Say(1, commons.AcceptMandate(office.Number, ""))
	v.describe(loaves, weeks)
	return v
}

func (v *Village) must(err error) {
	v.Helper()
	if err != nil {
		v.Fatal(err)
	}
}

// Card is the key on a person's printed card.
func Card(person int64) ed25519.PrivateKey { return key("card", person) }

func key(what string, person int64) ed25519.PrivateKey {
	seed := sha256.Sum256(fmt.Appendf(nil, "%s %d", what, person))
	return ed25519.NewKeyFromSeed(seed[:])
}

func (v *Village) found() {
	v.Helper()
	code, err := v.Net.SetUpCode(v.Context())
	v.must(err)
	f := commons.Founding{Name: "Nordhof", Purpose: "Bread for all", Party: party, Operator: "Nordhof eG", FirstName: "Ada"}
	f.LogKey, err = v.Net.LogKey(v.Context())
	v.must(err)
	for n := int64(1); n <= people; n++ {
		der, err := x509.MarshalPKIXPublicKey(key("device", n).Public())
		v.must(err)
		f.Founders = append(f.Founders, commons.Founder{
			Household: fmt.Sprint("h", n), Group: "nord", Credential: fmt.Appendf(nil, "credential-%d", n), Public: der, Card: Card(n).Public().(ed25519.PublicKey),
		})
	}
	p, err := v.Net.PrepareFounding(v.Context(), code, commons.Found(f))
	v.must(err)
	var all []record.Signature
	for n := int64(1); n <= people; n++ {
		all = append(all, device(n, p.Hash))
	}
	all[0].Member = 0
	_, err = v.Net.Append(v.Context(), p, all...)
	v.must(err)
}

// device signs as a browser would.
func device(n int64, h record.Hash) record.Signature {
	client := fmt.Appendf(nil, `{"type":"webauthn.get","challenge":%q,"origin":"https://%s","crossOrigin":false}`, base64.RawURLEncoding.EncodeToString(h[:]), party)
	rp, hash := sha256.Sum256([]byte(party)), sha256.Sum256(client)
	auth := append(rp[:], 1, 0, 0, 0, 0)
	return record.Signature{
		Kind: record.Device, Key: base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "credential-%d", n)), Member: n, AuthenticatorData: auth, ClientData: client,
		Sig: ed25519.Sign(key("device", n), append(append([]byte{}, auth...), hash[:]...)),
	}
}

// Say has somebody state something, signed with their card where that is needed.
func (v *Village) Say(person int64, i commons.Intent) *commons.Done {
	v.Helper()
	p, err := v.Net.Prepare(v.Context(), commons.Session(person), i)
	if err != nil {
		v.Fatalf("%s by %d: %v", i.Type, person, err)
	}
	var with []record.Signature
	if govern.TypeByID(i.Type).Consequence {
		with = append(with, commons.SignCard(p, Card(person)))
	}
	done, err := v.Net.Append(v.Context(), p, with...)
	if err != nil {
		v.Fatalf("%s by %d: %v", i.Type, person, err)
	}
	return done
}

// Token grants a program rights and powers of a person for a day, and returns the secret that it sends.
func (v *Village) Token(person int64, rights ...string) string {
	v.Helper()
	secret := "bremen_" + base64.RawURLEncoding.EncodeToString(Card(person).Seed())
	hash := sha256.Sum256([]byte(secret))
	v.Say(person, commons.GrantToken(hash[:], rights, v.now().Add(24*time.Hour), ""))
	return secret
}

// describe states what there is and what is needed.
func (v *Village) describe(loaves, weeks int) {
	v.Helper()
	table := func(name string, rows ...map[string]string) {
		v.Say(1, commons.Describe(govern.InNetwork, name, rows, nil, ""))
	}
	table("network", map[string]string{"yaml": fmt.Sprintf("network: nordhof\ncalendar:\n  start: %s\n  unit: week\n  periods: %d\nallowance: none\n", v.now().Format(time.DateOnly), weeks)})
	products := []map[string]string{{"id": "rye", "unit": "kg"}}
	rows := commons.Rows{}
	for k := range loaves {
		id, from := fmt.Sprint("loaf", k), "rye"
		if k > 0 {
			from = fmt.Sprint("loaf", k-1)
		}
		products = append(products, map[string]string{"id": id, "unit": "kg", "reach": "network"})
		rows["recipes"] = append(rows["recipes"], map[string]string{"id": "bake" + id, "unit": "kg", "most": "40"})
		rows["flows"] = append(rows["flows"],
			map[string]string{"recipe": "bake" + id, "direction": "in", "what": from, "quantity": "0.9", "unit": "kg"},
			map[string]string{"recipe": "bake" + id, "direction": "out", "what": id, "quantity": "1", "unit": "kg"},
			map[string]string{"recipe": "bake" + id, "direction": "work", "what": "baking", "quantity": fmt.Sprint("0.", 1+k%7), "unit": "h"})
	}
	products[0]["reach"] = "network"
	table("products", products...)
	table("skills", map[string]string{"id": "baking"})
	v.Say(2, commons.FoundOrganisation("bakery", "mill lane"))
	bakery := govern.OrganisationScope("bakery")
	v.Say(2, commons.StateRecipe(bakery, rows, nil, ""))
	table("trade", map[string]string{"type": "buy", "product": "rye", "most": "30"})
	amount := func(s string) commons.Decimal {
		d, err := commons.ParseDecimal(s)
		v.must(err)
		return d
	}
	for n := int64(1); n <= 4; n++ {
		for k := range loaves {
			v.Say(n, commons.StateNeed(commons.Need{What: fmt.Sprint("loaf", k), Quantity: amount(fmt.Sprintf("%d.%d", n, k%10)), Unit: "kg", Urgency: []string{"vital", "important", "wish"}[k%3]}, nil))
		}
		v.Say(n, commons.OfferWork(commons.Offer{Skill: "baking", Steps: []commons.Step{{Hours: amount(fmt.Sprint(n)), Burden: amount("1")}, {Hours: amount("2"), Burden: amount(fmt.Sprint(n))}}}, nil))
	}
}
