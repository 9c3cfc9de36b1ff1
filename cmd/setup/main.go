// Command setup fetches what murshid needs to run, and with --tools what its
// tests need besides. It does nothing where everything is there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"murshid/assets"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "setup: %v\n", err)
		os.Exit(1)
	}
}

// run fetches the heavy files and then, if asked, the tools of the tests.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("setup", flag.ContinueOnError)
	withTools := flags.Bool("tools", false, "install what the tests need, too")
	packages := flags.String("packages", "", "the Debian `packages` the tests need, separated by spaces")
	where := flags.Bool("where", false, "only print the cache folder")
	browser := flags.String("browser", "web/browsertest", "the `folder` with the browser tests' package.json and package-lock.json")
	if err := flags.Parse(args); err != nil {
		return flag.ErrHelp
	}
	cache, err := assets.Dir()
	if err != nil {
		return err
	}
	if *where {
		_, err := fmt.Fprintln(out, cache)
		return err
	}
	if err := assets.Fetch(ctx, cache, out); err != nil {
		return err
	}
	if !*withTools {
		return nil
	}
	t := tools{
		cache: cache, out: out, root: os.Geteuid() == 0, ci: os.Getenv("CI") == "true",
		lookPath: lookPath, run: runCommand,
	}
	if err := t.debian(ctx, strings.Fields(*packages)); err != nil {
		return err
	}
	return t.npm(ctx, *browser)
}
