package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"bremen/network"
	"bremen/plan"
)

// sampleSize says how large a made-up network and its plan are.
type sampleSize struct{ groups, weeks int }

// sample makes a region and a plan for it that is plausible to look at and
// holds something of everything; it is no solution of any program. Equal
// sizes give equal samples.
func sample(size sampleSize) (*network.Network, *plan.Document) {
	s := &sampler{size: size, rng: rand.New(rand.NewPCG(7, 11))}
	s.network()
	s.document()
	return s.n, s.d
}

type sampler struct {
	size sampleSize
	rng  *rand.Rand
	n    *network.Network
	d    *plan.Document
}

type sampleProduct struct {
	id, name, unit, category string
	maker, need              string
	perHead                  float64
	from, to                 int // weeks of harvest, as shares of 26
}

var sampleMakers = []struct {
	id, name string
	x, y     float64
}{
	{"solawi_nord", "Solawi Nord", 3, 12},
	{"solawi_sued", "Solawi Süd", -2, -14},
	{"obsthof", "Obsthof Hagedorn", 9, 8},
	{"ackerhof", "Ackerhof Lühr", -12, 6},
	{"milchhof", "Milchhof an der Wümme", -14, -5},
	{"muehle", "Mühle Ost", 12, -3},
	{"baeckerei", "Bäckerei Morgenrot", 1, 2},
	{"kueche", "Gemeinschaftsküche", -1, 1},
	{"kurier", "Lastenradkollektiv", 0, -1},
	{"pflege", "Pflegegenossenschaft", 2, -2},
	{"energie", "Bürgerenergie", 6, -8},
	{"werkstatt", "Offene Werkstatt", -3, 3},
}

var sampleDepots = []struct {
	id, name string
	x, y     float64
}{
	{"depot_nord", "Depot Nord", 0.5, 5},
	{"depot_ost", "Depot Ost", 5, 1},
	{"depot_sued", "Depot Süd", -0.5, -5},
	{"depot_west", "Depot West", -6, 0},
	{"depot_mitte", "Depot Mitte", -0.2, -0.3},
}

var sampleProducts = []sampleProduct{
	{"carrots", "Möhren", "kg", "Gemüse", "solawi_nord", "vegetables", 0.35, 10, 26},
	{"lettuce", "Salat", "kg", "Gemüse", "solawi_nord", "vegetables", 0.2, 3, 24},
	{"tomatoes", "Tomaten", "kg", "Gemüse", "solawi_sued", "vegetables", 0.4, 9, 23},
	{"cabbage", "Weißkohl", "kg", "Gemüse", "solawi_sued", "vegetables", 0.3, 13, 26},
	{"potatoes", "Kartoffeln", "kg", "Kartoffeln", "solawi_sued", "potatoes", 0.9, 14, 26},
	{"apples", "Äpfel", "kg", "Obst", "obsthof", "fruit", 0.7, 15, 26},
	{"strawberries", "Erdbeeren", "kg", "Obst", "obsthof", "fruit", 0.3, 4, 9},
	{"rye", "Roggen", "kg", "Getreide", "ackerhof", "", 0, 13, 16},
	{"flour_rye", "Roggenmehl", "kg", "Mehl", "muehle", "", 0, 1, 26},
	{"bread_rye", "Roggenbrot", "kg", "Brot", "baeckerei", "bread", 0.6, 1, 26},
	{"rolls", "Brötchen", "kg", "Brot", "baeckerei", "bread", 0.3, 1, 26},
	{"milk", "Milch", "l", "Milch", "milchhof", "dairy", 1.6, 1, 26},
	{"cheese", "Käse", "kg", "Milch", "milchhof", "dairy", 0.15, 1, 26},
	{"meals", "Mittagessen", "meal", "Essen", "kueche", "meals", 2.1, 1, 26},
	{"electricity", "Strom", "kWh", "Energie", "energie", "electricity", 14, 1, 26},
	{"care", "Pflegestunden", "h", "Dienste", "pflege", "care", 0.3, 1, 26},
	{"repairs", "Reparaturen", "h", "Dienste", "werkstatt", "repairs", 0.05, 1, 26},
	{"oil", "Rapsöl", "l", "Öl", "", "oil", 0.12, 1, 26},
}

