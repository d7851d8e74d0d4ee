package iotable

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const examples = "../../examples"

func open(t testing.TB, name string) *Table {
	t.Helper()
	table, _, err := Open(t.Context(), filepath.Join(examples, name))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// published is one figure of published.csv.
type published struct{ sector, measure, figure string }

func readPublished(t *testing.T, example string, sector, measure, figure int) []published {
	t.Helper()
	f, err := os.Open(filepath.Join(examples, example, "published.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var list []published
	for _, r := range rows[1:] {
		list = append(list, published{r[sector], r[measure], r[figure]})
	}
	return list
}

// printed says whether v rounds to the figure at the digits printed there.
func printed(t *testing.T, v float64, figure string) bool {
	t.Helper()
	want, err := strconv.ParseFloat(figure, 64)
	if err != nil {
		t.Fatal(err)
	}
	digits := 0
	if _, after, ok := strings.Cut(figure, "."); ok {
		digits = len(after)
	}
	return math.Abs(v-want) <= 0.5000001*math.Pow(10, -float64(digits))
}

func indexOf(t *testing.T, table *Table, code string) int {
	t.Helper()
	for i, s := range table.Industries {
		if s.Code == code {
			return i
		}
	}
	t.Fatalf("no sector %q", code)
	return -1
}

func TestPublishedMultipliersOfGermany1995(t *testing.T) {
	table := open(t, "germany-1995")
	results := map[string][]float64{}
	var err error
	if results["output_multiplier"], err = table.OutputMultipliers(t.Context()); err != nil {
		t.Fatal(err)
	}
	for measure, satellite := range map[string]string{"gva_multiplier": "gva", "employment_multiplier": "employment"} {
		if results[measure], err = table.Multipliers(t.Context(), satellite); err != nil {
			t.Fatal(err)
		}
	}
	list := readPublished(t, "germany-1995", 0, 1, 2)
	if len(list) != 18 {
		t.Fatalf("%d published figures, want 18", len(list))
	}
	for _, p := range list {
		if got := results[p.measure][indexOf(t, table, p.sector)]; !printed(t, got, p.figure) {
			t.Errorf("%s of %s = %.7f, published %s", p.measure, p.sector, got, p.figure)
		}
	}
}

func TestPublishedValuesOfThreeIndustries(t *testing.T) {
	table := open(t, "three-industries")
	circulating, err := table.Values(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	worn, err := table.Values(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	profit, err := table.ProfitRate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := readPublished(t, "three-industries", 1, 0, 2)
	if len(list) != 7 {
		t.Fatalf("%d published figures, want 7", len(list))
	}
	for _, p := range list {
		got := profit.Rate
		switch p.measure {
		case "labour_value_circulating":
			got = circulating[indexOf(t, table, p.sector)]
		case "labour_value_with_depreciation":
			got = worn[indexOf(t, table, p.sector)]
		}
		if !printed(t, got, p.figure) {
			t.Errorf("%s of %s = %.9f, published %s", p.measure, p.sector, got, p.figure)
		}
	}
}

func TestProductionPricesYieldTheSameProfitEverywhere(t *testing.T) {
	table := open(t, "three-industries")
	profit, err := table.ProfitRate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	a, labour, err := table.profitInputs()
	if err != nil {
		t.Fatal(err)
	}
	costs := a.Transpose().Times(profit.Prices)
	wage := dot(table.Wages, profit.Prices)
	for j, c := range costs {
		if rate := profit.Prices[j]/(c+wage*labour[j]) - 1; math.Abs(rate-profit.Rate) > 1e-11 {
			t.Errorf("industry %d profits %.14f, the rate is %.14f", j, rate, profit.Rate)
		}
	}
	if in, out := dot(profit.Prices, table.Output), sumOf(table.Output); math.Abs(in-out) > 1e-12*out {
		t.Errorf("gross output costs %g at these prices, want %g", in, out)
	}
}

// What the tables' own final demand takes is the tables' own total: 36,428
// thousand and 155,770.46 thousand persons, 115,320.146 units of labour.
func TestFinalDemandTakesTheTotalsOfTheTable(t *testing.T) {
	for name, want := range map[string]struct {
		satellite string
		total     float64
	}{
		"germany-1995":     {"employment", 36428},
		"usa-2014":         {"employment", 155770.46},
		"three-industries": {"labour", 0.193*26530 + 3.562*18168 + 0.616*73840},
	} {
		table := open(t, name)
		depreciation := table.Depreciation != nil
		per, err := table.Satellite(want.satellite)
		if err != nil {
			t.Fatal(err)
		}
		direct, err := table.PerOutput(per)
		if err != nil {
			t.Fatal(err)
		}
		embodied, err := table.embodied(t.Context(), direct, depreciation)
		if err != nil {
			t.Fatal(err)
		}
		if got := dot(embodied, table.FinalDemand()); math.Abs(got-want.total) > 1e-10*want.total {
			t.Errorf("%s: final demand takes %.10g of %s, want %.10g", name, got, want.satellite, want.total)
		}
	}
}

func TestRequiredOutputIsTheTablesOutput(t *testing.T) {
	for _, name := range []string{"germany-1995", "usa-2014"} {
		table := open(t, name)
		x, stats, err := table.Required(t.Context(), table.FinalDemand(), Options{Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range table.Output {
			if math.Abs(x[i]-want) > 1e-9*max(1, want) {
				t.Errorf("%s: output of %s = %.12g, want %.12g (%+v)", name, table.Industries[i].Code, x[i], want, stats)
			}
		}
	}
}

// Under the industry technology assumption the derived table reproduces the
// commodity output of the make and use tables: B·D·q = U·i.
func TestSymmetricTableOfTheUSAIsBalanced(t *testing.T) {
	for _, name := range []string{"usa-2017-71", "usa-2017-402"} {
		table := open(t, name)
		s, err := table.Symmetric()
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Use.Check(); err != nil {
			t.Fatal(err)
		}
		net, err := s.NetOutput(false)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range table.FinalDemand() {
			if math.Abs(net[i]-want) > 1e-6 {
				t.Errorf("%s: net output of %s is %g, final demand %g", name, table.Commodities[i].Code, net[i], want)
			}
		}
		wages, err := s.Satellite("wages")
		if err != nil {
			t.Fatal(err)
		}
		original, _ := table.Satellite("wages")
		if got, want := s.Total(wages), table.Total(original); math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: wages of the symmetric table %g, of the original %g", name, got, want)
		}
	}
}

// Rows of (I − B)⁻¹ weighted with the values added give back all output
// (Miller and Blair 12.2): v'·G = x', where v is what is not bought.
func TestForwardLinkagesAddUpToOutput(t *testing.T) {
	table := open(t, "germany-1995")
	linkages, err := table.ForwardLinkages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	primary := append([]float64(nil), table.Output...)
	for j, used := range table.Use.columnSums() {
		primary[j] -= used
	}
	if got, want := dot(primary, linkages), sumOf(table.Output); math.Abs(got-want) > 1e-9*want {
		t.Errorf("primary inputs times forward linkages = %g, want all output %g", got, want)
	}
}
