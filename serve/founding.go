package serve

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"

	"github.com/go-webauthn/webauthn/protocol"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// founding is a founding under way: what those who found have typed, each on their own device, until all have signed. It is
// kept in memory alone; if the server stops in between, they begin again.
type founding struct {
	name, purpose string
	rules         *govern.Rules // nil: the default
	founders      []founderDraft
	prepared      *commons.Prepared // once nobody can be added
	signatures    map[int]record.Signature
}

type founderDraft struct {
	commons.Founder
	name, contact string
}

// mostFounders is what one founding entry can hold.
const mostFounders = 25

// least is how many have to found.
func (f *founding) least() int {
	rules := f.rules
	if rules == nil {
		rules = govern.Default()
	}
	return int(rules.Number("founders"))
}

// founding returns the network's founding under way; the caller holds mu.
func (s *Server) founding(origin string) *founding {
	f := s.foundings[origin]
	if f == nil {
		f = &founding{signatures: map[int]record.Signature{}}
		s.foundings[origin] = f
	}
	return f
}

func (v *visit) setUp() error {
	if v.net.Founded() {
		return v.goTo("/", "")
	}
	if !v.s.sessions.GetBool(v.ctx(), sessionSetUp+v.net.Origin()) {
		return v.showCode("")
	}
	return v.showFounding(http.StatusOK, "")
}

func (v *visit) showCode(problem string) error {
	status := http.StatusOK
	if problem != "" {
		status = http.StatusForbidden
	}
	return v.showWith(status, "setup", v.say("setup.title"), struct{ Problem string }{problem})
}

// giveCode lets a device take part in the founding.
func (v *visit) giveCode() error {
	if err := errors.Join(v.parse(), v.s.slowDown(v.ctx(), v.s.guesses)); err != nil {
		return err
	}
	err := v.net.CheckSetUp(v.ctx(), v.form("code"))
	var refused *commons.Refusal
	switch {
	case errors.As(err, &refused):
		return v.showCode(v.say("setup.wrong"))
	case err != nil:
		return err
	}
	if err := v.s.sessions.RenewToken(v.ctx()); err != nil {
		return err
	}
	v.s.sessions.Put(v.ctx(), sessionSetUp+v.net.Origin(), true)
	return v.goTo("/setup", "")
}

type founderRow struct {
	Number                 int
	Name, Household, Group string
	Signed                 bool
}

type foundingPage struct {
	Problem, Name, Purpose, Rules, Group string
	Least, Me, Signatures                int
	Founders                             []founderRow
	Frozen, Ready, Signing               bool
	Options                              *protocol.CredentialCreation
	CardURL, Party                       string
	Allow                                []string
	Statement                            []byte
}

func (v *visit) showFounding(status int, problem string) error {
	d, err := v.foundingPage(problem)
	if err != nil {
		return err
	}
	if d.Me == 0 && !d.Frozen {
		if d.Options, err = v.s.beginPasskey(v.ctx()); err != nil {
			return err
		}
	}
	return v.showWith(status, "founding", v.say("found.title"), d)
}

