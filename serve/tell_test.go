package serve

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"bremen/commons"
	"bremen/internal/waittest"
	"bremen/record/postgres/postgrestest"
)

// toldTown is a town whose people have given contacts, on a server that sends mails over a mail server.
func toldTown(t testing.TB, p *post, contact string) *town {
	t.Helper()
	w := newWorld(t, func(o *Options) { o.Mail, o.MailEvery = p.mail(), 10*time.Millisecond })
	w.stand()
	waittest.Until(t, func() bool {
		next, err := w.server.o.Store.told(t.Context(), w.net.Origin())
		w.must(err)
		return next >= 0
	}, func() string { return "the record is not followed" })
	town := settle(w, nil)
	town.arriveWith("Fee", contact)
	town.settled(6, 1)
	return town
}

// A member is told of every entry in their name and of every sign-in without a device of theirs; from the mail they say that one
// is not theirs. The mail holds nothing of what they need.
func TestMembersAreTold(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	w := toldTown(t, p, "Tel. 0421-1, fee@example.org")
	const fee = 6
	w.pass(0.01)
	got := w.told(p, 6, 1)
	if got[0].to != "fee@example.org" || !strings.Contains(got[0].text, "Eintrag 6: Ankunft") && !strings.Contains(got[0].text, "Entry") {
		t.Fatalf("to %s:\n%s", got[0].to, got[0].text)
	}
	w.pass(1)
	c := w.as(fee)
	c.post("/nordhof/need", "what", "insulin", "quantity", "7", "unit", "ml", "basis", "day", "urgency", "vital", "words", "geheim")
	need := w.net.Size() - 1
	codes := codesOf(c)
	phone := w.client()
	phone.send(http.MethodPost, "/nordhof/signin/code", map[string][]string{"code": {codes[0]}}, "User-Agent", firefox)
	w.settled(fee, 3)
	w.pass(0.01)
	got = w.told(p, 6, 2)
	text := got[1].text
	for _, want := range []string{"Eintrag " + formatNumber(need) + ": ", "Entry " + formatNumber(need) + ": ", w.address + "/nordhof/mine/" + formatNumber(need), "mit einem Einmalcode angemeldet, Firefox auf Android", "signed in with a single-use code, Firefox on Android",
		"Einmalcodes ausgestellt", "New single-use codes"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, text)
		}
	}
	for _, private := range []string{"insulin", "geheim", "ml", "Fee"} {
		if strings.Contains(text, private) {
			t.Errorf("the mail holds %q:\n%s", private, text)
		}
	}
	if h := got[1].mail.Header; h.Get("Auto-Submitted") != "auto-generated" || h.Get("Message-ID") == "" || !strings.Contains(h.Get("From"), "mail@localhost") {
		t.Errorf("header: %v", h)
	}

	link := regexp.MustCompile(`/nordhof/mine/\d+`).FindString(text)
	if answer := w.as(2).get(link); answer.status != http.StatusNotFound {
		t.Errorf("somebody else opens the link: %d", answer.status)
	}
	stranger := w.client()
	if answer := stranger.get(link); answer.status != http.StatusUnauthorized || !strings.Contains(answer.body, `/nordhof/signin?next=%2Fmine%2F`+formatNumber(need)) {
		t.Fatalf("the link before signing in: %d\n%s", answer.status, answer.body)
	}
	if answer := stranger.post("/nordhof/signin/code", "code", codes[1], "next", strings.TrimPrefix(link, "/nordhof")); answer.path != link || !strings.Contains(answer.body, "Is this yours?") {
		t.Fatalf("the link after it: %d at %s\n%s", answer.status, answer.path, answer.body)
	}
	if answer := stranger.post("/nordhof/do/entry.disown", "entry", formatNumber(need)); answer.status != http.StatusOK {
		t.Fatalf("not mine: %d %s", answer.status, answer.body)
	}
	w.net.View(func(s *commons.State) {
		if s.Private[need] != nil {
			t.Error("a need that was not theirs still holds")
		}
	})
	if logged := w.log.String(); strings.Contains(logged, "fee@") || strings.Contains(logged, "example.org") {
		t.Errorf("the log holds an address")
	}
}

// told waits until a person has got so many mails and nothing waits for them any more: the mail server takes a mail before it is
// noted as sent, and when it was sent says when the next may be.
func (w *town) told(p *post, person int64, want int) []delivered {
	w.t.Helper()
	got := p.wait(want)
	w.settled(person, 0)
	return got
}

