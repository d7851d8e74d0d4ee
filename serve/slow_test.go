package serve

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"bremen/internal/waittest"
)

// Whoever sends a head or a body drop by drop, or reads nothing of the answer, is let go when the time is over; meanwhile others are
// answered. The times are shorter than the server's own, which TestOddRequests holds to be there.
func TestSlowVisitors(t *testing.T) {
	t.Parallel()
	w := newTown(t)
	server := w.server.http()
	server.ReadHeaderTimeout, server.ReadTimeout, server.WriteTimeout, server.IdleTimeout = 300*time.Millisecond, 600*time.Millisecond, time.Second, 600*time.Millisecond
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	w.must(err)
	go server.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { server.Close() })
	address, err := url.Parse(w.address)
	w.must(err)
	before, cookie := w.net.Size(), w.cookie(2)
	form := "what=bread&quantity=1&unit=kg&basis=period&urgency=wish"
	head := fmt.Sprintf("POST /nordhof/need HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n", address.Host, cookie)
	for name, text := range map[string][2]string{
		"a head that never ends": {"GET /nordhof/ HTTP/1.1\r\nHost: " + address.Host + "\r\n", strings.Repeat("X-A: b\r\n", 1000)},
		"a slow body":            {head + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(form)), form},
		"a slow body in chunks":  {head + "Transfer-Encoding: chunked\r\n\r\n", strings.Repeat("1\r\nx\r\n", 1000)},
		"nothing at all":         {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr().String())
			w.must(err)
			defer conn.Close()
			_, err = conn.Write([]byte(text[0]))
			w.must(err)
			ended := make(chan string, 1)
			go func() {
				// What comes, if anything, is that the request was not taken; then the connection ends.
				answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					ended <- "closed"
					return
				}
				answer.Body.Close()
				ended <- fmt.Sprint(answer.StatusCode)
			}()
			rest, deadline := text[1], time.After(waittest.Hanging)
			for {
				select {
				case how := <-ended:
					if how != "closed" && how[0] != '4' && how[0] != '5' {
						t.Errorf("answered %s", how)
					}
					return
				case <-deadline:
					t.Fatal("it is not let go")
				case <-time.After(50 * time.Millisecond):
					if len(rest) > 0 {
						conn.Write([]byte(rest[:1])) //nolint:errcheck // it may be closed by now
						rest = rest[1:]
					}
				}
			}
		})
	}
	if got := w.client().get("/nordhof/"); got.status != http.StatusOK {
		t.Errorf("somebody else meanwhile: %d", got.status)
	}
	t.Cleanup(func() {
		if w.net.Size() != before {
			t.Errorf("%d entries more", w.net.Size()-before)
		}
	})
}
