package commons

import (
	"crypto/sha256"
	"errors"

	"bremen/record"
)

// A Merkle sum tree proves that amounts add up to a sum. A node is a hash and an amount; the hash of an inner node covers
// hashes and amounts of both children, so that neither can be changed, and its amount is their sum.
//
//	leaf:  SHA-256("bremen sum leaf\n" + salt + amount)
//	inner: SHA-256("bremen sum node\n" + left hash + left amount + "\n" + right hash + right amount + "\n")
//
// Salts and hashes are 32 bytes, amounts decimals as Decimal writes them. A tree of n > 1 leaves has the largest power of
// two below n on its left, as in RFC 6962. Leaves are not negative: then no sum is less than any part of it.
type sumNode struct {
	Hash   record.Hash `json:"hash"`
	Amount Decimal     `json:"amount"`
}

// errNegative: an amount in a sum is negative.
var errNegative = errors.New("amounts in sums are at least 0")

func sumLeaf(salt record.Hash, amount Decimal) (sumNode, error) {
	if amount.Sign() < 0 {
		return sumNode{}, errNegative
	}
	h := sha256.New()
	h.Write([]byte("bremen sum leaf\n"))
	h.Write(salt[:])
	h.Write([]byte(amount.String()))
	return sumNode{record.Hash(h.Sum(nil)), amount}, nil
}

func sumInner(l, r sumNode) sumNode {
	h := sha256.New()
	h.Write([]byte("bremen sum node\n"))
	for _, n := range []sumNode{l, r} {
		h.Write(n.Hash[:])
		h.Write([]byte(n.Amount.String() + "\n"))
	}
	return sumNode{record.Hash(h.Sum(nil)), l.Amount.Add(r.Amount)}
}

// split is how many of n > 1 leaves stand on the left.
func split(n int) int {
	k := 1
	for 2*k < n {
		k *= 2
	}
	return k
}

// sumRoot returns the root over leaves, of which there is at least one.
func sumRoot(leaves []sumNode) sumNode {
	if len(leaves) == 1 {
		return leaves[0]
	}
	k := split(len(leaves))
	return sumInner(sumRoot(leaves[:k]), sumRoot(leaves[k:]))
}

// SumProof shows that a part is in a sum: the path from its leaf to the root.
type SumProof struct {
	Index    int         `json:"index"` // of Leaves
	Leaves   int         `json:"leaves"`
	Salt     record.Hash `json:"salt"`
	Amount   Decimal     `json:"amount"`
	Siblings []sumNode   `json:"siblings"` // from the leaf upward
}

// proveSum returns the siblings of a leaf, from the leaf upward.
func proveSum(leaves []sumNode, index int) []sumNode {
	if len(leaves) == 1 {
		return nil
	}
	k := split(len(leaves))
	if index < k {
		return append(proveSum(leaves[:k], index), sumRoot(leaves[k:]))
	}
	return append(proveSum(leaves[k:], index-k), sumRoot(leaves[:k]))
}

// Verify checks that the part is in the sum of which root and amount are published.
func (p *SumProof) Verify(root record.Hash, sum Decimal) error {
	if p.Index < 0 || p.Index >= p.Leaves {
		return errors.New("proof: its leaf is not in the tree")
	}
	node, err := sumLeaf(p.Salt, p.Amount)
	if err != nil {
		return err
	}
	var left []bool // whether the sibling stands on the left, from the root downward
	for i, n := p.Index, p.Leaves; n > 1; {
		k := split(n)
		if left = append(left, i >= k); i >= k {
			i, n = i-k, n-k
		} else {
			n = k
		}
	}
	if len(left) != len(p.Siblings) {
		return errors.New("proof: it has another length than the tree")
	}
	for i, s := range p.Siblings {
		if s.Amount.Sign() < 0 {
			return errNegative
		}
		if left[len(left)-1-i] {
			node = sumInner(s, node)
		} else {
			node = sumInner(node, s)
		}
	}
	if node.Hash != root || node.Amount.Cmp(sum) != 0 {
		return errors.New("proof: it leads to another root or sum")
	}
	return nil
}
