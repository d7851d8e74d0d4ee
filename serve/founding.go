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

// founding is a founding under way: what those who found have typed, each on their own device, until all have signed. The
// store keeps it, for all servers of the database.
type founding struct {
	Name       string                   `json:"name"`
	Purpose    string                   `json:"purpose"`
	Rules      *govern.Rules            `json:"rules"` // nil: the default
	Founders   []founderDraft           `json:"founders"`
	Prepared   *commons.Prepared        `json:"prepared"` // once nobody can be added
	Signatures map[int]record.Signature `json:"signatures"`
}

// founderDraft is one of those who found. Their number is their place, from 1.
type founderDraft struct {
	commons.Founder
	Name    string `json:"name"`
	Contact string `json:"contact"`
}

// mostFounders is what one founding entry can hold.
const mostFounders = 25

// least is how many have to found.
func (f *founding) least() int {
	return int(f.rules().Number("founders"))
}

// rules are those that the network begins with.
func (f *founding) rules() *govern.Rules {
	if f.Rules == nil {
		return govern.Default()
	}
	return f.Rules
}

// signed tells whether all have signed.
func (f *founding) signed() bool {
	return f.Prepared != nil && len(f.Signatures) == len(f.Founders)
}

// errUnchanged leaves a founding as it is.
var errUnchanged = errors.New("unchanged")

// founding reads the network's founding under way; an empty one if there is none.
func (v *visit) founding() (*founding, error) {
	f, _, err := v.s.o.Store.founding(v.ctx(), v.net.Origin())
	return f, err
}

// changeFounding changes the founding, once more where somebody else has changed it meanwhile. An error of do leaves it as it is.
func (v *visit) changeFounding(do func(f *founding) error) error {
	const patience = 20
	for range patience {
		f, version, err := v.s.o.Store.founding(v.ctx(), v.net.Origin())
		if err != nil {
			return err
		}
		if err := do(f); err != nil {
			return err
		}
		if kept, err := v.s.o.Store.keepFounding(v.ctx(), v.net.Origin(), f, version); err != nil || kept {
			return err
		}
	}
	return problem(http.StatusConflict, "moved")
}

