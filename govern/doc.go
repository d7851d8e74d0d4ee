// Package govern says who may do what in a network: rights, offices, mandates
// and powers, as data that the network itself decides on.
//
// Start with [Rules]: read from YAML ([ParseYAML]) for people, kept in the
// record as canonical JSON. [Types] lists every type of entry: its public
// fields, the payloads it may carry, how it must be signed. The rules say which
// right or power may append it, and within which scope.
//
// [State] is the part of a network's state that governs: a fold of its public
// entries by [State.Apply], the same bytes for the same entries, always.
// [State.May] tells whether an entry may come next, or which right was missing
// and who has it. [State.Verify] checks the signatures that outsiders can check.
// [State.WhoCan] is the table "who can do what".
//
// There is no administrator. Nothing here can end somebody else's membership,
// speak in their name, or outlast its term; rules that would end leaving,
// recall or the way back are not valid ([Rules.Check]).
//
// An act that several must carry (a mandate, a recall, new rules, a pause, a new
// key for somebody who lost theirs, an assembly) is one entry that others assent
// to; it takes effect with the last assent needed, or at an entry that closes it
// once its time is over. Nothing happens at a clock reading: the only time known
// here is what entries say.
//
// The package does no input or output and knows no clock. docs/rules.md explains
// the default rules.
package govern
