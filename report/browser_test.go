package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser starts Chromium for a test, which is skipped where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes long")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium (apt-get install chromium)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en-GB"),
		chromedp.WSURLReadTimeout(60*time.Second))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// watched is what a page did that it should not.
type watched struct {
	mu                 sync.Mutex
	requests, messages []string
}

// watch notes every request but that for the page itself, and what the console says.
func (w *watched) watch(t *testing.T, ctx context.Context, page string) {
	t.Helper()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	err := chromedp.Listen(ctx, func(ev any) {
		w.mu.Lock()
		defer w.mu.Unlock()
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			if url := ev.Request.URL; !strings.HasPrefix(url, page) && !strings.HasPrefix(url, "data:") {
				w.requests = append(w.requests, url)
			}
		case *runtime.EventConsoleAPICalled:
			w.messages = append(w.messages, fmt.Sprint(ev.Type, ev.Args))
		case *runtime.EventExceptionThrown:
			w.messages = append(w.messages, fmt.Sprint(ev.ExceptionDetails.Text, ev.ExceptionDetails.Exception))
		case *log.EventEntryAdded:
			w.messages = append(w.messages, ev.Entry.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	call(t, ctx, network.Enable, network.EnableParams{})
}

// call sends a command of the browser's protocol.
func call[P, R any](t *testing.T, ctx context.Context, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(ctx, command, params); err != nil {
		t.Fatal(err)
	}
}

// eval evaluates an expression in the page, waiting for what it promises.
func eval[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

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

// axe's answer: rules that are broken, with where.
type axeViolation struct {
	ID, Impact, Help string
	Nodes            []struct {
		Target         []any
		HTML           string
		FailureSummary string
	}
}

func axe(t *testing.T, ctx context.Context) []axeViolation {
	t.Helper()
	source, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Skip("no axe-core (npm ci)")
	}
	eval[any](t, ctx, string(source)+";0")
	answer := eval[string](t, ctx, `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => JSON.stringify(r.violations))`)
	var found []axeViolation
	if err := json.Unmarshal([]byte(answer), &found); err != nil {
		t.Fatal(err)
	}
	return found
}

// view of a page: width, colours and language.
type view struct {
	width  int64
	scheme string
	lang   string
}

func (v view) String() string { return fmt.Sprintf("%s-%s-%d", v.lang, v.scheme, v.width) }

// open shows the page in that view, every picture drawn.
func (v view) open(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}},
	})
	err := chromedp.Do(ctx, chromedp.EmulateViewport(v.width, 900), chromedp.Navigate("about:blank"), chromedp.Navigate(url+"#"+v.lang))
	if err != nil {
		t.Fatal(err)
	}
	eval[any](t, ctx, scrollThrough)
}

// scrollThrough brings every picture into view, so that it is drawn, and goes back to the top.
const scrollThrough = `(async () => {
	const pause = (ms) => new Promise((done) => setTimeout(done, ms));
	for (let y = 0; y < document.body.scrollHeight; y += 700) {
		scrollTo({ top: y, behavior: "instant" });
		await pause(40);
	}
	const waiting = () => [...document.querySelectorAll(".chart")].some((c) => c.offsetParent !== null && !c.querySelector("svg"));
	for (let i = 0; i < 100 && waiting(); i++) {
		[...document.querySelectorAll(".chart")].find((c) => c.offsetParent !== null && !c.querySelector("svg")).scrollIntoView({ behavior: "instant" });
		await pause(50);
	}
	scrollTo({ top: 0, behavior: "instant" });
	await pause(150);
})()`

