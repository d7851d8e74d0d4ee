package serve

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
)

// perPage is how many entries the record's page shows at once.
const perPage = 50

type entryRow struct {
	Number int64
	Title  govern.Text
	By     string
	Right  string
	Kind   record.Kind
	Time   time.Time
}

type recordData struct {
	Checkpoint   []byte
	Cosigned     []record.Cosignature
	Key          string
	Types        []*govern.Type
	Type, Member string
	People       []option // who can be looked for by name, for those who may read names
	Entries      []entryRow
	Before       int64
}

func (v *visit) record() error {
	q := v.r.URL.Query()
	d := recordData{Type: q.Get("type"), Member: q.Get("member"), Cosigned: v.cosigned()}
	query := commons.Query{Limit: perPage}
	if d.Type != "" {
		query.Types = []string{d.Type}
	}
	d.People = v.named()
	if d.Member != "" {
		query.Member = pointer(v.memberCalled(d.Member, d.People))
	}
	query.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64)
	types := govern.Types()
	for i := range types {
		d.Types = append(d.Types, &types[i])
	}
	var err error
	if d.Checkpoint, err = v.net.Checkpoint(v.ctx()); err != nil {
		return err
	}
	if d.Key, err = v.net.LogKey(v.ctx()); err != nil {
		return err
	}
	for _, number := range v.net.Search(query) {
		row, err := v.row(number)
		if err != nil {
			return err
		}
		d.Entries = append(d.Entries, *row)
	}
	if n := len(d.Entries); n == perPage && d.Entries[n-1].Number > 0 {
		d.Before = d.Entries[n-1].Number
	}
	return v.show("record", v.say("record.title"), d)
}

// named are the people by number and name, as far as who is signed in may read names.
func (v *visit) named() (list []option) {
	if v.person == 0 || !v.mayRead() {
		return nil
	}
	var numbers []int64
	v.govern(func(g *govern.State) { numbers = slices.Sorted(maps.Keys(g.Persons)) })
	for _, n := range numbers {
		if name := v.name(n); name != "" {
			list = append(list, option{formatNumber(n), name})
		}
	}
	return list
}

// memberCalled is the number of whom somebody looks for, by number or name; -1 if there is nobody of that name.
func (v *visit) memberCalled(text string, people []option) int64 {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		return n
	}
	for _, p := range people {
		if strings.EqualFold(p.Title, strings.TrimSpace(text)) {
			n, _ := strconv.ParseInt(p.Value, 10, 64)
			return n
		}
	}
	return -1
}

func (v *visit) row(number int64) (*entryRow, error) {
	e, _, err := v.net.Entry(v.ctx(), number)
	if err != nil {
		return nil, err
	}
	return &entryRow{
		Number: number, Title: titleOf(e.Statement.Type), By: v.called(e.Statement.Member),
		Right: v.rightTitle(e.Statement.Right).In(string(v.lang)), Kind: e.Kind(), Time: e.Time,
	}, nil
}

func titleOf(typ string) govern.Text {
	if t := govern.TypeByID(typ); t != nil {
		return t.Title
	}
	return govern.Text{De: typ, En: typ}
}

// rightTitle is what the rules in force call a right or power; an older one keeps its ID.
func (v *visit) rightTitle(id string) govern.Text {
	title := govern.Text{De: id, En: id}
	v.govern(func(g *govern.State) {
		if r := g.Rules.Right(id); r != nil {
			title = r.Title
		} else if p := g.Rules.Power(id); p != nil {
			title = p.Title
		}
	})
	return title
}

type partRow struct {
	Label, Value   string
	Erased, Hidden bool
}

type signatureRow struct {
	By   string
	Kind record.Kind
}

type entryData struct {
	Number, Cause int64
	HasCause      bool
	CanAccept     bool
	Act           *actRow
	TypeID        string
	Type          *govern.Type
	Time          time.Time
	By, Helper    string
	Right         govern.Text
	Signatures    []signatureRow
	Effects       []entryRow
	Fields        []labelled
	Parts         []partRow
	Bytes         []byte
	Until         *time.Time // to say that it is not theirs; nil if who is signed in cannot
	Asked         bool       // whether it is theirs
}

func (v *visit) entry() error { return v.showEntry(false) }

// mine shows somebody an entry in their name and asks whether it is theirs; mails lead here.
func (v *visit) mine() error { return v.showEntry(true) }

func (v *visit) showEntry(ask bool) error {
	number, err := v.number("number")
	if err != nil {
		return err
	}
	e, raw, err := v.net.Entry(v.ctx(), number)
	if err != nil {
		return err
	}
	st := &e.Statement
	if ask && !slices.ContainsFunc(e.Signatures, func(sig record.Signature) bool { return sig.Member == v.person }) && st.Member != v.person {
		return errNotFound
	}
	d := entryData{
		Asked:  ask,
		Number: number, Cause: st.Cause, HasCause: st.Cause > 0, TypeID: st.Type, Type: govern.TypeByID(st.Type), Time: e.Time,
		By: v.called(st.Member), Right: v.rightTitle(st.Right), Bytes: raw,
	}
	if d.Type == nil {
		d.Type = &govern.Type{ID: st.Type, Title: titleOf(st.Type)}
	}
	if st.Helper != 0 {
		d.Helper = v.called(st.Helper)
	}
	for i, sig := range e.Signatures {
		by := st.Member
		if i > 0 {
			by = sig.Member
		}
		d.Signatures = append(d.Signatures, signatureRow{v.called(by), sig.Kind})
	}
	d.Fields = v.fields(d.Type, st.Body)
	if d.Parts, err = v.parts(number, st); err != nil {
		return err
	}
	if err := v.effects(&d); err != nil {
		return err
	}
	v.govern(func(g *govern.State) {
		d.Act = actOf(g, number)
		m := g.Mandates[number]
		d.CanAccept = m != nil && v.person != 0 && m.Holder == v.person && m.From == 0 && m.Ended == 0
		if until := g.DisownableUntil(v.person, number); until > 0 {
			d.Until = pointer(time.UnixMilli(until))
		}
	})
	return v.show("entry", v.say("entry.title", "number", number, "what", d.Type.Title.In(string(v.lang))), d)
}

