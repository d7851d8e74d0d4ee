package serve

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"strconv"
	"strings"
	"time"

	"bremen/commons"
	"bremen/serve/page"
)

// mailLines is of how many things one mail tells one by one.
const mailLines = 30

// letter is the mail that tells somebody what waits for them, in every language of the catalogue: which one they read is not
// known here. It says what kind of entry each is and nothing of what is in it.
func (s *Server) letter(ctx context.Context, n *commons.Network, waiting []notice, to *mail.Address) (*letter, error) {
	name := ""
	n.View(func(state *commons.State) { name = state.Govern.Name })
	l := &letter{to: to, id: s.messageID(n.Origin(), waiting, to)}
	var subjects, texts []string
	for _, lang := range page.Languages {
		lines := []string{lang.Say("mail.lead", "network", name)}
		for i, w := range waiting {
			if i == mailLines {
				lines = append(lines, lang.Say("mail.more", "count", len(waiting)-mailLines, "link", s.o.Address.String()+"/"+slug(n.Origin())+"/record?member="+strconv.FormatInt(w.person, 10)))
				break
			}
			line, err := s.line(ctx, n, &w, lang)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line)
		}
		lines = append(lines, lang.Say("mail.answer"), lang.Say("mail.why", "address", s.o.Address.String()+"/"+slug(n.Origin())+"/"))
		subjects, texts = append(subjects, lang.Say("mail.subject", "network", name)), append(texts, strings.Join(lines, "\n\n"))
	}
	l.subject, l.text = strings.Join(subjects, " · "), strings.Join(texts, "\n\n-- -- --\n\n")+"\n"
	return l, nil
}

// messageID names a mail by what it tells whom, so that one that is sent again is the same one.
func (s *Server) messageID(origin string, waiting []notice, to *mail.Address) string {
	h := sha256.New()
	fmt.Fprintf(h, "bremen mail\n%s\n%s\n", origin, to.Address)
	for _, w := range waiting {
		fmt.Fprintf(h, "%s %s\n", w.kind, w.ref)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]) + "@" + s.o.Address.Hostname()
}

// line says one thing that somebody is told of, with where to look at it.
func (s *Server) line(ctx context.Context, n *commons.Network, w *notice, lang page.Language) (string, error) {
	base := s.o.Address.String() + "/" + slug(n.Origin())
	at := lang.Time(time.UnixMilli(w.at))
	switch w.kind {
	case tellSignIn:
		way, device, _ := strings.Cut(w.detail, " ")
		return lang.Say("mail.signin", "way", lang.Say("sessions.way."+way), "device", calledDevice(lang, device), "time", at, "link", base+"/me/sessions"), nil
	case tellCodes:
		return lang.Say("mail.codes", "time", at, "link", base+"/me/sessions"), nil
	case tellLink:
		return lang.Say("mail.link", "provider", w.detail, "time", at, "link", base+"/me"), nil
	}
	number, err := strconv.ParseInt(w.ref, 10, 64)
	if err != nil {
		return "", err
	}
	if w.kind != tellEntry {
		until := int64(0)
		n.View(func(state *commons.State) { until = state.Govern.KeyCounts(w.person, number) })
		if w.kind == tellNewKey && until > 0 {
			return lang.Say("mail.newkey", "number", number, "date", lang.Time(time.UnixMilli(until)), "link", base+"/me"), nil
		}
		return lang.Say("mail.key", "number", number, "link", base+"/record/"+w.ref), nil
	}
	e, _, err := n.Entry(ctx, number)
	if err != nil {
		return "", err
	}
	key, date := "mail.entry", ""
	if until := answerUntil(n, w.person, number); until > 0 {
		key, date = "mail.entry.until", lang.Date(time.UnixMilli(until))
	}
	return lang.Say(key, "number", number, "what", titleOf(e.Statement.Type).In(string(lang)), "kind", lang.Say("kind."+string(e.Kind())), "time", at,
		"date", date, "link", base+"/mine/"+w.ref), nil
}
