// Package browsertest looks at pages in Chromium for tests: [Start] starts it, [Open] opens a tab that notes what a page
// should not do, [Tab.Axe] checks what it shows. Only tests import it.
package browsertest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"bremen/internal/waittest"
)

// Start starts Chromium, which ends with the test. A test that is to be short is skipped.
func Start(tb testing.TB) context.Context {
	tb.Helper()
	if testing.Short() {
		tb.Skip("a browser takes long")
	}
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		tb.Fatal("no Chromium; type: make chromium")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true), chromedp.Flag("lang", "en-GB"), chromedp.WSURLReadTimeout(3*time.Minute))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	tb.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 10*time.Minute) // longer than any test takes: it ends what hangs
	tb.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	tb.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		tb.Fatal(err)
	}
	return ctx
}

// Tab is a page as one person sees it: cookies and storage are its own.
type Tab struct {
	Context context.Context // for chromedp
	TB      testing.TB
	own     string

	mu   sync.Mutex
	said []string
}

// Open opens a tab, 1280 px wide, that ends with the test. Whatever is asked of an address that does not begin with own is
// noted for Said.
func Open(tb testing.TB, browser context.Context, own string) *Tab {
	tb.Helper()
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	tb.Cleanup(cancel)
	t := &Tab{Context: ctx, TB: tb, own: own}
	t.Do(chromedp.EmulateViewport(1280, 900))
	if err := chromedp.Listen(ctx, t.note); err != nil {
		tb.Fatal(err)
	}
	Call(t, network.Enable, network.EnableParams{})
	return t
}

func (t *Tab) note(ev any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		u := ev.Request.URL
		if !strings.HasPrefix(u, t.own) && !strings.HasPrefix(u, "about:") && !strings.HasPrefix(u, "data:") {
			t.said = append(t.said, "asked for "+u)
		}
	case *runtime.EventConsoleAPICalled:
		t.said = append(t.said, fmt.Sprint(ev.Type, ev.Args))
	case *runtime.EventExceptionThrown:
		t.said = append(t.said, fmt.Sprint(ev.ExceptionDetails.Text, ev.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		told := ev.Entry.Level == log.EntryLevelInfo && strings.HasPrefix(ev.Entry.Text, "Clear-Site-Data ") // that it did as asked
		if !told && !strings.Contains(ev.Entry.Text, "favicon") {
			t.said = append(t.said, ev.Entry.Text+" "+ev.Entry.URL)
		}
	}
}

// Said is what the console said until now, and what was asked of others.
func (t *Tab) Said() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.said...)
}

// Quiet checks that the page asked nobody else for anything, broke no policy and threw nothing.
func (t *Tab) Quiet() {
	t.TB.Helper()
	for _, s := range t.Said() {
		t.TB.Errorf("console: %s", s)
	}
}

// Do does steps of chromedp one after the other.
func (t *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	t.TB.Helper()
	if err := chromedp.Do(t.Context, steps...); err != nil {
		t.TB.Fatal(err)
	}
}

// Call sends a command of the browser's protocol.
func Call[P, R any](t *Tab, command cdp.Command[P, R], params P) {
	t.TB.Helper()
	if _, err := chromedp.Call(t.Context, command, params); err != nil {
		t.TB.Fatal(err)
	}
}

// Eval evaluates an expression in the page, waiting for what it promises.
func Eval[T any](t *Tab, expression string) T {
	t.TB.Helper()
	v, err := chromedp.Run(t.Context, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.TB.Fatalf("%.300s: %v", expression, err)
	}
	return v
}

// Wait waits until an expression holds in the page, which may be another one by then.
func (t *Tab) Wait(expression string) {
	t.TB.Helper()
	var err error
	waittest.Until(t.TB, func() (holds bool) {
		holds, err = chromedp.Run(t.Context, chromedp.Evaluate[bool](`document.readyState === "complete" && !!(`+expression+`)`))
		return err == nil && holds
	}, func() string {
		return fmt.Sprintf("on %s waited for %s (%v); the page says:\n%s\nconsole: %v", Eval[string](t, "location.href"), expression, err, Eval[string](t, "document.body.innerText"), t.Said())
	})
}

// Axe checks the page for accessibility (WCAG 2.2 AA), and that it is no wider than the window. The test runs in a folder of
// the module's root, where npm's packages are.
func (t *Tab) Axe(where string) {
	t.TB.Helper()
	source, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.TB.Fatal("no axe-core; type: npm ci")
	}
	Eval[any](t, string(source)+";0")
	answer := Eval[string](t, `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then(r => JSON.stringify(r.violations))`)
	var found []struct { // rules that are broken, with where
		ID, Impact, Help string
		Nodes            []struct{ HTML, FailureSummary string }
	}
	if err := json.Unmarshal([]byte(answer), &found); err != nil {
		t.TB.Fatal(err)
	}
	for _, x := range found {
		t.TB.Errorf("%s: axe: %s (%s): %s: %d places, first %s\n%s", where, x.ID, x.Impact, x.Help, len(x.Nodes), x.Nodes[0].HTML, x.Nodes[0].FailureSummary)
	}
	if over := Eval[int](t, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.TB.Errorf("%s is %d px wider than the window", where, over)
	}
}

// Shoot keeps a picture of the whole page in a file, to be looked at.
func (t *Tab) Shoot(file string) {
	t.TB.Helper()
	png, err := chromedp.Run(t.Context, chromedp.FullScreenshot(100))
	if err != nil {
		t.TB.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o666); err != nil {
		t.TB.Fatal(err)
	}
}
