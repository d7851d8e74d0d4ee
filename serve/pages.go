package serve

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"bremen/commons"
	"bremen/govern"
	"bremen/record"
	"bremen/serve/page"
)

// route is one way to ask a network for something.
type route struct {
	pattern string // of http.ServeMux, under the network's prefix
	access  access
	do      func(*visit) error
}

// routes are the pages of a network. Every form is answered by a page, or sends the browser to one.
func routes() []route {
	return []route{
		{"GET /{$}", open, (*visit).home},
		{"GET /setup", settingUp, (*visit).setUp},
		{"POST /setup", settingUp, (*visit).giveCode},
		{"POST /setup/what", settingUp, (*visit).foundWhat},
		{"POST /setup/founder", settingUp, (*visit).foundWho},
		{"POST /setup/freeze", settingUp, (*visit).foundFreeze},
		{"POST /setup/again", settingUp, (*visit).foundAgain},
		{"POST /setup/sign", settingUp, (*visit).foundSign},
		{"GET /signin", open, (*visit).signInPage},
		{"POST /signin/passkey", open, (*visit).signInPasskey},
		{"POST /signin/card", open, (*visit).signInCard},
		{"POST /signin/code", open, (*visit).signInCode},
		{"GET /signin/with/{provider}", open, (*visit).leaveFor},
		{"GET /signin/with/{provider}/back", open, (*visit).comeBack},
		{"POST /signout", open, (*visit).signOut},
		{"GET /join", open, (*visit).joinPage},
		{"POST /join", open, (*visit).join},
		{"GET /lost", open, (*visit).lostPage},
		{"POST /lost", open, (*visit).lost},
		{"POST /sign", open, (*visit).signed},
		{"GET /me", known, (*visit).me},
		{"GET /me/export", known, (*visit).export},
		{"GET /me/key", known, (*visit).keyPage},
		{"POST /me/key", known, (*visit).enrol},
		{"GET /me/codes", known, (*visit).codesPage},
		{"POST /me/codes", known, (*visit).makeCodes},
		{"GET /me/sessions", known, (*visit).sessionsPage},
		{"POST /me/sessions", known, (*visit).endSessions},
		{"GET /me/accounts", known, (*visit).accountsPage},
		{"GET /me/accounts/{provider}/link", known, (*visit).leaveToLink},
		{"POST /me/accounts/{provider}/link", known, (*visit).linkAccount},
		{"POST /me/accounts/{provider}/unlink", known, (*visit).unlinkAccount},
		{"GET /me/token", known, (*visit).tokenPage},
		{"POST /me/token", known, (*visit).grant},
		{"POST /invite", known, (*visit).invite},
		{"GET /need", known, (*visit).needPage},
		{"POST /need", known, (*visit).stateNeed},
		{"GET /offer", known, (*visit).offerPage},
		{"POST /offer", known, (*visit).offer},
		{"GET /do/{type}", known, (*visit).doPage},
		{"POST /do/{type}", known, (*visit).do},
		{"GET /plans", reading, (*visit).plans},
		{"POST /plans/jobs", known, (*visit).startJob},
		{"GET /plans/jobs/{id}", known, (*visit).showJob},
		{"GET /plans/jobs/{id}/state", known, (*visit).jobState},
		{"GET /plans/jobs/{id}/events", known, (*visit).jobEvents},
		{"GET /plans/jobs/{id}/files/{name}", known, (*visit).jobFile},
		{"POST /plans/jobs/{id}/cancel", known, (*visit).cancelJob},
		{"POST /plans/jobs/{id}/adopt", known, (*visit).adoptJob},
		{"GET /people", known, (*visit).people},
		{"GET /notices", known, (*visit).notices},
		{"GET /can", reading, (*visit).can},
		{"GET /rules", reading, (*visit).rules},
		{"GET /record", reading, (*visit).record},
		{"GET /record/{number}", reading, (*visit).entry},
		{"GET /mine/{number}", known, (*visit).mine},
		{"GET /receipts/{number}", reading, (*visit).receipt},
		{"GET /receipts/{number}/file", reading, (*visit).receiptFile},
		{"GET /", open, func(*visit) error { return errNotFound }},
	}
}

func (s *Server) networkPages() *http.ServeMux {
	mux := http.NewServeMux()
	for _, x := range routes() {
		mux.HandleFunc(x.pattern, s.inNetwork(x.access, x.do))
	}
	return mux
}