func (v *visit) setUp() error {
	if v.net.Founded() {
		return v.goTo("/", "")
	}
	if !v.s.sessions.GetBool(v.ctx(), sessionSetUp+v.net.Origin()) {
		return v.showCode("")
	}
	f, err := v.founding()
	if err != nil {
		return err
	}
	if f.signed() { // and the server stopped before the network was founded
		if err := v.foundNow(f); err != nil {
			return err
		}
		return v.goTo("/", "found.done")
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
	f, err := v.founding()
	if err != nil {
		return nil, err
	}
	d := &foundingPage{
		Problem: problem, Name: f.Name, Purpose: f.Purpose, Rules: string(f.rules().YAML()), Least: f.least(), Signatures: len(f.Signatures),
		Frozen: f.Prepared != nil, CardURL: v.cardURL(), Party: v.s.passkeys.Config.RPID, Me: v.founder(f),
	}
	for i, x := range f.Founders {
		_, signed := f.Signatures[i+1]
		d.Founders = append(d.Founders, founderRow{i + 1, x.Name, x.Household, x.Group, signed})
		d.Group = x.Group
	}
	d.Ready = f.Name != "" && len(f.Founders) >= d.Least
	if d.Frozen && d.Me != 0 && !d.Founders[d.Me-1].Signed {
		d.Signing, d.Allow = true, []string{url64(f.Founders[d.Me-1].Credential)}
		if d.Statement, err = f.Prepared.Statement.Canonical(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// founder is which of the founders this session is; 0 if none.
func (v *visit) founder(f *founding) int {
	number := int(v.s.sessions.GetInt64(v.ctx(), sessionFounder+v.net.Origin()))
	key := v.s.sessions.GetString(v.ctx(), sessionKey+v.net.Origin())
	if number < 1 || number > len(f.Founders) || url64(f.Founders[number-1].Credential) != key {
		return 0 // of a founding that was given up
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
	key := ""
	err := v.changeFounding(func(f *founding) error {
		key = "found.error.moved"
		if f.Prepared == nil {
			key = do(f)
		}
		if key != "" {
			return errUnchanged
		}
		return nil
	})
	switch {
	case key != "":
		return v.showFounding(http.StatusConflict, v.say(key))
	case err != nil:
		return err
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
		f.Name, f.Purpose, f.Rules = v.form("name"), v.form("purpose"), rules
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
		if len(f.Founders) >= mostFounders || slices.ContainsFunc(f.Founders, taken) || v.founder(f) != 0 {
			return "found.error.key"
		}
		f.Founders = append(f.Founders, founderDraft{
			commons.Founder{Household: v.form("household"), Group: v.form("group"), Credential: key.id, Public: key.public, Card: card},
			v.form("name"), v.form("contact"),
		})
		v.s.sessions.Put(ctx, sessionFounder+origin, int64(len(f.Founders)))
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
	err = v.changeFounding(func(f *founding) error { return v.freeze(f, code, logKey) })
	if err != nil && !errors.Is(err, errUnchanged) {
		x := asFailure(err, v.lang)
		if x.text == "" {
			return err
		}
		return v.showFounding(x.status, x.text)
	}
	return v.goTo("/setup", "")
}

// freeze makes the statement, unless it is there or something is missing.
func (v *visit) freeze(f *founding, code, logKey string) error {
	if f.Prepared != nil || f.Name == "" || len(f.Founders) < f.least() {
		return errUnchanged
	}
	x := commons.Founding{
		Name: f.Name, Purpose: f.Purpose, Rules: f.Rules, Party: v.s.passkeys.Config.RPID, Operator: v.s.o.Operator.Name, LogKey: logKey,
		FirstName: f.Founders[0].Name, FirstContact: f.Founders[0].Contact,
	}
	if x.Operator == "" {
		x.Operator = v.s.o.Address.Host
	}
	for _, y := range f.Founders {
		x.Founders = append(x.Founders, y.Founder)
	}
	prepared, err := v.net.PrepareFounding(v.ctx(), code, commons.Found(x))
	if err != nil {
		return err
	}
	f.Prepared, f.Signatures = prepared, map[int]record.Signature{}
	return nil
}

// foundAgain gives up what was to be signed.
func (v *visit) foundAgain() error {
	if err := v.mayFound(); err != nil {
		return err
	}
	err := v.changeFounding(func(f *founding) error {
		f.Prepared, f.Signatures = nil, nil
		return nil
	})
	if err != nil {
		return err
	}
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
	var now *founding
	wrong := ""
	err := v.changeFounding(func(f *founding) (err error) {
		now = f
		if wrong, err = v.takeSignature(f, &sig); err == nil && wrong != "" {
			err = errUnchanged
		}
		return err
	})
	switch {
	case wrong != "":
		return v.showFounding(http.StatusConflict, v.say(wrong))
	case err != nil:
		return err
	}
	if now.signed() {
		if err := v.foundNow(now); err != nil {
			return err
		}
	}
	if err := v.s.signIn(v.ctx(), v.net, v.s.sessions.GetInt64(v.ctx(), sessionFounder+v.net.Origin()), sig.Key, wayPasskey); err != nil {
		return err
	}
	if v.net.Founded() {
		return v.goTo("/", "found.done")
	}
	return v.goTo("/setup", "")
}

// takeSignature adds the signature of the founder whose session it is.
func (v *visit) takeSignature(f *founding, sig *deviceSignature) (problem string, err error) {
	me := v.founder(f)
	if f.Prepared == nil || me == 0 {
		return "found.error.moved", nil
	}
	text, err := f.Prepared.Statement.Canonical()
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
	who := f.Founders[me-1]
	if g.Kind != record.Device || g.Key != url64(who.Credential) || g.VerifyDevice(who.Public, v.s.passkeys.Config.RPID, f.Prepared.Hash) != nil {
		return "found.error.signature", nil
	}
	if f.Signatures == nil {
		f.Signatures = map[int]record.Signature{}
	}
	f.Signatures[me] = g
	return "", nil
}

// foundNow founds the network: all have signed. It can be done again where it was cut short.
func (v *visit) foundNow(f *founding) error {
	var all []record.Signature
	for i := range f.Founders {
		all = append(all, f.Signatures[i+1])
	}
	if !v.net.Founded() {
		if _, err := v.net.Append(v.ctx(), f.Prepared, all...); err != nil {
			return err
		}
	}
	v.introduce(f)
	return v.s.o.Store.dropFounding(v.ctx(), v.net.Origin())
}

// introduce enters what the founders said of themselves when they took part, each in their own name; the founding entry has that of
// the first. What does not succeed they can say again.
func (v *visit) introduce(f *founding) {
	for i, x := range f.Founders[1:] {
		person, said := int64(i+2), false
		v.net.View(func(s *commons.State) { _, said = s.Described[person] })
		if said || x.Name == "" && x.Contact == "" {
			continue
		}
		if _, err := v.net.Do(v.ctx(), commons.Session(person), commons.IntroduceOneself(x.Name, x.Contact)); err != nil {
			v.s.o.Log.Warn("introducing founders", "id", requestID(v.ctx()), "err", safe(err))
		}
	}
}

func url64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
