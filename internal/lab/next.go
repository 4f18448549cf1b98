package lab

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// A Step is something to do next: for whom or with what, and a line to type or to
// write into a configuration.
type Step struct{ For, Line string }

// NextCA says how the root gets to where it is to be trusted.
func (f *Folder) NextCA(a *Authority) []Step {
	rootFile := chain.ShellFile(f.path("root.crt"))
	return []Step{
		{"issue a server's certificate", "chainspect lab server " + strings.Join(a.examples(), " ") + f.dirFlag()},
		{"issue a client's identity", "chainspect lab client alice" + f.dirFlag()},
		{"trust the root in the simulator", "xcrun simctl keychain booted add-root-cert " + rootFile},
		{"on a Mac", "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain " + rootFile},
		{"on Debian and Ubuntu", "sudo cp " + rootFile + " /usr/local/share/ca-certificates/chainspect-lab.crt && sudo update-ca-certificates"},
		{"in Node", "export NODE_EXTRA_CA_CERTS=" + chain.ShellFile(absolute(f.path("root.crt")))},
		{"in Java", "keytool -importcert -noprompt -alias chainspect-lab -file " + rootFile + " -keystore trust.p12 -storepass changeit"},
		{"on an iPhone or iPad, send it " + f.path("root.mobileconfig") + " and install it under Settings, General, VPN & Device Management; then switch it on under Settings, General, About, Certificate Trust Settings", ""},
	}
}

// examples are names that the CA may issue for: one of a host, and one of an address.
func (a *Authority) examples() (names []string) {
	hosts, addresses := []string{"www.example.test"}, []string{"127.0.0.1"}
	for _, domain := range a.Root.Cert.PermittedDNSDomains {
		hosts = append(hosts, "www."+domain)
	}
	for _, n := range a.Root.Cert.PermittedIPRanges {
		first := slices.Clone(n.IP)
		if ones, bits := n.Mask.Size(); bits-ones > 1 { // the first of a network is no host's
			first[len(first)-1]++
		}
		addresses = append(addresses, first.String())
	}
	for _, list := range [][]string{hosts, addresses} {
		if i := slices.IndexFunc(list, func(name string) bool { return a.permits(name) && !strings.HasSuffix(name, ".invalid") }); i >= 0 {
			names = append(names, list[i])
		}
	}
	return names
}

// dirFlag names the folder where the commands have to be told.
func (f *Folder) dirFlag() string {
	if filepath.Clean(f.Dir) == "." {
		return ""
	}
	return " --dir " + chain.ShellFile(f.Dir)
}

// Next says how to use what was issued.
func (f *Folder) Next(i *Issued) []Step {
	if i.Client {
		return f.nextClient(i)
	}
	rootFile, full, key := chain.ShellFile(f.path("root.crt")), i.Base+".fullchain.pem", i.Base+".key"
	host := strings.Replace(i.Names[0], "*.", "any.", 1)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return []Step{
		{"nginx", fmt.Sprintf("ssl_certificate %s; ssl_certificate_key %s;", inConfig(full), inConfig(key))},
		{"Apache", fmt.Sprintf("SSLCertificateFile %s\nSSLCertificateKeyFile %s", inConfig(full), inConfig(key))},
		{"Go", fmt.Sprintf("http.ListenAndServeTLS(\":8443\", %q, %q, nil)", full, key)},
		{"Node", fmt.Sprintf("https.createServer({cert: fs.readFileSync(%q), key: fs.readFileSync(%q)}, app).listen(8443)", full, key)},
		{"check the server, here on port 8443", "chainspect check " + host + ":8443 --connect 127.0.0.1:8443 --anchor " + rootFile},
		{"ask it with curl", "curl --cacert " + rootFile + " --connect-to " + host + ":8443:127.0.0.1:8443 https://" + host + ":8443/"},
	}
}

func (f *Folder) nextClient(i *Issued) []Step {
	rootFile, p12 := chain.ShellFile(f.path("root.crt")), chain.ShellFile(i.Base+".p12")
	if i.Password {
		p12 += " --password-file " + chain.ShellFile(i.Base+".p12.password")
	}
	return []Step{
		{"look at it", "chainspect identity " + p12 + " --anchor " + rootFile},
		{"nginx that wants it", "ssl_client_certificate " + inConfig(f.path("root.crt")) + "; ssl_verify_depth 2; ssl_verify_client on;"},
		{"show it to a server, here on port 8443", "chainspect check localhost:8443 --anchor " + rootFile + " --identity " + p12},
		{"in an app", "SecPKCS12Import(p12, [kSecImportExportPassphrase: password], &items)\nURLCredential(identity: identity, certificates: [intermediate], persistence: .forSession)"},
	}
}

// inConfig is how the configuration of nginx or Apache names a file: in quotes where
// it would not be one word.
func inConfig(path string) string {
	path = absolute(path)
	if !strings.ContainsAny(path, " \t;{}#'\"\\") {
		return path
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path) + `"`
}

// absolute is a file's name from the root on, which holds wherever it is read.
func absolute(path string) string {
	if a, err := filepath.Abs(path); err == nil {
		return a
	}
	return path
}
