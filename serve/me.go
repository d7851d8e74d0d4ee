package serve

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"bremen/commons"
	"bremen/govern"
)

type needRow struct {
	Number                   int64
	Need                     commons.Need
	Quantity, Basis, Urgency string
	Prefer                   []string
	Erased                   bool
}

type otherRow struct {
	Number int64
	Title  govern.Text
	Parts  []string
}

type invitationRow struct {
	Entry int64
	Hash  string
	Until time.Time
}

type keyRow struct {
	ID, Kind string
	Entry    int64
	This     bool
	From     *time.Time // of a key that others entered, until it counts
}

// commandGroup are the commands that somebody can give by one right or office.
type commandGroup struct {
	Title    govern.Text
	Commands []commandRow
}

type commandRow struct{ Path, Title string }

type meData struct {
	Guest, Member, CanJoin        bool
	Vouched, Vouchers, Objections int
	From                          *time.Time
	Needs                         []needRow
	Offers                        []offerRow
	Others                        []otherRow
	Invitations                   []invitationRow
	InvitationsLeft               int
	Keys                          []keyRow
	Codes                         int
	Commands                      []commandGroup
	CanDescribe                   bool
	Told                          string // how they are told of entries: mail, refused, paper or none
	Contact                       string
	Accounts                      bool // whether there are providers whose accounts can be linked
}

func (v *visit) me() error {
	d := &meData{Accounts: len(v.s.o.OIDC[slug(v.net.Origin())]) > 0}
	items, err := v.net.Mine(v.ctx(), v.person)
	if err != nil {
		return err
	}
	for _, item := range items {
		v.addItem(d, item)
	}
	if d.Codes, err = v.s.o.Store.codes(v.ctx(), v.net.Origin(), v.person); err != nil {
		return err
	}
	if err := v.howTold(d); err != nil {
		return err
	}
	v.govern(func(g *govern.State) { v.aboutMe(g, d) })
	return v.show("me", v.say("me.title"), d)
}

// howTold says how somebody is told of entries in their name.
func (v *visit) howTold(d *meData) error {
	to, err := v.s.contact(v.ctx(), v.net, v.person, describedIn(v.net, v.person))
	if err != nil {
		return err
	}
	reached, err := v.s.reachedByMail(v.ctx(), v.net, v.person)
	switch {
	case v.s.o.Mail == nil:
		d.Told = "none"
	case to == nil:
		d.Told = "paper"
	case !reached:
		d.Told = "refused"
	default:
		d.Told = "mail"
	}
	return err
}

func (v *visit) addItem(d *meData, item commons.Item) {
	switch item.Type {
	case "need.state":
		v.addNeed(d, item)
	case "offer.state":
		v.addOffer(d, item)
	case "network.found", "guest.arrive", "person.describe":
		d.Contact = item.Parts["contact"]
	default:
		row := otherRow{Number: item.Number}
		if t := govern.TypeByID(item.Type); t != nil {
			row.Title = t.Title
		}
		for _, name := range slices.Sorted(maps.Keys(item.Parts)) {
			row.Parts = append(row.Parts, v.say("label."+name)+": "+item.Parts[name])
		}
		d.Others = append(d.Others, row)
	}
}

func (v *visit) addOffer(d *meData, item commons.Item) {
	row := offerRow{Number: item.Number, Erased: item.Erased}
	if err := json.Unmarshal([]byte(item.Parts["offer"]), &row.Offer); err != nil {
		row.Erased = true
	}
	row.Lines = v.steps(row.Offer)
	d.Offers = append(d.Offers, row)
}

// steps are the hours of an offer, a line for each.
func (v *visit) steps(offer commons.Offer) (lines []string) {
	for _, step := range offer.Steps {
		lines = append(lines, v.say("offer.step", "hours", v.decimal(step.Hours), "burden", v.decimal(step.Burden)))
	}
	return lines
}

// basis is how often a need is.
func (v *visit) basis(need commons.Need) string {
	return v.say("basis." + cmp.Or(need.Basis, bases[0]))
}

