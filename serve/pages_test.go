package serve

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bremen/commons"
	"bremen/internal/browsertest"
)

// browserOf is a device on which a person of the town is signed in, with a single-use code.
func (w *town) browserOf(person int64) *device {
	w.t.Helper()
	w.must(w.server.o.Store.putCodes(w.t.Context(), w.net.Origin(), person, nil, []string{"CODE"}))
	d := w.device(browsertest.Start(w.t))
	d.open("/nordhof/signin")
	d.fill("code", "code")
	d.send(`form[action$="/signin/code"] button`, on("/nordhof/me"))
	return d
}

// Every page of a member is accessible, in German as wide as a phone and in English on a screen, and breaks no policy.
func TestBrowserEveryPage(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.things()
	need := w.state(2, commons.StateNeed(commons.Need{What: "bread", Quantity: decimal(t, "1"), Unit: "kg"}, nil)).Number
	d := w.browserOf(2)
	var last string
	seen := map[string]int{}
	for i, path := range append(w.pagesOf(), "/nordhof/mine/"+formatNumber(need)) {
		kind := strings.TrimRight(path, "0123456789")
		if seen[kind]++; strings.HasSuffix(path, "/file") || strings.HasSuffix(path, "/export") || path == "/nordhof/setup" || path == "/nordhof/signin" || seen[kind] > 3 {
			continue
		}
		lang, width := "de", int64(390)
		if i%2 == 1 {
			lang, width = "en", 1280
		}
		if now := fmt.Sprint(lang, width); now != last {
			w.must(chromedp.Do(d.Context, chromedp.EmulateViewport(width, 900)))
			d.open("/operator?lang=" + lang)
			last = now
		}
		d.open(path)
		d.Axe(fmt.Sprintf("%s %s %d", path, lang, width))
		d.shoot(fmt.Sprintf("page%s-%s-%d", strings.ReplaceAll(path, "/", "-"), lang, width))
	}
	d.Quiet()
}

// reachable are the parts of a page that somebody has to reach; of radio buttons of one name, one.
const reachable = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")].filter((e, i, all) =>
	e.checkVisibility({visibilityProperty: true}) && !e.disabled && (e.type !== "radio" || e.checked))`

// tab presses the key for the next part, and says which of the reachable ones it is, and whether one sees it.
func (d *device) tab() (at int, shown bool) {
	d.t.Helper()
	if err := chromedp.Do(d.Context, chromedp.KeyEvent(kb.Tab)); err != nil {
		d.t.Fatal(err)
	}
	var got struct {
		At    int
		Shown bool
	}
	answer := d.eval(`JSON.stringify((() => {
		const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
		const shown = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0;
		return { at: ` + reachable + `.indexOf(e), shown };
	})())`)
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		d.t.Fatal(err)
	}
	return got.At, got.Shown
}

// Everything on a page is reached with the keyboard alone, in the order in which it stands, and one sees where one is.
func TestKeyboardReachesAll(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.things()
	d := w.browserOf(2)
	for _, path := range []string{"/nordhof/", "/nordhof/me", "/nordhof/need", "/nordhof/offer", "/nordhof/people", "/nordhof/record", "/nordhof/record/1", "/nordhof/receipts/1", "/nordhof/me/sessions", "/nordhof/me/key", "/nordhof/do/mandate.give", "/nordhof/lost", "/nordhof/join"} {
		d.open(path)
		var all int
		w.must(json.Unmarshal([]byte(d.eval(reachable+".length")), &all))
		for i := range all {
			at, shown := d.tab()
			for steps := 0; at == i-1 && steps < 4; steps++ { // a day has parts of its own
				at, shown = d.tab()
			}
			if at != i || !shown {
				t.Errorf("%s: after %d steps at %d of %d, seen: %v: %s", path, i+1, at, all, shown, d.eval(`document.activeElement.outerHTML.slice(0, 200)`))
				break
			}
		}
	}
}

// With the keyboard alone somebody signs in and states a need.
func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	w.must(w.server.o.Store.putCodes(t.Context(), w.net.Origin(), 2, nil, []string{"CODE"}))
	d := w.device(browsertest.Start(t))
	to := func(selector string) {
		t.Helper()
		for range 60 {
			d.tab()
			if d.eval(`String(document.activeElement.matches(`+fmt.Sprintf("%q", selector)+`))`) == "true" {
				return
			}
		}
		t.Fatalf("%s: the keyboard does not reach %s", d.path(), selector)
	}
	press := func(keys string) {
		t.Helper()
		w.must(chromedp.Do(d.Context, chromedp.KeyEvent(keys)))
	}
	d.open("/nordhof/signin?next=/need")
	to("#code")
	press("code" + kb.Enter)
	d.Wait(on("/nordhof/need"))
	for _, x := range [][2]string{{"#what", "bread"}, {"#quantity", "2.5"}, {"#unit", "kg"}, {"[name=basis]", " "}, {"[name=urgency]", kb.ArrowDown}, {"#words", "dark"}} {
		to(x[0])
		press(x[1])
	}
	to("main form button")
	press(kb.Enter)
	d.Wait(receipt)
	to("main a.button")
	press(kb.Enter)
	d.Wait(on("/nordhof/me"))
	if text := d.text(); !strings.Contains(text, "bread 2.5 kg") || !strings.Contains(text, "wish") || !strings.Contains(text, "dark") {
		t.Errorf("the need is not what was typed:\n%s", text)
	}
}