// effects are the entries that name this one as their cause; the founding is the cause of whatever names none, so none are
// shown for it.
func (v *visit) effects(d *entryData) error {
	if d.Number == 0 {
		return nil
	}
	numbers := v.net.Search(commons.Query{Cause: d.Number, Limit: 100})
	slices.Reverse(numbers)
	for _, number := range numbers {
		row, err := v.row(number)
		if err != nil {
			return err
		}
		d.Effects = append(d.Effects, *row)
	}
	return nil
}

// inWords is a private part as people read it: needs and offers in words, the rest as it is.
func (v *visit) inWords(typ, name string, data []byte) string {
	switch typ + " " + name {
	case "need.state need":
		var need commons.Need
		if json.Unmarshal(data, &need) == nil {
			return v.say("need.line", "what", need.What, "quantity", v.decimal(need.Quantity), "unit", need.Unit, "basis", v.basis(need), "urgency", v.urgency(need), "words", need.Words)
		}
	case "offer.state offer":
		var offer commons.Offer
		if json.Unmarshal(data, &offer) == nil {
			return strings.TrimSpace(strings.Join(append(append([]string{offer.Skill}, v.steps(offer)...), offer.Words), "\n"))
		}
	}
	return string(data)
}

// parts are the private parts of an entry, as far as who is signed in may read them.
func (v *visit) parts(number int64, st *record.Statement) ([]partRow, error) {
	var list []partRow
	for _, ref := range st.Payloads {
		row := partRow{Label: v.say("label." + ref.Name)}
		data, err := v.net.Payload(v.ctx(), v.person, number, ref.Name)
		var refused *commons.Refusal
		switch {
		case err == nil:
			row.Value = v.inWords(st.Type, ref.Name, data)
		case errors.Is(err, record.ErrErased):
			row.Erased = true
		case errors.As(err, &refused):
			row.Hidden = true
		default:
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}

type receiptData struct {
	Number                int64
	Title                 govern.Text
	Key                   string
	Receipt, Proof, Bytes []byte
}

func (v *visit) receiptData() (*receiptData, error) {
	number, err := v.number("number")
	if err != nil {
		return nil, err
	}
	return findReceipt(v.ctx(), v.net, number)
}

// findReceipt puts together what proves that an entry is in the record; the proof is missing until a checkpoint covers it.
func findReceipt(ctx context.Context, n *commons.Network, number int64) (*receiptData, error) {
	e, raw, err := n.Entry(ctx, number)
	if err != nil {
		return nil, err
	}
	d := &receiptData{Number: number, Title: titleOf(e.Statement.Type), Bytes: raw}
	if d.Receipt, err = n.Receipt(ctx, number); err != nil {
		return nil, err
	}
	if d.Key, err = n.LogKey(ctx); err != nil {
		return nil, err
	}
	signed, err := n.Checkpoint(ctx)
	if err != nil || signed == nil {
		return d, err
	}
	c, err := record.PeekCheckpoint(signed)
	if err != nil || c.Size <= e.Seq {
		return d, err
	}
	d.Proof, err = record.ProveInclusion(ctx, n.Log(), e.Seq, signed)
	return d, err
}

func (v *visit) receipt() error {
	d, err := v.receiptData()
	if err != nil {
		return err
	}
	return v.show("receipt", v.say("receipt.heading", "number", d.Number), d)
}

// receiptFile is a receipt to keep: the receipt, then its proof.
func (v *visit) receiptFile() error {
	d, err := v.receiptData()
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	v.w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="bremen-%s-%d.txt"`, slug(v.net.Origin()), d.Number))
	fmt.Fprintf(v.w, "%s\n%s", d.Receipt, d.Proof)
	return nil
}

// consistency proves that the record of new entries extends the one of old: hashes in base64, one a line.
func consistency(n *commons.Network) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		older, err := strconv.ParseInt(r.PathValue("old"), 10, 64)
		newer, err2 := strconv.ParseInt(r.PathValue("new"), 10, 64)
		signed, err3 := n.Checkpoint(r.Context())
		if err := errors.Join(err, err2, err3); err != nil || signed == nil {
			http.NotFound(w, r)
			return
		}
		c, err := record.PeekCheckpoint(signed)
		if err != nil || older < 1 || older > newer || newer > c.Size {
			http.NotFound(w, r)
			return
		}
		var proof tlog.TreeProof
		if older < newer {
			if proof, err = tlog.ProveTree(newer, older, record.HashReader(r.Context(), n.Log())); err != nil {
				http.Error(w, "the record cannot be read at present", http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		for _, h := range proof {
			fmt.Fprintln(w, base64.StdEncoding.EncodeToString(h[:]))
		}
	}
}
