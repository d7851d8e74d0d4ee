package plan

import (
	"strings"
	"testing"

	"bremen/network"
)

// Each row is a network small enough to see its answer.
func TestWhatAProgramMeans(t *testing.T) {
	for name, c := range map[string]struct {
		periods int
		build   func(d *draft)
		want    wants
	}{
		"shelf life runs on in transport": {3, func(d *draft) {
			d.good("milk", life(1))
			d.stock("farm", "milk", 10)
			d.link("farm", "town").Delay = 1
			d.need("milk", "people", "milk", 4, in(2), in(3))
		}, wants{"milk@2": 1, "milk@3": 0}},
		"what keeps a week longer is there a week longer": {4, func(d *draft) {
			d.good("milk", life(2))
			d.stock("farm", "milk", 10)
			d.link("farm", "town").Delay = 1
			d.need("milk", "people", "milk", 4, in(2), in(3), in(4))
		}, wants{"milk@2": 1, "milk@3": 1, "milk@4": 0}},
		"what outlives the calendar keeps": {3, func(d *draft) {
			d.good("honey", life(52))
			d.stock("town", "honey", 9)
			d.need("honey", "people", "honey", 3)
		}, wants{"honey@1": 1, "honey@2": 1, "honey@3": 1}},
		"the oldest may be used first": {3, func(d *draft) {
			d.good("milk", life(1))
			d.recipe("milking", 5)
			d.flow(network.Out, "milk", 1)
			d.link("farm", "town")
			d.need("milk", "people", "milk", 10, in(3))
		}, wants{"milk@3": 1}},
		"what is not storable is there in its own period only": {2, func(d *draft) {
			d.good("care", func(p *network.Product) { p.Storable = false })
			d.recipe("caring", 0).Starts = in(1)
			d.flow(network.Out, "care", 1)
			d.Recipes[0].Most = 100
			d.link("farm", "town")
			d.need("care", "people", "care", 10)
		}, wants{"care@1": 1, "care@2": 0}},
		"stock loses its share every period": {3, func(d *draft) {
			d.good("apples", func(p *network.Product) { p.Loss = 0.5 })
			d.stock("town", "apples", 16)
			d.need("apples", "people", "apples", 8, in(3))
		}, wants{"apples@3": 0.5}},
		"a store may lose less": {3, func(d *draft) {
			d.good("apples", func(p *network.Product) { p.Loss = 0.5 })
			d.stock("town", "apples", 16)
			d.Storage = []network.Storage{{Site: "town", Loss: figure(0)}}
			d.need("apples", "people", "apples", 32, in(3))
		}, wants{"apples@3": 0.5}},
		"a store for one product overrides one for all": {2, func(d *draft) {
			d.good("apples")
			d.stock("town", "apples", 16)
			d.Storage = []network.Storage{{Site: "town", What: "apples", Loss: figure(0.25)}, {Site: "town", Loss: figure(0.5)}}
			d.need("apples", "people", "apples", 16, in(2))
		}, wants{"apples@2": 0.75}},
		"a store holds so many tonnes": {2, func(d *draft) {
			d.good("apples")
			d.stock("town", "apples", 16)
			d.Storage = []network.Storage{{Site: "town", Capacity: figure(0.004)}}
			d.need("apples", "people", "apples", 16, in(2))
		}, wants{"apples@2": 0.25}},
		"what is stored costs money": {2, func(d *draft) {
			d.good("apples")
			d.stock("town", "apples", 16)
			d.Storage = []network.Storage{{Site: "town", What: "apples", Money: 1.5}}
			d.Budgets = []network.Budget{{Opening: 6}}
			d.need("apples", "people", "apples", 16, in(2))
		}, wants{"apples@2": 0.25}},

		"a crop comes when it is ripe": {3, func(d *draft) {
			d.good("salad")
			d.recipe("sow", 4)
			d.flow(network.Out, "salad", 1, 2)
			d.link("farm", "town")
			d.need("salad", "people", "salad", 4)
		}, wants{"salad@1": 0, "salad@2": 0, "salad@3": 1}},
		"a crop can be cut for several weeks": {4, func(d *draft) {
			d.good("salad", life(0))
			d.recipe("sow", 4).Starts = in(1)
			d.flow(network.Out, "salad", 1, 1, 2)
			d.link("farm", "town")
			d.need("salad", "people", "salad", 4)
		}, wants{"salad@1": 0, "salad@2": 2.0 / 3, "salad@3": 2.0 / 3, "salad@4": 2.0 / 3}},
		"a season bounds what can start": {3, func(d *draft) {
			d.good("salad", life(1))
			d.Profiles = []network.Profile{{ID: "summer", Periods: in(1), Factor: 0}, {ID: "summer", Periods: in(2), Factor: 0.5}}
			d.recipe("sow", 4).Season = "summer"
			d.flow(network.Out, "salad", 1)
			d.link("farm", "town")
			d.need("salad", "people", "salad", 4)
		}, wants{"salad@1": 0, "salad@2": 0.5, "salad@3": 1}},

		"a link goes one way": {1, func(d *draft) {
			d.good("bread")
			d.stock("farm", "bread", 10)
			d.link("town", "farm")
			d.need("bread", "people", "bread", 10)
		}, wants{"bread@1": 0}},
		"a two-way link goes both ways": {1, func(d *draft) {
			d.good("bread")
			d.stock("farm", "bread", 10)
			d.link("town", "farm").TwoWay = true
			d.need("bread", "people", "bread", 10)
		}, wants{"bread@1": 1}},
		"goods pass through a site of transit": {1, func(d *draft) {
			d.Sites[1].Transit = true
			d.good("bread")
			d.stock("farm", "bread", 10)
			d.link("farm", "mill")
			d.link("mill", "town")
			d.need("bread", "people", "bread", 10)
		}, wants{"bread@1": 1}},
		"goods do not pass through other sites": {1, func(d *draft) {
			d.good("bread")
			d.stock("farm", "bread", 10)
			d.link("farm", "mill")
			d.link("mill", "town")
			d.need("bread", "people", "bread", 10)
		}, wants{"bread@1": 0}},
		"a link carries so many kilograms": {1, func(d *draft) {
			d.good("milk", func(p *network.Product) { p.Weight = 2 })
			d.stock("farm", "milk", 10)
			d.link("farm", "town").Capacity = figure(10)
			d.need("milk", "people", "milk", 10)
		}, wants{"milk@1": 0.5}},
		"a link of one product without weight counts in its unit": {1, func(d *draft) {
			d.good("chairs", func(p *network.Product) { p.Weight, p.Unit = 0, "piece" })
			d.stock("farm", "chairs", 10)
			l := d.link("farm", "town")
			l.What, l.Capacity, l.Money = "chairs", figure(8), 2
			d.Budgets = []network.Budget{{Opening: 10}}
			d.need("chairs", "people", "chairs", 10)
		}, wants{"chairs@1": 0.5}},
		"carrying takes the carrier's hours and fuel at the place of departure": {1, func(d *draft) {
			d.good("bread")
			d.good("fuel", func(p *network.Product) { p.Unit = "l" })
			d.stock("farm", "bread", 10)
			d.stock("farm", "fuel", 1)
			l := d.link("town", "farm") // the way there is the way back
			l.TwoWay, l.Mode, l.Distance, l.Agent = true, "van", 20, "farm"
			d.Work = []network.WorkOffer{{Agent: "farm", Skill: "work", Hours: 3}}
			d.LinkFlows = []network.LinkFlow{{Link: "van", Direction: network.In, What: "fuel", PerKm: 10}, {Link: "van", Direction: network.Labour, What: "work", PerTonne: 400}}
			d.need("bread", "people", "bread", 10)
		}, wants{"bread@1": 0.5}},
		"pooled goods need no link": {1, func(d *draft) {
			d.good("power", pooled)
			d.recipe("wind", 5)
			d.flow(network.Out, "power", 1)
			d.need("power", "people", "power", 10)
		}, wants{"power@1": 0.5}},
		"a stock and a purchase of pooled goods need no site": {2, func(d *draft) {
			d.good("power", pooled)
			d.stock("", "power", 4)
			d.buy("", "power", 1).Most = figure(2)
			d.need("power", "people", "power", 10)
		}, wants{"power@1": 0.6, "power@2": 0.2}},
		"what cannot be moved stays": {1, func(d *draft) {
			d.good("swimming", func(p *network.Product) { p.Reach = network.OnSite })
			d.stock("farm", "swimming", 10)
			d.link("farm", "town")
			d.need("swimming", "people", "swimming", 10)
		}, wants{"swimming@1": 0}},

		"a unit counts once": {1, func(d *draft) { breadAndFood(d) }, wants{"bread@1": 0.5, "food@1": 0.5}},
		"or for all that it fits": {1, func(d *draft) {
			d.Counting = network.CountAll
			breadAndFood(d)
		}, wants{"bread@1": 1, "food@1": 1}},
		"pooled goods count for all that they fit, too": {2, func(d *draft) {
			d.Counting = network.CountAll
			d.good("care", pooled)
			d.stock("", "care", 10)
			d.need("weekly", "people", "care", 10, in(1))
			d.need("inall", "people", "care", 10).Basis = network.InTotal
		}, wants{"weekly@1": 1, "inall@0": 1}},
		"energy counts whatever else a loaf counts for": {1, func(d *draft) {
			breadAndFood(d)
			d.Properties = []network.Property{{ID: "kcal", Unit: "kcal"}}
			d.Contents = []network.Content{{Product: "bread", Property: "kcal", Quantity: 2}}
			d.need("kcal", "people", "kcal", 20)
		}, wants{"bread@1": 0.5, "food@1": 0.5, "kcal@1": 1}},
		"a maximum is never exceeded": {1, func(d *draft) {
			d.good("butter")
			d.stock("town", "butter", 10)
			d.Properties = []network.Property{{ID: "fat", Unit: "kg"}}
			d.Contents = []network.Content{{Product: "butter", Property: "fat", Quantity: 0.5}}
			d.need("fat", "people", "fat", 1).Maximum = 2
			d.need("butter", "people", "butter", 10)
		}, wants{"fat@1": 1, "butter@1": 0.4}},
		"a ratio binds all that is consumed": {1, func(d *draft) {
			d.good("beans")
			d.good("sugar")
			d.stock("town", "beans", 2)
			d.stock("town", "sugar", 10)
			d.Properties = []network.Property{{ID: "sweet", Unit: "kg"}, {ID: "weight", Unit: "kg"}}
			d.Contents = []network.Content{
				{Product: "sugar", Property: "sweet", Quantity: 1}, {Product: "sugar", Property: "weight", Quantity: 1}, {Product: "beans", Property: "weight", Quantity: 1},
			}
			d.Ratios = []network.Ratio{{Agent: "people", Property: "sweet", To: "weight", Most: figure(0.5)}}
			d.need("weight", "people", "weight", 8)
		}, wants{"weight@1": 0.5}},
		"a total is one need, whenever it is met": {3, func(d *draft) {
			d.good("wood", func(p *network.Product) { p.Storable = false })
			d.recipe("felling", 4)
			d.flow(network.Out, "wood", 1)
			d.link("farm", "town")
			d.need("wood", "people", "wood", 24).Basis = network.InTotal
		}, wants{"wood@0": 0.5}},
		"what is missed in one week is not made good in another": {2, func(d *draft) {
			d.good("bread")
			d.buy("town", "bread", 1).Periods = in(2)
			d.need("bread", "people", "bread", 10)
		}, wants{"bread@1": 0, "bread@2": 1}},
		"a need per head and day counts heads and days": {1, func(d *draft) {
			d.good("bread")
			d.stock("town", "bread", 35)
			n := d.need("bread", "people", "bread", 1)
			n.PerPerson, n.Basis = true, network.PerDay
		}, wants{"bread@1": 0.5}},

		"more than twice the median counts one level lower": {1, func(d *draft) {
			d.Allowance = network.AllowTwiceMedian
			threeGroups(d)
			d.stock("town", "bread", 40)
		}, wants{"a@1": 1, "b@1": 1, "c@1": 0.4}},
		"and is served there": {1, func(d *draft) {
			d.Allowance = network.AllowTwiceMedian
			threeGroups(d)
			d.stock("town", "bread", 55)
		}, wants{"a@1": 1, "b@1": 1, "c@1": 0.7}},
		"without allowance who states more gets more": {1, func(d *draft) {
			threeGroups(d)
			d.stock("town", "bread", 35)
		}, wants{"a@1": 0.5, "b@1": 0.5, "c@1": 0.5}},
		"a stated allowance takes the place of the median": {1, func(d *draft) {
			d.Allowance = network.AllowTwiceMedian
			d.Allowances = []network.Allowance{{What: "bread", Urgency: "vital", Quantity: 1}}
			threeGroups(d)
			d.stock("town", "bread", 30)
		}, wants{"a@1": 1, "b@1": 1, "c@1": 0.2}},

		"who shares a basket gets the same everywhere": {1, func(d *draft) {
			d.good("bread")
			d.stock("farm", "bread", 100)
			d.link("farm", "town").Capacity = figure(10)
			d.Agents[1].Basket = "common"
			d.group("country", "farm", 20).Basket = "common"
			d.need("town", "people", "bread", 20)
			d.need("country", "country", "bread", 40)
		}, wants{"town@1": 0.5, "country@1": 0.5}},
		"who shares no basket takes what is near": {1, func(d *draft) {
			d.good("bread")
			d.stock("farm", "bread", 100)
			d.link("farm", "town").Capacity = figure(10)
			d.group("country", "farm", 20)
			d.need("town", "people", "bread", 20)
			d.need("country", "country", "bread", 40)
		}, wants{"town@1": 0.5, "country@1": 1}},
		"in a basket amounts per head are the same though shares are not": {1, func(d *draft) {
			d.good("bread")
			d.stock("town", "bread", 20)
			d.Agents[1].Basket = "common"
			d.group("more", "town", 10).Basket = "common"
			d.need("less", "people", "bread", 10)
			d.need("more", "more", "bread", 20)
		}, wants{"less@1": 1, "more@1": 0.5}},

		"jars come back where and after they are emptied": {3, func(d *draft) {
			jars(d)
			d.stock("farm", "jar", 6)
		}, wants{"jam@1": 0.3, "jam@3": 0.3}},
		"what is pooled gives back as well": {2, func(d *draft) {
			d.good("meal", pooled)
			d.good("peel", func(p *network.Product) { p.Reach = network.Anywhere })
			d.recipe("cook", 10)
			d.flow(network.Out, "meal", 1)
			d.Returns = []network.Return{{Product: "meal", Returned: "peel", Quantity: 0.5}}
			d.need("meal", "people", "meal", 10)
			d.group("hens", "farm", 1)
			d.need("peel", "hens", "peel", 10)
		}, wants{"meal@1": 1, "peel@1": 0.5, "peel@2": 0.5}},

		"a machine wears": {3, func(d *draft) { oven(d, 0.5) }, wants{"bread@1": 1, "bread@2": 0.5, "bread@3": 0.25}},
		"a machine can be built": {3, func(d *draft) {
			oven(d, 0)
			d.Stocks[0].Start = 0
			d.recipe("build", 4)
			d.flow(network.Out, "oven", 1, 1)
		}, wants{"bread@1": 0, "bread@2": 0.5, "bread@3": 1}},
		"a machine is there as its profile says": {3, func(d *draft) {
			oven(d, 0)
			d.Profiles = []network.Profile{{ID: "repair", Periods: in(2), Factor: 0.25}}
			d.Stocks[0].Profile = "repair"
		}, wants{"bread@1": 1, "bread@2": 0.25, "bread@3": 1}},
		"a machine in use for two weeks is not free in the second": {3, func(d *draft) {
			oven(d, 0)
			d.Flows[1].Offset = network.Span{From: 0, To: 1}
			d.Recipes[0].Starts = network.Periods{{From: 1, To: 2}}
		}, wants{"bread@1": 0.5, "bread@2": 0.5, "bread@3": 0}},

		"an order comes late and is paid at once": {2, func(d *draft) {
			d.good("rice")
			d.buy("town", "rice", 2).Delay = 1
			d.Budgets = []network.Budget{{Opening: 10, Income: 100, Periods: in(2)}}
			d.need("rice", "people", "rice", 10)
		}, wants{"rice@1": 0, "rice@2": 0.5}},
		"a budget is never overdrawn, and what is left is carried on": {2, func(d *draft) {
			d.good("rice", life(0))
			d.buy("town", "rice", 1)
			d.Budgets = []network.Budget{{Income: 10}}
			d.need("rice", "people", "rice", 5, in(1))
			d.need("later", "people", "rice", 30, in(2))
		}, wants{"rice@1": 0.5714285714285714, "later@2": 0.5714285714285714}},
		"what is sold pays for what is bought": {1, func(d *draft) {
			d.good("rice")
			d.good("wine")
			d.stock("town", "wine", 4)
			d.buy("town", "rice", 1)
			d.sell("town", "wine", 2)
			d.Budgets = []network.Budget{{}}
			d.need("rice", "people", "rice", 10)
		}, wants{"rice@1": 0.8}},
		"each pays from a purse of its own": {1, func(d *draft) {
			d.good("rice")
			d.buy("town", "rice", 1).Agent = "farm"
			d.Budgets = []network.Budget{{Opening: 100}, {Agent: "farm", Opening: 5}}
			d.need("rice", "people", "rice", 10)
		}, wants{"rice@1": 0.5}},
		"a total bounds what is bought in all": {2, func(d *draft) {
			d.good("rice")
			d.buy("town", "rice", 1).Total = figure(10)
			d.need("rice", "people", "rice", 10)
		}, wants{"rice@1": 0.5, "rice@2": 0.5}},

		"a mix keeps its property": {1, func(d *draft) {
			d.good("soft")
			d.good("hard")
			d.good("flour")
			d.stock("farm", "soft", 30)
			d.stock("farm", "hard", 10)
			d.Variants = []network.Variant{{Kind: "grain", Product: "soft", Preference: 1}, {Kind: "grain", Product: "hard", Preference: 1}}
			d.Properties = []network.Property{{ID: "gluten", Unit: "%"}}
			d.Contents = []network.Content{{Product: "soft", Property: "gluten", Quantity: 8}, {Product: "hard", Property: "gluten", Quantity: 14}}
			d.Blends = []network.Blend{{Recipe: "grind", Kind: "grain", Property: "gluten", Least: figure(11)}}
			d.recipe("grind", 100)
			d.flow(network.In, "grain", 1)
			d.flow(network.Out, "flour", 1)
			d.link("farm", "town")
			d.need("flour", "people", "flour", 40)
		}, wants{"flour@1": 0.5}},
		"a unit of a kind counts at its rate": {1, func(d *draft) {
			d.good("dry")
			d.stock("town", "dry", 4)
			d.Variants = []network.Variant{{Kind: "pulses", Product: "dry", Rate: 2, Preference: 1}}
			d.need("pulses", "people", "pulses", 16)
		}, wants{"pulses@1": 0.5}},
		"kinds may hold kinds": {1, func(d *draft) {
			d.good("dry")
			d.stock("town", "dry", 4)
			d.Variants = []network.Variant{{Kind: "pulses", Product: "dry", Rate: 2, Preference: 1}, {Kind: "protein", Product: "pulses", Rate: 0.5, Preference: 1}}
			d.need("protein", "people", "protein", 8)
		}, wants{"protein@1": 0.5}},

		"a limit holds over all": {2, func(d *draft) {
			smoke(d)
			d.Limits = []network.Limit{{What: "co2", Quantity: 10, Basis: network.InTotal}}
		}, wants{"bread@1": 0.5, "bread@2": 0.5}},
		"a limit of one agent holds for it": {1, func(d *draft) {
			smoke(d)
			d.Limits = []network.Limit{{What: "co2", Agent: "farm", Quantity: 4}}
		}, wants{"bread@1": 0.4}},
		"what binds carbon makes room for what burns it": {1, func(d *draft) {
			smoke(d)
			d.Limits = []network.Limit{{What: "co2", Quantity: 4}}
			d.recipe("compost", 3)
			d.flow(network.Burdens, "co2", -1)
		}, wants{"bread@1": 0.7}},
		"more may be bound than burnt": {1, func(d *draft) {
			smoke(d)
			d.recipe("compost", 20).Least = 15
			d.flow(network.Burdens, "co2", -1)
		}, wants{"bread@1": 1}},

		"a stock wanted at the end is a need": {1, func(d *draft) {
			d.good("seed")
			d.stock("town", "seed", 10)
			s := &d.Stocks[0]
			s.End, s.Urgency = 10, "vital"
			d.need("seed", "people", "seed", 10)
		}, wants{"seed@1": 0.5}},
		"a stock committed for the end comes first": {1, func(d *draft) {
			d.good("seed")
			d.stock("town", "seed", 10).End = 8
			d.need("seed", "people", "seed", 10)
		}, wants{"seed@1": 0.2}},
		"work steps add up": {1, func(d *draft) {
			worked(d)
			d.Work = []network.WorkOffer{{ID: "gladly", Agent: "people", Skill: "work", Hours: 2}, {ID: "hardly", Agent: "people", Skill: "work", Hours: 3, Burden: 5}}
		}, wants{"bread@1": 0.5}},
		"work is for whom it is offered": {1, func(d *draft) {
			worked(d)
			d.Agents = append(d.Agents, network.Agent{ID: "other", Type: network.Organisation, Site: "mill"})
			d.Work = []network.WorkOffer{{Agent: "people", Skill: "work", Hours: 9, For: "other"}}
		}, wants{"bread@1": 0}},
	} {
		t.Run(name, func(t *testing.T) {
			d := drafted(c.periods)
			c.build(d)
			plannedRight(t, d.Network, c.want)
		})
	}
}

