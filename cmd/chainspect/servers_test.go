package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/chainspect/chainspect/internal/testserver"
)

func freePort(ts *testscript.TestScript) string {
	port, err := testserver.FreePort()
	ts.Check(err)
	return port
}

// background starts a real server on loopback, waits for its port and stops it with the session.
func background(ts *testscript.TestScript, name, port string, cmd *exec.Cmd) {
	cmd.Dir = ts.Getenv("WORK")
	log, err := os.Create(filepath.Join(cmd.Dir, name+".log"))
	ts.Check(err)
	cmd.Stdout, cmd.Stderr = log, log
	ts.Check(cmd.Start())
	ts.Defer(func() {
		cmd.Process.Kill()
		cmd.Wait()
		log.Close()
	})
	for range 200 {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
		if err == nil {
			c.Close()
			ts.Setenv(name, "127.0.0.1:"+port)
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	text, _ := os.ReadFile(log.Name())
	ts.Fatalf("%s did not start: %s", cmd.Path, text)
}

// nginx NAME CERTFILE:KEYFILE... [-- DIRECTIVE...]: a real nginx with these
// certificates; directives are separated by commas.
func nginx(ts *testscript.TestScript, neg bool, args []string) {
	port := freePort(ts)
	dir := ts.Getenv("WORK")
	var lines []string
	for _, a := range args[1:] {
		if cert, key, ok := strings.Cut(a, ":"); ok && strings.HasSuffix(key, ".key") {
			lines = append(lines, fmt.Sprintf("ssl_certificate %s/%s; ssl_certificate_key %s/%s;", dir, cert, dir, key))
		} else {
			lines = append(lines, strings.ReplaceAll(a, "$WORK", dir)+";")
		}
	}
	conf := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/%[2]s.pid; error_log stderr; worker_processes 1;
events {}
http { access_log off;
client_body_temp_path %[1]s/t1; proxy_temp_path %[1]s/t2; fastcgi_temp_path %[1]s/t3; uwsgi_temp_path %[1]s/t4; scgi_temp_path %[1]s/t5;
server { listen 127.0.0.1:%[3]s ssl; ssl_protocols TLSv1.2 TLSv1.3; %[4]s location / { return 200 ok; } } }
`, dir, args[0], port, strings.Join(lines, "\n"))
	file := filepath.Join(dir, args[0]+".conf")
	ts.Check(os.WriteFile(file, []byte(conf), 0o600))
	background(ts, args[0], port, exec.Command("nginx", "-e", "stderr", "-p", dir, "-c", file))
}

// sserver NAME ARG...: openssl s_server with these arguments.
func sserver(ts *testscript.TestScript, neg bool, args []string) {
	port := freePort(ts)
	background(ts, args[0], port, exec.Command("openssl", append([]string{"s_server", "-accept", "127.0.0.1:" + port, "-quiet"}, args[1:]...)...))
}
