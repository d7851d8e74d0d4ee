package plan

import "bremen/network"

var english = map[string]string{
	"short":         "{level} of the need for {whats} is met {when} ({who}).",
	"short.none":    "None of the need for {whats} is met {when} ({who}).",
	"short.nobody":  "Nobody in the network makes it, buys it or has it in stock.",
	"short.late":    "Nothing of it can be there by then: making it or bringing it takes longer, and what there was before does not keep that long.",
	"short.unclear": "What binds here cannot be told from the shadow prices.",

	"binds.work":          "All hours offered for {what} at {where} are taken {when}.",
	"binds.work.none":     "Nobody offers hours for {what} at {where} {when}.",
	"binds.capacity":      "The capacity “{what}” at {where} is fully used {when}.",
	"binds.capacity.none": "There is no “{what}” at all at {where} {when}.",
	"binds.stock":         "The opening stock of {what} at {where} is used up.",
	"binds.limit":         "The limit on {what} is reached {when}.",
	"binds.limit.of":      "The limit on {what} at {where} is reached {when}.",
	"binds.budget":        "The common money is all spent {when}.",
	"binds.budget.of":     "The money of {where} is all spent {when}.",
	"binds.link":          "The link “{what}” is full {when}.",
	"binds.storage":       "The storage for {what} at {where} is full {when}.",
	"binds.storage.all":   "The storage at {where} is full {when}.",
	"binds.trade":         "No more {what} can be bought {when}.",
	"binds.sale":          "No more {what} can be sold {when}.",
	"binds.recipe":        "The recipe “{what}” runs as often as it may {when}.",
	"binds.least":         "The recipe “{what}” has to run at least as often as stated {when}.",
	"binds.commitment":    "The commitment “{what}” binds {when}.",
	"binds.end":           "The committed closing stock of {what} at {where} binds.",
	"binds.maximum":       "The maximum of {what} for {where} is reached {when}.",
	"binds.ratio":         "The ratio “{what}” stated for {where} binds {when}.",
	"binds.blend":         "The blend ({what}) stated in the recipe “{where}” binds {when}.",

	"via":             "It acts by way of {goods}.",
	"effect":          "With {more}, the satisfaction of {whats} rises from {from} to {to}.",
	"effect.estimate": "With {more}, the satisfaction of {whats} would rise from {from} to about {to}; this is estimated from the shadow price and not recomputed.",
	"effect.alone":    "Changing only this by {by} brings nothing, since something else binds as well.",
	"effect.earlier":  "More of it would first go to those with more urgent needs, or with less.",
	"effect.range":    "Every further unit brings as much, up to {most} in all.",
	"effect.losses":   "In return the satisfaction of {whats} falls.",

	"ask.work":        "Would you work {more} for {what} {when}?",
	"ask.work.anyone": "Who would work {more} for {what} at {where} {when}?",
	"ask.capacity":    "Could {where} provide more of “{what}” {when}, namely {by}?",
	"ask.stock":       "Could {where} start with {more} of {what}?",
	"ask.limit":       "Should the limit on {what} be higher by {by} {when}?",
	"ask.limit.of":    "Should the limit on {what} for {where} be higher by {by} {when}?",
	"ask.budget":      "Could the common money be increased by {by}?",
	"ask.budget.of":   "Could the money of {where} be increased by {by}?",
	"ask.link":        "Can {more} be carried on the link “{what}” {when}?",
	"ask.storage":     "Can {where} store {more} of {what} {when}?",
	"ask.storage.all": "Can {where} store {more} {when}?",
	"ask.trade":       "Can {more} of {what} be bought {when}?",
	"ask.sale":        "Can {more} of {what} be sold {when}?",
	"ask.recipe":      "Can the recipe “{what}” run more often {when}, by {by}?",
	"ask.least":       "May the recipe “{what}” run less often {when}, by {by}?",
	"ask.commitment":  "Would you agree to change the commitment “{what}” {when} by {by}?",
	"ask.end":         "May the closing stock of {what} at {where} be smaller by {by}?",
	"ask.maximum":     "May the maximum of {what} for {where} be higher by {by} {when}?",
	"ask.ratio":       "May the ratio “{what}” for {where} be off by {by} {when}?",
	"ask.blend":       "May the blend ({what}) in the recipe “{where}” be off by {by} {when}?",
	"ask.so":          "The satisfaction of {whats} would then rise from {from} to {to}.",
	"ask.so.estimate": "The satisfaction of {whats} would then rise from {from} to about {to}; this has not been recomputed.",

	"member.work":            "{where} offers at most {bound} for {what} {when}.",
	"member.capacity":        "At {where} no more than {bound} of “{what}” is available {when}.",
	"member.stock":           "The opening stock of {what} at {where} is only {bound}.",
	"member.surplus":         "The opening stock of {what} at {where}, {bound}, has to be used or stored.",
	"member.limit":           "The limit on {what} is {bound} {when}.",
	"member.limit.of":        "The limit on {what} for {where} is {bound} {when}.",
	"member.budget":          "No more than {bound} of common money comes in {when}.",
	"member.budget.of":       "No more than {bound} of money comes in at {where} {when}.",
	"member.link":            "The link “{what}” carries at most {bound} {when}.",
	"member.storage":         "{where} can store at most {bound} of {what} {when}.",
	"member.storage.all":     "{where} can store at most {bound} {when}.",
	"member.trade":           "No more than {bound} of {what} can be bought {when}.",
	"member.sale":            "No more than {bound} of {what} can be sold {when}.",
	"member.recipe":          "The recipe “{what}” may run at most this often {when}: {bound}.",
	"member.least":           "The recipe “{what}” has to run at least this often {when}: {bound}.",
	"member.commitment":      "The commitment “{what}” asks for at least {bound} {when}.",
	"member.commitment.most": "The commitment “{what}” allows at most {bound} {when}.",
	"member.end":             "{where} is committed to a closing stock of {bound} of {what}.",
	"member.maximum":         "The maximum of {what} for {where} is {bound} {when}.",
	"member.ratio":           "The ratio “{what}” for {where} must be at least {bound} {when}.",
	"member.ratio.most":      "The ratio “{what}” for {where} must be at most {bound} {when}.",
	"member.blend":           "The blend in the recipe “{where}” must have at least {bound} {what} {when}.",
	"member.blend.most":      "The blend in the recipe “{where}” must have at most {bound} {what} {when}.",
	"member.need":            "No more than {bound} of {what} is needed {when} ({where}).",

	"repair.up":   "It would have to be {to}, that is {change} more.",
	"repair.down": "It could only be {to}, that is {change} less.",

	"contradiction":         "There is no plan: {n} statements cannot all hold at once. If any one of them were dropped, the others could.",
	"contradiction.one":     "There is no plan: one statement cannot be met even by itself.",
	"contradiction.loose":   "There is no plan: {n} statements cannot all hold at once; perhaps only some of them are in conflict.",
	"contradiction.goods":   "They are tied together by what there is of {goods}.",
	"contradiction.repair":  "With the least change, measured by the size of each statement, it would work like this:",
	"contradiction.unknown": "There is no plan, and which statements contradict each other could not be found out.",

	"collision":       "These wishes cannot all be met together; if any one of the wishes or bounds gave way, the others would fit.",
	"collision.loose": "These wishes cannot all be met together; perhaps some of them suffice for that.",
	"collision.want":  "Wanted: {level} of the need for {what} met {when} ({who}).",

	"alternative":        "{share} of the production happens elsewhere, in another way or at another time than in the plan; needs are met just as fairly.",
	"alternative.more":   "Running more often: {recipes}.",
	"alternative.less":   "Running less often: {recipes}.",
	"alternative.value":  "The goal “{goal}” reaches {to} instead of {from}.",
	"alternative.gains":  "Better off: {whos}.",
	"alternative.losses": "Worse off: {whos}.",

	"origin":           "It takes {hours} of work to provide {quantity} of {product}.",
	"origin.free":      "It takes no work to provide {quantity} of {product}.",
	"origin.nothing":   "This plan provides no {product}.",
	"origin.skill":     "Of that, {hours} is {skill}.",
	"origin.impact":    "It causes {quantity} of {impact}.",
	"origin.money":     "It costs {money}, paid outside the network.",
	"origin.use":       "It occupies {quantity} of {durable}, counted per {period}.",
	"origin.opening":   "{share} of it comes from opening stocks, whose own origin the plan does not know.",
	"origin.stock":     "It takes {quantity} of {what} from opening stocks, whose own origin the plan does not know.",
	"origin.key.mass":  "Where one run yields several things, they share by mass; what is thrown away bears nothing.",
	"origin.key.unit":  "Where one run yields several things, they share by quantity in their common unit; what is thrown away bears nothing.",
	"origin.key.equal": "Where one run yields several things without a common measure, they share equally; what is thrown away bears nothing.",
	"origin.input":     "{share} of the work is already in {input}.",
}