var sampleNeeds = []struct{ id, name, unit, urgency string }{
	{"bread", "Brot", "kg", "vital"},
	{"potatoes", "Kartoffeln", "kg", "vital"},
	{"vegetables", "Gemüse", "kg", "vital"},
	{"dairy", "Milchprodukte", "l", "vital"},
	{"care", "Pflege", "h", "vital"},
	{"electricity", "Strom", "kWh", "vital"},
	{"meals", "Mahlzeiten", "meal", "important"},
	{"fruit", "Obst", "kg", "important"},
	{"oil", "Öl", "l", "important"},
	{"repairs", "Reparaturen", "h", "wish"},
}

func (s *sampler) network() {
	n := &network.Network{Settings: network.Settings{
		ID: "region", Title: network.Text{"de": "Region zwischen Wümme und Weser", "en": "Region between Wümme and Weser"},
		Calendar: network.Calendar{Start: time.Date(2027, 5, 3, 0, 0, 0, 0, time.UTC), Unit: network.Week, Periods: s.size.weeks},
		Currency: "EUR",
		Urgencies: []network.Urgency{
			{ID: "vital", Title: network.Text{"de": "lebensnotwendig", "en": "vital"}},
			{ID: "important", Title: network.Text{"de": "wichtig", "en": "important"}},
			{ID: "wish", Title: network.Text{"de": "Wunsch", "en": "wish"}},
		},
	}}
	s.n = n
	for _, m := range sampleMakers {
		x, y := m.x, m.y
		n.Sites = append(n.Sites, network.Site{ID: m.id, Name: m.name, X: &x, Y: &y})
		n.Agents = append(n.Agents, network.Agent{ID: m.id, Name: m.name, Type: network.Organisation, Site: m.id})
	}
	for _, m := range sampleDepots {
		x, y := m.x, m.y
		n.Sites = append(n.Sites, network.Site{ID: m.id, Name: m.name, X: &x, Y: &y})
	}
	kinds := []string{"Hausgemeinschaft", "Kita", "Wohnprojekt", "Schule", "Pflegeheim", "Nachbarschaft"}
	streets := []string{"Lindenhof", "Buntentor", "Steintor", "Findorff", "Walle", "Gröpelingen", "Hastedt", "Huchting", "Vegesack", "Osterholz"}
	for i := range s.size.groups {
		n.Agents = append(n.Agents, network.Agent{
			ID: fmt.Sprintf("g%02d", i+1), Name: kinds[i%len(kinds)] + " " + streets[i%len(streets)], Type: network.Group,
			Site: sampleDepots[i%len(sampleDepots)].id, Persons: float64(40 + (i*37)%200),
		})
	}
	for _, p := range sampleProducts {
		product := network.Product{ID: p.id, Name: p.name, Unit: p.unit, Category: p.category, Storable: true}
		switch p.unit {
		case "l", "kg":
			product.Weight = 1
		case "meal":
			product.Weight = 0.5
		}
		n.Products = append(n.Products, product)
		if p.maker == "" {
			continue
		}
		unit, last := "batch", 0
		if p.to-p.from < 24 {
			unit, last = "ha", 8
		}
		n.Recipes = append(n.Recipes, network.Recipe{ID: "make_" + p.id, Name: "Herstellung " + p.name, Agent: p.maker, Site: p.maker, Unit: unit})
		n.Flows = append(n.Flows, network.Flow{Recipe: "make_" + p.id, Direction: network.Out, What: p.id, Quantity: 100, Offset: network.Span{From: last / 2, To: last}})
		if p.id == "bread_rye" || p.id == "rolls" {
			n.Flows = append(n.Flows, network.Flow{Recipe: "make_" + p.id, Direction: network.In, What: "flour_rye", Quantity: 70})
		}
	}
	for _, x := range sampleNeeds {
		if x.id != "potatoes" && x.id != "care" && x.id != "meals" && x.id != "electricity" && x.id != "repairs" && x.id != "oil" {
			n.Products = append(n.Products, network.Product{ID: x.id, Name: x.name, Unit: x.unit})
		}
	}
	s.statements()
}

