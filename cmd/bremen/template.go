package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"bremen/internal/wholefile"
	"bremen/network/tables"
)

func templateCommand(f *flag.FlagSet) action {
	return func(ctx context.Context, c *call) error {
		name := c.operands[0]
		if name != "-" && !strings.EqualFold(filepath.Ext(name), ".xlsx") {
			return usage(c.lang, c.command, errors.New(c.lang.say("template/form", "name", name)))
		}
		write := func(w io.Writer) error { return tables.Template(&stoppable{ctx, w}, string(c.lang)) }
		if name == "-" {
			return write(c.out)
		}
		if _, err := os.Lstat(name); err == nil {
			return &failure{status: exitInput, err: errors.New(c.lang.say("exists", "name", name)), next: c.lang.say("exists/next")}
		}
		if err := c.unwritten(name, wholefile.Write(name, 0o666, write)); err != nil {
			return err
		}
		if c.json {
			return writeJSON(c.out, struct {
				Out string `json:"out"`
			}{name})
		}
		_, err := fmt.Fprintln(c.out, wrap(c.lang.say("template/done", "name", name), width))
		return err
	}
}
