// Command ratios measures what docs/performance.md aims at, beside its yardsticks
// and in turn with them, and prints a table of medians. It is started in the module:
//
//	go run ./internal/benchmarks/ratios [-rounds N] [-base COMMIT] [chains] [checks] [targets]
//
// Without names of parts it measures all of them, in about ten minutes, on a machine
// that has nothing else to do: there its figures mean something.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("ratios: ")
	rounds := flag.Int("rounds", 10, "how often everything is measured, in turn")
	base := flag.String("base", "", "also compare with the benchmarks of this commit")
	flag.Parse()
	dir, err := os.MkdirTemp("", "ratios")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	t := &table{}
	parts := []part{{"chains", chains}, {"checks", checks}, {"targets", manyTargets}}
	for _, name := range flag.Args() {
		if !slices.ContainsFunc(parts, func(p part) bool { return p.name == name }) {
			log.Fatalf("there is no part %q", name)
		}
	}
	for _, part := range parts {
		if flag.NArg() > 0 && !slices.Contains(flag.Args(), part.name) {
			continue
		}
		if err := part.measure(t, dir, *rounds); err != nil {
			log.Fatal(err)
		}
	}
	if *base != "" {
		if err := against(t, dir, *base, *rounds); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Print(t)
	if t.missed > 0 {
		log.Fatalf("%d aims are missed", t.missed)
	}
}

// A part of what is measured, by its name.
type part struct {
	name    string
	measure func(t *table, dir string, rounds int) error
}

// A table is what was measured, a line each.
type table struct {
	lines  []string
	missed int
}

// line adds a figure with its aim: at most, or at least where least is set.
func (t *table) line(what string, got float64, unit string, aim float64, least bool) {
	words, met := "at most", got <= aim
	if least {
		words, met = "at least", got >= aim
	}
	said := "yes"
	if !met {
		said = "**no**"
		t.missed++
	}
	t.lines = append(t.lines, fmt.Sprintf("| %s | %.4g%s | %s %.4g%s | %s |", what, got, unit, words, aim, unit, said))
}

// note adds a figure without an aim.
func (t *table) note(what, got string) {
	t.lines = append(t.lines, fmt.Sprintf("| %s | %s | | |", what, got))
}

func (t *table) String() string {
	return "| What | Median | Aim | Met |\n|---|---|---|---|\n" + strings.Join(t.lines, "\n") + "\n"
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// programs builds the two that are measured.
func programs(dir string) (bare, chainspect string, err error) {
	if bare, err = build(dir, "bare", "./internal/benchmarks/bare"); err == nil {
		chainspect, err = build(dir, "chainspect", "./cmd/chainspect")
	}
	return bare, chainspect, err
}

// build makes a program as it is shipped. What the linker has just written lies in
// the page cache in small pieces and starts slower than a copy of it.
func build(dir, name, pkg string) (string, error) {
	linked, path := filepath.Join(dir, name+".linked"), filepath.Join(dir, name)
	if err := goTool(".", "build", "-trimpath", "-ldflags=-s -w", "-o", linked, pkg); err != nil {
		return "", err
	}
	data, err := os.ReadFile(linked)
	if err != nil {
		return "", err
	}
	return path, os.WriteFile(path, data, 0o700)
}
