package lab

import (
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/chainspect/chainspect/internal/testpki"
)

// notExported says why a server cannot be set up with files alone; "" it can.
func (f *Fault) notExported() string {
	switch {
	case f.Speaks != "" || f.Script != "" || len(f.Send) == 0:
		return "it is no matter of certificates"
	case f.Keyed != "" || len(f.Certs[f.Send[0]].Damage) > 0 || f.Certs[f.Send[0]].Lose[1] > 0:
		return "nginx does not start with such a file"
	case len(f.WithoutSNI)+len(f.EveryThird) > 0:
		return "what is sent changes from one connection to the next"
	case f.OCSP != nil:
		return "nginx is no OCSP responder"
	case len(f.Client.Allow) > 0:
		return "nginx keeps no list of certificates"
	}
	return ""
}

// Export writes the certificates and keys of the servers into the lab's folder,
// a folder for each, and an nginx.conf that serves them from the port on. It
// gives the servers that are left out, with the reason.
func (l *Lab) Export(names []string, port int) (files []File, left []string, err error) {
	var conf strings.Builder
	conf.WriteString("# Start it in this folder: nginx -p \"$PWD\" -c nginx.conf\n" +
		"daemon off; pid nginx.pid; error_log stderr; worker_processes 1; events {}\n" +
		"http {\n\taccess_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;\n")
	// What certificates point at is served by nginx as well, on the first port.
	l.http.address = "http://" + net.JoinHostPort("127.0.0.1", fmt.Sprint(port))
	fmt.Fprintf(&conf, "\tserver { listen %s; root www; }\n", strings.TrimPrefix(l.http.address, "http://"))
	port++
	for _, name := range names {
		f := find(l.Faults, name)
		if why := f.notExported(); why != "" {
			left = append(left, name+": "+why)
			continue
		}
		s := &Server{Fault: f, lab: l}
		if err := l.prepare(s); err != nil {
			return files, left, err
		}
		if err := s.export(&conf, port); err != nil {
			return files, left, err
		}
		files = append(files, File{l.folder.path(name), f.Story})
		port++
	}
	conf.WriteString("}\n")
	if err := l.exportPublished(); err != nil {
		return files, left, err
	}
	err = l.folder.write("nginx.conf", public, []byte(conf.String()))
	return append(files, File{l.folder.path("nginx.conf"), "a server for each of them"}), left, err
}

// exportPublished writes the issuers and CRLs that certificates point at.
func (l *Lab) exportPublished() error {
	www := Folder{Dir: l.folder.path("www"), Force: true}
	if err := os.MkdirAll(www.Dir, 0o755); err != nil {
		return unwritable(www.Dir, err)
	}
	for path, f := range l.http.files {
		if err := www.write(strings.TrimPrefix(path, "/"), public, f.data); err != nil {
			return err
		}
	}
	return nil
}

// export writes one server's files and its block of nginx.conf.
func (s *Server) export(conf *strings.Builder, port int) error {
	dir := Folder{Dir: s.lab.folder.path(s.Name), Force: true}
	if err := os.MkdirAll(dir.Dir, 0o755); err != nil {
		return unwritable(dir.Dir, err)
	}
	fmt.Fprintf(conf, "\tserver { # %s\n\t\tlisten %s ssl; server_name %s;\n", s.Story, net.JoinHostPort("127.0.0.1", fmt.Sprint(port)), s.Host)
	for i, list := range [][]string{s.Send, s.Also} {
		if len(list) == 0 {
			continue
		}
		suffix := []string{"", "-2"}[i]
		var chain []*testpki.Made
		for _, name := range list {
			chain = append(chain, s.made[name])
		}
		if _, err := dir.writeCertificates("fullchain"+suffix+".pem", "", chain...); err != nil {
			return err
		}
		if _, err := dir.writeKey("key"+suffix+".pem", chain[0]); err != nil {
			return err
		}
		fmt.Fprintf(conf, "\t\tssl_certificate %[1]s/fullchain%[2]s.pem; ssl_certificate_key %[1]s/key%[2]s.pem;\n", s.Name, suffix)
	}
	if err := s.exportMore(&dir, conf); err != nil {
		return err
	}
	fmt.Fprintf(conf, "\t\tssl_protocols %s; ssl_ciphers %s@SECLEVEL=0;\n\t\tlocation / { return 200 %q; }\n\t}\n", s.protocols(), s.ciphers(), s.Name+"\n")
	return nil
}

// exportMore writes what goes beside the certificates: strangers, a staple, CAs for clients.
func (s *Server) exportMore(dir *Folder, conf *strings.Builder) error {
	if s.Pad > 0 {
		text := ""
		for _, der := range s.config.Certificates[0].Certificate {
			text += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		}
		if err := dir.write("fullchain.pem", public, []byte(text)); err != nil {
			return err
		}
	}
	if staple := s.config.Certificates[0].OCSPStaple; staple != nil {
		if err := dir.write("staple.der", public, staple); err != nil {
			return err
		}
		fmt.Fprintf(conf, "\t\tssl_stapling on; ssl_stapling_file %s/staple.der;\n", s.Name)
	}
	if s.Client.Mode != "" {
		var cas []*testpki.Made
		for _, name := range s.Client.CAs {
			cas = append(cas, s.made[name])
		}
		if _, err := dir.writeCertificates("client-ca.pem", "", cas...); err != nil {
			return err
		}
		verify := "on"
		if s.Client.Mode == "optional" {
			verify = "optional"
		}
		fmt.Fprintf(conf, "\t\tssl_client_certificate %s/client-ca.pem; ssl_verify_client %s;\n", s.Name, verify)
	}
	return nil
}

// protocols are the versions in nginx's words.
func (s *Server) protocols() string {
	all := []struct{ version, word string }{{"1.0", "TLSv1"}, {"1.1", "TLSv1.1"}, {"1.2", "TLSv1.2"}, {"1.3", "TLSv1.3"}}
	low, high := "1.2", "1.3"
	if s.TLS.Min != "" {
		low = s.TLS.Min
	}
	if s.TLS.Max != "" {
		high = s.TLS.Max
	}
	var out []string
	for _, v := range all {
		if v.version >= low && v.version <= high {
			out = append(out, v.word)
		}
	}
	return strings.Join(out, " ")
}

// ciphers are the suites in OpenSSL's words.
func (s *Server) ciphers() string {
	if len(s.TLS.Suites) == 1 { // static RSA
		return "AES128-GCM-SHA256"
	}
	return "DEFAULT"
}
