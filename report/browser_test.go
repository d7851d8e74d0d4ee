package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"bremen/internal/browsertest"
	"bremen/internal/waittest"
)

// samplePage writes the sample's report and returns its address.
func samplePage(t *testing.T) string {
	t.Helper()
	n, d := sample(sampleSize{groups: 12, weeks: 26})
	return pageOf(t, func(f *os.File) error { return HTML(f, n, d) })
}

func pageOf(t *testing.T, write func(*os.File) error) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := write(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return "file://" + f.Name()
}

// view of a page: width, colours and language.
type view struct {
	width  int64
	scheme string
	lang   string
}

func (v view) String() string { return fmt.Sprintf("%s-%s-%d", v.lang, v.scheme, v.width) }

// open shows the page in that view, every picture drawn.
func (v view) open(tab *browsertest.Tab, url string) {
	browsertest.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
	})
	tab.Do(chromedp.EmulateViewport(v.width, 900), chromedp.Navigate("about:blank"), chromedp.Navigate(url+"#"+v.lang))
	browsertest.Eval[any](tab, scrollThrough)
}

// shoot keeps a picture of the page where REPORT_SHOTS names a folder for pictures to look at.
func shoot(tab *browsertest.Tab, name string) {
	if dir := os.Getenv("REPORT_SHOTS"); dir != "" {
		tab.Shoot(filepath.Join(dir, name+".png"))
	}
}

// scrollThrough brings every picture into view, so that it is drawn, and goes back to the top.
const scrollThrough = `(async () => {
	const pause = (ms) => new Promise((done) => setTimeout(done, ms));
	for (let y = 0; y < document.body.scrollHeight; y += 700) {
		scrollTo({ top: y, behavior: "instant" });
		await pause(40);
	}
	const waiting = () => [...document.querySelectorAll(".chart")].some((c) => c.offsetParent !== null && !c.querySelector("svg"));
	for (let i = 0; i < 3600 && waiting(); i++) {
		[...document.querySelectorAll(".chart")].find((c) => c.offsetParent !== null && !c.querySelector("svg")).scrollIntoView({ behavior: "instant" });
		await pause(50);
	}
	scrollTo({ top: 0, behavior: "instant" });
	await pause(150);
})()`

func TestPageIsQuietAndAccessible(t *testing.T) {
	t.Parallel()
	url := samplePage(t)
	browser := browsertest.Start(t)
	for _, v := range []view{{1280, "light", "en"}, {390, "light", "de"}, {1280, "dark", "de"}, {390, "dark", "en"}} {
		t.Run(v.String(), func(t *testing.T) {
			tab := browsertest.Open(t, browser, url)
			v.open(tab, url)
			shown := browsertest.Eval[int](tab, `[...document.querySelectorAll("article")].filter(a => a.offsetParent !== null).length`)
			charts := browsertest.Eval[int](tab, `document.querySelectorAll(".chart svg").length`)
			if shown != 1 || charts != 4 {
				t.Errorf("%d languages shown, want 1; %d charts drawn, want 4", shown, charts)
			}
			shoot(tab, v.String())
			tab.Axe("the report")
			tab.Quiet()
		})
	}
}

// shown is the language of the article that can be seen.
const shown = `[...document.querySelectorAll("article")].filter(a => a.offsetParent !== null).map(a => a.lang).join()`

func TestLanguageSwitchesWithoutReload(t *testing.T) {
	t.Parallel()
	tab := openSample(t, "")
	browsertest.Eval[any](tab, `window.same = true`)
	if got := browsertest.Eval[string](tab, shown); got != "en" {
		t.Errorf("an English browser is shown %q", got)
	}
	tab.Do(chromedp.Click(chromedp.CSS(`.languages a[hreflang="de"]`)))
	tab.Wait(shown + ` === "de"`)
	state := browsertest.Eval[string](tab, shown+` + " " + document.documentElement.lang + " " + document.title + " " + window.same + " " + document.querySelector("[aria-current]").lang`)
	if want := "de de Region zwischen Wümme und Weser · Plan true de"; state != want {
		t.Errorf("got %q, want %q", state, want)
	}
	browsertest.Eval[any](tab, scrollThrough)
	if n := browsertest.Eval[int](tab, `document.querySelectorAll("article[lang=de] .chart svg").length`); n != 4 {
		t.Errorf("%d German charts are drawn, want 4", n)
	}
}

