package main

import "bremen/lp/highs"

// solver starts the solver. Close it when done.
func (c *call) solver() (*highs.Pool, error) {
	return highs.New(highs.Options{Instances: c.threads, Memory: int64(c.memory) << 20, Cache: c.getenv("BREMEN_CACHE")})
}
