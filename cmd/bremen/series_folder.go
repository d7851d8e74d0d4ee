package main

import (
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"bremen/internal/wholefile"
	"bremen/network"
	"bremen/plan"
	"bremen/report"
	"bremen/series"
)

// variantsName is the folder in that of a series that holds an outcome per variant, named by the hash of its order.
const variantsName = "variants"

// seriesWork is what is there of a series and what is not. With a folder, every outcome is in it as soon as it is known.
type seriesWork struct {
	dir     string // "" has none
	network string // hash
	orders  []series.Order
	mu      sync.Mutex
	done    map[string]*series.Outcome // by the hash of its order
}

// openSeries takes over what a folder holds of a series already.
func (c *call) openSeries(n *network.Network, s *series.Series, dir string) (*seriesWork, error) {
	w := &seriesWork{dir: dir, network: network.Hash(n), orders: s.Orders(), done: map[string]*series.Outcome{}}
	if dir == "" {
		return w, nil
	}
	if err := os.MkdirAll(filepath.Join(dir, variantsName), 0o777); err != nil {
		return nil, err
	}
	for _, o := range w.orders {
		text, err := os.ReadFile(w.path(o.Hash()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if out, err := series.DecodeOutcome(text, w.network, o.Hash()); err == nil { // else of another network, and computed anew
			w.done[o.Hash()] = out
		}
	}
	return w, nil
}

func (w *seriesWork) path(hash string) string {
	return filepath.Join(w.dir, variantsName, hash+".json")
}

func (w *seriesWork) missing() []series.Order {
	var list []series.Order
	for _, o := range w.orders {
		if w.done[o.Hash()] == nil {
			list = append(list, o)
		}
	}
	return list
}

// keep takes an outcome.
func (w *seriesWork) keep(o series.Order, out *series.Outcome) error {
	hash := o.Hash()
	if w.dir != "" {
		text, err := out.Encode()
		if err != nil {
			return err
		}
		err = wholefile.Write(w.path(hash), 0o666, func(to io.Writer) error { _, err := to.Write(text); return err })
		if err != nil {
			return err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done[hash] = out
	return nil
}

func (w *seriesWork) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.done)
}

// finish writes the files of a series, and removes outcomes of variants that it does not have.
func (w *seriesWork) finish(n *network.Network, t *series.Table) error {
	if w.dir == "" {
		return nil
	}
	for _, f := range report.SeriesFiles(n, t) {
		path := filepath.Join(w.dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := wholefile.Write(path, 0o666, f.Write); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(filepath.Join(w.dir, variantsName))
	if err != nil {
		return err
	}
	for _, e := range entries {
		hash, is := strings.CutSuffix(e.Name(), ".json")
		if b, err := hex.DecodeString(hash); is && err == nil && len(b) == 32 && w.done[hash] == nil {
			if err := os.Remove(w.path(hash)); err != nil {
				return err
			}
		}
	}
	return nil
}

// variantBar tells on a terminal how far a series is.
type variantBar struct {
	bar      *progress
	mu       sync.Mutex
	of, done int
}

// variants starts telling of a series; a nil progress tells nothing.
func (p *progress) variants(of, done int) *variantBar {
	b := &variantBar{bar: p, of: of, done: done}
	b.draw("", true)
	return b
}

// one more variant is done.
func (b *variantBar) one() { b.set(b.count() + 1) }

func (b *variantBar) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.done
}

func (b *variantBar) set(done int) {
	b.mu.Lock()
	b.done = done
	b.mu.Unlock()
	b.draw("", true)
}

// climbing returns the function that tells how far one of the variants is.
func (b *variantBar) climbing() func(plan.Progress) {
	if b.bar == nil {
		return nil
	}
	return func(g plan.Progress) {
		if g.Goal != "" {
			b.draw(g.Goal, false)
		}
	}
}

func (b *variantBar) draw(goal string, now bool) {
	if b.bar == nil {
		return
	}
	l := b.bar.c.lang
	b.bar.draw(strings.TrimSpace(l.say("phase/variants", "done", l.count(b.count()), "of", l.count(b.of), "goal", goal)), now)
}
