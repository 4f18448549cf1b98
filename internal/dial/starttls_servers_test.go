package dial

import (
	"context"
	"crypto/elliptic"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A startTLSFixture is what the servers of these tests are set up with: the same
// chain, and a directory that an ordinary user can read.
type startTLSFixture struct {
	dir, chain, key string
	list            []string // keys of the chain's blobs
}

func newStartTLSFixture(t *testing.T) *startTLSFixture {
	t.Helper()
	dir, err := os.MkdirTemp("", "starttls") // short: sockets lie in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ca := newTestCA(t, "starttls")
	c := ca.chain(t, "mail.test", ecKey(t, elliptic.P256(), "mail"), nil)
	f := &startTLSFixture{dir: dir}
	f.chain, f.key = files(t, dir, "server", c)
	for _, der := range c.Certificate {
		f.list = append(f.list, chain.BlobKey(der))
	}
	return f
}

func (f *startTLSFixture) write(t *testing.T, name, format string, args ...any) string {
	t.Helper()
	path := filepath.Join(f.dir, name)
	if err := os.WriteFile(path, fmt.Appendf(nil, format, args...), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// shows asks a server by name and by `auto`, and wants the fixture's chain.
func (f *startTLSFixture) shows(t *testing.T, target ask.Target, protocol string) {
	t.Helper()
	target.Scheme, target.HTTPS = "", false
	for _, d := range []*starttls.Dialogue{starttls.ByName(protocol), starttls.Auto} {
		if target.StartTLS = d; d == starttls.Auto && len(greetingOf(protocol)) == 0 {
			continue // it waits for us, at a port that tells nothing
		}
		observations, _ := probed(target, ask.Plan{})
		o := observations[0]
		if !o.Outcome.OK || strings.Join(o.Sent, " ") != strings.Join(f.list, " ") || o.StartTLS != protocol || o.Outcome.ALPN != "" || len(observations) != 1 {
			t.Errorf("%s by %s: %+v", protocol, d.Name, observations)
		}
	}
}

func greetingOf(protocol string) string {
	return map[string]string{"smtp": "220", "imap": "*", "pop3": "+OK"}[protocol]
}

// refuses asks a server that does not come to TLS.
func refuses(t *testing.T, target ask.Target, protocol, want string) {
	t.Helper()
	target.Scheme, target.HTTPS, target.StartTLS = "", false, starttls.ByName(protocol)
	observations, _ := probed(target, ask.Plan{})
	if o := observations[0]; len(observations) != 1 || o.Outcome.ErrorKind != "not_tls" || !strings.Contains(o.Outcome.Error, want) {
		t.Errorf("%s: %+v", protocol, observations)
	}
}

func TestStartTLSDovecot(t *testing.T) {
	program(t, "dovecot")
	if _, err := os.Stat("/usr/lib/dovecot/imap-login"); err != nil {
		t.Skip("dovecot's IMAP server is not installed (apt-get install dovecot-imapd dovecot-pop3d)")
	}
	f := newStartTLSFixture(t)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	group, login := "", me.Username
	if g, err := user.LookupGroupId(me.Gid); err == nil {
		group = g.Name
	}
	if me.Uid == "0" {
		login, group = "nobody", "nogroup"
	}
	for _, ssl := range []string{"yes", "no"} {
		imap, pop3 := freePort(t), freePort(t)
		base := filepath.Join(f.dir, "d"+ssl)
		if err := os.MkdirAll(base, 0o755); err != nil {
			t.Fatal(err)
		}
		config := f.write(t, "dovecot-"+ssl+".conf", `
base_dir = %[1]s
state_dir = %[1]s
log_path = /dev/stderr
protocols = imap pop3
listen = 127.0.0.1
ssl = %[2]s
ssl_cert = <%[3]s
ssl_key = <%[4]s
default_internal_user = %[5]s
default_internal_group = %[6]s
default_login_user = %[5]s
service imap-login {
  chroot =
  inet_listener imap {
    port = %[7]s
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = %[8]s
  }
  inet_listener pop3s {
    port = 0
  }
}
service anvil {
  chroot =
}
passdb {
  driver = static
  args = nopassword=y
}
`, base, ssl, f.chain, f.key, login, group, imap, pop3)
		target := run(t, imap, "dovecot", "-F", "-c", config)
		other := target
		other.Port = pop3
		if ssl == "yes" {
			f.shows(t, target, "imap")
			f.shows(t, other, "pop3")
			continue
		}
		refuses(t, target, "imap", "the server speaks IMAP and offers no STARTTLS")
		refuses(t, other, "pop3", "the server speaks POP3 and offers no STARTTLS")
	}
}

// postgresProgram finds a program of the newest PostgreSQL; Debian has them off the path.
func postgresProgram(t *testing.T, name string) string {
	t.Helper()
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		return found[len(found)-1]
	}
	return program(t, name)
}

// asUser makes a command run as an ordinary user where we are root: PostgreSQL
// refuses root.
func asUser(t *testing.T, cmd *exec.Cmd, own ...string) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return
	}
	u, err := user.Lookup("nobody")
	if err != nil {
		t.Skip("there is no user nobody to run the server as")
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	for _, path := range own {
		if err := os.Chown(path, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

func TestStartTLSPostgres(t *testing.T) {
	postgres, initdb := postgresProgram(t, "postgres"), postgresProgram(t, "initdb")
	f := newStartTLSFixture(t)
	data := filepath.Join(f.dir, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(f.key, 0o600); err != nil {
		t.Fatal(err)
	}
	init := exec.Command(initdb, "-D", data, "-A", "trust", "--no-sync", "--no-locale")
	init.Dir = f.dir
	asUser(t, init, f.dir, data, f.key)
	if out, err := init.CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	for _, ssl := range []string{"on", "off"} {
		port := freePort(t)
		cmd := exec.Command(postgres, "-D", data, "-h", "127.0.0.1", "-p", port, "-c", "unix_socket_directories="+f.dir, "-c", "ssl="+ssl,
			"-c", "ssl_cert_file="+f.chain, "-c", "ssl_key_file="+f.key, "-c", "fsync=off")
		asUser(t, cmd)
		target, stop := started(t, cmd, port)
		if ssl == "on" {
			f.shows(t, target, "postgres")
		} else {
			refuses(t, target, "postgres", `the server speaks PostgreSQL and has no STARTTLS: it answered "N"`)
		}
		stop()
	}
}

func TestStartTLSOpenLDAP(t *testing.T) {
	program(t, "slapd")
	f := newStartTLSFixture(t)
	for _, tls := range []string{fmt.Sprintf("TLSCertificateFile %s\nTLSCertificateKeyFile %s\n", f.chain, f.key), ""} {
		port := freePort(t)
		config := f.write(t, "slapd-"+port+".conf", "pidfile %s/slapd.pid\n%s", f.dir, tls)
		target := run(t, port, "slapd", "-d", "0", "-f", config, "-h", "ldap://127.0.0.1:"+port)
		if tls != "" {
			f.shows(t, target, "ldap")
			continue
		}
		refuses(t, target, "ldap", "the server speaks LDAP and has no STARTTLS: it answered \"result 2")
	}
}

func TestStartTLSPostfix(t *testing.T) {
	postfix := program(t, "postfix")
	if os.Getuid() != 0 {
		t.Skip("postfix starts as root only")
	}
	f := newStartTLSFixture(t)
	config, queue, lib := filepath.Join(f.dir, "etc"), filepath.Join(f.dir, "queue"), filepath.Join(f.dir, "lib")
	for _, d := range []string{config, queue, lib} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if u, err := user.Lookup("postfix"); err == nil {
		uid, _ := strconv.Atoi(u.Uid)
		if err := os.Chown(lib, uid, -1); err != nil {
			t.Fatal(err)
		}
	}
	with, without := freePort(t), freePort(t)
	f.write(t, "etc/main.cf", `
compatibility_level = 3.6
queue_directory = %[1]s
data_directory = %[2]s
daemon_directory = /usr/lib/postfix/sbin
myhostname = mail.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
maillog_file = %[3]s/log
maillog_file_prefixes = %[3]s
smtpd_tls_chain_files = %[4]s
`, queue, lib, f.dir, f.write(t, "both.pem", "%s%s", read(t, f.key), read(t, f.chain)))
	f.write(t, "etc/master.cf", `
127.0.0.1:%s inet n - n - - smtpd -o smtpd_tls_security_level=may
127.0.0.1:%s inet n - n - - smtpd -o smtpd_tls_security_level=none
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
cleanup unix n - n - 0 cleanup
postlog unix-dgram n - n - 1 postlogd
`, with, without)
	target := run(t, with, "postfix", "-c", config, "start-fg")
	t.Cleanup(func() { exec.Command(postfix, "-c", config, "abort").Run() }) // its master leaves our process group
	f.shows(t, target, "smtp")
	target.Port = without
	refuses(t, target, "smtp", "the server speaks SMTP and offers no STARTTLS")
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// A server that is chatty, silent or says no ends within the time, with one
// line; the dialogue is not begun again for other hellos.
func TestStartTLSHostile(t *testing.T) {
	for name, tt := range map[string]struct {
		says string
		kind chain.ErrorKind
		want string
	}{
		"drips":     {"", "timeout", "no SMTP greeting came within the time"},
		"is chatty": {strings.Repeat("220-more\r\n", 1<<16), "not_tls", "says more in SMTP than anybody reads"},
		"says no":   {"554 go away\r\n", "not_tls", "turns this client away"},
		"hangs up":  {"closed", "closed", "closed the connection before its SMTP greeting"},
	} {
		t.Run(name, func(t *testing.T) {
			target := serveOnce(t, tt.says)
			target.Scheme, target.HTTPS, target.StartTLS = "smtp", false, starttls.ByName("smtp")
			d := dialer{Timeout: time.Minute} // a busy machine needs some for the chatty one
			if tt.says == "" {
				d.Timeout = 2 * time.Second
			}
			observations, _ := d.Probe(context.Background(), target, ask.Plan{Full: true})
			if o := observations[0].Outcome; len(observations) != 1 || o.ErrorKind != tt.kind || !strings.Contains(o.Error, tt.want) {
				t.Errorf("%+v", observations)
			}
		})
	}
}

// serveOnce says something to each client and waits; "closed" closes at once.
func serveOnce(t *testing.T, says string) ask.Target {
	return serve(t, func(c net.Conn) {
		if says == "closed" {
			return
		}
		c.SetDeadline(time.Now().Add(time.Minute))
		io.WriteString(c, says)
		io.Copy(io.Discard, c)
	})
}
