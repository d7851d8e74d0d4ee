package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"bremen/plan"
)

// Names in the folder of a plan.
const (
	planName    = "plan.json"
	proofsName  = "proofs.bin"
	reportName  = "report.html"
	networkName = "network" // folder: the tables the plan was made from
)

// unproven says why a plan has no proofs, or other ones than it names.
type unproven struct {
	reason string
	cause  error
}

func (u *unproven) Error() string { return u.reason }
func (u *unproven) Unwrap() error { return u.cause }

// document reads a plan: a plan.json or the folder that holds one. It returns
// the file's path too.
func (c *call) document(ctx context.Context, name string) (*plan.Document, string, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		file := filepath.Join(name, planName)
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, "", &failure{status: exitInput, err: errors.New(c.lang.say("noplan", "name", name)), next: c.lang.say("noplan/next", "name", name)}
		}
		name = file
	}
	d, err := promptly(ctx, func() (*plan.Document, error) {
		var b []byte
		var err error
		if name == "-" {
			b, err = io.ReadAll(io.LimitReader(c.in, maxInput))
		} else {
			b, err = os.ReadFile(name)
		}
		if err != nil {
			return nil, err
		}
		return readDocument(b)
	})
	if err != nil {
		return nil, "", c.located(name, err)
	}
	return d, name, nil
}

func readDocument(b []byte) (*plan.Document, error) {
	d := &plan.Document{}
	if err := json.Unmarshal(b, d); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("line %d: %w", 1+bytes.Count(b[:min(int(syntax.Offset), len(b))], []byte("\n")), err)
		}
		return nil, err
	}
	if d.Status == "" || d.NetworkHash == "" {
		return nil, errors.New("no plan: the keys status and network_hash are missing")
	}
	return d, nil
}

// proofs reads the file that a plan names as its proofs, beside it. Proofs
// that are missing, or are not the ones named, give an *unproven.
func (c *call) proofs(ctx context.Context, d *plan.Document, planFile string) (*plan.Proofs, error) {
	ref := d.Certificates
	if ref == nil {
		return nil, &unproven{reason: c.lang.say("proofs/none", "name", planFile)}
	}
	if !filepath.IsLocal(ref.Name) || filepath.Base(ref.Name) != ref.Name {
		return nil, &unproven{reason: c.lang.say("proofs/name", "name", ref.Name)}
	}
	file := filepath.Join(filepath.Dir(planFile), ref.Name)
	return promptly(ctx, func() (*plan.Proofs, error) {
		b, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &unproven{reason: c.lang.say("proofs/missing", "name", file)}
		}
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != ref.SHA256 || int64(len(b)) != ref.Bytes {
			return nil, &unproven{reason: c.lang.say("proofs/other", "name", file)}
		}
		p, err := plan.ReadProofs(bytes.NewReader(b))
		if err != nil {
			return nil, &unproven{reason: file + ": " + err.Error(), cause: err}
		}
		return p, nil
	})
}

// writeProofs returns the proofs as bytes and the reference to them for plan.json.
func writeProofs(p *plan.Proofs) ([]byte, *plan.FileRef, error) {
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(b.Bytes())
	return b.Bytes(), &plan.FileRef{Name: proofsName, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(b.Len())}, nil
}

// writeJSON writes v as indented JSON with a line end.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(v)
}
