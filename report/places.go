package report

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"unicode/utf8"
)

// siteMap is a drawing of sites and of what is carried between them.
type siteMap struct {
	ID         string
	View       string // the drawing's viewBox
	Sites      []siteMark
	Links      []linkMark
	Few        bool // sites: their names can be read on a phone
	Makers     bool
	Depots     bool
	Schematic  bool // sites without coordinates stand on a circle
	Scale      string
	ScaleWidth string
	ScaleAt    string // its left end
}

type siteMark struct {
	Name, Title string
	X, Y, R     string
	TX, TY      string
	Anchor      string
	Class       string
	Moved       float64 `json:"-"`
	x, y        float64
}

type linkMark struct{ Path, Width, Title, Class string }

const (
	mapWidth  = 900.0
	mapHeight = 620.0
	mapMargin = 70.0
)

// siteMap draws the sites that goods leave or reach; nil when nothing is carried.
func (p *page) siteMap() *siteMap {
	tons, moved := sums{}, map[string]float64{}
	for _, x := range p.doc.Transfers {
		w := x.Quantity * p.weights[x.Product]
		tons[[4]string{x.From, x.To}] += w
		moved[x.From] += w
		moved[x.To] += w
	}
	if len(moved) < 2 {
		return nil
	}
	at, schematic, km := p.positions(sortedKeys(moved))
	m := &siteMap{ID: p.id("map"), Schematic: schematic}
	if km > 0 {
		step := scaleStep(200 / km)
		m.Scale, m.ScaleWidth = p.lang.quantity(step, "km"), pixel(step*km)
	}
	m.Links = p.linkMarks(tons, at)
	homes := map[string]bool{}
	for _, a := range p.sat.agents {
		homes[p.homes[a]] = true
	}
	for _, id := range sortedKeys(moved) {
		q := at[id]
		mark := siteMark{Name: p.Site(id), X: pixel(q[0]), Y: pixel(q[1]), x: q[0], y: q[1], Moved: moved[id], Class: "maker", R: "6"}
		mark.Title = p.say("map.site", "site", p.Site(id), "weight", p.lang.quantity(moved[id], "t"))
		if homes[id] {
			mark.Class, mark.R = "depot", "8"
		}
		m.Makers, m.Depots = m.Makers || !homes[id], m.Depots || homes[id]
		m.Sites = append(m.Sites, mark)
	}
	m.Few = len(m.Sites) <= 6
	letter := 7.6
	if m.Few {
		letter = 15 // as wide as they are on a phone
	}
	frame := placeLabels(m.Sites, letter)
	m.View = fmt.Sprintf("%.0f %.0f %.0f %.0f", frame.x0-24, frame.y0-24, frame.x1-frame.x0+48, frame.y1-frame.y0+72)
	m.ScaleAt = fmt.Sprintf("%.0f %.0f", frame.x0, frame.y1+36)
	return m
}

// scaleStep is the largest of 1, 2, 5, 10 … that is not above x.
func scaleStep(x float64) float64 {
	e := math.Pow(10, math.Floor(math.Log10(x)))
	switch {
	case x/e >= 5:
		return 5 * e
	case x/e >= 2:
		return 2 * e
	}
	return e
}

