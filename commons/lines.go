package commons

// Line names a sum: what a group needs or offers in a window, in the words of tables needs and work.
type Line struct {
	Group   string `json:"group"` // Group.ID
	Kind    string `json:"kind"`  // "need", "maximum" or "work"
	What    string `json:"what"`  // for work: the skill
	Of      string `json:"of,omitempty"`
	Unit    string `json:"unit"`
	Basis   string `json:"basis,omitempty"`
	Urgency string `json:"urgency,omitempty"`
	Profile string `json:"profile,omitempty"`
	For     string `json:"for,omitempty"`    // of work
	Burden  string `json:"burden,omitempty"` // of work
	Window  string `json:"window"`           // periods
}
