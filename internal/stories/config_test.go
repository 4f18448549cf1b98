package stories

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/rulebook"
)

// TestServersReadTheConfiguration: nginx and Apache take each line that is advised,
// beside those that every TLS server has.
func TestServersReadTheConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not here")
	}
	prepare(t, dir)
	if out, err := shell(dir, "-e",
		"cp ca.pem client-ca.pem; cp ca.pem chain.pem; mkdir log modules; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "+
			"-nodes -subj /CN=x -keyout key.pem -out cert.pem; cat cert.pem ca.pem > fullchain.pem"); err != nil {
		t.Fatalf("%s", out)
	}
	servers := map[string]func(line string) ([]byte, error){
		"nginx":                          func(line string) ([]byte, error) { return nginx(dir, line) },
		"Apache":                         func(line string) ([]byte, error) { return apache(dir, "", line) },
		"Apache, outside of VirtualHost": func(line string) ([]byte, error) { return apache(dir, line, "") },
		"Node":                           nil, // an option of a program's own
	}
	present := map[string]bool{"nginx": has("nginx"), "Apache": has("apache2"), "Apache, outside of VirtualHost": has("apache2")}
	read := 0
	for _, line := range configuration(t) {
		server, line, _ := strings.Cut(line, ": ")
		try, known := servers[server]
		if !known {
			t.Errorf("no server is called %s: %s", server, line)
		}
		if try == nil || !present[server] || strings.Contains(line, "MLKEM") && !postQuantum() {
			continue
		}
		line = strings.ReplaceAll(line, "/var/log/nginx/", filepath.Join(dir, "log")+"/")
		if out, err := try(line); err != nil {
			t.Errorf("%s does not read %s\n%s", server, line, out)
		}
		read++
	}
	if read == 0 {
		t.Skip("neither nginx nor Apache is here")
	}
	t.Logf("%d lines were read", read)
}

func has(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// postQuantum reports whether OpenSSL has the group that a step names, from 3.5 on.
func postQuantum() bool {
	out, err := exec.Command("openssl", "list", "-kem-algorithms").Output()
	return err == nil && strings.Contains(string(out), "MLKEM")
}

// nginx has it read a server block with the line.
func nginx(dir, line string) ([]byte, error) {
	beside := "listen 127.0.0.1:8443 ssl; "
	if strings.HasPrefix(line, "listen ") {
		beside = ""
	}
	for _, d := range []string{"ssl_certificate fullchain.pem;", "ssl_certificate_key key.pem;", "ssl_client_certificate client-ca.pem;"} {
		if name, _, _ := strings.Cut(d, " "); !strings.HasPrefix(line, name+" ") {
			beside += d + " "
		}
	}
	conf := fmt.Sprintf("pid nginx.pid;\nerror_log stderr;\nevents {}\nhttp { access_log off; client_body_temp_path tmp; proxy_temp_path "+
		"tmp; fastcgi_temp_path tmp; uwsgi_temp_path tmp; scgi_temp_path tmp;\n server { %s\n %s\n } }\n", beside, line)
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(conf), 0o600); err != nil {
		return nil, err
	}
	return exec.Command("nginx", "-t", "-p", dir, "-c", filepath.Join(dir, "nginx.conf")).CombinedOutput()
}

// apache has it read a virtual host with the line, and another before it.
func apache(dir, before, line string) ([]byte, error) {
	modules := ""
	for _, m := range []string{"mpm_event", "authz_core", "alias", "socache_shmcb", "ssl"} {
		modules += "LoadModule " + m + "_module /usr/lib/apache2/modules/mod_" + m + ".so\n"
	}
	cache, listen := before, "Listen 127.0.0.1:8443\n"
	if cache == "" {
		cache = "SSLStaplingCache shmcb:ocsp(128000)"
	}
	host := "ServerName localhost\nSSLEngine on\nSSLCertificateFile fullchain.pem\nSSLCertificateKeyFile key.pem\n" + line
	if strings.HasPrefix(line, "Listen ") { // which stands outside
		listen, host = line+"\n", strings.TrimSuffix(host, line)
	}
	conf := fmt.Sprintf("ServerRoot %s\nDefaultRuntimeDir %s\nPidFile httpd.pid\nErrorLog error.log\nServerName "+
		"localhost\n%s%s%s\n<VirtualHost 127.0.0.1:8443>\n%s\n</VirtualHost>\n", dir, dir, modules, listen, cache, host)
	if err := os.WriteFile(filepath.Join(dir, "httpd.conf"), []byte(conf), 0o600); err != nil {
		return nil, err
	}
	return exec.Command("apache2", "-t", "-f", filepath.Join(dir, "httpd.conf")).CombinedOutput()
}

// configuration lists the lines of configuration that rules and stories advise.
func configuration(t *testing.T) (lines []string) {
	t.Helper()
	for _, book := range rulebook.Books() {
		for _, r := range book {
			for i := range r.Advice {
				lines = append(lines, r.Advice[i].General().Config...)
			}
		}
	}
	for _, s := range load(t) {
		for _, f := range judge(t, &s.Scene).Findings {
			for _, a := range f.Advice {
				lines = append(lines, a.Config...)
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}
