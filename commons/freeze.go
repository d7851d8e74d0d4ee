package commons

import (
	"bytes"
	"context"
	"errors"

	"bremen/network"
	"bremen/network/tables"
	"bremen/record"
)

// NetworkHash returns the hash of the network in a file that Freeze wrote, as plan.Document names it.
func NetworkHash(file []byte) (string, error) {
	n, err := tables.ReadWorkbook(bytes.NewReader(file), "network.xlsx")
	if err != nil {
		return "", err
	}
	return network.Hash(n), nil
}

// Frozen is the public network for a plan.
type Frozen struct {
	Number  int64            // how many entries it was folded from
	File    []byte           // a workbook that plan, verify and audit read; keep it with Files.Put
	Hash    record.Hash      // SHA-256 of File, which plan.adopt names
	Network *network.Network // what the file says, normalised
	Groups  []Group          // as published
}

// Group is one or several groups that are published as one.
type Group struct {
	ID      string   // agent in the network
	Groups  []string // names of groups
	Persons int      // members and guests
}

// Share is one sum with the part in it that is a person's own.
type Share struct {
	Line   Line
	Own    Decimal
	Sum    Decimal
	Root   record.Hash
	Proofs []SumProof
}

// Freeze sums up needs and work offers by group and writes the public network of what holds now. Nothing is published
// below govern's figure group_least: smaller groups are merged, and a smaller network is refused.
func (n *Network) Freeze(ctx context.Context) (*Frozen, error) {
	return nil, errors.New("freeze: not there yet")
}

// MyShare shows a person their own part of every sum in a frozen network, with proofs that it is in it.
func (n *Network) MyShare(ctx context.Context, person int64, file record.Hash) ([]Share, error) {
	return nil, errors.New("share: not there yet")
}
