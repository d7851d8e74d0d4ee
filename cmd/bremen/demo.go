package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"bremen/examples"
	"bremen/network"
	"bremen/network/tables"
)

// demoPort is where the demo's report is served, or on the next free port.
const (
	demoPort  = 8080
	portTries = 50
)

func demoCommand(f *flag.FlagSet) action {
	var p planFlags
	f.StringVar(&p.dir, "o", filepath.Join("out", "region"), "")
	f.StringVar(&p.ladder, "ladder", "", "")
	f.BoolVar(&p.noWhy, "no-why", false, "")
	once := f.Bool("once", false, "")
	return func(ctx context.Context, c *call) error {
		if err := c.planDemo(ctx, p); err != nil {
			return err
		}
		file := filepath.Join(p.dir, reportName)
		if *once || c.json || !c.attended || c.getenv("CI") != "" {
			if c.json {
				return writeJSON(c.out, struct {
					Folder string `json:"folder"`
					Report string `json:"report"`
				}{p.dir, file})
			}
			_, err := fmt.Fprintln(c.out, c.lang.say("demo/file", "file", file))
			return err
		}
		return c.show(ctx, p.dir)
	}
}

// planDemo plans the example region and writes its folder.
func (c *call) planDemo(ctx context.Context, p planFlags) error {
	bar := c.progress()
	defer bar.done()
	bar.phase("read")
	n, err := promptly(ctx, func() (*network.Network, error) { return tables.ReadFS(examples.Region()) })
	if err != nil {
		return err
	}
	begun := c.now()
	made, err := c.makePlan(ctx, n, p, bar)
	if err != nil {
		return err
	}
	bar.phase("write")
	proofs, err := nameProofs(made)
	if err != nil {
		return err
	}
	if err := c.writePlan(ctx, p.dir, n, made, proofs); err != nil {
		return err
	}
	bar.done()
	if !c.json {
		c.printPlan(n, &made.Document, filepath.Join(p.dir, networkName), p.dir, c.now().Sub(begun))
	}
	return nil
}

// show serves the folder to this machine's browser until the command is stopped.
func (c *call) show(ctx context.Context, dir string) error {
	listener, err := listenNear(ctx, demoPort)
	if err != nil {
		return err
	}
	url := "http://localhost:" + strconv.Itoa(listener.Addr().(*net.TCPAddr).Port) + "/"
	server := &http.Server{Handler: pages(dir), ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { server.Close() })()
	fmt.Fprintf(c.err, "\n%s\n", c.lang.say("demo/address", "url", url))
	c.browse(url + reportName)
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil // stopping it is how it ends
}

// pages serves the files of a plan; its address alone is the report.
func pages(dir string) http.Handler {
	files := http.FileServer(http.Dir(dir))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if r.URL.Path == "/" {
			http.ServeFile(w, r, filepath.Join(dir, reportName))
			return
		}
		files.ServeHTTP(w, r)
	})
}

// listenNear listens on this machine only, at port or the next free one after it.
func listenNear(ctx context.Context, port int) (net.Listener, error) {
	var l net.ListenConfig
	var first error
	for p := port; p < port+portTries; p++ {
		listener, err := l.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(p)))
		if err == nil {
			return listener, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// browse opens the address where there is a screen and a program for it.
func (c *call) browse(url string) {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	default:
		if c.getenv("DISPLAY") == "" && c.getenv("WAYLAND_DISPLAY") == "" {
			return
		}
	}
	if path, err := exec.LookPath(name); err == nil {
		cmd := exec.Command(path, args...)
		if cmd.Start() == nil {
			go cmd.Wait() // nobody asks how it ended
		}
	}
}
