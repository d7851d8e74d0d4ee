package economy

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bremen/lp/block"
	"bremen/network/cells"
)

// memory is a folder that Write can write and Read can read.
type memory struct{ fstest.MapFS }

type memoryFile struct {
	bytes.Buffer
	close func([]byte)
}

func (f *memoryFile) Close() error { f.close(f.Bytes()); return nil }

func (m memory) create(name string) (io.WriteCloser, error) {
	return &memoryFile{close: func(b []byte) { m.MapFS[name] = &fstest.MapFile{Data: b} }}, nil
}

func TestWrittenIsRead(t *testing.T) {
	t.Parallel()
	_, table := openTable(t, "usa-2017-71", false)
	laddered := hillAndDale()
	laddered.Ladder = Ladder{Rungs: [][]float64{{0.25, 0}, {1, 1. / 3}}, Window: 0.2, Keep: 0.01}
	for _, e := range []*Economy{hillAndDale(), table, laddered} {
		for _, format := range []Format{CSV, Parquet} {
			m := memory{fstest.MapFS{}}
			if err := e.Write(m.create, format); err != nil {
				t.Fatal(err)
			}
			got, err := Read(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if diff := difference(got, e); diff != "" {
				t.Errorf("%s as %s: %s differs", e.ID, format, diff)
			}
		}
	}
}

// difference names the first field in which two economies differ; empty ones are alike.
func difference(a, b *Economy) string {
	x, y := reflect.ValueOf(a).Elem(), reflect.ValueOf(b).Elem()
	for i := range x.NumField() {
		f, g := x.Field(i).Interface(), y.Field(i).Interface()
		if t, ok := f.(Technology); ok {
			u := g.(Technology)
			f, g = [4]any{plain(t.Product), plain(t.Labour), plain(t.Capital), plain(t.Limit)}, [4]any{plain(u.Product), plain(u.Labour), plain(u.Capital), plain(u.Limit)}
		}
		if v := reflect.ValueOf(f); v.Kind() == reflect.Slice && v.Len() == 0 && reflect.ValueOf(g).Len() == 0 {
			continue
		}
		if !reflect.DeepEqual(f, g) {
			return x.Type().Field(i).Name
		}
	}
	return ""
}

// plain is a matrix as a map from place to value.
func plain(m *block.Matrix) map[[2]int32]float64 {
	out := map[[2]int32]float64{}
	if m == nil {
		return out
	}
	for j := range m.Cols {
		for k := m.Start[j]; k < m.Start[j+1]; k++ {
			out[[2]int32{m.Index[k], int32(j)}] = m.Value[k]
		}
	}
	return out
}

// mill is a small economy as files.
func mill() map[string]string {
	return map[string]string{
		"economy.yaml":    "economy: mill\ntitle: Mühle\nurgencies: [{name: vital, weight: 2}, {name: wish, weight: 1}]\n",
		"products.csv":    "code,name,keep,weight\ngrain,Korn,0.9,1\nflour,Mehl,1,1\n",
		"skills.csv":      "code,unit\nwork,h\n",
		"techniques.csv":  "code\nfarm\nmill\n",
		"capitals.csv":    "code,wear\nstones,0.1\n",
		"limits.csv":      "code,scope\nland,block\nwater,region\n",
		"modes.csv":       "code\ncart\n",
		"regions.csv":     "code\neast\nwest\n",
		"periods.csv":     "code\n1\n2\n",
		"technology.csv":  "technique,item,value\nfarm,grain,1\nfarm,work,0.5\nfarm,land,1\nmill,flour,1\nmill,grain,-1.2\nmill,work,0.1\nmill,stones,0.01\nmill,water,3\nstones,work,20\ncart,grain,-0.01\n",
		"labour.csv":      "skill,region,period,value\nwork,,,100\nwork,west,,80\nwork,west,2,70\n",
		"limits_most.csv": "limit,region,value\nland,,50\nwater,east,400\n",
		"installed.csv":   "capital,value\nstones,1\n",
		"stock.csv":       "product,region,value\ngrain,east,5\n",
		"arcs.csv":        "from,to,mode,distance,capacity\neast,west,cart,10,30\n",
		"demand.csv":      "product,urgency,region,period,value\nflour,vital,,,20\nflour,vital,east,,25\nflour,wish,,2,10\n",
	}
}

func folder(files, changes map[string]string) fs.FS {
	m := fstest.MapFS{}
	for _, of := range []map[string]string{files, changes} {
		for name, text := range of {
			m[name] = &fstest.MapFile{Data: []byte(text)}
			if text == "" {
				delete(m, name)
			}
		}
	}
	return m
}

func TestRead(t *testing.T) {
	t.Parallel()
	e, err := Read(t.Context(), folder(mill(), nil))
	if err != nil {
		t.Fatal(err)
	}
	if want := []float64{100, 100, 80, 70}; !slices.Equal(e.Labour, want) {
		t.Errorf("labour %v, want %v", e.Labour, want)
	}
	if want := []float64{25, 25, 20, 20, 0, 10, 0, 10}; !slices.Equal(e.Demand, want) {
		t.Errorf("demand %v, want %v", e.Demand, want)
	}
	if want := []Need{{1, 0}, {1, 1}}; !slices.Equal(e.Needs, want) {
		t.Errorf("needs %v, want %v", e.Needs, want)
	}
	if want := []float64{5, 0, 0, 0}; !slices.Equal(e.Stock, want) {
		t.Errorf("stock %v, want %v", e.Stock, want)
	}
	if l := e.Limits[1]; l.Scope != PerRegion || l.Most[0] != 400 || l.Most[1] < 1e300 {
		t.Errorf("water %+v", l)
	}
	if m := e.Building.Labour; m == nil || m.Value[0] != 20 || e.Building.Product != nil {
		t.Errorf("building %+v", e.Building)
	}
	if e.Title["de"] != "Mühle" || e.Techniques[1].Code != "mill" || e.Skills[0].Unit != "h" {
		t.Errorf("read %+v", e)
	}
	p, ix, err := e.Problem(Satisfaction)
	if err != nil {
		t.Fatal(err)
	}
	plan := ix.Read(e, p, solve(t, p).Col)
	if s := e.Satisfaction(plan, 0, 0); s < 0.9 {
		t.Errorf("satisfaction %v", s)
	}
}

func TestReadReportsEveryMistake(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		changes map[string]string
		want    []string
	}{
		{"unknown codes", map[string]string{"technology.csv": "technique,item,value\nfarn,grain,1\nfarm,brain,1\nfarm,grain,x\nfarm,work,-1\n"}, []string{
			`technology.csv:2: column 1 (technique): found "farn", expected a technique, capital or mode; did you mean "farm"?`,
			`technology.csv:3: column 2 (item): found "brain", expected a product, skill, capital or limit; did you mean "grain"?`,
			`technology.csv:4: column 3 (value): found "x", expected a number with a decimal point`,
			`technology.csv:5: column 3 (value): found "-1", expected labour and capital of at least 0`,
		}},
		{"a cell twice", map[string]string{"technology.csv": "technique,item,value\nfarm,grain,1\nmill,flour,1\nfarm,grain,2\n"}, []string{
			`technology.csv:4: column 3 (value): found grain of farm again, expected each cell once; it stands in row 2`,
		}},
		{"a code twice", map[string]string{"skills.csv": "code\ngrain\n", "technology.csv": "technique,item,value\n", "labour.csv": "skill,value\n"}, []string{
			`skills.csv:2: column 1 (code): found "grain" again, expected each code once, also among lists that a table can name alike`,
		}},
		{"no products", map[string]string{"products.csv": ""}, []string{`products.csv: found no such file, expected the products, as CSV or Parquet`}},
		{"a figure twice", map[string]string{"labour.csv": "skill,region,value\nwork,east,1\nwork,west,1\nwork,east,1\n"}, []string{
			`labour.csv:4: column 1 (skill): found "work" again, expected each figure once; only rows that name region and period count over those that name fewer`,
		}},
		{"a region that its scope does not have", map[string]string{"limits_most.csv": "limit,period,value\nwater,1,3\n"}, []string{
			`limits_most.csv:2: column 1 (limit): found "water", expected no region or period that its scope "region" does not have`,
		}},
		{"ranges", map[string]string{"capitals.csv": "code,wear\nstones,1.1\n", "demand.csv": "product,value\nflour,-1\nwork,1\n", "arcs.csv": "from,to,mode,distance,capacity\neast,east,cart,1,1\n"}, []string{
			`capitals.csv:2: column 2 (wear): found "1.1", expected 0 to 1`,
			`arcs.csv:2: column 1 (from): found "east" to "east", distance 1, capacity 1, expected two regions and figures of at least 0`,
			`demand.csv:2: column 2 (value): found "-1", expected at least 0; what comes from outside is a supply`,
			`demand.csv:3: column 1 (product): found "work", expected a product`,
		}},
		{"an unknown key", map[string]string{"economy.yaml": "economy: mill\ntitel: x\n"}, []string{
			`economy.yaml:2: column 1: found unknown key "titel", expected a key of docs/economy.md; did you mean "title"?`,
		}},
		{"a ladder of nothing known", map[string]string{"economy.yaml": "economy: mill\nurgencies: [{name: vital, weight: 2}, {name: wish, weight: 1}]\nladder:\n  rungs:\n    - {vitla: 1}\n    - {vital: 0.5, wish: 50}\n  window: 0\n  keep: 2\n"}, []string{
			`economy.yaml:7: column 11 (ladder.window): found 0, expected above 0, up to 1`,
			`economy.yaml:8: column 9 (ladder.keep): found 2, expected above 0, up to 0.5`,
			`economy.yaml:5: column 15 (ladder.rungs.1): found "vitla", expected an urgency; did you mean "vital"?`,
			`economy.yaml:6: column 26 (ladder.rungs.2.wish): found 50, expected a satisfaction from 0 to 1`,
		}},
		{"a ladder of other things", map[string]string{"economy.yaml": "economy: mill\nladder:\n  windows: 1\n"}, []string{
			`economy.yaml:3: column 3: found unknown key "windows", expected a key of docs/economy.md; did you mean "window"?`,
		}},
		{"a height that is no number", map[string]string{"economy.yaml": "economy: mill\nladder:\n  rungs:\n  - {vital: high}\n"}, []string{
			`economy.yaml:4: column 13: found cannot unmarshal string into Go struct field description.Ladder of type float64, expected YAML as in docs/economy.md`,
		}},
		{"a rung that raises nothing", map[string]string{"economy.yaml": "economy: mill\nladder: {rungs: [{vital: 1}, {wish: 0}]}\n"}, []string{
			`economy.yaml: found ladder: rung 2 raises nothing, expected a height above 0, expected an economy that can be planned`,
		}},
		{"slopes that rise", map[string]string{"economy.yaml": "economy: mill\nurgencies: [{name: vital, weight: 2}, {name: wish, weight: 1}]\nsteps: [{share: 0.5, slope: 1}, {share: 0.5, slope: 2}]\n"}, []string{
			`economy.yaml: found steps [{0.5 1} {0.5 2}]: expected shares above 0 and slopes that fall, expected an economy that can be planned`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(t.Context(), folder(mill(), c.changes))
			var problems *cells.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("error %v, want problems", err)
			}
			if got := strings.Split(problems.Error(), "\n"); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// FuzzRead: whatever stands in the files, reading ends in an economy that can be
// stated as a program and written, or in an error.
func FuzzRead(f *testing.F) {
	m := mill()
	f.Add(m["economy.yaml"], m["products.csv"], m["technology.csv"], m["labour.csv"], m["demand.csv"])
	f.Add("economy: x\nsteps: [{share: 1, slope: 1}]\n", "code\ngrain\n\"flour\"\n", "item,technique,value\n", "skill,value\n", "product,value\nflour,1\n")
	f.Add("economy: x\nladder: {rungs: [{vital: 0.5}, {vital: 1, wish: 1}], window: 0.2, keep: 0.01}\n", m["products.csv"], m["technology.csv"], m["labour.csv"], m["demand.csv"])
	f.Fuzz(func(t *testing.T, description, products, technology, labour, demand string) {
		files := mill()
		maps.Copy(files, map[string]string{"economy.yaml": description, "products.csv": products, "technology.csv": technology, "labour.csv": labour, "demand.csv": demand})
		e, err := Read(context.Background(), folder(files, nil))
		if err != nil {
			return
		}
		if p, _, err := e.Problem(Satisfaction); err == nil {
			if err := p.Validate(); err != nil {
				t.Fatal(err)
			}
		}
		written := memory{fstest.MapFS{}}
		if err := e.Write(written.create, CSV); err != nil {
			t.Fatal(err)
		}
		again, err := Read(context.Background(), written)
		if err != nil {
			t.Fatal(err)
		}
		if diff := difference(again, e); diff != "" {
			t.Fatalf("%s differs after writing", diff)
		}
	})
}