func TestPageIsQuietAndAccessible(t *testing.T) {
	url := samplePage(t)
	allocator := browser(t)
	shots := os.Getenv("REPORT_SHOTS") // a folder for pictures to look at
	for _, v := range []view{{1280, "light", "en"}, {390, "light", "de"}, {1280, "dark", "de"}, {390, "dark", "en"}} {
		t.Run(v.String(), func(t *testing.T) {
			ctx, cancel := chromedp.NewContext(allocator)
			defer cancel()
			var seen watched
			seen.watch(t, ctx, url)
			v.open(t, ctx, url)
			shown := eval[int](t, ctx, `[...document.querySelectorAll("article")].filter(a => a.offsetParent !== null).length`)
			overflow := eval[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
			charts := eval[int](t, ctx, `document.querySelectorAll(".chart svg").length`)
			if shown != 1 || overflow > 0 || charts != 4 {
				t.Errorf("%d languages shown, want 1; %d px wider than the window, want 0; %d charts drawn, want 4", shown, overflow, charts)
			}
			if shots != "" {
				png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(shots, v.String()+".png"), png, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			for _, x := range axe(t, ctx) {
				t.Errorf("axe: %s (%s): %s: %d places, first %v %s\n%s", x.ID, x.Impact, x.Help, len(x.Nodes), x.Nodes[0].Target, x.Nodes[0].HTML, x.Nodes[0].FailureSummary)
			}
			for _, r := range seen.requests {
				t.Errorf("page asked for %s", r)
			}
			for _, m := range seen.messages {
				t.Errorf("console: %s", m)
			}
		})
	}
}

// shown is the language of the article that can be seen.
const shown = `[...document.querySelectorAll("article")].filter(a => a.offsetParent !== null).map(a => a.lang).join()`

func TestLanguageSwitchesWithoutReload(t *testing.T) {
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(samplePage(t))); err != nil {
		t.Fatal(err)
	}
	eval[any](t, ctx, `window.same = true`)
	if got := eval[string](t, ctx, shown); got != "en" {
		t.Errorf("an English browser is shown %q", got)
	}
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(`.languages a[hreflang="de"]`))); err != nil {
		t.Fatal(err)
	}
	state := eval[string](t, ctx, shown+` + " " + document.documentElement.lang + " " + document.title + " " + window.same + " " + document.querySelector("[aria-current]").lang`)
	if want := "de de Region zwischen Wümme und Weser · Plan true de"; state != want {
		t.Errorf("got %q, want %q", state, want)
	}
	eval[any](t, ctx, scrollThrough)
	if n := eval[int](t, ctx, `document.querySelectorAll("article[lang=de] .chart svg").length`); n != 4 {
		t.Errorf("%d German charts are drawn, want 4", n)
	}
}

// What can be chosen changes the picture and its table.
func TestChoices(t *testing.T) {
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(samplePage(t)+"#en")); err != nil {
		t.Fatal(err)
	}
	eval[any](t, ctx, scrollThrough)
	const choose = `(figure, value, index = 0) => {
		const box = document.querySelectorAll("article[lang=en] [data-picture=" + figure + "] select")[index];
		box.value = value;
		box.dispatchEvent(new Event("change"));
	}`
	eval[any](t, ctx, `window.choose = `+choose+`; 0`)
	cell := `document.querySelector("article[lang=en] [data-picture=heat] tbody tr:nth-child(1) td:nth-child(3)").textContent`
	if got := eval[string](t, ctx, cell); got != "93" {
		t.Errorf("potatoes over all weeks: %q, want 93", got)
	}
	if got := eval[string](t, ctx, `choose("heat", "12"); `+cell); got != "55" {
		t.Errorf("potatoes in week 12: %q, want 55", got)
	}
	if got := eval[string](t, ctx, `choose("heat", "worst"); `+cell); got != "55" {
		t.Errorf("worst week of potatoes: %q, want 55", got)
	}
	if got := eval[string](t, ctx, `choose("heat", "all"); `+cell); got != "93" {
		t.Errorf("back at all weeks: %q, want 93, as before scripts ran", got)
	}
	week := `(() => { const td = document.querySelector("#en-timeline-table tbody tr:nth-child(2) td:nth-child(13)"); return td.className + " " + td.textContent; })()`
	if got := eval[string](t, ctx, week); !strings.HasPrefix(got, "h2 ") {
		t.Errorf("potatoes of all in week 12: %q, want h2 and a number", got)
	}
	if got := eval[string](t, ctx, `choose("timeline", "2"); `+week); got != "h2 60" {
		t.Errorf("potatoes of the third group in week 12: %q, want h2 60", got)
	}
	for _, figure := range []string{"flows", "gantt", "work", "stocks"} {
		rows := `(() => { const d = document.querySelector("article[lang=en] [data-picture=` + figure + `] details.drawn"); d.open = true; return new Promise(r => setTimeout(() => r(d.querySelectorAll("tbody tr").length), 50)); })()`
		before := eval[int](t, ctx, rows)
		after := eval[int](t, ctx, `(() => { const s = [...document.querySelectorAll("article[lang=en] [data-picture=`+figure+`] select")].at(-1); choose("`+figure+`", s.options[s.options.length - 1].value === s.value ? s.options[0].value : s.options[s.options.length - 1].value, [...document.querySelectorAll("article[lang=en] [data-picture=`+figure+`] select")].length - 1); })(), `+rows)
		if before == 0 || after == 0 || before == after {
			t.Errorf("%s: table of %d rows, then of %d", figure, before, after)
		}
	}
}

