// Command economy measures how long plans of whole economies take: the
// programs of lptest.Economy, solved by lp/pdhg in blocks and written out, the
// smallest by lp/interior too, and by the HiGHS that ships with Bremen, each to the same error by lp's own check.
//
//	go run ./bench/economy [-runs 5] [-highs 200s] [-sizes 1e5,1.2e6] [-json]
//
// It prints the tables of docs/capacity.md; what it does meanwhile goes to
// standard error. Every solve is a process of its own, so that its memory is
// its own: the peak of what was resident during the solve, the program
// included. The time is that of the solve alone, by the wall clock, with the
// processors' time beside it. Nothing is tuned to a size or a method but what
// the tables say.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "economy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("economy", flag.ContinueOnError)
	o := options{}
	f.IntVar(&o.runs, "runs", 5, "runs of which the median counts; of what takes over a minute there is one")
	f.DurationVar(&o.own, "own", 600*time.Second, "most time for a solve of lp/pdhg")
	f.DurationVar(&o.highs, "highs", 200*time.Second, "most time for a solve of HiGHS; 0 leaves HiGHS out")
	f.IntVar(&o.threads, "threads", 0, "threads of lp/pdhg; 0 means all (HiGHS has one)")
	only := f.String("sizes", "", "sizes by name, separated by commas; empty means all")
	asJSON := f.Bool("json", false, "print every run as a line of JSON instead of tables")
	one := f.String("one", "", "a single solve, as JSON: what the processes started are told")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *one != "" {
		var j job
		if err := json.Unmarshal([]byte(*one), &j); err != nil {
			return err
		}
		return json.NewEncoder(os.Stdout).Encode(j.do(ctx))
	}
	chosen := sizes
	if *only != "" {
		chosen = nil
		for _, name := range strings.Split(*only, ",") {
			s, err := sizeNamed(name)
			if err != nil {
				return err
			}
			chosen = append(chosen, s)
		}
	}
	results, err := o.measure(ctx, chosen)
	if *asJSON {
		for _, r := range results {
			if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
				return err
			}
		}
		return err
	}
	print(os.Stdout, results)
	return err
}