// urgency is how urgent a need is, in the network's own word where it has one.
func (v *visit) urgency(need commons.Need) string {
	if key := "urgency." + need.Urgency; v.lang.Has(key) {
		return v.say(key)
	}
	return need.Urgency
}

func (v *visit) addNeed(d *meData, item commons.Item) {
	row := needRow{Number: item.Number, Erased: item.Erased}
	if err := json.Unmarshal([]byte(item.Parts["need"]), &row.Need); err != nil {
		row.Erased = true
	}
	row.Quantity = v.decimal(row.Need.Quantity)
	row.Basis, row.Urgency, row.Prefer = v.basis(row.Need), v.urgency(row.Need), v.preferences(row.Need.Prefer)
	d.Needs = append(d.Needs, row)
}

// decimal writes an exact decimal as the language has it.
func (v *visit) decimal(d commons.Decimal) string {
	if v.lang == "de" {
		return strings.Replace(d.String(), ".", ",", 1)
	}
	return d.String()
}

func (v *visit) aboutMe(g *govern.State, d *meData) {
	now := max(v.s.o.Clock().UnixMilli(), g.Time)
	p := g.Persons[v.person]
	d.Guest, d.Member = p.Standing == govern.Guest, p.Standing == govern.Member
	d.Vouched, d.Vouchers = len(p.Vouches), int(g.Rules.Number("vouchers"))
	if d.Guest {
		from, objections := g.MayJoinFrom(v.person)
		d.Objections, d.CanJoin = objections, from > 0 && objections == 0 && now >= from
		if from > 0 && objections == 0 {
			d.From = pointer(time.UnixMilli(from))
		}
	}
	d.InvitationsLeft = int(g.Rules.Number("open_invitations"))
	days := time.Duration(g.Rules.Number("invitation_days")) * 24 * time.Hour
	for hash, i := range g.Invitations {
		if until := time.UnixMilli(i.At).Add(days); i.By == v.person && until.UnixMilli() > now {
			d.Invitations = append(d.Invitations, invitationRow{i.Entry, hash, until})
			d.InvitationsLeft--
		}
	}
	slices.SortFunc(d.Invitations, func(a, b invitationRow) int { return cmp.Compare(a.Entry, b.Entry) })
	for id, k := range p.Keys {
		row := keyRow{ID: id, Kind: k.Kind, Entry: k.Entry, This: id == v.session.key}
		if from := g.KeyCounts(v.person, k.Entry); k.Days > 0 && from > now {
			row.From = pointer(time.UnixMilli(from))
		}
		d.Keys = append(d.Keys, row)
	}
	slices.SortFunc(d.Keys, func(a, b keyRow) int { return cmp.Or(cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.ID, b.ID)) })
	d.Commands = v.commands(g, now)
	d.CanDescribe = len(g.Rights(v.person, "person.describe", govern.PersonScope(v.person), now)) > 0
}

// pagesOfCommands are commands with pages of their own.
var pagesOfCommands = map[string]string{
	"need.state": "/need", "offer.state": "/offer", "key.enrol": "/me/key", "token.grant": "/me/token", "invitation.issue": "/me#invite",
	"key.replace": "/lost", "key.withdraw": "/me#keys",
}

// commands are those that somebody can give, by the right or office that lets them.
func (v *visit) commands(g *govern.State, now int64) (groups []commandGroup) {
	for _, row := range g.WhoCan(now) {
		i := v.among(g, row.Who)
		if i < 0 {
			continue
		}
		x := commandRow{cmp.Or(pagesOfCommands[row.ID], "/do/"+row.ID), v.action(row.Type)}
		title := row.Who[i].Title
		if j := slices.IndexFunc(groups, func(c commandGroup) bool { return c.Title == title }); j >= 0 {
			groups[j].Commands = append(groups[j].Commands, x)
			continue
		}
		groups = append(groups, commandGroup{title, []commandRow{x}})
	}
	return groups
}

// action is what somebody does who states an entry of a type.
func (v *visit) action(t *govern.Type) string {
	if key := "action." + t.ID; v.lang.Has(key) {
		return v.say(key)
	}
	return t.Title.In(string(v.lang))
}