// settled waits until so many notices wait for a person.
func (w *town) settled(person int64, want int) {
	w.t.Helper()
	n := 0
	waittest.Until(w.t, func() bool { n = w.waiting(person); return n == want }, func() string { return fmt.Sprintf("%d notices wait for person %d, want %d", n, person, want) })
}

func (w *town) waiting(person int64) (n int) {
	w.t.Helper()
	s := w.server.o.Store
	w.must(s.db.QueryRowContext(w.t.Context(), s.sql(`SELECT count(*) FROM bremen_notices WHERE person = ?1 AND sent = 0`), person).Scan(&n))
	return n
}

// One mail tells of all that happened within a minute; the next comes an hour later at the earliest.
func TestMailsAreFew(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	w := toldTown(t, p, "fee@example.org")
	w.pass(0.01)
	w.told(p, 6, 1)
	for range 5 {
		w.state(6, commons.StateNeed(commons.Need{What: "bread", Quantity: decimal(t, "1"), Unit: "kg"}, nil))
	}
	w.settled(6, 5)
	w.pass(0.02) // half an hour
	time.Sleep(100 * time.Millisecond)
	if n := len(p.mails()); n != 1 {
		t.Errorf("%d mails within an hour, want 1", n)
	}
	w.pass(0.03)
	if got := w.told(p, 6, 2); strings.Count(got[1].text, "/mine/") != 10 {
		t.Errorf("one mail tells of:\n%s", got[1].text)
	}
	w.settled(6, 0)
}

// A mail server that does not answer, or not now, is asked again and again, and nothing is lost or told twice, even if the server
// stops in between; an address that it refuses for good is given up, and its holder is shown so.
func TestMailsSurvive(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	p.refuse(func(string) error { return &smtp.SMTPError{Code: 451, Message: "later"} })
	w := toldTown(t, p, "fee@example.org")
	w.settled(6, 1)
	w.pass(0.01)
	w.tried(6, 1)
	p.refuse(nil)
	again := w.another(t, func(o *Options) { o.Mail, o.MailEvery = p.mail(), 10*time.Millisecond })
	defer again()
	w.pass(0.1)
	w.told(p, 6, 1)
	time.Sleep(50 * time.Millisecond)
	if got := p.mails(); len(got) != 1 {
		t.Errorf("told %d times, want once", len(got))
	}

	p.refuse(func(string) error { return &smtp.SMTPError{Code: 550, Message: "no such user"} })
	w.state(6, commons.StateNeed(commons.Need{What: "bread", Quantity: decimal(t, "1"), Unit: "kg"}, nil))
	w.settled(6, 1)
	w.pass(0.1)
	w.settled(6, 0)
	if _, refused, err := w.server.o.Store.reach(t.Context(), w.net.Origin(), 6); err != nil || refused == 0 {
		t.Errorf("an address that was refused for good is not given up: %v", err)
	}
}

// tried waits until a mail to a person was tried so often.
func (w *town) tried(person int64, want int) {
	w.t.Helper()
	tries, s := 0, w.server.o.Store
	waittest.Until(w.t, func() bool {
		w.must(s.db.QueryRowContext(w.t.Context(), s.sql(`SELECT COALESCE(MAX(tries), 0) FROM bremen_notices WHERE person = ?1`), person).Scan(&tries))
		return tries >= want
	}, func() string { return fmt.Sprintf("tried %d times, want %d", tries, want) })
}

// another starts a second server on the same store that only tells, as one does after a stop.
func (w *town) another(t *testing.T, with func(*Options)) (stop func()) {
	o := w.server.o
	o.Metrics = nil
	with(&o)
	s, err := New(w.commons, o)
	w.must(err)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.telling(ctx); close(done) }()
	return func() { cancel(); <-done }
}

// A person who is erased is told nothing any more, and nothing of them waits; in a pause nobody is told anything.
func TestErasedAndPausedAreNotTold(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	w := toldTown(t, p, "fee@example.org")
	w.settled(6, 1)
	page := w.as(6).post("/nordhof/do/person.erase")
	eraser := w.client()
	if got := eraser.sign(page.body, w.keys[6]); got.status != http.StatusOK {
		t.Fatalf("erasing: %d", got.status)
	}
	w.pass(1)
	w.settled(6, 0)
	if got := p.mails(); len(got) != 0 {
		t.Errorf("somebody erased was told: %s", got[0].text)
	}
	w.arriveWith("Gül", "guel@example.org")
	w.settled(7, 1)
	act := w.state(1, commons.Pause(w.now().Add(48*time.Hour), "Streit"))
	w.state(2, commons.AssentTo(act.Number))
	w.state(3, commons.AssentTo(act.Number))
	w.again() // no mail is on its way from before the pause
	w.pass(1)
	time.Sleep(100 * time.Millisecond)
	if got := p.mails(); len(got) != 0 {
		t.Errorf("a mail in a pause: %s", got[0].text)
	}
	w.pass(2)
	w.told(p, 7, 1)
}