func (s *sampler) statements() {
	n := s.n
	for _, k := range []string{"gardening:Gärtnern", "baking:Backen", "cooking:Kochen", "courier:Fahren", "nursing:Pflegen", "milking:Melken", "milling:Mahlen", "repairing:Reparieren"} {
		for i := range k {
			if k[i] == ':' {
				n.Skills = append(n.Skills, network.Skill{ID: k[:i], Name: k[i+1:]})
			}
		}
	}
	n.Impacts = []network.Impact{{ID: "co2e", Name: "CO₂e", Unit: "kg"}, {ID: "water", Name: "Wasser", Unit: "m³"}}
	n.Limits = []network.Limit{
		{ID: "co2_total", What: "co2e", Quantity: 48000, Basis: network.InTotal},
		{ID: "co2_week", What: "co2e", Quantity: 1900, Basis: network.PerPeriod},
	}
	for _, m := range sampleMakers {
		for _, d := range sampleDepots {
			n.Links = append(n.Links, network.Link{ID: m.id + "-" + d.id, Agent: "kurier", From: m.id, To: d.id, Mode: "van"})
		}
	}
	n.Trade = []network.Trade{
		{ID: "buy_oil", Site: "depot_mitte", Type: "buy", Product: "oil", Price: 3.2, Pack: 10, Deadline: 4, Article: "RO-1010", Supplier: "Ölmühle Verden & Söhne"},
		{ID: "buy_seed", Agent: "solawi_nord", Site: "solawi_nord", Type: "buy", Product: "carrots", Price: 1.1, Pack: 25, Deadline: 6, Article: "4711", Supplier: "Naturkost Großhandel"},
	}
	n.Assumptions = []network.Assumption{
		{ID: "a1", Statement: "Die Möhrenernte bringt 32 t je Hektar.", Evidence: "Mittel aus drei Jahren, eigene Waage", Holder: "solawi_nord", Review: "2027-08-15", Concerns: "make_carrots"},
		{ID: "a2", Statement: "Zwei von zehn Mitgliedern holen nicht selbst ab.", Evidence: "Umfrage im März, 61 Antworten", Review: "2027-06-01"},
	}
	n.Sources = []network.Source{
		{ID: "SR28", Citation: "USDA National Nutrient Database, Release 28", Licence: "public domain", URL: "https://www.ars.usda.gov/"},
		{ID: "OWID", Citation: "Our World in Data, Environmental impacts of food", Licence: "CC BY 4.0", URL: "https://ourworldindata.org/environmental-impacts-of-food"},
	}
}

func (s *sampler) document() {
	s.d = &plan.Document{
		Network: "region", Title: plan.Text(s.n.Title), NetworkHash: "9f2c4c0f6f1b0a4de3b1c7c6a20f1c7f3e6b9a5d8e4f7a6b5c4d3e2f1a0b9c8d",
		Version: "test", Status: plan.Optimal, Currency: "EUR", LadderName: "default", Urgencies: []string{"vital", "important", "wish"},
		Calendar:     plan.Calendar{Unit: "week", Periods: s.size.weeks},
		Program:      plan.ProgramSize{Rows: 22928, Columns: 77234, Nonzeros: 304967, Solves: 41, Seconds: 58.2},
		Certificates: &plan.FileRef{Name: "certificates.bin", SHA256: "2b1f0c5d8e4f7a6b5c4d3e2f1a0b9c8d9f2c4c0f6f1b0a4de3b1c7c6a20f1c7f", Bytes: 1 << 20},
		Rounding:     &plan.Rounding{Method: "rounding", Gap: 0.0004, Loss: map[string]float64{"vital": 0.0012, "important": 0.0031, "wish": 0}},
	}
	for t := range s.size.weeks {
		s.d.Calendar.Starts = append(s.d.Calendar.Starts, s.n.Calendar.Start.AddDate(0, 0, 7*t).Format(time.DateOnly))
	}
	s.needs()
	s.makeAndMove()
	s.workAndMoney()
	s.ladder()
	s.why()
}

