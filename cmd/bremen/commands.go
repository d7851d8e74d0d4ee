package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// command is one word of the command line.
type command struct {
	name        string
	operands    string // as shown in help
	least, most int    // how many operands; most < 0: any number
	record      bool   // about records, not networks in files

	// setup declares the command's own flags and returns what it does.
	setup func(f *flag.FlagSet) action
}

// action does the work of a command.
type action func(ctx context.Context, c *call) error

// commands, in the order of help. Their sentences stand in the catalogue under "about/NAME".
var commands = []command{
	{name: "demo", setup: demoCommand},
	{name: "template", operands: "FILE.xlsx", least: 1, most: 1, setup: templateCommand},
	{name: "check", operands: "NETWORK", least: 1, most: 1, setup: checkCommand},
	{name: "plan", operands: "NETWORK", least: 1, most: 1, setup: planCommand},
	{name: "why", operands: "PLAN [NEED|PRODUCT]", least: 1, most: 2, setup: whyCommand},
	{name: "compare", operands: "PLAN PLAN", least: 2, most: 2, setup: compareCommand},
	{name: "verify", operands: "PLAN NETWORK", least: 2, most: 2, setup: verifyCommand},
	{name: "whatif", operands: "NETWORK", least: 1, most: 1, setup: whatifCommand},
	{name: "series", operands: "NETWORK SERIES", least: 2, most: 2, setup: seriesCommand},
	{name: "convert", operands: "IN OUT", least: 2, most: 2, setup: convertCommand},
	{name: "economy", operands: "WHAT [FOLDER …]", least: 1, most: 5, setup: economyCommand},
	{name: "capacity", setup: capacityCommand},
	{name: "serve", setup: serveCommand},
	{name: "audit", operands: "RECORD", least: 1, most: 1, record: true, setup: auditCommand},
	{name: "backup", operands: "RECORDS KEYS", least: 2, most: 2, record: true, setup: backupCommand},
	{name: "restore", operands: "RECORD KEYS", least: 2, most: 2, record: true, setup: restoreCommand},
	{name: "move", operands: "[RECORD]", most: 1, record: true, setup: moveCommand},
	{name: "declare", operands: "WHAT", least: 1, most: 1, record: true, setup: declareCommand},
	{name: "witness", record: true, setup: witnessCommand},
	{name: "worker", setup: workerCommand},
	{name: "version", setup: versionCommand},
}

// call is one command line, understood.
type call struct {
	env
	command  *command
	lang     language
	json     bool
	threads  int           // solves side by side; 0: as many as processors
	memory   int           // most MiB per solve; 0: as much as the solver can have
	time     time.Duration // after which to give up; 0: never
	operands []string
}

// dispatch finds the command that args name, reads its flags and carries it
// out. It sets lang as soon as a flag says so.
func dispatch(ctx context.Context, args []string, e env, lang *language) error {
	if len(args) == 0 || wantsHelp(args[0]) {
		return help(e.out, *lang, args)
	}
	if args[0] == "-version" || args[0] == "--version" {
		args[0] = "version"
	}
	cmd := commandNamed(args[0])
	if cmd == nil {
		return unknownCommand(*lang, args[0])
	}
	c := &call{env: e, command: cmd, lang: *lang}
	flags := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	act := cmd.setup(flags)
	c.common(flags)
	var err error
	c.operands, err = parse(flags, args[1:])
	*lang = c.lang
	if errors.Is(err, flag.ErrHelp) {
		return helpFor(e.out, c.lang, cmd)
	}
	if err != nil {
		return badFlag(c.lang, cmd, flags, err)
	}
	if n := len(c.operands); n < cmd.least || (cmd.most >= 0 && n > cmd.most) {
		return usage(c.lang, cmd, errors.New(c.lang.say("operands", "command", cmd.name, "count", fmt.Sprint(n), "operands", orNone(c.lang, cmd.operands))))
	}
	if c.threads < 0 || c.memory < 0 {
		return usage(c.lang, cmd, errors.New(c.lang.say("threads")))
	}
	if c.time > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.time)
		defer cancel()
	}
	err = act(ctx, c)
	if errors.Is(err, context.DeadlineExceeded) && c.time > 0 {
		return &failure{status: exitInput, err: errors.New(c.lang.say("late", "time", c.time.String())), next: c.lang.say("late/next")}
	}
	return err
}

