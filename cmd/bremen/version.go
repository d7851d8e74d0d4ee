package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"

	"bremen/plan"
)

func versionCommand(*flag.FlagSet) action {
	return func(_ context.Context, c *call) error {
		v := struct {
			Bremen string `json:"bremen"`
			Go     string `json:"go"`
			System string `json:"system"`
		}{plan.Version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
		if c.json {
			return writeJSON(c.out, v)
		}
		_, err := fmt.Fprintf(c.out, "bremen %s  %s  %s\n", v.Bremen, v.Go, v.System)
		return err
	}
}