// share of need met in week t, the same for all but a few groups.
func (s *sampler) share(need, group string, t int) float64 {
	week := t * 26 / s.size.weeks
	v := 1.0
	switch {
	case need == "vegetables" && week >= 3 && week <= 6:
		v = 0.62 + 0.05*float64(week-3)
	case need == "potatoes" && week >= 11 && week <= 14:
		v = 0.55
	case need == "fruit" && week >= 10 && week <= 15:
		v = 0.38
	case need == "care":
		v = 0.741
	case need == "meals":
		v = 0.664
	case need == "oil" && week > 20:
		v = 0.9
	case need == "repairs" && week == 8:
		v = 0.1
	}
	if v < 1 && group[len(group)-1] == '3' {
		v = math.Min(1, v*1.1)
	}
	return v
}

func (s *sampler) needs() {
	short := map[[2]string]*plan.Unmet{}
	for _, a := range s.n.Agents {
		if a.Type != network.Group {
			continue
		}
		for _, need := range sampleNeeds {
			if need.id == "care" && a.Persons < 80 {
				continue
			}
			perHead := 0.0
			for _, p := range sampleProducts {
				if p.need == need.id {
					perHead += p.perHead
				}
			}
			for t := 1; t <= s.size.weeks; t++ {
				want, share := perHead*a.Persons, s.share(need.id, a.ID, t)
				s.d.Needs = append(s.d.Needs, plan.NeedLine{
					Need: a.ID + ":" + need.id, Agent: a.ID, What: need.id, Urgency: need.urgency, Period: t, Required: want,
					Delivered: want * share, Satisfaction: share, Unit: need.unit, Persons: a.Persons, Rung: "vital", Round: 1,
				})
				for _, p := range sampleProducts {
					if p.need == need.id {
						s.d.Consumed = append(s.d.Consumed, plan.Consumed{Agent: a.ID, Product: p.id, Period: t, Quantity: p.perHead * a.Persons * share, Unit: p.unit})
					}
				}
				if share < 1 {
					key := [2]string{a.ID, need.id}
					if short[key] == nil {
						short[key] = &plan.Unmet{Need: a.ID + ":" + need.id, Agent: a.ID, What: need.id, Urgency: need.urgency, Unit: need.unit, Worst: 1, Periods: "3-6,9"}
					}
					short[key].Required += want
					short[key].Short += want * (1 - share)
					short[key].Worst = math.Min(short[key].Worst, share)
				}
			}
		}
	}
	for _, line := range s.d.Needs {
		key := [2]string{line.Agent, line.What}
		if u := short[key]; u != nil {
			s.d.Unmet = append(s.d.Unmet, *u)
			delete(short, key)
		}
	}
}