func orNone(l language, operands string) string {
	if operands == "" {
		return l.say("operands/none")
	}
	return operands
}

// common declares the flags that every command takes.
func (c *call) common(f *flag.FlagSet) {
	f.BoolVar(&c.json, "json", false, "")
	f.Func("lang", "", func(s string) error {
		l, ok := languageNamed(s)
		if !ok {
			return errors.New(c.lang.say("lang/known"))
		}
		c.lang = l
		return nil
	})
	switch c.command.name { // that run the solver
	case "plan", "why", "whatif", "series", "demo":
		f.DurationVar(&c.time, "time", 0, "")
		fallthrough
	case "serve", "worker":
		f.IntVar(&c.threads, "threads", 0, "")
		f.IntVar(&c.memory, "memory", 0, "")
	}
}

func commandNamed(name string) *command {
	for i := range commands {
		if commands[i].name == name {
			return &commands[i]
		}
	}
	return nil
}

func wantsHelp(arg string) bool {
	switch arg {
	case "help", "-h", "-help", "--help":
		return true
	}
	return false
}

// help answers "bremen", "bremen help" and "bremen help COMMAND".
func help(w io.Writer, l language, args []string) error {
	for i, a := range args {
		if k, v, ok := strings.Cut(strings.TrimLeft(a, "-"), "="); k == "lang" && ok {
			l, _ = languageNamed(v)
		} else if k == "lang" && i+1 < len(args) {
			l, _ = languageNamed(args[i+1])
		}
	}
	if len(args) > 1 && !strings.HasPrefix(args[1], "-") {
		cmd := commandNamed(args[1])
		if cmd == nil {
			return unknownCommand(l, args[1])
		}
		return helpFor(w, l, cmd)
	}
	fmt.Fprintf(w, "%s\n\n", l.say("help/first"))
	for i := range commands {
		cmd := &commands[i]
		fmt.Fprintln(w, hang(l.say("about/"+cmd.name), fmt.Sprintf("  %-32s", "bremen "+strings.TrimSpace(cmd.name+" "+cmd.operands)), 80))
	}
	fmt.Fprintf(w, "\n%s\n", wrap(l.say("help/last"), 80))
	return nil
}

// helpFor prints what one command does and its flags.
func helpFor(w io.Writer, l language, cmd *command) error {
	fmt.Fprintf(w, "bremen %s\n\n%s\n\n", strings.TrimSpace(cmd.name+" "+cmd.operands+" [--FLAG …]"), wrap(l.say("about/"+cmd.name), 80))
	if more := l.sayOr("more/"+cmd.name, ""); more != "" {
		fmt.Fprintf(w, "%s\n\n", wrap(more, 80))
	}
	f := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	c := &call{command: cmd, lang: l}
	cmd.setup(f)
	c.common(f)
	f.VisitAll(func(fl *flag.Flag) {
		name := "--" + fl.Name
		if len(fl.Name) == 1 {
			name = "-" + fl.Name
		}
		if arg := l.sayOr("arg/"+cmd.name+"/"+fl.Name, l.sayOr("arg/"+fl.Name, "")); arg != "" {
			name += " " + arg
		}
		text := l.sayOr("flag/"+cmd.name+"/"+fl.Name, "")
		if text == "" {
			text = l.say("flag/" + fl.Name)
		}
		fmt.Fprintln(w, hang(text, fmt.Sprintf("  %-24s", name), 80))
	})
	if example := l.sayOr("example/"+cmd.name, ""); example != "" {
		fmt.Fprintf(w, "\n%s\n", example)
	}
	return nil
}

// usage is the failure of a command line that was not understood.
func usage(l language, cmd *command, err error) error {
	next := l.say("usage/next", "command", "")
	if cmd != nil {
		next = l.say("usage/next", "command", " "+cmd.name)
	}
	return &failure{status: exitUsage, err: err, next: strings.TrimSpace(next)}
}

func unknownCommand(l language, name string) error {
	names := make([]string, len(commands))
	for i := range commands {
		names[i] = commands[i].name
	}
	if near := nearest(name, append(names, "help")); near != "" {
		return usage(l, nil, errors.New(l.say("unknown/command/nearest", "name", name, "nearest", near)))
	}
	return usage(l, nil, errors.New(l.say("unknown/command", "name", name)))
}