// openSample opens the sample's report.
func openSample(t *testing.T, fragment string) *browsertest.Tab {
	t.Helper()
	url := samplePage(t)
	tab := browsertest.Open(t, browsertest.Start(t), url)
	tab.Do(chromedp.Navigate(url + fragment))
	return tab
}

// What can be chosen changes the picture and its table.
func TestChoices(t *testing.T) {
	t.Parallel()
	tab := openSample(t, "#en")
	browsertest.Eval[any](tab, scrollThrough)
	const choose = `(figure, value, index = 0) => {
		const box = document.querySelectorAll("article[lang=en] [data-picture=" + figure + "] select")[index];
		box.value = value;
		box.dispatchEvent(new Event("change"));
	}`
	browsertest.Eval[any](tab, `window.choose = `+choose+`; 0`)
	cell := `document.querySelector("article[lang=en] [data-picture=heat] tbody tr:nth-child(1) td:nth-child(3)").textContent`
	if got := browsertest.Eval[string](tab, cell); got != "93" {
		t.Errorf("potatoes over all weeks: %q, want 93", got)
	}
	if got := browsertest.Eval[string](tab, `choose("heat", "12"); `+cell); got != "55" {
		t.Errorf("potatoes in week 12: %q, want 55", got)
	}
	if got := browsertest.Eval[string](tab, `choose("heat", "worst"); `+cell); got != "55" {
		t.Errorf("worst week of potatoes: %q, want 55", got)
	}
	if got := browsertest.Eval[string](tab, `choose("heat", "all"); `+cell); got != "93" {
		t.Errorf("back at all weeks: %q, want 93, as before scripts ran", got)
	}
	week := `(() => { const td = document.querySelector("#en-timeline-table tbody tr:nth-child(2) td:nth-child(13)"); return td.className + " " + td.textContent; })()`
	if got := browsertest.Eval[string](tab, week); !strings.HasPrefix(got, "h2 ") {
		t.Errorf("potatoes of all in week 12: %q, want h2 and a number", got)
	}
	if got := browsertest.Eval[string](tab, `choose("timeline", "2"); `+week); got != "h2 60" {
		t.Errorf("potatoes of the third group in week 12: %q, want h2 60", got)
	}
	for _, figure := range []string{"flows", "gantt", "work", "stocks"} {
		rows := `document.querySelectorAll("article[lang=en] [data-picture=` + figure + `] details.drawn tbody tr").length`
		browsertest.Eval[any](tab, `document.querySelector("article[lang=en] [data-picture=`+figure+`] details.drawn").open = true`)
		tab.Wait(rows + ` > 0`)
		before := browsertest.Eval[int](tab, rows)
		after := browsertest.Eval[int](tab, `(() => { const s = [...document.querySelectorAll("article[lang=en] [data-picture=`+figure+`] select")].at(-1); choose("`+figure+`", s.options[s.options.length - 1].value === s.value ? s.options[0].value : s.options[s.options.length - 1].value, [...document.querySelectorAll("article[lang=en] [data-picture=`+figure+`] select")].length - 1); })(), `+rows)
		if before == 0 || after == 0 || before == after {
			t.Errorf("%s: table of %d rows, then of %d", figure, before, after)
		}
	}
}