func (s *sampler) makeAndMove() {
	d := s.d
	homes := map[string]string{}
	for _, a := range s.n.Agents {
		homes[a.ID] = a.Site
	}
	for _, p := range sampleProducts {
		if p.maker == "" {
			continue
		}
		level := 40.0
		for t := 0; t <= s.size.weeks; t++ {
			week := t * 26 / s.size.weeks
			if t > 0 && week >= p.from-2 && week <= p.to {
				runs := 2 + 3*s.rng.Float64()
				d.Runs = append(d.Runs, plan.RunLine{Recipe: "make_" + p.id, Agent: p.maker, Site: p.maker, Period: t, Runs: runs, Unit: "batch"})
				level += 60 * runs
			}
			level *= 0.8
			d.Stocks = append(d.Stocks, plan.StockLine{Site: p.maker, Product: p.id, Period: t, Quantity: level, Unit: p.unit})
			if p.id == "potatoes" || p.id == "apples" || p.id == "cheese" {
				d.Stocks = append(d.Stocks, plan.StockLine{Site: "depot_mitte", Product: p.id, Period: t, Quantity: level / 3, Unit: p.unit})
			}
		}
	}
	moved := map[[3]string]float64{}
	maker := map[string]string{}
	for _, p := range sampleProducts {
		maker[p.id] = p.maker
	}
	for _, c := range d.Consumed {
		if m := maker[c.Product]; m != "" && c.Unit != "kWh" && c.Unit != "h" {
			moved[[3]string{m + "\x00" + homes[c.Agent], c.Product, fmt.Sprintf("%03d", c.Period)}] += c.Quantity
		}
	}
	for _, m := range sampleMakers {
		for _, depot := range sampleDepots {
			for _, p := range sampleProducts {
				for t := 1; t <= s.size.weeks; t++ {
					if q := moved[[3]string{m.id + "\x00" + depot.id, p.id, fmt.Sprintf("%03d", t)}]; q > 0 {
						d.Transfers = append(d.Transfers, plan.Transfer{Link: m.id + "-" + depot.id, From: m.id, To: depot.id, Agent: "kurier",
							Product: p.id, Period: t, Arrival: t, Quantity: q, Unit: p.unit})
					}
				}
			}
		}
	}
}

func (s *sampler) workAndMoney() {
	d := s.d
	offers := []struct {
		id, agent, whose, skill string
		hours, burden           float64
	}{
		{"o1", "solawi_nord", "solawi_nord", "gardening", 210, 0},
		{"o2", "solawi_nord", "solawi_nord", "gardening", 60, 3},
		{"o3", "solawi_sued", "solawi_sued", "gardening", 180, 1},
		{"o4", "baeckerei", "baeckerei", "baking", 160, 1},
		{"o5", "g01", "baeckerei", "baking", 20, 0},
		{"o6", "kueche", "kueche", "cooking", 320, 2},
		{"o7", "kurier", "kurier", "courier", 150, 1},
		{"o8", "pflege", "pflege", "nursing", 680, 2},
		{"o9", "milchhof", "milchhof", "milking", 190, 4},
		{"o10", "muehle", "muehle", "milling", 70, 1},
		{"o11", "werkstatt", "werkstatt", "repairing", 90, 0},
		{"o12", "g02", "werkstatt", "repairing", 24, 0},
	}
	balance := 18000.0
	for t := 1; t <= s.size.weeks; t++ {
		for _, o := range offers {
			used := o.hours * (0.55 + 0.4*s.rng.Float64())
			if o.skill == "nursing" {
				used = o.hours
			}
			d.Work = append(d.Work, plan.WorkLine{Offer: o.id, Agent: o.agent, For: o.whose, Skill: o.skill, Period: t, Hours: used, Offered: o.hours, Burden: o.burden})
		}
		co2 := 1500 + 380*math.Sin(float64(t)/4)
		d.Impacts = append(d.Impacts, plan.ImpactLine{Impact: "co2e", Period: t, Quantity: math.Min(1900, co2+200), Unit: "kg"},
			plan.ImpactLine{Impact: "water", Period: t, Quantity: 300 + 20*float64(t%7), Unit: "m³"})
		d.Purchases = append(d.Purchases, plan.TradeLine{Trade: "buy_oil", Site: "depot_mitte", Product: "oil", Supplier: "Ölmühle Verden & Söhne", Article: "RO-1010",
			Period: t, Arrival: t, Quantity: 370, Unit: "l", Money: 1184})
		spent, earned := 1184.0, 900+40*s.rng.Float64()
		balance += earned - spent
		d.Money = append(d.Money, plan.MoneyLine{Period: t, Spent: spent, Earned: earned, Balance: balance})
		d.Sales = append(d.Sales, plan.TradeLine{Trade: "sell_apples", Agent: "obsthof", Site: "obsthof", Product: "apples", Period: t, Arrival: t, Quantity: 200, Unit: "kg", Money: earned})
	}
	for _, o := range offers {
		d.Idle = append(d.Idle, plan.Idle{Kind: "work", What: o.skill, Where: o.whose, Offered: o.hours * float64(s.size.weeks), Used: 0.78 * o.hours * float64(s.size.weeks), Unit: "h"})
	}
	d.Disposals = append(d.Disposals, plan.Disposal{Site: "solawi_nord", Product: "lettuce", Period: 2, Quantity: 130, Unit: "kg"},
		plan.Disposal{Site: "kueche", Product: "meals", Period: min(5, s.size.weeks), Quantity: 12, Unit: "meal"})
	d.CutOff = append(d.CutOff, plan.CutOff{Recipe: "make_cabbage", Kind: "out", What: "cabbage", Quantity: 800})
}

