package dial

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chainspect/chainspect/internal/ask"
)

func writeFile(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// nginx runs a server whose ssl_ lines are given; every path answers 200.
func nginx(t testing.TB, ssl string) ask.Target {
	t.Helper()
	dir, port := t.TempDir(), freePort(t)
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n"
	}
	conf := writeFile(t, filepath.Join(dir, "nginx.conf"), user+`daemon off; master_process off; pid `+dir+`/pid; error_log stderr warn;
events {}
http {
  access_log off;
  client_body_temp_path `+dir+`/a; proxy_temp_path `+dir+`/b; fastcgi_temp_path `+dir+`/c; uwsgi_temp_path `+dir+`/d; scgi_temp_path `+dir+`/e;
  server {
    listen 127.0.0.1:`+port+` ssl;
    ssl_protocols TLSv1.2 TLSv1.3;
    `+ssl+`
    location / { return 200 "ok"; }
  }
}
`)
	return run(t, port, "nginx", "-e", "stderr", "-p", dir, "-c", conf)
}

// haproxy runs a frontend with the given bind options; it answers 200.
func haproxy(t testing.TB, bind string) ask.Target {
	t.Helper()
	dir, port := t.TempDir(), freePort(t)
	conf := writeFile(t, filepath.Join(dir, "haproxy.cfg"), `global
  log stderr local0 err
defaults
  mode http
  timeout client 5s
  timeout server 5s
  timeout connect 5s
frontend f
  bind 127.0.0.1:`+port+` ssl `+bind+`
  http-request return status 200 content-type text/plain string ok
`)
	return run(t, port, "haproxy", "-db", "-f", conf)
}

// apache runs a virtual server with the given SSL lines; / has an index.html.
func apache(t testing.TB, ssl string) ask.Target {
	t.Helper()
	const modules = "/usr/lib/apache2/modules/"
	if _, err := os.Stat(modules + "mod_ssl.so"); err != nil {
		t.Skip("apache2 is not installed (apt-get install apache2)")
	}
	dir, port := t.TempDir(), freePort(t)
	// mkdir by hand: Apache as root serves as www-data, which cannot enter the test's own directory.
	if err := os.MkdirAll(filepath.Join(dir, "private"), 0o755); err != nil {
		t.Fatal(err)
	}
	for up := dir; strings.HasPrefix(up, os.TempDir()+"/"); up = filepath.Dir(up) {
		if err := os.Chmod(up, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, page := range []string{"index.html", "private/index.html"} {
		if err := os.WriteFile(filepath.Join(dir, page), []byte("ok"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var load strings.Builder
	for _, m := range []string{"mpm_event", "authz_core", "ssl", "dir", "socache_shmcb"} {
		load.WriteString("LoadModule " + m + "_module " + modules + "mod_" + m + ".so\n")
	}
	conf := writeFile(t, filepath.Join(dir, "apache.conf"), load.String()+`ServerRoot `+dir+`
ServerName localhost
PidFile `+dir+`/pid
ErrorLog `+dir+`/error.log
Mutex file:`+dir+`
DocumentRoot `+dir+`
DirectoryIndex index.html
Listen 127.0.0.1:`+port+`
<Directory />
Require all granted
</Directory>
SSLEngine on
`+ssl)
	return run(t, port, "apache2", "-f", conf, "-DFOREGROUND")
}