func breadAndFood(d *draft) {
	d.good("bread")
	d.stock("town", "bread", 10)
	d.Variants = []network.Variant{{Kind: "food", Product: "bread", Preference: 1}}
	d.need("bread", "people", "bread", 10)
	d.need("food", "people", "food", 10)
}

// threeGroups of ten want one, one and five loaves a head.
func threeGroups(d *draft) {
	d.good("bread")
	d.Ladders["default"] = network.Ladder{
		{Goal: "vital", Kind: network.Leximin, Sets: []network.Set{{Urgency: "vital", To: 1}}},
		{Goal: "important", Kind: network.Leximin, Sets: []network.Set{{Urgency: "important", To: 1}}},
	}
	for id, q := range map[string]float64{"a": 10, "b": 10, "c": 50} {
		d.group(id, "town", 10)
		d.need(id, id, "bread", q).Urgency = "vital"
	}
}

func jars(d *draft) {
	d.good("jam", func(p *network.Product) { p.Storable = false })
	d.good("jar", func(p *network.Product) { p.Unit = "piece" })
	d.recipe("fill", 10)
	d.flow(network.In, "jar", 2)
	d.flow(network.Out, "jam", 1)
	d.Returns = []network.Return{{Product: "jam", Returned: "jar", Quantity: 2, Offset: 1}}
	d.link("farm", "town").What = "jam"
	back := d.link("town", "farm")
	back.What, back.Delay = "jar", 1
	d.need("jam", "people", "jam", 10, in(1), in(3))
}