func (s *sampler) ladder() {
	fine := plan.Certificate{Primal: 2e-10, Dual: 7e-10, Gap: 3e-8}
	lex := func(goal, de, en string, value float64, levels ...float64) plan.RungResult {
		return plan.RungResult{Goal: goal, Title: plan.Text{"de": de, "en": en}, Kind: "leximin", Value: value, Levels: levels,
			Elements: 2300, Programs: len(levels), Seconds: 4.2, Certificate: fine, Rounds: []plan.Round{{Level: levels[0], Reached: levels[0], Fixed: 12}}}
	}
	s.d.Ladder = []plan.RungResult{
		lex("vital-50", "Lebensnotwendiges bis zur Hälfte", "Vital needs, up to half", 0.5, 1),
		lex("first", "Lebensnotwendiges bis 80 %, Wichtiges bis 50 %, Wünsche bis 30 %", "Vital to 80%, important to 50%, wishes to 30%", 0.55, 0.69, 0.74, 0.83, 1),
		lex("full", "Lebensnotwendiges ganz, Wichtiges bis 70 %", "Vital in full, important to 70%", 0.38, 0.41, 0.44, 0.52, 0.6, 0.68, 0.81, 0.93, 1),
		lex("wish", "Wünsche ganz", "Wishes in full", 0.1, 0.1, 0.64, 1),
		{Goal: "effort", Title: plan.Text{"de": "Wenig Last und Geld", "en": "Little burden and money"}, Kind: "sum", Value: 41250.5, Unit: "h", Programs: 1, Seconds: 2,
			Certificate: fine, Exchange: []plan.ExchangeRate{{Rung: "wish", What: "repairs", Rate: 0.0021, Unit: "h"}}},
		{Goal: "co2", Kind: "least", Value: 41800, Unit: "kg", Programs: 1, Seconds: 1, Certificate: plan.Certificate{Primal: 1e-9, Dual: 1e-9, Gap: 3e-4}},
	}
	for i, w := range []string{"care", "cooking", "gardening", "milking"} {
		for t := 1; t <= s.size.weeks; t += 1 + i {
			s.d.Prices = append(s.d.Prices, plan.Price{Rung: "first", Round: 1, Kind: "work", What: w, Where: "kueche", Period: t, Price: 0.0021 / float64(i+1), Unit: "h"})
		}
	}
	s.d.Prices = append(s.d.Prices,
		plan.Price{Rung: "first", Kind: "stock", What: "potatoes", Where: "solawi_sued", Period: 0, Price: 0.00034, Unit: "kg"},
		plan.Price{Rung: "effort", Kind: "limit", What: "co2e", Period: min(8, s.size.weeks), Price: 1.37, Unit: "kg"},
		plan.Price{Rung: "effort", Kind: "capacity", What: "flour_rye", Where: "muehle", Period: min(4, s.size.weeks), Price: 12.5, Unit: "kg"})
}

