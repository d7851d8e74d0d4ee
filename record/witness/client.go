package witness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"bremen/record"
)

// Client asks one witness to cosign one log's checkpoints.
type Client struct {
	url      string
	verifier note.Verifier
	http     *http.Client

	mu   sync.Mutex
	seen int64 // what the witness is thought to have seen
}

var _ record.Cosigner = (*Client)(nil)

// NewClient returns a client of the witness that is served at a URL and signs with a public key that [record.WitnessVerifier] takes.
// c may be nil for one that gives up after ten seconds.
func NewClient(base, public string, c *http.Client) (*Client, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("witness at %q: expected an address like https://witness.example.org", base)
	}
	v, err := record.WitnessVerifier(public)
	if err != nil {
		return nil, fmt.Errorf("witness at %s: %w", base, err)
	}
	if c == nil {
		c = &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }} // a witness answers itself
	}
	return &Client{url: u.JoinPath("add-checkpoint").String(), verifier: v, http: c}, nil
}

// Cosign is record.Cosigner's.
func (c *Client) Cosign(ctx context.Context, signed []byte, prove func(old int64) (tlog.TreeProof, error)) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	lines, err := c.cosign(ctx, signed, prove)
	if err != nil {
		return nil, fmt.Errorf("witness %s: %w", c.verifier.Name(), err)
	}
	return lines, nil
}

func (c *Client) cosign(ctx context.Context, signed []byte, prove func(old int64) (tlog.TreeProof, error)) ([]byte, error) {
	checkpoint, err := record.PeekCheckpoint(signed)
	if err != nil {
		return nil, err
	}
	// The second try is with what the witness says it has seen.
	for range 2 {
		c.seen = min(c.seen, checkpoint.Size)
		proof, err := prove(c.seen)
		if err != nil {
			return nil, err
		}
		status, kind, body, err := c.post(ctx, formatRequest(c.seen, proof, signed))
		switch {
		case err != nil:
			return nil, err
		case status == http.StatusOK:
			lines, err := c.check(signed, body)
			if err == nil {
				c.seen = checkpoint.Size
			}
			return lines, err
		case status != http.StatusConflict || kind != sizeType:
			return nil, fmt.Errorf("answered %d: %q", status, body)
		}
		seen, err := strconv.ParseInt(strings.TrimSpace(string(body)), 10, 64)
		if err != nil || seen < 0 {
			return nil, fmt.Errorf("says that it has seen %q", body)
		}
		if seen > checkpoint.Size {
			return nil, fmt.Errorf("has seen %d entries of this log, which holds %d", seen, checkpoint.Size)
		}
		c.seen = seen
	}
	return nil, fmt.Errorf("has seen another checkpoint of %d entries of this log", c.seen)
}

func (c *Client) post(ctx context.Context, body []byte) (status int, kind string, answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return 0, "", nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, 16<<10))
	return res.StatusCode, res.Header.Get("Content-Type"), answer, err
}

// check returns the lines of an answer that are the witness's own and fit.
func (c *Client) check(signed, lines []byte) ([]byte, error) {
	text, _, _ := strings.Cut(string(signed), "\n\n")
	n, err := note.Open(append([]byte(text+"\n\n"), lines...), note.VerifierList(c.verifier))
	if err != nil {
		return nil, fmt.Errorf("its cosignature: %w", err)
	}
	var out []byte
	for _, s := range n.Sigs {
		out = fmt.Appendf(out, "— %s %s\n", s.Name, s.Base64)
	}
	return out, nil
}
