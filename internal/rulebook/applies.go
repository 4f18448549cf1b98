package rulebook

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/ats"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/apple"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/identity"
	"github.com/chainspect/chainspect/pkg/chain/mtls"
)

// x509Applies: clear text has no chain of trust to judge.
func x509Applies(c *chain.Case) (bool, string) {
	if c.Observation != nil && c.Observation.Transport == chain.TransportHTTP {
		return false, "clear-text http: there is no chain"
	}
	return true, ""
}

// restsOn says what trust rests on where it may not hold: a built-in root's store
// that is old, the list of logs by which timestamps count, or what an installed root presumes of an Apple device, since
// installing a profile alone does not do it.
func restsOn(p *chain.Profile) func(*chain.Case) string {
	return func(c *chain.Case) string {
		for _, path := range c.Paths {
			if !path.Builtin() {
				continue
			}
			var tables []string
			if age := chain.Aged(c.Anchors.Store.Date, c.Question.Time); age != "" {
				tables = append(tables, "by the roots of "+c.Anchors.Store.String()+age)
			}
			if p.Judges(apple.Rules()) {
				if list := apple.Transparency(c, path); list != "" {
					tables = append(tables, list)
				}
			}
			return strings.Join(tables, "; ")
		}
		if len(c.Paths) == 0 || p.Name != "apple" || strings.HasPrefix(c.Question.Platform, "macos") {
			return ""
		}
		if a := c.Paths[0].Anchor; a == nil || a.Kind != chain.Installed {
			return ""
		}
		root := c.Paths[0].Last()
		if bc := root.Cert.BasicConstraints; c.Paths[0].AnchoredLeaf() && (bc == nil || !bc.CA) {
			return "with " + root.Cert.Subject.Short() + " installed by device management"
		}
		return "with " + root.Cert.Subject.Short() + " installed and switched on under Certificate Trust Settings"
	}
}

func nameApplies(c *chain.Case) (bool, string) {
	if ok, why := x509Applies(c); !ok {
		return false, why
	}
	if c.Question.NameKind == chain.NameNone {
		return false, "no reference name: give one with --name"
	}
	return hostname.Applies(c)
}

func atsApplies(p *chain.Profile) func(*chain.Case) (bool, string) {
	if !p.Judges(ats.Rules()) {
		return func(*chain.Case) (bool, string) { return false, "profile " + p.Name + " does not judge it" }
	}
	return ats.Applies
}

// identityApplies: an identity file is judged, and an identity that a server was to be shown.
func identityApplies(c *chain.Case) (bool, string) {
	if c.Capture.Identity != nil {
		return identity.Applies(c)
	}
	return mtls.Applies(c)
}