// whenForms say periods by the unit of the calendar; # stands for them.
type whenForms struct {
	always    string
	one, many map[network.Unit]string
}

var (
	unitWords = map[string]map[string][2]string{"de": unitWordsDE, "en": {"h": {"hour", "hours"}, "a": {"are", "ares"}, "EUR": {"€", "€"}}}
	each      = map[string]map[network.Unit]string{"de": eachDE, "en": {
		network.Day: "a day", network.Week: "a week", network.Month: "a month", network.Quarter: "a quarter", network.Year: "a year",
	}}
	whens = map[string]whenForms{"de": whenDE, "en": {
		always: "over the whole time",
		one: map[network.Unit]string{
			network.Day: "on day #", network.Week: "in week #", network.Month: "in month #", network.Quarter: "in quarter #", network.Year: "in year #",
		},
		many: map[network.Unit]string{
			network.Day: "on days #", network.Week: "in weeks #", network.Month: "in months #", network.Quarter: "in quarters #", network.Year: "in years #",
		},
	}}
	periodWord = map[string]map[network.Unit]string{"de": periodDE, "en": {
		network.Day: "day", network.Week: "week", network.Month: "month", network.Quarter: "quarter", network.Year: "year",
	}}
	changes  = map[string][2]string{"de": changesDE, "en": {"# more", "# less"}}
	andWord  = map[string]string{"de": " und ", "en": " and "}
	moreWord = map[string]string{"de": "# weitere", "en": "# others"}
)
