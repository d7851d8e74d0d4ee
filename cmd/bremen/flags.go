package main

import (
	"errors"
	"flag"
	"io"
	"regexp"
	"strings"

	"bremen/internal/mistake"
)

// parse reads flags before, between and after the operands, which it returns.
// After "--" everything is an operand.
func parse(f *flag.FlagSet, args []string) ([]string, error) {
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	var operands []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		rest := f.Args()
		if len(rest) == 0 {
			return operands, nil
		}
		if k := len(args) - len(rest); k > 0 && args[k-1] == "--" {
			return append(operands, rest...), nil
		}
		operands = append(operands, rest[0])
		args = rest[1:]
	}
}

// badFlag turns an error of package flag into a sentence that names the nearest flag.
func badFlag(l language, cmd *command, f *flag.FlagSet, err error) error {
	const undefined, missing = "flag provided but not defined: -", "flag needs an argument: -"
	text := err.Error()
	if name, ok := strings.CutPrefix(text, undefined); ok {
		var names []string
		f.VisitAll(func(fl *flag.Flag) { names = append(names, fl.Name) })
		if near := nearest(name, names); near != "" {
			return usage(l, cmd, errors.New(l.say("unknown/flag/nearest", "name", dashes(name), "nearest", dashes(near), "command", cmd.name)))
		}
		return usage(l, cmd, errors.New(l.say("unknown/flag", "name", dashes(name), "command", cmd.name)))
	}
	if name, ok := strings.CutPrefix(text, missing); ok {
		return usage(l, cmd, errors.New(l.say("flag/value", "name", dashes(name))))
	}
	if m := badValue.FindStringSubmatch(text); m != nil {
		return usage(l, cmd, errors.New(l.say("flag/bad", "value", m[1], "name", dashes(m[2]), "why", wanted(l, f, m[2], m[3]))))
	}
	return usage(l, cmd, err)
}

// wanted says what a flag expects where package flag says "parse error" only.
func wanted(l language, f *flag.FlagSet, name, why string) string {
	fl := f.Lookup(name)
	if fl == nil || why != "parse error" {
		return why
	}
	if g, ok := fl.Value.(flag.Getter); ok {
		switch g.Get().(type) {
		case int, float64:
			return l.say("flag/number")
		}
	}
	return why
}

// badValue is how package flag says that a value was not understood.
var badValue = regexp.MustCompile(`^invalid (?:boolean )?value "(.*)" for (?:flag )?-([^ :]+): (.*)$`)

func dashes(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// nearest returns the known word that a mistyped or shortened one most likely
// means, "" if none is near.
func nearest(word string, known []string) string {
	for _, k := range known {
		if len(word) > 1 && strings.HasPrefix(k, word) {
			return k
		}
	}
	return mistake.Nearest(word, known)
}
