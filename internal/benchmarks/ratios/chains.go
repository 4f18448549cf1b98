package main

import (
	"bufio"
	"bytes"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// goTool runs the go command without cgo, as releases are made.
func goTool(dir string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// A benchmarks is a compiled test binary, and what its benchmarks said so far: by
// "Corpus/ecdsa/all-rules cpu-µs/chain".
type benchmarks struct {
	binary, dir string
	said        map[string][]float64
}

func compiled(dir, name, module string) (*benchmarks, error) {
	b := &benchmarks{binary: filepath.Join(dir, name), dir: filepath.Join(module, "internal", "benchmarks"), said: map[string][]float64{}}
	return b, goTool(module, "test", "-trimpath", "-c", "-o", b.binary, "./internal/benchmarks")
}

func (b *benchmarks) run(pattern string) error {
	cmd := exec.Command(b.binary, "-test.run", "^$", "-test.bench", pattern)
	cmd.Dir, cmd.Stderr = b.dir, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("benchmarks: %w\n%s", err, out)
	}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndexByte(name, '-'); i > 0 { // the number of processors
			name = name[:i]
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				b.said[name+" "+fields[i+1]] = append(b.said[name+" "+fields[i+1]], v)
			}
		}
	}
	return nil
}

// of is the median of a benchmark's figure.
func (b *benchmarks) of(name, unit string) float64 { return median(b.said[name+" "+unit]) }

// cpu is the median processor time of a chain.
func (b *benchmarks) cpu(name string) float64 { return b.of(name, "cpu-µs/chain") }

// chains measures judging from memory beside crypto/x509.
func chains(t *table, dir string, rounds int) error {
	b, err := compiled(dir, "now.test", ".")
	if err != nil {
		return err
	}
	for round := range rounds {
		log.Printf("chains from memory, round %d of %d", round+1, rounds)
		if err := b.run("Chain|Corpus|Clients"); err != nil {
			return err
		}
	}
	for _, kind := range []struct {
		name          string
		corpus, alone float64
	}{{"ecdsa", 1.7, 1.2}, {"rsa", 1.3, 1.25}} {
		corpus, chain, clients := "Corpus/"+kind.name, "Chain/"+kind.name, "Clients/"+kind.name
		t.line(corpus+", every rule: rate, of crypto/x509's", b.cpu(corpus+"/crypto-x509")/b.cpu(corpus+"/all-rules"), " ×", kind.corpus, true)
		t.line(chain+", every rule: processor time, of crypto/x509's", b.cpu(chain+"/all-rules")/b.cpu(chain+"/crypto-x509"), " ×", kind.alone, false)
		t.line(chain+", every rule: allocations", b.of(chain+"/all-rules", "allocs/op"), "", 115, false)
		t.note(corpus+", every rule: allocations a chain", fmt.Sprintf("%.0f", b.of(corpus+"/all-rules", "allocs/op")/10000))
		with := ""
		for name := range b.said {
			if rest, ok := strings.CutPrefix(name, clients+"/"); ok && strings.HasSuffix(rest, " cpu-µs/chain") {
				if rest = strings.TrimSuffix(rest, " cpu-µs/chain"); rest != "0-clients" {
					with = rest
				}
			}
		}
		t.line(clients+": with all other clients, of without", b.cpu(clients+"/"+with)/b.cpu(clients+"/0-clients"), " ×", 1.3, false)
	}
	return nil
}

// against compares with the benchmarks of another commit, in turn.
func against(t *table, dir, commit string, rounds int) error {
	tree := filepath.Join(dir, "base")
	if out, err := exec.Command("git", "worktree", "add", "--detach", tree, commit).CombinedOutput(); err != nil {
		return fmt.Errorf("git worktree add %s: %s", commit, out)
	}
	defer exec.Command("git", "worktree", "remove", "--force", tree).Run()
	old, err := compiled(dir, "base.test", tree)
	if err != nil {
		return err
	}
	now, err := compiled(dir, "now.test", ".")
	if err != nil {
		return err
	}
	for round := range rounds {
		log.Printf("now and %s, round %d of %d", commit, round+1, rounds)
		for _, b := range []*benchmarks{old, now} {
			if err := b.run("."); err != nil {
				return err
			}
		}
	}
	var names []string
	for name := range old.said {
		if len(now.said[name]) > 0 && (strings.HasSuffix(name, " cpu-µs/chain") || strings.HasSuffix(name, " ns/op") && len(old.said[strings.TrimSuffix(name, "ns/op")+"cpu-µs/chain"]) == 0) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !strings.Contains(name, "crypto-x509") {
			t.line(name+", of "+commit, median(now.said[name])/median(old.said[name]), " ×", 1.03, false)
		}
	}
	return nil
}