func (v *visit) foundingPage(problem string) (*foundingPage, error) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	f := v.s.founding(v.net.Origin())
	rules := f.rules
	if rules == nil {
		rules = govern.Default()
	}
	d := &foundingPage{
		Problem: problem, Name: f.name, Purpose: f.purpose, Rules: string(rules.YAML()), Least: f.least(), Signatures: len(f.signatures),
		Frozen: f.prepared != nil, CardURL: v.cardURL(), Party: v.s.passkeys.Config.RPID, Me: v.founder(f),
	}
	for i, x := range f.founders {
		_, signed := f.signatures[i+1]
		d.Founders = append(d.Founders, founderRow{i + 1, x.name, x.Household, x.Group, signed})
		d.Group = x.Group
	}
	d.Ready = f.name != "" && len(f.founders) >= d.Least
	if d.Frozen && d.Me != 0 && !d.Founders[d.Me-1].Signed {
		d.Signing, d.Allow = true, []string{url64(f.founders[d.Me-1].Credential)}
		var err error
		if d.Statement, err = f.prepared.Statement.Canonical(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// founder is which of the founders this session is; 0 if none. The caller holds mu.
func (v *visit) founder(f *founding) int {
	number := int(v.s.sessions.GetInt64(v.ctx(), sessionFounder+v.net.Origin()))
	key := v.s.sessions.GetString(v.ctx(), sessionKey+v.net.Origin())
	if number < 1 || number > len(f.founders) || url64(f.founders[number-1].Credential) != key {
		return 0 // the server was started anew
	}
	return number
}

// cardURL is what the QR code of a printed card opens; the key follows behind #, which browsers keep to themselves.
func (v *visit) cardURL() string { return v.s.o.Address.String() + v.path + "/signin" }

// founder's requests come from devices that have given the code.
func (v *visit) mayFound() error {
	if !v.s.sessions.GetBool(v.ctx(), sessionSetUp+v.net.Origin()) {
		return problem(http.StatusForbidden, "set-up")
	}
	return v.parse()
}

// change changes the founding unless it is being signed.
func (v *visit) change(do func(f *founding) (problem string)) error {
	v.s.mu.Lock()
	f := v.s.founding(v.net.Origin())
	key := "found.error.moved"
	if f.prepared == nil {
		key = do(f)
	}
	v.s.mu.Unlock()
	if key != "" {
		return v.showFounding(http.StatusConflict, v.say(key))
	}
	return v.goTo("/setup", "")
}

func (v *visit) foundWhat() error {
	if err := v.mayFound(); err != nil {
		return err
	}
	rules, err := govern.ParseYAML([]byte(v.form("rules")))
	if v.form("rules") == "" {
		rules, err = nil, nil
	}
	var mistakes govern.Mistakes
	if errors.As(err, &mistakes) {
		text := ""
		for _, m := range mistakes {
			text += "\n" + m.In(string(v.lang))
		}
		return v.showFounding(http.StatusBadRequest, v.say("found.error.rules", "text", text))
	}
	if err != nil {
		return bad(err.Error())
	}
	return v.change(func(f *founding) string {
		f.name, f.purpose, f.rules = v.form("name"), v.form("purpose"), rules
		return ""
	})
}

func (v *visit) foundWho() error {
	if err := v.mayFound(); err != nil {
		return err
	}
	key, err := v.s.endPasskey(v.ctx(), v.form("credential"))
	card, err2 := base64.RawURLEncoding.DecodeString(v.form("card"))
	if err != nil || err2 != nil || len(card) != 32 {
		return v.showFounding(http.StatusBadRequest, v.say("found.error.key"))
	}
	ctx, origin := v.ctx(), v.net.Origin()
	if err := v.s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	return v.change(func(f *founding) string {
		taken := func(x founderDraft) bool {
			return slices.Equal(x.Credential, key.id) || slices.Equal(x.Card, card)
		}
		if len(f.founders) >= mostFounders || slices.ContainsFunc(f.founders, taken) || v.founder(f) != 0 {
			return "found.error.key"
		}
		f.founders = append(f.founders, founderDraft{
			commons.Founder{Household: v.form("household"), Group: v.form("group"), Credential: key.id, Public: key.public, Card: card},
			v.form("name"), v.form("contact"),
		})
		v.s.sessions.Put(ctx, sessionFounder+origin, int64(len(f.founders)))
		v.s.sessions.Put(ctx, sessionKey+origin, url64(key.id))
		return ""
	})
}

// foundFreeze makes the statement that all sign.
func (v *visit) foundFreeze() error {
	if err := v.mayFound(); err != nil {
		return err
	}
	code, err := v.net.SetUpCode(v.ctx())
	if err != nil {
		return err
	}
	logKey, err := v.net.LogKey(v.ctx())
	if err != nil {
		return err
	}
	v.s.mu.Lock()
	err = v.freeze(v.s.founding(v.net.Origin()), code, logKey)
	v.s.mu.Unlock()
	if err != nil {
		x := asFailure(err, v.lang)
		if x.text == "" {
			return err
		}
		return v.showFounding(x.status, x.text)
	}
	return v.goTo("/setup", "")
}

func (v *visit) freeze(f *founding, code, logKey string) error {
	if f.prepared != nil || f.name == "" || len(f.founders) < f.least() {
		return nil
	}
	x := commons.Founding{
		Name: f.name, Purpose: f.purpose, Rules: f.rules, Party: v.s.passkeys.Config.RPID, Operator: v.s.o.Operator.Name, LogKey: logKey,
		FirstName: f.founders[0].name, FirstContact: f.founders[0].contact,
	}
	if x.Operator == "" {
		x.Operator = v.s.o.Address.Host
	}
	for _, y := range f.founders {
		x.Founders = append(x.Founders, y.Founder)
	}
	prepared, err := v.net.PrepareFounding(v.ctx(), code, commons.Found(x))
	if err != nil {
		return err
	}
	f.prepared, f.signatures = prepared, map[int]record.Signature{}
	return nil
}

func (v *visit) foundAgain() error {
	if err := v.mayFound(); err != nil {
		return err
	}
	v.s.mu.Lock()
	f := v.s.founding(v.net.Origin())
	f.prepared, f.signatures = nil, map[int]record.Signature{}
	v.s.mu.Unlock()
	return v.goTo("/setup", "")
}

// foundSign takes one founder's signature, and founds the network with the last.
func (v *visit) foundSign() error {
	if err := v.mayFound(); err != nil {
		return err
	}
	var sig deviceSignature
	if err := json.Unmarshal([]byte(v.form("signature")), &sig); err != nil {
		return bad("")
	}
	v.s.mu.Lock()
	key, err := v.takeSignature(v.s.founding(v.net.Origin()), &sig)
	v.s.mu.Unlock()
	switch {
	case err != nil:
		return err
	case key != "":
		return v.showFounding(http.StatusConflict, v.say(key))
	}
	if err := v.s.signIn(v.ctx(), v.net, v.s.sessions.GetInt64(v.ctx(), sessionFounder+v.net.Origin()), sig.Key, wayPasskey); err != nil {
		return err
	}
	if v.net.Founded() {
		return v.goTo("/", "found.done")
	}
	return v.goTo("/setup", "")
}

func (v *visit) takeSignature(f *founding, sig *deviceSignature) (problem string, err error) {
	me := v.founder(f)
	if f.prepared == nil || me == 0 {
		return "found.error.moved", nil
	}
	text, err := f.prepared.Statement.Canonical()
	if err != nil {
		return "", err
	}
	if string(text) != v.form("statement") {
		return "found.error.moved", nil
	}
	member := int64(me)
	if me == 1 {
		member = 0 // the statement's own
	}
	g := sig.signature(member)
	who := f.founders[me-1]
	if g.Kind != record.Device || g.Key != url64(who.Credential) || g.VerifyDevice(who.Public, v.s.passkeys.Config.RPID, f.prepared.Hash) != nil {
		return "found.error.signature", nil
	}
	f.signatures[me] = g
	if len(f.signatures) < len(f.founders) {
		return "", nil
	}
	var all []record.Signature
	for i := range f.founders {
		all = append(all, f.signatures[i+1])
	}
	if _, err := v.net.Append(v.ctx(), f.prepared, all...); err != nil {
		return "", err
	}
	delete(v.s.foundings, v.net.Origin())
	v.introduce(f)
	return "", nil
}

// introduce enters what the founders said of themselves when they took part, each in their own name; the founding entry has that of
// the first. What does not succeed they can say again.
func (v *visit) introduce(f *founding) {
	for i, x := range f.founders[1:] {
		if x.name == "" && x.contact == "" {
			continue
		}
		if _, err := v.net.Do(v.ctx(), commons.Session(int64(i+2)), commons.IntroduceOneself(x.name, x.contact)); err != nil {
			v.s.o.Log.Warn("introducing founders", "id", requestID(v.ctx()), "err", safe(err))
		}
	}
}

func url64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