func (v *visit) networks() error {
	origins := v.s.commons.Origins()
	if len(origins) == 1 {
		http.Redirect(v.w, v.r, "/"+slug(origins[0])+"/", http.StatusSeeOther)
		return nil
	}
	var list []*page.Network
	for _, origin := range origins {
		n, err := v.s.commons.Network(v.ctx(), origin)
		if err != nil {
			return err
		}
		list = append(list, v.s.header(n))
	}
	return v.show("networks", v.say("networks.title"), list)
}

func (v *visit) operator() error {
	o := v.s.o.Operator
	return v.show("operator", v.say("operator.title"), struct {
		Operator
		Missing []string
	}{o, o.Missing()})
}

func (v *visit) home() error {
	if !v.net.Founded() {
		return v.goTo("/setup", "")
	}
	d := struct {
		Purpose, Operator, Log   string
		Members, Guests, Entries int64
		Witnesses                []string
		Acts                     []*actRow
	}{Log: v.s.o.Address.String() + v.path + "/log/"}
	v.govern(func(g *govern.State) {
		d.Purpose, d.Operator, d.Members, d.Entries = g.Purpose, g.Operator, g.Members, g.Size
		for _, p := range g.Persons {
			if p.Standing == govern.Guest {
				d.Guests++
			}
		}
		for number := range g.Acts {
			d.Acts = append(d.Acts, actOf(g, number))
		}
	})
	slices.SortFunc(d.Acts, func(a, b *actRow) int { return cmp.Compare(a.Number, b.Number) })
	for _, c := range v.cosigned() {
		d.Witnesses = append(d.Witnesses, c.Name)
	}
	var name string
	v.govern(func(g *govern.State) { name = g.Name })
	return v.show("home", name, d)
}

// actRow is an act that waits for assent.
type actRow struct {
	Number, Yes, No, Roll int64
	Title                 govern.Text
	Commands              []labelledType
}

// labelledType is a command that can be given on a page, with the end of its label's key.
type labelledType struct{ Type, Label string }

var actCommands = []labelledType{{"act.assent", "assent"}, {"act.refuse", "refuse"}, {"act.close", "close"}}

// actOf is what waits under an entry's number; nil if nothing does.
func actOf(g *govern.State, number int64) *actRow {
	a := g.Acts[number]
	if a == nil {
		return nil
	}
	return &actRow{number, int64(len(a.Yes)), int64(len(a.No)), a.Roll, titleOf(a.Type), actCommands}
}

// cosigned are the witnesses that the network has named and that have cosigned its newest checkpoint.
func (v *visit) cosigned() []record.Cosignature {
	var named []string
	var key string
	v.govern(func(g *govern.State) {
		for _, public := range g.Witnesses {
			named = append(named, public)
		}
		key = g.LogKey
	})
	signed, err := v.net.Checkpoint(v.ctx())
	if err != nil || signed == nil || len(named) == 0 {
		return nil
	}
	c, err := record.OpenCheckpoint(signed, v.net.Origin(), key, named...)
	if err != nil {
		return nil
	}
	return c.Cosigned
}

func (v *visit) can() error {
	q := v.r.URL.Query()
	d := struct {
		Search string
		Mine   bool
		Rows   []govern.Row
	}{Search: strings.TrimSpace(q.Get("q")), Mine: v.person != 0 && q.Get("mine") != ""}
	now, lang := v.s.o.Clock().UnixMilli(), string(v.lang)
	v.govern(func(g *govern.State) {
		for _, row := range g.WhoCan(max(now, g.Time)) {
			text := row.Type.Title.In(lang) + "\n" + row.Type.Explain.In(lang) + "\n" + v.action(row.Type)
			for _, w := range row.Who {
				text += "\n" + w.Title.In(lang)
			}
			if strings.Contains(strings.ToLower(text), strings.ToLower(d.Search)) && (!d.Mine || v.among(g, row.Who) >= 0) {
				d.Rows = append(d.Rows, row)
			}
		}
	})
	return v.show("can", v.say("can.title"), d)
}

// among returns which of them who is signed in is, by standing or mandate; -1 if none.
func (v *visit) among(g *govern.State, who []govern.Who) int {
	standing := g.Standing(v.person)
	return slices.IndexFunc(who, func(w govern.Who) bool {
		return slices.Contains(w.Holders, standing) || slices.Contains(w.Persons, v.person)
	})
}

func (v *visit) rules() error {
	var d struct {
		Entry int64
		YAML  []byte
	}
	v.net.View(func(s *commons.State) { d.Entry, d.YAML = s.Govern.RulesEntry, s.Govern.Rules.YAML() })
	return v.show("rules", v.say("rules.title"), d)
}