func pixel(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// positions places sites on the drawing; km is how many of its units one
// kilometre is, 0 where sites have no coordinates and stand on a circle.
func (p *page) positions(ids []string) (at map[string][2]float64, schematic bool, km float64) {
	at = map[string][2]float64{}
	for _, s := range p.net.Sites {
		switch {
		case s.X != nil && s.Y != nil:
			at[s.ID] = [2]float64{*s.X, -*s.Y}
		case s.Lat != nil && s.Lon != nil:
			at[s.ID] = [2]float64{*s.Lon * 111.32 * math.Cos(*s.Lat*math.Pi/180), -*s.Lat * 110.57}
		}
	}
	for _, id := range ids {
		if _, known := at[id]; !known {
			return circle(ids), true, 0
		}
	}
	left, right, top, bottom := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, id := range ids {
		left, right = math.Min(left, at[id][0]), math.Max(right, at[id][0])
		top, bottom = math.Min(top, at[id][1]), math.Max(bottom, at[id][1])
	}
	km = math.Min((mapWidth-2*mapMargin)/math.Max(right-left, 1e-9), (mapHeight-2*mapMargin)/math.Max(bottom-top, 1e-9))
	if math.IsInf(km, 0) || km > 1e6 {
		return circle(ids), true, 0
	}
	placed := map[string][2]float64{}
	for _, id := range ids {
		placed[id] = [2]float64{
			mapWidth/2 + km*(at[id][0]-(left+right)/2), mapHeight/2 + km*(at[id][1]-(top+bottom)/2),
		}
	}
	return placed, false, km
}

func circle(ids []string) map[string][2]float64 {
	at := map[string][2]float64{}
	for i, id := range ids {
		angle := 2*math.Pi*float64(i)/float64(len(ids)) - math.Pi/2
		at[id] = [2]float64{
			mapWidth/2 + (mapWidth/2-2*mapMargin)*math.Cos(angle), mapHeight/2 + (mapHeight/2-mapMargin)*math.Sin(angle),
		}
	}
	return at
}

// linkMarks draws what is carried as arcs bent to the right of their way, so
// that there and back are two lines; their width grows with the weight.
func (p *page) linkMarks(tons sums, at map[string][2]float64) []linkMark {
	most := 0.0
	for _, q := range tons {
		most = math.Max(most, q)
	}
	var marks []linkMark
	for _, line := range tons.largest() {
		a, b := at[line.key[0]], at[line.key[1]]
		dx, dy := b[0]-a[0], b[1]-a[1]
		cx, cy := (a[0]+b[0])/2-dy*0.12, (a[1]+b[1])/2+dx*0.12
		width := 1.0
		if most > 0 {
			width = math.Max(0.8, 12*math.Sqrt(line.quantity/most))
		}
		marks = append(marks, linkMark{
			Path:  fmt.Sprintf("M%.1f %.1fQ%.1f %.1f %.1f %.1f", a[0], a[1], cx, cy, b[0], b[1]),
			Width: pixel(width),
			Title: p.say("map.link", "from", p.Site(line.key[0]), "to", p.Site(line.key[1]), "weight", p.lang.quantity(line.quantity, "t")),
		})
	}
	return marks
}

// box is a rectangle that a label takes.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) overlaps(c box) bool { return b.x0 < c.x1 && c.x0 < b.x1 && b.y0 < c.y1 && c.y0 < b.y1 }

// placeLabels puts each label where it covers no other label and no site, the
// heaviest sites first: right, left, above, below; letter is the width of one.
// It returns what all of them take.
func placeLabels(sites []siteMark, letter float64) box {
	order := make([]int, len(sites))
	var taken []box
	for i, s := range sites {
		order[i] = i
		taken = append(taken, box{s.x - 7, s.y - 7, s.x + 7, s.y + 7})
	}
	sort.SliceStable(order, func(i, j int) bool { return sites[order[i]].Moved > sites[order[j]].Moved })
	for _, i := range order {
		s := &sites[i]
		w := letter * float64(utf8.RuneCountInString(s.Name))
		tries := []struct {
			x, y   float64
			anchor string
			box    box
		}{
			{s.x + 12, s.y + 5, "start", box{s.x + 11, s.y - 8, s.x + 12 + w, s.y + 8}},
			{s.x - 12, s.y + 5, "end", box{s.x - 12 - w, s.y - 8, s.x - 11, s.y + 8}},
			{s.x, s.y - 13, "middle", box{s.x - w/2, s.y - 26, s.x + w/2, s.y - 10}},
			{s.x, s.y + 24, "middle", box{s.x - w/2, s.y + 10, s.x + w/2, s.y + 28}},
			{s.x, s.y - 30, "middle", box{s.x - w/2, s.y - 43, s.x + w/2, s.y - 27}},
			{s.x, s.y + 41, "middle", box{s.x - w/2, s.y + 27, s.x + w/2, s.y + 45}},
		}
		best, least := 0, math.MaxInt
		for k, try := range tries {
			hits := 0
			for _, b := range taken {
				if try.box.overlaps(b) {
					hits++
				}
			}
			if try.box.x0 < 0 || try.box.x1 > mapWidth {
				hits += 10
			}
			if hits < least {
				best, least = k, hits
			}
		}
		s.TX, s.TY, s.Anchor = pixel(tries[best].x), pixel(tries[best].y), tries[best].anchor
		taken = append(taken, tries[best].box)
	}
	frame := taken[0]
	for _, b := range taken {
		frame = box{min(frame.x0, b.x0), min(frame.y0, b.y0), max(frame.x1, b.x1), max(frame.y1, b.y1)}
	}
	return frame
}