func oven(d *draft, wear float64) {
	d.good("bread", func(p *network.Product) { p.Storable = false })
	d.good("oven", machine, func(p *network.Product) { p.Wear = wear })
	d.stock("farm", "oven", 8)
	d.recipe("bake", 100)
	d.flow(network.Out, "bread", 1)
	d.flow(network.Use, "oven", 1)
	d.link("farm", "town")
	d.need("bread", "people", "bread", 8)
}

func smoke(d *draft) {
	d.good("bread", func(p *network.Product) { p.Storable = false })
	d.recipe("bake", 100)
	d.flow(network.Out, "bread", 1)
	d.flow(network.Burdens, "co2", 1)
	d.link("farm", "town")
	d.need("bread", "people", "bread", 10)
}

func worked(d *draft) {
	d.good("bread")
	d.recipe("bake", 100)
	d.flow(network.Out, "bread", 1)
	d.flow(network.Labour, "work", 1)
	d.link("farm", "town")
	d.need("bread", "people", "bread", 10)
}

func TestCarryingThatTakesWorkNamesWhoCarries(t *testing.T) {
	d := drafted(1)
	worked(d)
	d.LinkFlows = []network.LinkFlow{{Link: "farm-town", Direction: network.Labour, What: "work", PerTonne: 1}}
	d.Normalise()
	if _, err := Build(d.Network, nil); err == nil || !strings.Contains(err.Error(), "link farm-town takes work") {
		t.Errorf("got %v", err)
	}
}