// Who changes their contact is told at the old address once more, since it may not have been they; then at the new one alone.
func TestContactsThatChange(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	w := toldTown(t, p, "fee@example.org")
	w.pass(0.01)
	w.told(p, 6, 1)
	w.pass(0.1)
	w.state(6, commons.IntroduceOneself("Fee", "thief@example.net"))
	w.settled(6, 1)
	w.pass(0.01)
	got := w.told(p, 6, 3)[1:]
	if to := []string{got[0].to, got[1].to}; !slices.Contains(to, "fee@example.org") || !slices.Contains(to, "thief@example.net") {
		t.Errorf("told at %v, want both", to)
	}
	w.pass(0.1)
	w.state(6, commons.StateNeed(commons.Need{What: "bread", Quantity: decimal(t, "1"), Unit: "kg"}, nil))
	w.settled(6, 1)
	w.pass(0.01)
	w.told(p, 6, 4)
	if got := p.mails()[3:]; len(got) != 1 || got[0].to != "thief@example.net" {
		t.Errorf("afterwards told at %v", got)
	}
}

// Whose key others replace is told when it is proposed and when it is entered, with the time that is left to object.
func TestReplacedKeysAreTold(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	w := toldTown(t, p, "fee@example.org")
	w.pass(0.01)
	w.told(p, 6, 1)
	k := newSoftKey(t)
	act := w.state(1, commons.ReplaceKey(6, k.id, k.public, "localhost"))
	w.state(2, commons.AssentTo(act.Number))
	w.state(3, commons.AssentTo(act.Number))
	w.settled(6, 2)
	w.pass(0.1)
	text := w.told(p, 6, 2)[1].text
	for _, want := range []string{"Andere Mitglieder haben einen neuen Schlüssel", "Other members have entered a new key"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, text)
		}
	}
}

// What the store keeps of notices is told once by whichever server takes it, in both databases.
func TestNoticesInStores(t *testing.T) {
	t.Parallel()
	cluster, stop, err := postgrestest.Start(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	for name, where := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "s.sqlite"), "postgres": cluster.Database(t)} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			now := time.Now()
			clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
			s, err := OpenStore(t.Context(), where, clock)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			testNotices(t, s, func(d time.Duration) { mu.Lock(); now = now.Add(d); mu.Unlock() })
		})
	}
}

