package main

import (
	"errors"

	"bremen/lp/highs"
)

// solver starts the solver. Close it when done.
func (c *call) solver() (*highs.Pool, error) {
	if c.threads < 0 || c.memory < 0 {
		return nil, usage(c.lang, c.command, errors.New(c.lang.say("threads")))
	}
	return highs.New(highs.Options{Instances: c.threads, Memory: int64(c.memory) << 20, Cache: c.getenv("BREMEN_CACHE")})
}
