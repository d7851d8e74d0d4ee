package serve

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"bremen/commons"
	"bremen/govern"
)

// offerRow is a work offer of one's own that holds.
type offerRow struct {
	Number int64
	Offer  commons.Offer
	Lines  []string // one for each step
	Erased bool
}

// mostBurden is as hard as an hour can be felt.
const mostBurden = 10

// burdens are how an hour can be felt, from 0 (gladly) upward.
func (v *visit) burdens() (list []option) {
	for n := range mostBurden + 1 {
		x := option{fmt.Sprint(n), fmt.Sprint(n)}
		if key := "burden." + x.Value; v.lang.Has(key) {
			x.Title += " · " + v.say(key)
		}
		list = append(list, x)
	}
	return list
}

type offerData struct {
	Problem string
	Form    struct{ Skill, For, Hours, Burden, MoreHours, MoreBurden, Words string }
	Burdens []option
	Skills  []option
	For     []option
}

func (v *visit) offerData() *offerData {
	d := &offerData{Burdens: v.burdens(), Skills: v.stated("skills")}
	d.Form.Burden, d.Form.MoreBurden = "3", "6"
	v.govern(func(g *govern.State) {
		for _, x := range slices.Sorted(maps.Keys(g.Organisations)) {
			d.For = append(d.For, option{"organisation:" + x, x})
		}
	})
	return d
}

func (v *visit) offerPage() error { return v.showOffer(http.StatusOK, v.offerData()) }

func (v *visit) showOffer(status int, d *offerData) error {
	return v.showWith(status, "offer", v.say("action.offer.state"), d)
}

// offer states a work offer: some hours at a burden, and perhaps more at a higher one.
func (v *visit) offer() error {
	if err := v.parse(); err != nil {
		return err
	}
	d := v.offerData()
	f := &d.Form
	f.Skill, f.For, f.Hours, f.Burden, f.MoreHours, f.MoreBurden, f.Words = v.form("skill"), v.form("for"), v.form("hours"), v.form("burden"), v.form("more-hours"), v.form("more-burden"), v.form("words")
	offer := commons.Offer{Skill: f.Skill, For: f.For, Words: f.Words}
	for _, step := range [][2]string{{f.Hours, f.Burden}, {f.MoreHours, f.MoreBurden}} {
		if step[0] == "" && len(offer.Steps) > 0 {
			continue
		}
		hours, err := readDecimal(step[0])
		burden, err2 := readDecimal(step[1])
		if err != nil || err2 != nil {
			d.Problem = v.say("offer.error.hours", "text", step[0])
			return v.showOffer(http.StatusBadRequest, d)
		}
		offer.Steps = append(offer.Steps, commons.Step{Hours: hours, Burden: burden})
	}
	err := v.state(v.actor(), commons.OfferWork(offer, nil))
	if x := asFailure(err, v.lang); err != nil && x.text != "" {
		d.Problem = x.text
		return v.showOffer(x.status, d)
	}
	return err
}

// readDecimal reads a number as people of both languages type it: with a point or a comma.
func readDecimal(text string) (commons.Decimal, error) {
	if !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	return commons.ParseDecimal(text)
}

// stated lists what the network has described in some tables, by ID, with its name where it has one.
func (v *visit) stated(tables ...string) (list []option) {
	v.net.View(func(s *commons.State) {
		for _, r := range s.Rows {
			rows, err := commons.ParseRows(r.Row)
			if err != nil || !slices.Contains(tables, r.Table) {
				continue
			}
			for _, row := range rows[r.Table] {
				if id := row["id"]; id != "" {
					list = append(list, option{id, row["name"]})
				}
			}
		}
	})
	slices.SortFunc(list, func(a, b option) int { return strings.Compare(a.Value, b.Value) })
	return slices.CompactFunc(list, func(a, b option) bool { return a.Value == b.Value })
}
