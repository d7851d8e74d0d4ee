package serve

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"bremen/commons"
)

// figures are about the networks, told when they are asked for. None is about a person.
type figures struct {
	commons *commons.Commons
	clock   func() time.Time
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("bremen_"+name, help, append([]string{"network"}, labels...), nil)
}

var (
	countEntries    = describe("entries", "Entries of the record.")
	countPeople     = describe("people", "People by standing.", "standing")
	countGroups     = describe("groups", "Groups.")
	countFirms      = describe("organisations", "Organisations.")
	countMandates   = describe("mandates", "Mandates in force.")
	countActs       = describe("acts", "Acts that wait for assent.")
	countStatements = describe("statements", "Statements that hold, by type of entry.", "type")
	countPromises   = describe("commitments", "Commitments that hold.")
	countStocks     = describe("stocks", "Stocks that are not at zero.")
	countPlans      = describe("plans", "Plans that were adopted.")
	countDecisions  = describe("decisions", "Acts that ended.")
)

// Describe is prometheus.Collector's.
func (c *figures) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		countEntries, countPeople, countGroups, countFirms, countMandates, countActs, countStatements, countPromises, countStocks, countPlans, countDecisions,
	} {
		out <- d
	}
}

// Collect is prometheus.Collector's.
func (c *figures) Collect(out chan<- prometheus.Metric) {
	for _, origin := range c.commons.Origins() {
		n, err := c.commons.Network(context.Background(), origin)
		if err != nil {
			continue // the server is being stopped
		}
		var got commons.Counts
		n.View(func(s *commons.State) { got = s.Counts(c.clock()) })
		tell := func(d *prometheus.Desc, value int64, labels ...string) {
			out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(value), append([]string{origin}, labels...)...)
		}
		tell(countEntries, got.Entries)
		tell(countPeople, got.Members, "member")
		tell(countPeople, got.Guests, "guest")
		tell(countPeople, got.Left, "left")
		tell(countGroups, got.Groups)
		tell(countFirms, got.Organisations)
		tell(countMandates, got.Mandates)
		tell(countActs, got.Acts)
		tell(countPromises, got.Commitments)
		tell(countStocks, got.Stocks)
		tell(countPlans, got.Plans)
		tell(countDecisions, got.Decisions)
		for typ, value := range got.Statements {
			tell(countStatements, value, typ)
		}
	}
}
