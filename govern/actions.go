package govern

// Effect says what an action does to a quantity, a place or a holder of a
// resource, in the words of Valueflows 1.0. None is its notApplicable.
type Effect string

// Effects. The "to" resource of an event is the one that receives.
const (
	None               Effect = ""
	Increment          Effect = "increment"
	Decrement          Effect = "decrement"
	DecrementIncrement Effect = "decrementIncrement" // from the resource to the "to" resource
	IncrementTo        Effect = "incrementTo"        // only the "to" resource
	New                Effect = "new"                // of a resource that the event creates
	Update             Effect = "update"
	UpdateTo           Effect = "updateTo" // of the "to" resource
	Remove             Effect = "remove"
)

// Action is one of the 19 actions of Valueflows 1.0.0 (all_vf.TTL, "internals
// of Actions"): what happened, and what that does to stocks.
type Action struct {
	ID          string `json:"id"`
	InputOutput string `json:"inputOutput,omitempty"` // of a process: "input", "output", "outputInput"
	Pairs       string `json:"pairsWith,omitempty"`
	Quantity    string `json:"eventQuantity"`            // "resource", "effort" or "both"
	Creates     string `json:"createResource,omitempty"` // "optional" or "optionalTo"
	Accounting  Effect `json:"accountingEffect,omitempty"`
	Onhand      Effect `json:"onhandEffect,omitempty"`
	Location    Effect `json:"locationEffect,omitempty"`
	Contained   Effect `json:"containedEffect,omitempty"`
	Accountable Effect `json:"accountableEffect,omitempty"`
	Stage       Effect `json:"stageEffect,omitempty"`
	State       Effect `json:"stateEffect,omitempty"`
	Title       Text   `json:"title"`
}

// MovesTo tells whether the action needs a second, receiving resource.
func (a *Action) MovesTo() bool {
	return a.Accounting == DecrementIncrement || a.Onhand == DecrementIncrement || a.Accounting == IncrementTo
}

// Actions lists the 19 actions in the order of their names.
func Actions() []Action { return actions }

// ActionByID finds an action; nil where there is none of that name.
func ActionByID(id string) *Action {
	for i := range actions {
		if actions[i].ID == id {
			return &actions[i]
		}
	}
	return nil
}

func actionNames() []string {
	names := make([]string, len(actions))
	for i := range actions {
		names[i] = actions[i].ID
	}
	return names
}

var actions = []Action{
	{ID: "accept", InputOutput: "input", Pairs: "modify", Quantity: "resource", Onhand: Decrement, Location: Update, State: Update, Title: Text{"annehmen zur Bearbeitung", "accept for work on it"}},
	{ID: "cite", InputOutput: "input", Quantity: "resource", State: Update, Title: Text{"heranziehen", "cite"}},
	{ID: "combine", InputOutput: "input", Quantity: "resource", Onhand: Decrement, Contained: Update, State: Update, Title: Text{"zusammenpacken", "combine"}},
	{ID: "consume", InputOutput: "input", Quantity: "resource", Accounting: Decrement, Onhand: Decrement, State: Update, Title: Text{"verbrauchen", "consume"}},
	{ID: "copy", Quantity: "resource", Creates: "optionalTo", Accounting: IncrementTo, Onhand: IncrementTo, Location: New, Accountable: New, State: UpdateTo, Title: Text{"kopieren", "copy"}},
	{ID: "deliverService", InputOutput: "outputInput", Quantity: "resource", Title: Text{"Dienst leisten", "deliver a service"}},
	{ID: "dropoff", InputOutput: "output", Pairs: "pickup", Quantity: "resource", Onhand: Increment, Location: Update, Stage: Update, State: Update, Title: Text{"abladen", "drop off"}},
	{ID: "lower", Quantity: "resource", Creates: "optional", Accounting: Decrement, Onhand: Decrement, Accountable: New, State: Update, Title: Text{"Bestand nach unten berichtigen", "lower after a count"}},
	{ID: "modify", InputOutput: "output", Pairs: "accept", Quantity: "resource", Onhand: Increment, Location: Update, Stage: Update, State: Update, Title: Text{"bearbeitet zurückgeben", "give back worked on"}},
	{ID: "move", Quantity: "resource", Creates: "optionalTo", Accounting: DecrementIncrement, Onhand: DecrementIncrement, Location: UpdateTo, State: UpdateTo, Title: Text{"umlagern", "move"}},
	{ID: "pickup", InputOutput: "input", Pairs: "dropoff", Quantity: "resource", Onhand: Decrement, Location: Update, State: Update, Title: Text{"aufladen", "pick up"}},
	{ID: "produce", InputOutput: "output", Quantity: "resource", Creates: "optional", Accounting: Increment, Onhand: Increment, Location: New, Accountable: New, Stage: Update, State: Update, Title: Text{"herstellen", "produce"}},
	{ID: "raise", Quantity: "resource", Creates: "optional", Accounting: Increment, Onhand: Increment, Accountable: New, State: Update, Title: Text{"Bestand nach oben berichtigen", "raise after a count"}},
	{ID: "separate", InputOutput: "output", Quantity: "resource", Onhand: Increment, Contained: Remove, Stage: Update, State: Update, Title: Text{"auspacken", "separate"}},
	{ID: "transfer", Quantity: "resource", Creates: "optionalTo", Accounting: DecrementIncrement, Onhand: DecrementIncrement, Location: UpdateTo, Accountable: UpdateTo, State: UpdateTo, Title: Text{"übergeben", "transfer"}},
	{ID: "transferAllRights", Quantity: "resource", Creates: "optionalTo", Accounting: DecrementIncrement, Accountable: UpdateTo, State: UpdateTo, Title: Text{"alle Rechte übertragen", "transfer all rights"}},
	{ID: "transferCustody", Quantity: "resource", Creates: "optionalTo", Onhand: DecrementIncrement, Location: UpdateTo, State: UpdateTo, Title: Text{"in Obhut geben", "transfer custody"}},
	{ID: "use", InputOutput: "input", Quantity: "both", State: Update, Title: Text{"benutzen", "use"}},
	{ID: "work", InputOutput: "input", Quantity: "effort", Title: Text{"arbeiten", "work"}},
}
