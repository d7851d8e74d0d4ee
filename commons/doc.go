// Package commons is the living state of networks: what their records add up to, and the commands that go on from there.
//
// Start with [Open], which opens every network of a record.Store; [Commons.Network] gives one. [State] is the public
// state, the fold of a record's entries: the same bytes for the same entries, for ever, whether or not anything private
// was erased since. What is private is never in it. It holds the references to what is private and still holds, and
// whatever shows a need, a name or an offer reads the payload when it is asked; one that was erased is
// record.ErrErased, as if it had never been readable. So nothing private lies in snapshots, indexes or pages, and an erasure has nothing to hunt for.
//
// An [Intent] is what a person wants to say; there is one function for each thing a person can do ([Commands] lists
// them). [Network.Prepare] makes a statement of it and asks the rules; a device signs the statement's hash; then
// [Network.Append] checks right and signatures against the state at the end of the record, appends if the record still
// ends there, tries again if it has moved, and returns the entry with its receipt. [Network.Do] is both steps for what
// needs no device. Refusals are *govern.Refusal or *[Refusal]: both have a code and sentences in German and English.
//
// [Network.Freeze] writes the public network for a plan: needs summed by group, groups under five persons merged, each
// sum with the root of a Merkle sum tree in which every member can find their own amount ([Network.MyShare]). [Network.Compute]
// makes and verifies a plan of it, which somebody with the power then adopts ([AdoptPlan]); one that is not proven is refused.
//
// The package never signs for a person and offers nobody what another person keeps private.
// docs/commons.md describes state, snapshots and sum trees for those who write their own.
package commons
