package serve

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
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// chromium starts the browser for a test.
func chromium(t testing.TB) context.Context {
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
		t.Fatal("no Chromium; type: make chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en-GB"), chromedp.WSURLReadTimeout(60*time.Second))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// device is one person's: a browser of its own, with an authenticator.
type device struct {
	t   testing.TB
	w   *world
	ctx context.Context

	mu   sync.Mutex
	said []string // what the console said, and what was asked of other servers
}

func (w *world) device(browser context.Context) *device {
	w.t.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	w.t.Cleanup(cancel)
	d := &device{t: w.t, w: w, ctx: ctx}
	w.must(chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900)))
	w.must(chromedp.Listen(ctx, d.watch))
	call(d, network.Enable, network.EnableParams{})
	call(d, webauthn.Enable, webauthn.EnableParams{})
	call(d, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true,
		HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	return d
}

func (d *device) watch(ev any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u := ev.Request.URL; !strings.HasPrefix(u, d.w.address) && !strings.HasPrefix(u, "about:") && !strings.HasPrefix(u, "data:") {
			d.said = append(d.said, "asked for "+u)
		}
	case *runtime.EventExceptionThrown:
		d.said = append(d.said, fmt.Sprint(ev.ExceptionDetails.Text, ev.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		if !strings.Contains(ev.Entry.Text, "favicon") {
			d.said = append(d.said, ev.Entry.Text+" "+ev.Entry.URL)
		}
	}
}

// call sends a command of the browser's protocol.
func call[P, R any](d *device, command cdp.Command[P, R], params P) {
	d.t.Helper()
	if _, err := chromedp.Call(d.ctx, command, params); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) eval(expression string) string {
	d.t.Helper()
	v, err := chromedp.Run(d.ctx, chromedp.Evaluate[string]("(async () => String(await ("+expression+")))()", chromedp.EvalAwaitPromise))
	if err != nil {
		d.t.Fatalf("%.300s: %v", expression, err)
	}
	return v
}

func (d *device) open(path string) {
	d.t.Helper()
	if err := chromedp.Do(d.ctx, chromedp.Navigate(d.w.address+path)); err != nil {
		d.t.Fatalf("%s: %v", path, err)
	}
}

// fill sets a field by its name.
func (d *device) fill(name, value string) {
	d.t.Helper()
	text, _ := json.Marshal(value)
	d.eval(fmt.Sprintf(`(() => { const f = document.querySelector('main [name="%s"]'); f.value = %s; return 1 })()`, name, text))
}

// click clicks what a selector finds first, and waits until what comes after holds.
func (d *device) click(selector, until string) {
	d.t.Helper()
	if err := chromedp.Do(d.ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		d.t.Fatalf("click %s on %s: %v", selector, d.path(), err)
	}
	d.wait(until)
}

// send clicks what sends a form or follows a link, and waits until another page is there and what comes after holds.
func (d *device) send(selector, until string) {
	d.t.Helper()
	d.eval(`window.left = true`)
	d.click(selector, `!window.left && (`+until+`)`)
}

// wait waits until an expression is true in the page, which may be another one by then.
func (d *device) wait(expression string) {
	d.t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		v, err := chromedp.Run(d.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !!(`+expression+`)`))
		if err == nil && v {
			return
		}
		if time.Now().After(deadline) {
			d.t.Fatalf("on %s waited for %s (%v); the page says:\n%s\nconsole: %v", d.path(), expression, err, d.text(), d.said)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (d *device) path() string { d.t.Helper(); return d.eval("location.pathname") }
func (d *device) text() string { d.t.Helper(); return d.eval("document.body.innerText") }

// keep makes passkey and card, and says that the card is kept.
func (d *device) keep(until string) (card string) {
	d.t.Helper()
	d.click("[data-make]", `document.querySelector("[data-card]") && !document.querySelector("[data-card]").hidden`)
	card = d.eval(`document.querySelector("[data-card-text]").textContent`)
	if len(strings.ReplaceAll(card, " ", "")) != 55 || d.eval(`document.querySelectorAll("[data-card-code] svg path").length`) != "1" {
		d.t.Errorf("card %q, or no QR code", card)
	}
	d.click("#kept", "true")
	d.send("[data-card] button:not([type])", until)
	return card
}

func on(path string) string { return fmt.Sprintf("location.pathname === %q", path) }

const receipt = `location.pathname.includes("/receipts/")`

// axe checks the page for accessibility, and that it is no wider than the window.
func (d *device) axe(where string) {
	d.t.Helper()
	source, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		d.t.Fatal("no axe-core; type: npm ci")
	}
	if _, err := chromedp.Run(d.ctx, chromedp.Evaluate[any](string(source)+";0")); err != nil {
		d.t.Fatal(err)
	}
	answer := d.eval(`axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => JSON.stringify(r.violations))`)
	var found []struct {
		ID, Help string
		Nodes    []struct{ HTML, FailureSummary string }
	}
	if err := json.Unmarshal([]byte(answer), &found); err != nil {
		d.t.Fatal(err)
	}
	for _, x := range found {
		d.t.Errorf("%s: axe: %s: %s: %s\n%s", where, x.ID, x.Help, x.Nodes[0].HTML, x.Nodes[0].FailureSummary)
	}
	if over := d.eval(`document.documentElement.scrollWidth - document.documentElement.clientWidth`); over != "0" {
		d.t.Errorf("%s is %s px wider than the window", where, over)
	}
}

// look looks at a page in German on a phone and in English on a screen; with SERVE_SHOTS set to a folder, in both languages at
// both widths, of which it keeps pictures there.
func (d *device) look(name, path string) {
	d.t.Helper()
	for _, lang := range []string{"de", "en"} {
		for _, width := range []int64{1280, 390} {
			if (lang == "de") != (width == 390) && os.Getenv("SERVE_SHOTS") == "" {
				continue
			}
			if err := chromedp.Do(d.ctx, chromedp.EmulateViewport(width, 900)); err != nil {
				d.t.Fatal(err)
			}
			d.open(path + "?lang=" + lang)
			if got := d.eval("document.documentElement.lang"); got != lang {
				d.t.Errorf("%s: is in %s, want %s", path, got, lang)
			}
			if text := d.text(); strings.Contains(text, "[") && strings.Contains(text, ".]") {
				d.t.Errorf("%s: a sentence is missing: %s", path, text)
			}
			d.axe(fmt.Sprintf("%s %s %d", name, lang, width))
			d.shoot(fmt.Sprintf("%s-%s-%d", name, lang, width))
		}
	}
	if err := chromedp.Do(d.ctx, chromedp.EmulateViewport(1280, 900)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) shoot(name string) {
	d.t.Helper()
	dir := os.Getenv("SERVE_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(d.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o666); err != nil {
		d.t.Fatal(err)
	}
}

// quiet checks that the page asked nobody else for anything and broke no policy.
func (d *device) quiet() {
	d.t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, s := range d.said {
		d.t.Errorf("console: %s", s)
	}
}
