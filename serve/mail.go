package serve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	netmail "net/mail"
	"os"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Mail is the mail server over which people are told of entries in their name.
type Mail struct {
	Host string `yaml:"host"`
	// Port is 587 where nothing is said, with security tls 465.
	Port int `yaml:"port"`
	// Security is starttls (where nothing is said), tls, or none, which only a mail server on this machine may have.
	Security string `yaml:"security"`
	User     string `yaml:"user"`
	// PasswordFile holds the user's password; it is read at the start.
	PasswordFile string `yaml:"password-file"`
	// From is the sender: an address that somebody reads, for what cannot be delivered comes back to it.
	From string `yaml:"from"`

	password string
	roots    *x509.CertPool // nil: those of the system
}

const (
	mailTLS      = "tls"
	mailStartTLS = "starttls"
	mailNone     = "none"
)

// Check fills in what may be left out, reads the password, and refuses what cannot work.
func (m *Mail) Check() error {
	if m.Security == "" {
		m.Security = mailStartTLS
	}
	if m.Port == 0 {
		m.Port = map[string]int{mailTLS: 465, mailStartTLS: 587, mailNone: 25}[m.Security]
	}
	if _, err := netmail.ParseAddress(m.From); err != nil {
		return fmt.Errorf("mail: from %q: expected an address: %w", m.From, err)
	}
	switch {
	case m.Host == "":
		return errors.New("mail: host is missing")
	case m.Security != mailTLS && m.Security != mailStartTLS && m.Security != mailNone:
		return fmt.Errorf("mail: security %q: expected starttls, tls or none", m.Security)
	case m.Security == mailNone && !isLocal(m.Host):
		return fmt.Errorf("mail: security none with host %q: expected starttls or tls, or a mail server on this machine", m.Host)
	case m.Port < 1 || m.Port > 65535:
		return fmt.Errorf("mail: port %d: expected 1 to 65535", m.Port)
	case (m.User == "") != (m.PasswordFile == ""):
		return errors.New("mail: user and password-file: expected both or neither")
	case m.PasswordFile == "":
		return nil
	}
	text, err := os.ReadFile(m.PasswordFile)
	if err != nil {
		return fmt.Errorf("mail: password: %w", err)
	}
	m.password = strings.TrimRight(string(text), "\r\n")
	return nil
}

// letter is one mail.
type letter struct {
	to            *netmail.Address
	id            string // of the message, the same whenever it is sent
	subject, text string
}

// mailPatience is how long the mail server may take.
const mailPatience = 30 * time.Second

// send hands a mail to the mail server.
func (m *Mail) send(ctx context.Context, l *letter, now time.Time) error {
	options := []mail.Option{mail.WithPort(m.Port), mail.WithTimeout(mailPatience), mail.WithTLSConfig(&tls.Config{ServerName: m.Host, RootCAs: m.roots, MinVersion: tls.VersionTLS12})}
	switch m.Security {
	case mailTLS:
		options = append(options, mail.WithSSL())
	case mailStartTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	case mailNone:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.password))
	}
	client, err := mail.NewClient(m.Host, options...)
	if err != nil {
		return err
	}
	msg := mail.NewMsg()
	if err := msg.From(m.From); err != nil {
		return err
	}
	msg.ToMailAddress(l.to)
	msg.Subject(l.subject)
	msg.SetMessageIDWithValue(l.id)
	msg.SetDateWithValue(now)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no answering machine answers it
	msg.SetBodyString(mail.TypeTextPlain, l.text)
	return client.DialAndSendWithContext(ctx, msg)
}

// refusedForGood tells whether the mail server will not take a mail for this address, however often it is asked.
func refusedForGood(err error) bool {
	var e *mail.SendError
	return errors.As(err, &e) && !e.IsTemp() && e.ErrorCode() >= 500 && e.Reason == mail.ErrSMTPRcptTo
}

// mailFailure says what went wrong with a mail without what is in it: the library's errors hold addresses.
func mailFailure(err error) string {
	var e *mail.SendError
	if errors.As(err, &e) {
		return fmt.Sprintf("%v, code %d", e.Reason, e.ErrorCode())
	}
	return safe(err)
}

// addressIn finds the mail address in what somebody gave as their contact; nil if there is none.
func addressIn(contact string) *netmail.Address {
	for _, word := range strings.FieldsFunc(contact, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;<>()[]\"'", r) }) {
		word = strings.TrimSuffix(strings.TrimPrefix(word, "mailto:"), ".")
		if !strings.Contains(word, "@") {
			continue
		}
		if a, err := netmail.ParseAddress(word); err == nil && len(a.Address) <= 254 {
			return &netmail.Address{Address: a.Address}
		}
	}
	return nil
}
