package network

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// Canonical puts the rows of every table in the order of their values, column
// by column, so that nothing later depends on the order in which they were
// stated. Urgencies and the rungs of ladders keep theirs, which means something.
func (n *Network) Canonical() {
	for t := range Tables {
		c := Tables[t].Cursor(n)
		var keys []byte
		ends := make([]int, c.Len()+1)
		for i := range c.Len() {
			c.Load(i)
			keys = c.appendKey(keys)
			ends[i+1] = len(keys)
		}
		key := func(i int) []byte { return keys[ends[i]:ends[i+1]] }
		order := make([]int, c.Len())
		for i := range order {
			order[i] = i
		}
		compare := func(a, b int) int { return bytes.Compare(key(a), key(b)) }
		if !slices.IsSortedFunc(order, compare) {
			slices.SortStableFunc(order, compare)
			c.rows.permute(order)
		}
	}
}

// appendKey adds bytes that compare as the current row does.
func (c *Cursor) appendKey(key []byte) []byte {
	for _, f := range c.fields {
		switch p := f.(type) {
		case *string:
			key = append(append(key, *p...), 0)
		case *float64:
			key = appendFloat(key, *p)
		case **float64:
			if *p == nil {
				key = append(key, 0)
			} else {
				key = appendFloat(append(key, 1), **p)
			}
		case *int:
			key = binary.BigEndian.AppendUint32(key, uint32(*p))
		case *bool:
			key = append(key, byte(boolInt(*p)))
		case *Span:
			key = appendSpan(key, *p)
		case *Periods:
			for _, s := range *p {
				key = appendSpan(append(key, 1), s)
			}
			key = append(key, 0)
		}
	}
	return key
}

func appendSpan(key []byte, s Span) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(key, uint32(s.From)), uint32(s.To))
}

// appendFloat adds the bits of a number so that smaller numbers come first.
func appendFloat(key []byte, x float64) []byte {
	b := math.Float64bits(x)
	if b>>63 == 1 {
		b = ^b
	} else {
		b |= 1 << 63
	}
	return binary.BigEndian.AppendUint64(key, b)
}
