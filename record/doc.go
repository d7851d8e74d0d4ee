// Package record is an append-only log of everything that members state and decide.
//
// A network has one record. What somebody says is a [Statement]; put into the record it is an [Entry], which adds a
// number, a time and who signed. The state of a network is the fold of its entries in order, and nothing else: there
// is no table beside the record that anybody could edit.
//
// What is public of a statement is its body, canonical JSON (RFC 8785). Every free text, name, picture, need and
// contact is a [Payload]: it lies beside the log, encrypted under its person's own key, and the statement holds only a
// hash of it with a random salt. Erasing a person destroys key and payloads; the entries stay, and so does every proof.
//
// Entries are the leaves of a Merkle tree as in RFC 6962. The log signs its head (a checkpoint, C2SP tlog-checkpoint),
// witnesses cosign it, and everything is served as C2SP tlog-tiles, so that nobody, whoever runs the server included,
// changes or drops an entry unseen. docs/record.md describes the format for those who write their own auditor.
//
// Start reading at [Statement] and [Entry], then [Log], which is what stores offer: record/sqlite keeps records in
// files, record/postgres in a database that several servers share, and record/recordtest says what both must hold.
// record/tiles serves and reads a record over HTTP; record/witness cosigns the checkpoints of others.
//
// This package knows nothing of what the types of entries mean or who may append them; that is govern's. It does no
// input or output, and takes the time as a parameter.
package record