func pointer[T any](x T) *T { return &x }

// bases are how often a need can be, the first where nothing is said.
var bases = []string{"period", "day", "total"}

type urgency struct{ ID, Title string }

type needData struct {
	Problem   string
	For       int64
	Form      struct{ What, Quantity, Unit, Basis, Urgency, Prefer, Words string }
	Bases     []string
	Urgencies []urgency
	Products  []option
	Units     []string // that people write often
}

func (v *visit) needPage() error {
	d := v.needData()
	d.For, _ = strconv.ParseInt(v.r.URL.Query().Get("for"), 10, 64)
	return v.show("need", v.say("need.title"), d)
}

func (v *visit) needData() *needData {
	d := &needData{Bases: bases, Units: []string{"g", "h", "kg", "l", "m", "m2"}}
	d.Form.Basis, d.Form.Urgency = bases[0], "important"
	for _, id := range []string{"vital", "important", "wish"} {
		d.Urgencies = append(d.Urgencies, urgency{id, v.say("urgency." + id)})
	}
	d.Products = v.stated("products", "kinds", "properties")
	return d
}

func (v *visit) stateNeed() error {
	if err := v.parse(); err != nil {
		return err
	}
	d := v.needData()
	d.For, _ = strconv.ParseInt(v.form("for"), 10, 64)
	f := &d.Form
	f.What, f.Quantity, f.Unit, f.Basis, f.Urgency = v.form("what"), v.form("quantity"), v.form("unit"), v.form("basis"), v.form("urgency")
	f.Prefer, f.Words = v.form("prefer"), v.form("words")
	quantity, err := readDecimal(f.Quantity)
	if err != nil {
		d.Problem = v.say("need.error.quantity", "text", f.Quantity)
		return v.showWith(http.StatusBadRequest, "need", v.say("need.title"), d)
	}
	prefer, wrong := readPreferences(v.form("prefer"))
	if wrong != "" {
		d.Problem = v.say("need.error.prefer", "text", wrong)
		return v.showWith(http.StatusBadRequest, "need", v.say("need.title"), d)
	}
	need := commons.Need{What: f.What, Quantity: quantity, Unit: f.Unit, Basis: f.Basis, Urgency: f.Urgency, Prefer: prefer, Words: f.Words}
	err = v.state(v.helping(d.For), commons.StateNeed(need, nil))
	if x := asFailure(err, v.lang); err != nil && x.text != "" {
		d.Problem = x.text
		return v.showWith(x.status, "need", v.say("need.title"), d)
	}
	return err
}

// readPreferences reads how much somebody likes which variant of what they need, one a line: "rye bread: 0.5". wrong is the first
// line that says no such thing.
func readPreferences(text string) (prefer map[string]commons.Decimal, wrong string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		i := strings.LastIndexByte(line, ':')
		product := strings.TrimSpace(line[:max(i, 0)])
		liked, err := readDecimal(strings.TrimSpace(line[i+1:]))
		if _, twice := prefer[product]; product == "" || twice || err != nil {
			return nil, line
		}
		if prefer == nil {
			prefer = map[string]commons.Decimal{}
		}
		prefer[product] = liked
	}
	return prefer, ""
}

// preferences writes them, sorted by product.
func (v *visit) preferences(prefer map[string]commons.Decimal) (lines []string) {
	for _, product := range slices.Sorted(maps.Keys(prefer)) {
		lines = append(lines, product+": "+v.decimal(prefer[product]))
	}
	return lines
}

// invite makes an invitation. Its code is shown once and kept nowhere.
func (v *visit) invite() error {
	if err := v.parse(); err != nil {
		return err
	}
	code := make([]byte, 16)
	rand.Read(code) //nolint:errcheck // it never fails
	hash := sha256.Sum256(code)
	done, err := v.net.Do(v.ctx(), v.actor(), commons.Invite(hash[:], v.form("note")))
	if err != nil {
		return err
	}
	text := url64(code)
	var days int64
	v.govern(func(g *govern.State) { days = g.Rules.Number("invitation_days") })
	return v.show("invited", v.say("invited.title"), struct {
		Link, Code string
		Until      time.Time
	}{v.s.o.Address.String() + v.path + "/join#" + text, text, done.Entry.Time.Add(time.Duration(days) * 24 * time.Hour)})
}