// Everything that acts is reached with the Tab key, and seen when it is.
func TestKeyboard(t *testing.T) {
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(samplePage(t)+"#en")); err != nil {
		t.Fatal(err)
	}
	eval[any](t, ctx, scrollThrough)
	all := eval[int](t, ctx, `[...document.querySelectorAll("a[href], button, select, summary, [tabindex='0']")].filter(e => e.checkVisibility()).length`)
	reached := map[string]bool{}
	for range all + 20 {
		if err := chromedp.Do(ctx, chromedp.KeyEvent(kb.Tab)); err != nil {
			t.Fatal(err)
		}
		at := eval[string](t, ctx, `(() => { const e = document.activeElement; const s = getComputedStyle(e); e.dataset.nr ??= String(window.nr = (window.nr ?? 0) + 1); return e.tagName + e.dataset.nr + " " + (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2); })()`)
		if strings.HasPrefix(at, "BODY") {
			continue // past the end: on to the beginning
		}
		reached[at] = true
		if strings.HasSuffix(at, "false") {
			t.Errorf("%s has the focus and does not show it", at)
		}
	}
	if len(reached) < all-1 { // the link to skip is seen only when it has the focus
		missed := eval[string](t, ctx, `[...document.querySelectorAll("a[href], button, select, summary, [tabindex='0']")].filter(e => e.checkVisibility() && !e.dataset.nr).map(e => e.outerHTML.slice(0, 90)).join("\n")`)
		t.Errorf("the Tab key reaches %d of %d, not\n%s", len(reached), all, missed)
	}
}

// Without scripts both languages are there, tables and the heat map as well.
func TestReadableWithoutScripts(t *testing.T) {
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	url := samplePage(t)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	call(t, ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(390, 900), chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS("main")))
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
	if shots := os.Getenv("REPORT_SHOTS"); shots != "" {
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(shots, "noscript.png"), png, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// Lists and their index are as accessible and quiet as the report.
func TestListPages(t *testing.T) {
	dir := writeLists(t, sampleSize{groups: 5, weeks: 4})
	allocator := browser(t)
	for _, name := range []string{"en/index.html", "de/baeckerei.html", "de/depot_nord.html"} {
		for _, width := range []int64{1280, 390} {
			ctx, cancel := chromedp.NewContext(allocator)
			url := "file://" + filepath.Join(dir, name)
			var seen watched
			seen.watch(t, ctx, url)
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url)); err != nil {
				t.Fatal(err)
			}
			if over := eval[int](t, ctx, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
				t.Errorf("%s is %d px wider than %d", name, over, width)
			}
			for _, x := range axe(t, ctx) {
				t.Errorf("%s: axe: %s: %s: %s", name, x.ID, x.Help, x.Nodes[0].HTML)
			}
			if len(seen.requests)+len(seen.messages) > 0 {
				t.Errorf("%s: %v %v", name, seen.requests, seen.messages)
			}
			if shots := os.Getenv("REPORT_SHOTS"); shots != "" {
				png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(shots, fmt.Sprintf("list-%s-%d.png", strings.ReplaceAll(name, "/", "-"), width)), png, 0o666); err != nil {
					t.Fatal(err)
				}
			}
			cancel()
		}
	}
}

// The watch sees what it is there for: a page that fetches, breaks its policy and throws.
func TestWatchSees(t *testing.T) {
	url := pageOf(t, func(f *os.File) error {
		_, err := f.WriteString(`<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="style-src 'none'"><p style="color:red">x</p>
<img src="https://example.invalid/x.png"><script>setTimeout(() => { throw new Error("thrown") })</script>`)
		return err
	})
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	var seen watched
	seen.watch(t, ctx, url)
	if err := chromedp.Do(ctx, chromedp.Navigate(url), chromedp.Sleep(300*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	said := strings.Join(seen.messages, "\n")
	if len(seen.requests) != 1 || !strings.Contains(said, "thrown") || !strings.Contains(said, "Content Security Policy") {
		t.Errorf("saw %v and %s", seen.requests, said)
	}
}