func (s *sampler) why() {
	cause := plan.Cause{Kind: "work", What: "cooking", Where: "kueche", Periods: "1-26", Unit: "h", Price: 0.0021, More: 40, From: 0.664, To: 0.741,
		Range: [2]float64{0, 61}, Confirmed: true, Gains: []plan.Gain{{What: "meals", From: 0.664, To: 0.741}},
		Sentence: plan.Text{"de": "40 Stunden Kochen mehr je Woche heben die Mahlzeiten aller von 66 % auf 74 %.", "en": "40 more hours of cooking a week lift everyone's meals from 66% to 74%."}}
	second := plan.Cause{Kind: "stock", What: "potatoes", Where: "solawi_sued", Periods: "11-14", Unit: "kg", Price: 0.00034, More: 500, From: 0.55, To: 0.72,
		Range: [2]float64{0, 1300}, Confirmed: true, Gains: []plan.Gain{{What: "potatoes", From: 0.93, To: 0.955}, {What: "potatoes", Agent: "g03", From: 0.6, To: 0.75}},
		Sentence: plan.Text{"de": "500 kg Kartoffeln mehr im Anfangsvorrat heben die Wochen 11–14 von 55 % auf 72 %.", "en": "500 kg more potatoes in stock at the start lift weeks 11–14 from 55% to 72%."}}
	s.d.Why = &plan.Explanation{
		Shortfalls: []plan.Shortfall{
			{Rung: "first", Round: 1, Level: 0.664, Needs: []string{"g01:meals"}, Whats: []string{"meals"}, Periods: "1-26", Causes: []plan.Cause{cause},
				Sentence: plan.Text{"de": "Alle Gruppen bekommen 66 % der gewünschten Mahlzeiten, weil in der Gemeinschaftsküche jede angebotene Stunde Kochen schon verplant ist.", "en": "All groups get 66% of the meals they asked for, because every hour of cooking offered in the community kitchen is taken."}},
			{Rung: "first", Round: 2, Level: 0.55, Needs: []string{"g01:potatoes"}, Whats: []string{"potatoes"}, Periods: "11-14", Causes: []plan.Cause{second},
				Sentence: plan.Text{"de": "In den Wochen 11 bis 14 sind die alten Kartoffeln aufgebraucht und die neuen noch nicht reif.", "en": "In weeks 11 to 14 the old potatoes are gone and the new ones not yet ripe."}},
		},
		Questions: []plan.Question{
			{Cause: cause, To_: "kueche", Question: plan.Text{"de": "Gibt es Menschen, die zusammen 40 Stunden in der Woche mitkochen würden?", "en": "Are there people who would cook along for 40 hours a week between them?"}},
			{Cause: second, Question: plan.Text{"de": "Hat jemand 500 kg Lagerkartoffeln?", "en": "Does anyone have 500 kg of stored potatoes?"}},
		},
		Collisions: []plan.Collision{{Wanted: []string{"g03:meals", "g03:care"}, Bounds: []string{"cooking", "nursing"},
			Curve:    [][2]float64{{0.4, 0.95}, {0.55, 0.9}, {0.664, 0.741}, {0.8, 0.5}, {0.9, 0.2}},
			Sentence: plan.Text{"de": "Mahlzeiten und Pflege lassen sich nicht beide voll decken: Beide brauchen dieselben Stunden.", "en": "Meals and care cannot both be met in full: they need the same hours."}}},
		Alternatives: []plan.Alternative{{Name: "A", Difference: 0.31, Runs: []plan.RunLine{}, Gains: []plan.Gain{{What: "fruit", From: 0.78, To: 0.86}}, Losses: []plan.Gain{{What: "repairs", Agent: "g02", From: 1, To: 0.9}},
			Sentence: plan.Text{"de": "Mehr Obst aus dem Süden, dafür weniger Reparaturen.", "en": "More fruit from the south, at the cost of fewer repairs."}}},
		Fallen: []plan.Unmet{},
	}
}