type keyData struct {
	Problem, CardURL, Name string
	Options                *protocol.CredentialCreation
}

func (v *visit) keyPage() error {
	options, err := v.s.beginPasskey(v.ctx())
	if err != nil {
		return err
	}
	return v.show("key", v.say("key.add"), keyData{CardURL: v.cardURL(), Name: cmp.Or(v.name(v.person), "Bremen"), Options: options})
}

// enrol enters another device or another card; a key that counts signs for it.
func (v *visit) enrol() error {
	if err := v.parse(); err != nil {
		return err
	}
	if text := v.form("card"); text != "" {
		card, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return bad("")
		}
		return v.state(v.actor(), commons.EnrolCard(card))
	}
	key, err := v.s.endPasskey(v.ctx(), v.form("credential"))
	if err != nil {
		return err
	}
	return v.state(v.actor(), commons.EnrolDevice(key.id, key.public, v.s.passkeys.Config.RPID))
}

type codesData struct {
	Left  int
	Fresh []string
}

func (v *visit) codesPage() error {
	left, err := v.s.o.Store.codes(v.ctx(), v.net.Origin(), v.person)
	if err != nil {
		return err
	}
	return v.show("codes", v.say("codes.title"), codesData{Left: left})
}

func (v *visit) makeCodes() error {
	fresh := newCodes()
	plain := make([]string, len(fresh))
	for i, code := range fresh {
		plain[i] = plainCode(code)
	}
	keys := countingKeys(v.net, v.person, v.s.o.Clock())
	if err := v.s.o.Store.putCodes(v.ctx(), v.net.Origin(), v.person, keys, plain); err != nil {
		return err
	}
	now := v.s.o.Clock().UnixMilli()
	if err := v.s.tell(v.ctx(), v.net.Origin(), notice{person: v.person, kind: tellCodes, ref: formatNumber(now)}); err != nil {
		return err
	}
	return v.show("codes", v.say("codes.title"), codesData{Fresh: fresh})
}

type tokenData struct {
	Problem, Secret, Hash string
	Rights                []govern.Right
}

// tokenPage shows a fresh access token; it counts once its grant is signed.
func (v *visit) tokenPage() error {
	secret := make([]byte, 32)
	rand.Read(secret) //nolint:errcheck // it never fails
	text := tokenPrefix + url64(secret)
	d := tokenData{Secret: text, Hash: commons.TokenHash([]byte(text))}
	v.govern(func(g *govern.State) {
		for _, r := range g.Rules.Rights {
			if slices.ContainsFunc(r.Appends, func(id string) bool { t := govern.TypeByID(id); return t != nil && t.Program }) || r.ID == "read" || r.ID == "read-own" {
				d.Rights = append(d.Rights, r)
			}
		}
	})
	return v.show("token", v.say("token.title"), d)
}

func (v *visit) grant() error {
	if err := v.parse(); err != nil {
		return err
	}
	hash, err := base64.StdEncoding.DecodeString(v.form("hash"))
	days, err2 := strconv.Atoi(v.form("days"))
	if err != nil || err2 != nil || len(hash) != 32 || days < 1 || days > 400 {
		return bad("")
	}
	until := v.s.o.Clock().Add(time.Duration(days) * 24 * time.Hour)
	return v.state(v.actor(), commons.GrantToken(hash, v.r.PostForm["right"], until, v.form("name")))
}

// export carries away all that is one's own.
func (v *visit) export() error {
	v.w.Header().Set("Content-Type", "application/zip")
	v.w.Header().Set("Content-Disposition", `attachment; filename="bremen-`+slug(v.net.Origin())+`.zip"`)
	return v.net.Export(v.ctx(), v.person, v.w)
}
