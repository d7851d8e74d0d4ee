package network

// Ordered returns a normalised copy of the network in canonical order (see
// Canonical); n itself is not changed.
func (n *Network) Ordered() *Network {
	c := n.clone()
	c.Normalise()
	c.Canonical()
	return c
}
