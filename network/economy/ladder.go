package economy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"bremen/network/cells"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Ladder is how needs are raised rung by rung where an economy is planned by a
// ladder of goals (package ladder). People decide on it.
type Ladder struct {
	// Rungs say up to which satisfaction, 0 to 1, each urgency is raised; 0 leaves it out.
	Rungs [][]float64
	// Window, above 0 up to 1, is a share of the way from where a rung begins to its height: levels nearer to each other are one.
	Window float64
	// Keep is by how much less than it had, of satisfaction, a need may be served later, above 0 up to 0.5.
	Keep float64
}

// DefaultLadder is the ladder for so many urgencies, the most urgent first. Heights keep strict order
// from taking all of one need for a hair more of another.
func DefaultLadder(urgencies int) Ladder {
	l := Ladder{Window: 0.1, Keep: 1e-3}
	if urgencies == 3 {
		l.Rungs = [][]float64{{0.5, 0, 0}, {0.8, 0.5, 0.3}, {1, 0.7, 0.4}, {0, 1, 0}, {0, 0, 1}}
		return l
	}
	for u := range urgencies {
		r := make([]float64, urgencies)
		r[u] = 1
		l.Rungs = append(l.Rungs, r)
	}
	return l
}

// Goals returns the economy's ladder, with the default for what it does not state.
func (e *Economy) Goals() Ladder {
	l, d := e.Ladder, DefaultLadder(len(e.Urgencies))
	if l.Rungs == nil {
		l.Rungs = d.Rungs
	}
	if l.Window == 0 {
		l.Window = d.Window
	}
	if l.Keep == 0 {
		l.Keep = d.Keep
	}
	return l
}

func (e *Economy) validLadder() error {
	l := e.Goals()
	if !(l.Window > 0 && l.Window <= 1) {
		return fmt.Errorf("ladder: window %v, expected above 0, up to 1", l.Window)
	}
	if !(l.Keep > 0 && l.Keep <= mostKeep) {
		return fmt.Errorf("ladder: keep %v, expected above 0, up to %v", l.Keep, mostKeep)
	}
	if len(l.Rungs) == 0 {
		return fmt.Errorf("ladder: no rungs, expected at least one")
	}
	for k, r := range l.Rungs {
		if err := figures(fmt.Sprintf("ladder: rung %d", k+1), r, len(e.Urgencies), 0, 1); err != nil {
			return err
		}
		if len(r) > 0 && slices.Max(r) == 0 {
			return fmt.Errorf("ladder: rung %d raises nothing, expected a height above 0", k+1)
		}
	}
	return nil
}

const mostKeep = 0.5

// ladderKey is the key "ladder" of economy.yaml.
type ladderKey struct {
	Rungs  []map[string]noted `yaml:"rungs"` // urgency → height
	Window *noted             `yaml:"window"`
	Keep   *noted             `yaml:"keep"`
}

// noted is a figure, the line and the column where it stands.
type noted [3]float64

// UnmarshalYAML notes where a figure stands.
func (n *noted) UnmarshalYAML(node ast.Node) error {
	if at := node.GetToken().Position; at != nil {
		n[1], n[2] = float64(at.Line), float64(at.Column)
	}
	return yaml.NodeToValue(node, &n[0])
}

// ladder reads the key "ladder"; urgencies are known.
func (r *reader) ladder(d *ladderKey) {
	wrong := func(key string, n noted, found, expected, nearest string) {
		r.problems.Add(cells.Problem{File: descriptionFile, Line: int(n[1]), Column: int(n[2]), Field: key, Found: found, Expected: expected, Nearest: nearest})
	}
	above := func(key string, n *noted, most float64) float64 {
		if n == nil {
			return 0
		}
		if !(n[0] > 0 && n[0] <= most) {
			wrong(key, *n, strconv.FormatFloat(n[0], 'g', -1, 64), fmt.Sprintf("above 0, up to %v", most), "")
		}
		return n[0]
	}
	l := &r.e.Ladder
	l.Window, l.Keep = above("ladder.window", d.Window, 1), above("ladder.keep", d.Keep, mostKeep)
	if d.Rungs != nil {
		l.Rungs = [][]float64{}
	}
	for k, rung := range d.Rungs {
		key, heights := fmt.Sprintf("ladder.rungs.%d", k+1), make([]float64, len(r.e.Urgencies))
		for _, name := range slices.Sorted(maps.Keys(rung)) {
			height := rung[name]
			u, known := r.urgency.Find([]byte(name))
			switch {
			case !known:
				wrong(key, height, strconv.Quote(name), "an urgency", cells.Nearest(name, r.urgency.List()))
			case !within(height[0], 0, 1):
				wrong(key+"."+name, height, strconv.FormatFloat(height[0], 'g', -1, 64), "a satisfaction from 0 to 1", "")
			default:
				heights[u] = height[0]
			}
		}
		l.Rungs = append(l.Rungs, heights)
	}
}
