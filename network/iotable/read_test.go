package iotable

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"bremen/network/cells"
)

// bakery is a small symmetric table that is right.
func bakery() map[string]string {
	return map[string]string{
		"iotable.yaml": `table: bakery
title: A bakery and a mill
year: 2024
unit: t
sectors: {file: sectors.csv, code: code, name: name, output: output}
use: {file: use.csv, commodity: from, industry: to, value: t}
final_demand: {file: demand.csv, commodity: what, category: who, value: t}
satellites:
  - {id: work, unit: h, as: labour, file: sectors.csv, industry: code, value: hours}
plan: {least: [work]}
`,
		"sectors.csv": "code,name,output,hours\ngrain,\"Grain, cleaned\",100,50\nflour,Flour,60,30\nbread,Bread,80,400\n",
		"use.csv":     "from,to,t\ngrain,flour,75\ngrain,grain,5\nflour,bread,58\n",
		"demand.csv":  "what,who,t\ngrain,village,22\ngrain,stock,-2\nflour,village,2\nbread,village,80\n",
	}
}

// folder makes a file system of texts, with changes laid over them.
func folder(files, changes map[string]string) fstest.MapFS {
	f := fstest.MapFS{}
	for name, text := range files {
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range changes {
		if text == "" {
			delete(f, name)
			continue
		}
		f[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return f
}

func TestReadASmallTable(t *testing.T) {
	table, notices, err := Read(t.Context(), folder(bakery(), map[string]string{
		"use.csv": "\ufefffrom,to,t\r\nflour,bread,58\r\n\r\n grain , flour , 75 \r\ngrain,grain,5",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if got := table.Use.At(0, 1); got != 75 {
		t.Errorf("flour uses %g of grain, want 75", got)
	}
	if got := table.Industries[0].Name; got != "Grain, cleaned" {
		t.Errorf("name %q", got)
	}
	if len(notices) != 1 || notices[0].String() != "demand.csv:3: final demand stock for grain is -2: taken as a supply" {
		t.Errorf("notices %v", notices)
	}
	if got := table.FinalDemand(); !slices.Equal(got, []float64{20, 2, 80}) {
		t.Errorf("final demand %v", got)
	}
}

// A code that a list states again is found in either form.
func TestReadNamesASectorStatedTwice(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"sectors.csv", "sectors.parquet"} {
		var list strings.Builder
		w := cells.NewWriter(&list, file, []string{"code", "name"}, []string{"output", "hours"})
		for _, code := range []string{"grain", "flour", "grain", "bread"} {
			if err := w.Row([]string{code, code}, 100, 50); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		files := bakery()
		_, _, err := Read(t.Context(), folder(files, map[string]string{
			file: list.String(), "iotable.yaml": strings.ReplaceAll(files["iotable.yaml"], "sectors.csv", file),
		}))
		if err == nil || !strings.Contains(err.Error(), `found "grain" again, expected each code once`) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestReadDerivesOutputFromUseAndDemand(t *testing.T) {
	files := bakery()
	files["iotable.yaml"] = strings.Replace(files["iotable.yaml"], ", output: output", "", 1)
	table, _, err := Read(t.Context(), folder(files, nil))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(table.Output, []float64{100, 60, 80}) {
		t.Errorf("output %v", table.Output)
	}
}

func TestReadReportsEveryMistake(t *testing.T) {
	description := bakery()["iotable.yaml"]
	for _, c := range []struct {
		name    string
		changes map[string]string
		want    []string
	}{
		{"an unknown sector has a neighbour", map[string]string{"use.csv": "from,to,t\ngrain,flower,75\nrye,bread,1\n"}, []string{
			`use.csv:2: column 2 (to): found "flower", expected an industry; did you mean "flour"?`,
			`use.csv:3: column 1 (from): found "rye", expected a commodity`,
		}},
		{"a decimal comma is an extra field", map[string]string{"use.csv": "from,to,t\ngrain,flour,7,5\n"}, []string{
			"use.csv:2: found 4 fields, expected 3 as in the first line (a comma inside a field needs quotes, decimals a point)",
		}},
		{"a quoted decimal comma is no number", map[string]string{"use.csv": "from,to,t\ngrain,flour,\"7,5\"\ngrain,bread,NaN\ngrain,grain,0x1\nflour,bread,\n"}, []string{
			`use.csv:2: column 3 (t): found "7,5", expected a number with a decimal point`,
			`use.csv:3: column 3 (t): found "NaN", expected a number with a decimal point`,
			`use.csv:4: column 3 (t): found "0x1", expected a number with a decimal point`,
			`use.csv:5: column 3 (t): found "", expected a number with a decimal point`,
		}},
		{"a cell stated twice is named with both lines", map[string]string{"use.csv": "from,to,t\ngrain,flour,75\nflour,bread,1\ngrain,flour,75\n"}, []string{
			"use.csv:4: column 3 (t): found grain for flour again, expected each cell once; it stands in line 2",
		}},
		{"a sector stated twice is named with both lines", map[string]string{"sectors.csv": "code,name,output,hours\ngrain,,1,1\ngrain,,1,1\n"}, []string{
			`sectors.csv:3: column 1 (code): found "grain" again, expected each code once; it stands in line 2`,
		}},
		{"a demand stated twice", map[string]string{"demand.csv": "what,who,t\ngrain,village,1\ngrain,village,2\n"}, []string{
			"demand.csv:3: column 1 (what): found grain for village again, expected each cell once",
		}},
		{"a negative output", map[string]string{"sectors.csv": "code,name,output,hours\ngrain,,-1,1\n"}, []string{
			`sectors.csv:2: column 3 (output): found "-1", expected an output of zero or more`,
		}},
		{"negative labour", map[string]string{"sectors.csv": "code,name,output,hours\ngrain,,100,-1\nflour,,60,1\nbread,,80,1\n"}, []string{
			`sectors.csv:2: column 4 (hours): found "-1", expected zero or more`,
		}},
		{"use without output", map[string]string{"sectors.csv": "code,name,output,hours\ngrain,,100,1\nflour,,0,0\nbread,,80,1\n"}, []string{
			"use.csv: found industry flour uses 75 of grain but has no output, expected output where there are uses",
		}},
		{"a missing column has a neighbour", map[string]string{"use.csv": "from,too,t\n"}, []string{
			`use.csv:1: found no column "to", expected the column that iotable.yaml names; did you mean "too"?`,
		}},
		{"a missing file", map[string]string{"use.csv": ""}, []string{
			"use.csv: found no such file, expected a file that iotable.yaml names",
		}},
		{"an empty file", map[string]string{"use.csv": " "}, []string{
			"use.csv: found an empty file, expected a line that names the columns",
		}},
		{"no sectors", map[string]string{"sectors.csv": "code,name,output,hours\n"}, []string{
			"sectors.csv: found no rows, expected at least one sector",
		}},
		{"another encoding", map[string]string{"use.csv": "from,to,t\ngr\xe4n,flour,75\n"}, []string{
			"use.csv:2: found bytes that are not UTF-8, expected text in UTF-8",
		}},
		{"an open quote", map[string]string{"use.csv": "from,to,t\n\"grain,flour,75\ngrain,\"flour\"x,75\n"}, []string{
			`use.csv:2: column 1: found a quote that is not closed on its line, expected a closing "`,
			"use.csv:3: column 2: found text after a closing quote, expected a comma",
		}},
		{"an unknown key has a neighbour", map[string]string{"iotable.yaml": strings.Replace(description, "industry: to", "industri: to", 1)}, []string{
			`iotable.yaml:6: column 39: found unknown key "industri", expected a key of docs/iotable.md; did you mean "industry"?`,
		}},
		{"missing keys are all named", map[string]string{"iotable.yaml": "table: x\n"}, []string{
			"iotable.yaml: year: found 0, expected the year of the table",
			"iotable.yaml: sectors: found neither or both, expected either sectors (symmetric) or commodities, industries and make",
			"iotable.yaml: use: found nothing, expected the file of uses",
			"iotable.yaml: final_demand: found nothing, expected a file, or net_output: true",
		}},
		{"a goal that is not there", map[string]string{"iotable.yaml": strings.Replace(description, "least: [work]", "least: [play]", 1)}, []string{
			`iotable.yaml: plan.least: found "play", expected the id of a satellite that is labour or impact`,
		}},
		{"a file outside the folder", map[string]string{"iotable.yaml": strings.Replace(description, "use.csv", "../use.csv", 1)}, []string{
			`iotable.yaml: found "../use.csv", expected the name of a file in the folder`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Read(t.Context(), folder(bakery(), c.changes))
			var problems *Problems
			if !errors.As(err, &problems) {
				t.Fatalf("error %v, want problems", err)
			}
			if got := strings.Split(problems.Error(), "\n"); !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestReadListsAtMost200Problems(t *testing.T) {
	_, _, err := Read(t.Context(), folder(bakery(), map[string]string{"use.csv": "from,to,t\n" + strings.Repeat("grain,flour,x\n", 5000)}))
	var problems *Problems
	if !errors.As(err, &problems) || len(problems.List) != 200 || problems.More != 4800 {
		t.Errorf("error %.200v", err)
	}
}

func TestReadStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Read(ctx, folder(bakery(), nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
}

func TestReadSaysWhatDoesNotBalance(t *testing.T) {
	_, notices, err := Read(t.Context(), folder(bakery(), map[string]string{
		"sectors.csv": "code,name,output,hours\ngrain,,100,50\nflour,,60,30\nbread,,81,400\noven,,0,0\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range notices {
		got = append(got, n.String())
	}
	want := []string{
		"demand.csv:3: final demand stock for grain is -2: taken as a supply",
		"sectors.csv:5: industry oven makes nothing: it gets no recipe",
		"sectors.csv:4: bread: made less used is 1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("notices %q, want %q", got, want)
	}
}

// The order of rows in a file of cells does not matter.
func TestOrderOfRowsDoesNotMatter(t *testing.T) {
	one, _, err := Read(t.Context(), folder(bakery(), nil))
	if err != nil {
		t.Fatal(err)
	}
	other, _, err := Read(t.Context(), folder(bakery(), map[string]string{"use.csv": "from,to,t\nflour,bread,58\ngrain,grain,5\ngrain,flour,75\n"}))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(one.Use.Value, other.Use.Value) || !slices.Equal(one.Use.Col, other.Use.Col) {
		t.Errorf("%v and %v", one.Use, other.Use)
	}
}

func TestExamplesAreFoldersWithATable(t *testing.T) {
	for _, name := range []string{"germany-1995", "three-industries", "usa-2014", "usa-2017-71", "usa-2017-402"} {
		if !Folder(examples + "/" + name) {
			t.Errorf("%s: no table", name)
		}
	}
	if Folder("testdata") || Folder("read_test.go") {
		t.Error("a table where there is none")
	}
}

// FuzzRead: whatever stands in the files, reading ends in a table whose
// matrices are sound and that can be stated as a network, or in an error.
func FuzzRead(f *testing.F) {
	b := bakery()
	f.Add(b["iotable.yaml"], b["sectors.csv"], b["use.csv"], b["demand.csv"])
	f.Add(strings.Replace(b["iotable.yaml"], "unit: t", "figures: per-unit", 1), b["sectors.csv"], "from,to,t\n\"grain\",\"flour\",1e-3\n", "what,who,t\n")
	f.Add("table: x\nyear: 1\ncommodities: {file: sectors.csv, code: code}\nindustries: {file: sectors.csv, code: code}\nmake: {file: demand.csv, commodity: what, industry: who, value: t}\nuse: {file: use.csv, commodity: from, industry: to, value: t}\nfinal_demand: {net_output: true}\n",
		b["sectors.csv"], b["use.csv"], "what,who,t\ngrain,grain,100\nflour,flour,-60\n")
	f.Fuzz(func(t *testing.T, description, sectors, use, demand string) {
		files := bakery()
		maps.Copy(files, map[string]string{"iotable.yaml": description, "sectors.csv": sectors, "use.csv": use, "demand.csv": demand})
		table, _, err := Read(context.Background(), folder(files, nil))
		if err != nil {
			return
		}
		for _, m := range []*Matrix{table.Use, table.Make, table.Depreciation} {
			if m == nil {
				continue
			}
			if err := m.Check(); err != nil {
				t.Fatal(err)
			}
		}
		if len(table.Output) != len(table.Industries) || slices.Min(table.Output) < 0 {
			t.Fatalf("output %v", table.Output)
		}
		if _, err := table.Network(); err != nil {
			t.Logf("network: %v", err)
		}
	})
}

// FuzzReadCells: whatever stands in a file of cells, every row is taken or
// reported.
func FuzzReadCells(f *testing.F) {
	f.Add("grain,flour,75\n\"grain\",grain,5\r\nflour,bread,-1e2\n")
	f.Add("grain,flour,\"7\"\"5\"\n,,\n\"\n\xff")
	f.Fuzz(func(t *testing.T, rows string) {
		table, _, err := Read(context.Background(), folder(bakery(), map[string]string{"use.csv": "from,to,t\n" + rows}))
		var problems *Problems
		switch {
		case errors.As(err, &problems):
			if len(problems.List) == 0 {
				t.Fatal("problems without a problem")
			}
		case err != nil:
			t.Fatal(err)
		default:
			if err := table.Use.Check(); err != nil {
				t.Fatal(err)
			}
			lines := strings.FieldsFunc(rows, func(r rune) bool { return r == '\n' })
			if table.Use.Nonzeros() > len(lines) {
				t.Fatalf("%d cells from %d lines", table.Use.Nonzeros(), len(lines))
			}
		}
	})
}
