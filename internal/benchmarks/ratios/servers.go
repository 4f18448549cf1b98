package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/chainspect/chainspect/internal/testpki"
	"github.com/chainspect/chainspect/internal/testserver"
)

// listen opens servers on the loopback for www.lab.example under a root of their own.
func listen(dir string, n int) (root string, addresses []string, err error) {
	made, err := (&testpki.Maker{Clock: time.Now(), Keys: testpki.NewKey}).Make(map[string]testpki.Recipe{
		"root":    {Subject: "CN=Lab Root", CA: true},
		"issuing": {Subject: "CN=Lab Issuing", Issuer: "root", CA: true},
		"leaf":    {Subject: "CN=www.lab.example", Issuer: "issuing", DNS: []string{"www.lab.example"}, Begins: "-10d", Ends: "30d"},
	})
	if err != nil {
		return "", nil, err
	}
	root = filepath.Join(dir, "root.pem")
	if err := os.WriteFile(root, []byte(made["root"].PEM()), 0o600); err != nil {
		return "", nil, err
	}
	conf := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{made["leaf"].DER, made["issuing"].DER}, PrivateKey: made["leaf"].Key}}, SessionTicketsDisabled: true}
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", nil, err
		}
		addresses = append(addresses, l.Addr().String())
		go testserver.Accept(l, func(c net.Conn) {
			_ = c.SetDeadline(time.Now().Add(10 * time.Second))
			s := tls.Server(c, conf)
			if n, _ := s.Read(make([]byte, 4096)); n > 0 {
				_, _ = io.WriteString(s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			}
		})
	}
	return root, addresses, nil
}

// A command is a program to measure.
type command struct {
	name      string
	args      []string
	cpu, wall []float64 // seconds, a run each
}

func (c *command) run() error {
	cmd := exec.Command(c.args[0], c.args[1:]...)
	cmd.Stdin = nil // openssl s_client ends with its input
	var said bytes.Buffer
	cmd.Stderr = &said
	begun := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", c.name, err, said.Bytes())
	}
	c.wall = append(c.wall, time.Since(begun).Seconds())
	c.cpu = append(c.cpu, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
	return nil
}

// checks measures one live check, beside bare and what else asks a server.
func checks(t *table, dir string, rounds int) error {
	bare, chainspect, err := programs(dir)
	if err != nil {
		return err
	}
	root, addresses, err := listen(dir, 1)
	if err != nil {
		return err
	}
	at := addresses[0]
	commands := []*command{
		{name: "bare", args: []string{bare, at, "www.lab.example", root}},
		{name: "chainspect check --clients none", args: []string{chainspect, "check", at, "--name", "www.lab.example", "--anchor", root, "--clients", "none"}},
		{name: "chainspect check", args: []string{chainspect, "check", at, "--name", "www.lab.example", "--anchor", root}},
		{name: "chainspect --version", args: []string{chainspect, "--version"}},
	}
	others := 0
	for _, c := range []*command{
		{name: "openssl s_client", args: []string{"openssl", "s_client", "-connect", at, "-servername", "www.lab.example", "-CAfile", root, "-verify_return_error"}},
		{name: "curl", args: []string{"curl", "-s", "-o", os.DevNull, "--connect-to", "::" + at, "--cacert", root, "--max-time", "5", "https://www.lab.example/"}},
	} {
		if _, err := exec.LookPath(c.args[0]); err == nil {
			commands, others = append(commands, c), others+1
		}
	}
	const runs = 30 // a round: a single run says little
	for round := range runs * rounds {
		if round%runs == 0 {
			log.Printf("one live check, round %d of %d", round/runs+1, rounds)
		}
		for _, c := range commands {
			if err := c.run(); err != nil {
				return err
			}
		}
	}
	of := func(c *command) float64 { return median(c.cpu) / median(commands[0].cpu) }
	t.note("bare: processor time", fmt.Sprintf("%.2f ms", 1000*median(commands[0].cpu)))
	t.line("chainspect check --clients none: processor time, of bare's", of(commands[1]), " ×", 1.3, false)
	t.line("chainspect check: processor time, of bare's", of(commands[2]), " ×", 1.5, false)
	t.line("chainspect --version: processor time, of bare's", of(commands[3]), " ×", 0.9, false)
	for _, c := range commands[len(commands)-others:] {
		t.line("chainspect check: processor time, of "+c.name+"'s", median(commands[2].cpu)/median(c.cpu), " ×", 1, false)
	}
	return nil
}

// manyTargets measures a thousand servers, beside the bare handshakes.
func manyTargets(t *table, dir string, rounds int) error {
	const targets = 1000
	yardstick, chainspect, err := programs(dir)
	if err != nil {
		return err
	}
	root, addresses, err := listen(dir, targets)
	if err != nil {
		return err
	}
	var plain, jobs bytes.Buffer
	for i, address := range addresses {
		fmt.Fprintln(&plain, address)
		fmt.Fprintf(&jobs, `{"id":"%d","target":%q,"name":"www.lab.example","anchor":%q}`+"\n", i, address, root)
	}
	list, file := filepath.Join(dir, "addresses"), filepath.Join(dir, "targets.jsonl")
	if err := os.WriteFile(list, plain.Bytes(), 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(file, jobs.Bytes(), 0o600); err != nil {
		return err
	}
	bare := &command{name: "bare", args: []string{yardstick, "@" + list, "www.lab.example", root}}
	ours := &command{name: "chainspect check --targets", args: []string{chainspect, "check", "--targets", file, "--jobs", "16", "--format", "ndjson", "-o", os.DevNull}}
	for round := range rounds {
		log.Printf("%d targets, round %d of %d", targets, round+1, rounds)
		for _, c := range []*command{bare, ours} {
			if err := c.run(); err != nil {
				return err
			}
		}
	}
	t.note("bare, 1,000 targets: time", fmt.Sprintf("%.0f ms", 1000*median(bare.wall)))
	t.line("1,000 targets, everything judged: time, of bare's", median(ours.wall)/median(bare.wall), " ×", 1.15, false)
	t.note("1,000 targets, everything judged: processor time, of bare's", fmt.Sprintf("%.3g ×", median(ours.cpu)/median(bare.cpu)))
	return nil
}
