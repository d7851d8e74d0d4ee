// Package vault seals and opens payloads for stores, which keep what is sealed and the keys apart.
package vault

import (
	"crypto/rand"
	"slices"

	"bremen/record"
)

// NewKey returns a fresh key of a person.
func NewKey() []byte {
	key := make([]byte, record.KeySize)
	rand.Read(key) // never fails, says its documentation
	return key
}

// Pointers returns pointers to those of the payloads whose person was not erased.
func Pointers(payloads []record.Payload, erased []int64) []*record.Payload {
	var list []*record.Payload
	for i := range payloads {
		if !slices.Contains(erased, payloads[i].Person) {
			list = append(list, &payloads[i])
		}
	}
	return list
}

// Persons returns the persons of payloads, each once.
func Persons(payloads []*record.Payload) []int64 {
	var list []int64
	seen := map[int64]bool{}
	for _, p := range payloads {
		if !seen[p.Person] {
			seen[p.Person] = true
			list = append(list, p.Person)
		}
	}
	return list
}

// Sealed are payloads as a store keeps them, in columns.
type Sealed struct {
	Hashes  [][]byte
	Persons []int64
	Data    [][]byte
}

// Seal seals the payloads of a log under their persons' keys.
func Seal(origin string, payloads []*record.Payload, keys map[int64][]byte) (Sealed, error) {
	var s Sealed
	for _, p := range payloads {
		data, err := record.Seal(keys[p.Person], origin, p)
		if err != nil {
			return s, err
		}
		hash := p.Hash()
		s.Hashes, s.Persons, s.Data = append(s.Hashes, hash[:]), append(s.Persons, p.Person), append(s.Data, data)
	}
	return s, nil
}

// Open opens what was found sealed of refs and adds it to out. Whose key is not there was erased between two reads, and is
// left out.
func Open(origin string, refs []record.Ref, sealed map[record.Hash][]byte, keys map[int64][]byte, out map[record.Hash]record.Payload) error {
	for _, ref := range refs {
		data, key := sealed[ref.Hash], keys[ref.Person]
		if data == nil || key == nil {
			continue
		}
		p, err := record.Unseal(key, origin, ref, data)
		if err != nil {
			return err
		}
		out[ref.Hash] = p
	}
	return nil
}
