package rulebook

import (
	"strings"

	"github.com/chainspect/chainspect/pkg/ats"
	"github.com/chainspect/chainspect/pkg/chain"
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

// presumed says what trust in an installed root presumes of an Apple device:
// installing a profile alone does not do it.
func presumed(p *chain.Profile) func(*chain.Case) string {
	if p.Name != "apple" {
		return nil
	}
	return func(c *chain.Case) string {
		if len(c.Paths) == 0 || strings.HasPrefix(c.Question.Platform, "macos") {
			return ""
		}
		for _, p := range c.Paths {
			if p.Builtin() {
				return ""
			}
		}
		if a := c.Paths[0].Anchor; a == nil || a.Kind != chain.Installed {
			return ""
		}
		return "with " + c.Paths[0].Last().Cert.Subject.Short() + " installed and switched on under Certificate Trust Settings"
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
