package stories

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/rulebook"
)

// TestCommandsRun: the commands that rules and stories advise run as pasted, in
// a folder that holds the files they name. Those that ask a server, an Apple
// program, a Java key store or root's rights are held to the shell's grammar.
func TestCommandsRun(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not here")
	}
	if out, _ := exec.Command(openssl, "version").Output(); !strings.HasPrefix(string(out), "OpenSSL 3") {
		t.Skipf("the commands are for OpenSSL 3, here is %s", out)
	}
	files := t.TempDir()
	prepare(t, files)
	ran := 0
	for _, step := range steps(t) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(files)); err != nil {
			t.Fatal(err)
		}
		for _, c := range step {
			if out, err := shell(dir, "-n", c); err != nil {
				t.Errorf("no command: %s\n%s", c, out)
				continue
			}
			if !offline(c) {
				continue
			}
			if out, err := shell(dir, "-e", c); err != nil {
				t.Errorf("%s\n%s", strings.Join(step, "\n"), out)
			}
			ran++
		}
		for _, ca := range []string{"new-intermediate.pem", "new-root.pem"} {
			if _, err := os.Stat(filepath.Join(dir, ca)); err != nil {
				continue
			}
			if out, _ := shell(dir, "-e", "openssl x509 -in "+ca+" -noout -ext basicConstraints"); !strings.Contains(string(out), "CA:TRUE") {
				t.Errorf("%s\nmakes no CA: %s", strings.Join(step, "\n"), out)
			}
		}
	}
	if ran < 60 {
		t.Errorf("only %d commands were run", ran)
	}
}

// offline reports whether a command can be run here, without a person.
func offline(c string) bool {
	word, rest, _ := strings.Cut(c, " ")
	if word != "openssl" && word != "cat" && word != "printf" {
		return false
	}
	// Two programs that both ask for a password need a terminal; openssl ca needs a CA's own configuration.
	return !strings.Contains(rest, "s_client") && !strings.HasPrefix(rest, "ca ") && !strings.Contains(rest, "&& openssl pkcs12")
}

func shell(dir, flag, command string) ([]byte, error) {
	cmd := exec.Command("sh", flag, "-c", command)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(strings.Repeat("secret\n", 16))
	return cmd.CombinedOutput()
}

// steps lists the commands that rules and stories advise, those of each step once.
func steps(t *testing.T) [][]string {
	t.Helper()
	var list [][]string
	seen := map[string]bool{}
	add := func(step []string) {
		if key := strings.Join(step, "\n"); !seen[key] {
			seen[key], list = true, append(list, step)
		}
	}
	for _, book := range rulebook.Books() {
		for _, r := range book {
			for i := range r.Advice {
				add(r.Advice[i].General().Commands)
			}
		}
	}
	for _, s := range load(t) {
		r := judge(t, &s.Scene)
		for _, a := range r.Plan {
			add(a.Commands)
		}
		for _, f := range r.Findings {
			for _, a := range f.Advice {
				add(a.Commands)
			}
		}
	}
	return list
}

// prepare writes the files that the commands name.
func prepare(t *testing.T, dir string) {
	t.Helper()
	const make = `
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Root -days 30 -keyout ca.key -out ca.pem
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=www.example.com -addext subjectAltName=DNS:www.example.com -keyout server.key -out server.csr
openssl x509 -req -days 30 -copy_extensions copy -in server.csr -CA ca.pem -CAkey ca.key -out server.pem
openssl pkcs12 -export -in server.pem -inkey server.key -passout pass:secret -out identity.p12
openssl pkcs12 -export -legacy -in server.pem -inkey server.key -passout pass:secret -out old.p12
cp ca.pem intermediate.pem; cp ca.key intermediate.key; cp ca.pem intermediates.pem; cp ca.pem root.pem; cp ca.key root.key
cp server.pem client.pem; cp server.key client.key; cp server.csr client.csr; cp server.pem cert.pem; cp server.key key.pem
cat server.pem ca.pem > fullchain.pem
printf 'default_ca=a\n[a]\ndatabase=index.txt\ndefault_md=sha256\n' > openssl.cnf; touch index.txt
openssl ca -config openssl.cnf -gencrl -crldays 30 -keyfile ca.key -cert ca.pem -out list.pem
openssl crl -in list.pem -outform DER -out list.crl
openssl ocsp -index index.txt -rsigner ca.pem -rkey ca.key -CA ca.pem -issuer ca.pem -cert server.pem -respout answer.der
`
	for line := range strings.Lines(strings.TrimSpace(make)) {
		if out, err := shell(dir, "-e", strings.TrimSpace(line)); err != nil {
			t.Fatalf("%s%s", line, out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "list.crl")); err != nil {
		t.Fatal(err)
	}
}
