package policy

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/internal/load"
)

// Template writes a commented policy for some targets.
func Template(targets []string) string {
	var b strings.Builder
	b.WriteString(`# chainspect gate policy: run with  chainspect gate chainspect.yaml
version: 1

# Keys of every job; each job may override them. They have the names of the
# flags of "chainspect check", with underscores.
defaults:
  profile: apple          # apple, rfc or webpki
  # anchor: [root.pem]    # roots your devices have installed

# severities:             # grade rules otherwise: error, warning, note or off
#   basic-root-sent: warning

# waivers:                # let a finding pass, with a reason and an end date
#   - rule: apple-lifetime-825
#     target: staging.example.com:443
#     reason: replaced with the next release
#     until: 2027-01-31

jobs:
`)
	if len(targets) == 0 {
		targets = []string{"staging.example.com:443"}
	}
	for _, t := range targets {
		if identityFile(t) {
			fmt.Fprintf(&b, `  - identity: %q
    # password_file: password.txt   # beside this policy; else $CHAINSPECT_PASSWORD
    # anchor: [client-ca.pem]       # the CA whose trust is asked about; without it the chain's end is not judged
    expect:
      good_for: 21d           # trusted for at least so long
`, t)
			continue
		}
		name := "# name: www.example.com   # judge for another name than the target's"
		if load.IsFile(t) {
			name = "# name: www.example.com   # whom the file is for: without it the name is not judged"
		}
		fmt.Fprintf(&b, `  - target: %q
    %s
    # wait: 30s               # for a server that is starting
    expect:
      good_for: 21d           # trusted for at least so long
      # fail: [basic-expired] # rules that must fire; no others at error level may
`, t, name)
	}
	return b.String()
}

// identityFile reports whether a file holds a digital identity, or has the name of one.
func identityFile(name string) bool {
	if data, err := load.Read(context.Background(), name); err == nil {
		switch load.Recognise(data) {
		case load.PKCS12, load.JKS, load.JCEKS:
			return true
		}
		return false
	}
	return slices.Contains([]string{".p12", ".pfx", ".jks"}, strings.ToLower(filepath.Ext(name)))
}