// Everything that acts is reached with the Tab key, and seen when it is.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	tab := openSample(t, "#en")
	browsertest.Eval[any](tab, scrollThrough)
	all := browsertest.Eval[int](tab, `[...document.querySelectorAll("a[href], button, select, summary, [tabindex='0']")].filter(e => e.checkVisibility()).length`)
	reached := map[string]bool{}
	for range all + 20 {
		tab.Do(chromedp.KeyEvent(kb.Tab))
		at := browsertest.Eval[string](tab, `(() => { const e = document.activeElement; const s = getComputedStyle(e); e.dataset.nr ??= String(window.nr = (window.nr ?? 0) + 1); return e.tagName + e.dataset.nr + " " + (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2); })()`)
		if strings.HasPrefix(at, "BODY") {
			continue // past the end: on to the beginning
		}
		reached[at] = true
		if strings.HasSuffix(at, "false") {
			t.Errorf("%s has the focus and does not show it", at)
		}
	}
	if len(reached) < all-1 { // the link to skip is seen only when it has the focus
		missed := browsertest.Eval[string](tab, `[...document.querySelectorAll("a[href], button, select, summary, [tabindex='0']")].filter(e => e.checkVisibility() && !e.dataset.nr).map(e => e.outerHTML.slice(0, 90)).join("\n")`)
		t.Errorf("the Tab key reaches %d of %d, not\n%s", len(reached), all, missed)
	}
}

// Without scripts both languages are there, tables and the heat map as well.
func TestReadableWithoutScripts(t *testing.T) {
	t.Parallel()
	url := samplePage(t)
	tab := browsertest.Open(t, browsertest.Start(t), url)
	browsertest.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	tab.Do(chromedp.EmulateViewport(390, 900), chromedp.Navigate(url))
	text, err := chromedp.Run(tab.Context, chromedp.Text(chromedp.CSS("main")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Region between Wümme and Weser", "Region zwischen Wümme und Weser", "Satisfaction in per cent", "Erfüllung in Prozent", "What is consumed, and who made it"} {
		if !strings.Contains(text, want) {
			t.Errorf("page without scripts lacks %q", want)
		}
	}
	if strings.Contains(text, "From makers to groups") {
		t.Error("the heading of a picture that only scripts draw stands there without its picture")
	}
	shoot(tab, "noscript")
}

// Lists and their index are as accessible and quiet as the report.
func TestListPages(t *testing.T) {
	t.Parallel()
	dir := writeLists(t, sampleSize{groups: 5, weeks: 4})
	browser := browsertest.Start(t)
	for _, name := range []string{"en/index.html", "de/baeckerei.html", "de/depot_nord.html"} {
		url := "file://" + filepath.Join(dir, name)
		for _, width := range []int64{1280, 390} {
			tab := browsertest.Open(t, browser, url)
			tab.Do(chromedp.EmulateViewport(width, 900), chromedp.Navigate(url))
			shoot(tab, fmt.Sprintf("list-%s-%d", strings.ReplaceAll(name, "/", "-"), width))
			tab.Axe(fmt.Sprintf("%s at %d px", name, width))
			tab.Quiet()
		}
	}
}

// A tab notes what it is there for: a page that fetches, breaks its policy and throws.
func TestTabNotes(t *testing.T) {
	t.Parallel()
	url := pageOf(t, func(f *os.File) error {
		_, err := f.WriteString(`<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="style-src 'none'"><p style="color:red">x</p>
<img src="https://example.invalid/x.png"><script>setTimeout(() => { throw new Error("thrown") })</script>`)
		return err
	})
	tab := browsertest.Open(t, browsertest.Start(t), url)
	tab.Do(chromedp.Navigate(url))
	for _, want := range []string{"asked for https://example.invalid/x.png", "thrown", "Content Security Policy"} {
		said := ""
		waittest.Until(t, func() bool {
			said = strings.Join(tab.Said(), "\n")
			return strings.Contains(said, want)
		}, func() string { return fmt.Sprintf("saw no %q in\n%s", want, said) })
	}
}
