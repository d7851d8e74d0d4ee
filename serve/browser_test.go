package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"bremen/internal/browsertest"
)

// device is one person's: a browser of its own, with an authenticator.
type device struct {
	*browsertest.Tab
	t testing.TB
	w *world
}

func (w *world) device(browser context.Context) *device {
	w.t.Helper()
	d := &device{Tab: browsertest.Open(w.t, browser, w.address), t: w.t, w: w}
	browsertest.Call(d.Tab, webauthn.Enable, webauthn.EnableParams{})
	browsertest.Call(d.Tab, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true,
		HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	return d
}

func (d *device) eval(expression string) string {
	d.t.Helper()
	return browsertest.Eval[string](d.Tab, "(async () => String(await ("+expression+")))()")
}

func (d *device) open(path string) {
	d.t.Helper()
	if err := chromedp.Do(d.Context, chromedp.Navigate(d.w.address+path)); err != nil {
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
	if err := chromedp.Do(d.Context, chromedp.Click(chromedp.CSS(selector))); err != nil {
		d.t.Fatalf("click %s on %s: %v", selector, d.path(), err)
	}
	d.Wait(until)
}

// send clicks what sends a form or follows a link, and waits until another page is there and what comes after holds.
func (d *device) send(selector, until string) {
	d.t.Helper()
	d.eval(`window.left = true`)
	d.click(selector, `!window.left && (`+until+`)`)
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

// look looks at a page in German on a phone and in English on a screen; with SERVE_SHOTS set to a folder, in both languages at
// both widths, of which it keeps pictures there.
func (d *device) look(name, path string) {
	d.t.Helper()
	for _, lang := range []string{"de", "en"} {
		for _, width := range []int64{1280, 390} {
			if (lang == "de") != (width == 390) && os.Getenv("SERVE_SHOTS") == "" {
				continue
			}
			d.Do(chromedp.EmulateViewport(width, 900))
			d.open(path + "?lang=" + lang)
			if got := d.eval("document.documentElement.lang"); got != lang {
				d.t.Errorf("%s: is in %s, want %s", path, got, lang)
			}
			if text := d.text(); strings.Contains(text, "[") && strings.Contains(text, ".]") {
				d.t.Errorf("%s: a sentence is missing: %s", path, text)
			}
			d.Axe(fmt.Sprintf("%s %s %d", name, lang, width))
			d.shoot(fmt.Sprintf("%s-%s-%d", name, lang, width))
		}
	}
	d.Do(chromedp.EmulateViewport(1280, 900))
}

func (d *device) shoot(name string) {
	d.t.Helper()
	if dir := os.Getenv("SERVE_SHOTS"); dir != "" {
		d.Shoot(filepath.Join(dir, name+".png"))
	}
}