func testNotices(t *testing.T, s *Store, pass func(time.Duration)) {
	ctx := t.Context()
	if next, err := s.told(ctx, "o"); err != nil || next != -1 {
		t.Fatalf("a record that was never followed: %d %v", next, err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.beginTelling(ctx, "o", 10, map[int64]int64{3: 1}))
	must(s.beginTelling(ctx, "o", 99, nil))
	list := func(n int64) (l []notice) {
		return append(l, notice{person: 3, kind: tellEntry, ref: strconv.FormatInt(n, 10), at: s.now()}, notice{person: 4, kind: tellEntry, ref: strconv.FormatInt(n, 10), at: s.now()})
	}
	if n := atOnce(func(ctx context.Context) bool { return s.tellUntil(ctx, "o", 10, 11, list(10)) == nil }); n == 0 {
		t.Error("nobody kept what is to be told")
	}
	must(s.tellUntil(ctx, "o", 10, 12, list(11))) // a server that was slower
	if next, err := s.told(ctx, "o"); err != nil || next != 11 {
		t.Errorf("told until %d, want 11 (%v)", next, err)
	}
	if person, _, err := s.claim(ctx, "o"); err != nil || person != 0 {
		t.Errorf("person %d is told at once (%v)", person, err)
	}
	pass(settleFor)
	var mu sync.Mutex
	var all []notice
	atOnce(func(ctx context.Context) bool {
		_, l, err := s.claim(ctx, "o")
		mu.Lock()
		defer mu.Unlock()
		all = append(all, l...)
		return err == nil
	})
	for range 3 {
		_, l, err := s.claim(ctx, "o")
		must(err)
		all = append(all, l...)
	}
	if len(all) != 2 || all[0].person == all[1].person || all[0].ref != "10" {
		t.Fatalf("taken: %v", all)
	}
	pass(claimFor) // whoever took them has stopped
	person, l, err := s.claim(ctx, "o")
	if err != nil || person != 3 || len(l) != 1 {
		t.Fatalf("taken again: %d %v %v", person, l, err)
	}
	must(s.settleNotices(ctx, "o", l, true, 0))
	must(s.tellUntil(ctx, "o", 11, 12, list(11)))
	pass(settleFor)
	person, l, err = s.claim(ctx, "o")
	if err != nil || person != 4 || len(l) != 2 {
		t.Fatalf("person 3 was told just now; got %d %v %v", person, l, err)
	}
	must(s.settleNotices(ctx, "o", l, false, time.Minute))
	pass(betweenIt)
	for _, want := range []int64{4, 3} {
		person, l, err = s.claim(ctx, "o")
		if err != nil || person != want || want == 4 && l[0].tries != 1 {
			t.Fatalf("after an hour: %d %v %v, want %d", person, l, err, want)
		}
		must(s.settleNotices(ctx, "o", l, false, 0))
	}
	if entry, refused, err := s.reach(ctx, "o", 3); err != nil || entry != 1 || refused != 0 {
		t.Errorf("reached under %d, refused %d (%v)", entry, refused, err)
	}
	must(s.setReach(ctx, "o", 3, 5, true))
	if entry, refused, err := s.reach(ctx, "o", 3); err != nil || entry != 5 || refused == 0 {
		t.Errorf("reached under %d, refused %d (%v)", entry, refused, err)
	}
	must(s.forgetPerson(ctx, "o", 3))
	if entry, _, err := s.reach(ctx, "o", 3); err != nil || entry != -1 {
		t.Errorf("somebody erased is still kept: %d %v", entry, err)
	}
	must(s.forget(ctx))
}

func decimal(t testing.TB, text string) commons.Decimal {
	t.Helper()
	d, err := commons.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Members print notices for those whom no mail reaches, and for nobody else; what stands in them is in the record.
func TestNoticesOnPaper(t *testing.T) {
	t.Parallel()
	p := newPost(t)
	w := toldTown(t, p, "fee@example.org")
	w.arriveWith("Gül", "0421 1234")
	w.arriveWith("Hans", "hans@example.org")
	w.must(w.server.o.Store.setReach(t.Context(), w.net.Origin(), 8, describedIn(w.net, 8), true))
	w.as(7).post("/nordhof/need", "what", "insulin", "quantity", "7", "unit", "ml", "basis", "day", "urgency", "vital", "words", "geheim")
	need := formatNumber(w.net.Size() - 1)
	page := w.as(2).get("/nordhof/notices").body
	_, slip, _ := strings.Cut(page, "<h2>Gül")
	slip, _, _ = strings.Cut(slip, "</section>")
	if !strings.Contains(slip, "Entry "+need+": Need") {
		t.Errorf("the slip does not tell of entry %s:\n%s", need, slip)
	}
	for name, want := range map[string]bool{"Gül": true, "Hans": false, "Fee": false, "Anna": true, "insulin": false, "geheim": false, "1234": false} {
		if got := strings.Contains(page, name); got != want {
			t.Errorf("%s is on paper: %v, want %v", name, got, want)
		}
	}
	for person, want := range map[int64]string{6: "you get an e-mail", 7: "You gave no e-mail address", 8: "do not arrive"} {
		if got := w.as(person).get("/nordhof/me"); !strings.Contains(got.body, want) {
			t.Errorf("person %d is not told how they are told: %q\n%s", person, want, got.body)
		}
	}
	for person, status := range map[int64]int{0: http.StatusUnauthorized, 4: http.StatusForbidden, 5: http.StatusForbidden} {
		if got := w.as(person).get("/nordhof/notices"); got.status != status {
			t.Errorf("person %d opens it: %d, want %d", person, got.status, status)
		}
	}
	without := newTown(t)
	if got := without.as(2).get("/nordhof/notices"); !strings.Contains(got.body, "This server sends no e-mail") || !strings.Contains(got.body, "Anna") {
		t.Errorf("without mail:\n%s", got.body)
	}
	w.pass(15)
	if got := w.as(2).get("/nordhof/notices"); !strings.Contains(got.body, "nobody to tell") {
		t.Errorf("after the days to answer:\n%s", got.body)
	}
}
