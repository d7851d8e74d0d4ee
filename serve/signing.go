package serve

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// say states an intent: at once where a session suffices, else after a device or card has signed it.
func (v *visit) state(a commons.Actor, i commons.Intent) error {
	typ := govern.TypeByID(i.Type)
	if typ == nil {
		return errNotFound
	}
	if !typ.Consequence {
		done, err := v.net.Do(v.ctx(), a, i)
		if err != nil {
			return err
		}
		return v.follow(done, nil)
	}
	if a.Kind == record.Assisted {
		return problem(http.StatusForbidden, "device")
	}
	p, err := v.net.Prepare(v.ctx(), a, i)
	if err != nil {
		return err
	}
	return v.showSign(http.StatusOK, p, "")
}

type signData struct {
	Type                           *govern.Type
	Problem, Party, Payloads, Next string
	Allow                          []string
	Member                         int64
	Fields                         []labelled
	Statement                      []byte
}

// showSign shows what is to be signed. Statement and payloads are with the browser alone until then: they are its person's.
func (v *visit) showSign(status int, p *commons.Prepared, problem string) error {
	text, err := p.Statement.Canonical()
	if err != nil {
		return err
	}
	payloads, err := json.Marshal(p.Payloads)
	if err != nil {
		return err
	}
	typ := govern.TypeByID(p.Statement.Type)
	d := signData{
		Type: typ, Problem: problem, Party: v.s.passkeys.Config.RPID, Payloads: base64.StdEncoding.EncodeToString(payloads), Member: p.Statement.Member,
		Statement: text, Allow: v.devices(p), Fields: v.fields(typ, p.Statement.Body),
	}
	for i, ref := range p.Statement.Payloads {
		d.Fields = append(d.Fields, labelled{v.say("label." + ref.Name), string(p.Payloads[i].Data)})
	}
	return v.showWith(status, "sign", v.say("sign.title", "what", typ.Title.In(string(v.lang))), d)
}

// devices are the passkeys that may sign a statement here.
func (v *visit) devices(p *commons.Prepared) []string {
	if p.Statement.Type == "guest.arrive" {
		var b struct{ Key string }
		if json.Unmarshal(p.Statement.Body, &b) == nil {
			return []string{b.Key}
		}
	}
	list := []string{}
	v.govern(func(g *govern.State) {
		who := g.Persons[p.Statement.Member]
		if who == nil {
			return
		}
		for id, k := range who.Keys {
			if k.Kind == "device" && k.Party == v.s.passkeys.Config.RPID {
				list = append(list, id)
			}
		}
	})
	slices.Sort(list)
	return list
}

// signed appends a statement that a device or a card has signed. The signature says who it is: no session is asked for.
func (v *visit) signed() error {
	if err := v.parse(); err != nil {
		return err
	}
	p, sig, err := v.readSigned()
	if err != nil {
		return err
	}
	if p.Statement.Type == "guest.arrive" {
		if err := v.s.slowDown(v.ctx(), v.s.openings); err != nil {
			return err
		}
	}
	done, err := v.net.Append(v.ctx(), p, *sig)
	if errors.Is(err, govern.ErrSignature) {
		return v.showSign(http.StatusForbidden, p, v.say("sign.error"))
	}
	if err != nil {
		return err
	}
	return v.follow(done, sig)
}

// readSigned reads the form of a signed statement.
func (v *visit) readSigned() (*commons.Prepared, *record.Signature, error) {
	var payloads []record.Payload
	text, err := base64.StdEncoding.DecodeString(v.form("payloads"))
	if err != nil || len(text) > 0 && json.Unmarshal(text, &payloads) != nil {
		return nil, nil, bad("")
	}
	var d deviceSignature
	if json.Unmarshal([]byte(v.form("signature")), &d) != nil {
		return nil, nil, bad("")
	}
	return readSigned(v.net, v.form("statement"), payloads, &d)
}

// readSigned takes a statement that comes back signed as if nobody had ever seen it: only a device's or a card's signature
// is taken, and the text must be the very one that was signed.
func readSigned(n *commons.Network, statement string, payloads []record.Payload, d *deviceSignature) (*commons.Prepared, *record.Signature, error) {
	p := &commons.Prepared{Payloads: payloads}
	if json.Unmarshal([]byte(statement), &p.Statement) != nil {
		return nil, nil, bad("")
	}
	text, err := p.Statement.Canonical()
	st := &p.Statement
	switch {
	case err != nil, string(text) != statement, st.Member == 0, st.Origin != n.Origin(), len(payloads) != len(st.Payloads):
		return nil, nil, bad("")
	case d.Kind != record.Device && d.Kind != record.Card:
		return nil, nil, problem(http.StatusForbidden, "signature")
	case govern.TypeByID(st.Type) == nil:
		return nil, nil, errNotFound
	}
	if p.Hash, err = st.Hash(); err != nil {
		return nil, nil, err
	}
	sig := d.signature(0)
	return p, &sig, nil
}

// follow does what follows from an entry here, and shows its receipt. sig is that of a device or card, if one signed.
func (v *visit) follow(done *commons.Done, sig *record.Signature) error {
	st := &done.Entry.Statement
	ctx, origin := v.ctx(), v.net.Origin()
	switch st.Type {
	case "guest.arrive":
		way := wayPasskey
		if sig.Kind == record.Card {
			way = wayCard
		}
		if err := v.s.signIn(ctx, v.net, st.Member, sig.Key, way); err != nil {
			return err
		}
		return v.goTo("/me", "join.done")
	case "person.erase":
		if err := v.s.forgetPerson(ctx, origin, st.Member); err != nil {
			return err
		}
		if st.Member == v.person {
			if err := v.s.sessions.Destroy(ctx); err != nil {
				return err
			}
		}
	}
	return v.goTo("/receipts/"+formatNumber(done.Number), "")
}

// labelled is a value with what it is called.
type labelled struct{ Label, Value string }

// fields are the public values of a body, as pages show them, in the order of the type's fields.
func (v *visit) fields(typ *govern.Type, body []byte) []labelled {
	var raw map[string]json.RawMessage
	if typ == nil || json.Unmarshal(body, &raw) != nil {
		return nil
	}
	var list []labelled
	for i := range typ.Fields {
		if value, ok := raw[typ.Fields[i].Name]; ok {
			list = append(list, labelled{v.say("label." + typ.Fields[i].Name), v.value(&typ.Fields[i], value)})
		}
	}
	return list
}

func (v *visit) value(f *govern.Field, raw json.RawMessage) string {
	var text string
	var number int64
	var list []json.RawMessage
	switch f.Kind {
	case govern.KindPerson:
		if json.Unmarshal(raw, &number) == nil {
			return v.called(number)
		}
	case govern.KindEntry:
		if json.Unmarshal(raw, &number) == nil {
			return v.say("entry", "number", number)
		}
	case govern.KindFounders:
		return v.founders(raw)
	case govern.KindRules:
		return v.say("rules.inline")
	case govern.KindNames, govern.KindPersons:
		if json.Unmarshal(raw, &list) == nil {
			var parts []string
			for _, x := range list {
				parts = append(parts, strings.Trim(string(x), `"`))
			}
			return strings.Join(parts, ", ")
		}
	}
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	return string(raw)
}

func (v *visit) founders(raw json.RawMessage) string {
	var list []struct {
		Person           int64
		Household, Group string
	}
	if json.Unmarshal(raw, &list) != nil {
		return ""
	}
	var lines []string
	for _, f := range list {
		lines = append(lines, v.called(f.Person)+" · "+f.Household+" · "+f.Group)
	}
	return strings.Join(lines, "\n")
}
