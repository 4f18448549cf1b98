package policy

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
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
		key := "target"
		if identityFile(t) {
			key = "identity"
		}
		fmt.Fprintf(&b, "  - %s: %q\n    # name: www.example.com   # judge for another name than the target's\n    # wait: 30s               # for a server that is starting\n    expect:\n      good_for: 21d           # trusted for at least so long\n      # fail: [basic-expired] # rules that must fire; no others at error level may\n", key, t)
	}
	return b.String()
}

// identityFile reports whether a name is that of a digital identity's container.
func identityFile(name string) bool {
	return slices.Contains([]string{".p12", ".pfx", ".jks"}, strings.ToLower(filepath.Ext(name)))
}
