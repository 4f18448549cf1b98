package basic

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

var _ = rules.Add(inspectionSuspected)

var inspectionSuspected = &chain.Rule{
	ID:    "basic-inspection-suspected",
	Level: chain.LevelX509, Severity: chain.Note,
	Title:   "TLS inspection may have replaced the certificate",
	Sources: []chain.Source{{Doc: "NIST SP 1800-37", Section: "volume B"}, {Doc: "Durumeric et al., NDSS 2017", Section: "The Security Impact of HTTPS Interception"}},
	Explain: "A proxy, a firewall or a virus scanner that reads TLS traffic answers in the server's place with a certificate it makes on the spot. What is judged here is then not the server's own certificate, and devices outside that network see another one. " +
		"Look from another network before changing anything on the server.",
	Advice: []chain.Advice{{Who: "network administrator", Text: "exempt the host from inspection, or install the inspection root on the devices; compare with the certificate seen from outside"}},
	Check: chain.PerObservation(func(c *chain.Case, o *chain.Observation) []chain.Hit {
		leaf := c.Leaf()
		if leaf == nil || leaf.Err != nil || c.Question.Purpose == chain.PurposeClient {
			return nil
		}
		if len(c.Paths) == 0 {
			return nil
		}
		for i, it := range c.Paths[0].Items {
			if i > 0 && it.Cert.Issuer.Key() == c.Paths[0].Items[i-1].Cert.Issuer.Key() {
				continue // a root's
			}
			if product := inspector(it.Cert.Issuer); product != "" {
				return []chain.Hit{inspectionHit(leaf, fmt.Sprintf("the chain of item 0 comes from %s, which inspects TLS traffic: it may not be the server's own certificate", product), it.Cert.Issuer)}
			}
		}
		if o.Transport != chain.TransportTLS || c.Question.NameKind != chain.NameDNS || !publicName(c.Question.Name) || leaf.SelfIssued() {
			return nil
		}
		for _, p := range c.Paths {
			if p.End == chain.NoIssuer || p.Builtin() {
				return nil
			}
		}
		return []chain.Hit{inspectionHit(leaf, "item 0 is for a public name, and its root is a private one: it may not be the server's own certificate", c.Paths[0].Last().Cert.Subject)}
	}),
}

func inspectionHit(leaf *chain.Item, message string, n x509read.Name) chain.Hit {
	return chain.Hit{Item: leaf, Message: message,
		Evidence: []chain.Evid{{Field: "issuer", Got: n.String(), Want: "a public CA"}}}
}

// publicName reports whether a name can be one of the public DNS: more than one
// label, and none of the endings kept for private use (RFC 2606, 6761, 6762, 8375, ICANN .internal).
func publicName(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return false
	}
	switch name[dot+1:] {
	case "local", "localhost", "test", "example", "invalid", "internal", "lan", "home", "corp", "private", "intranet", "onion", "arpa":
		return false
	}
	return !strings.HasSuffix("."+name, ".example.com") && !strings.HasSuffix("."+name, ".example.net") && !strings.HasSuffix("."+name, ".example.org")
}

// inspector names the product whose CA a name is, by words these products put
// into organisation and common name.
func inspector(n x509read.Name) string {
	var room [128]byte // most names fit
	words := room[:0]
	for _, oid := range [...]x509read.OID{x509read.OIDCommonName, x509read.OIDOrganization, x509read.OIDOrganizationalUnit} {
		for _, rdn := range n.RDNs {
			for i := range rdn {
				if rdn[i].OID == oid {
					words = append(append(words, ' '), rdn[i].Text...)
				}
			}
		}
	}
	text := strings.ToLower(string(words))
	for i := range len(text) {
		for _, p := range inspectors[text[i]] {
			if strings.HasPrefix(text[i:], p.word) {
				return p.product
			}
		}
	}
	return ""
}

// inspectors are the words, in lower case and by their first letters, and the products.
var inspectors = [256][]struct{ word, product string }{
	'a': {{"avast web/mail shield", "Avast"}, {"avg web/mail shield", "AVG"}, {"adguard", "AdGuard"}},
	'b': {{"blue coat", "Blue Coat"}, {"bluecoat", "Blue Coat"}, {"barracuda", "Barracuda"}, {"bitdefender personal ca", "Bitdefender"}},
	'c': {
		{"cisco umbrella", "Cisco Umbrella"}, {"check point", "Check Point"}, {"cloudflare gateway", "Cloudflare Gateway"},
		{"cloudflare for teams", "Cloudflare Gateway"}, {"contentkeeper", "ContentKeeper"}, {"charles proxy", "Charles"},
	},
	'd': {{"dr.web", "Dr.Web"}, {"drweb", "Dr.Web"}, {"do_not_trust_fiddler", "Fiddler"}, {"dsdtestprovider", "DSDTestProvider"}},
	'e': {{"eset ssl filter", "ESET"}, {"edellroot", "eDellRoot"}},
	'f': {{"fortigate", "FortiGate"}, {"fortinet", "FortiGate"}, {"forcepoint", "Forcepoint"}, {"fireware", "WatchGuard"}, {"fiddler", "Fiddler"}},
	'g': {{"goskope", "Netskope"}, {"gateway ca - cloudflare", "Cloudflare Gateway"}},
	'i': {{"iboss", "iboss"}},
	'k': {{"kaspersky anti-virus personal root", "Kaspersky"}, {"kaspersky web", "Kaspersky"}},
	'l': {{"lightspeed", "Lightspeed"}},
	'm': {{"mcafee web gateway", "McAfee Web Gateway"}, {"menlo security", "Menlo Security"}, {"mitmproxy", "mitmproxy"}},
	'n': {{"netskope", "Netskope"}},
	'o': {{"opendns", "Cisco Umbrella"}, {"owasp zap", "ZAP"}, {"opnsense", "OPNsense"}},
	'p': {
		{"palo alto networks", "Palo Alto Networks"}, {"proxyman", "Proxyman"}, {"portswigger", "Burp Suite"}, {"pfsense", "pfSense"},
		{"privdog", "PrivDog"},
	},
	's': {
		{"skyhigh security", "Skyhigh"}, {"sophos", "Sophos"}, {"sonicwall", "SonicWall"}, {"smoothwall", "Smoothwall"}, {"securly", "Securly"},
		{"sangfor", "Sangfor"}, {"superfish", "Superfish"},
	},
	'u': {{"untangle", "Untangle"}},
	'w': {{"websense", "Forcepoint"}, {"watchguard", "WatchGuard"}},
	'z': {{"zscaler", "Zscaler"}, {"zed attack proxy", "ZAP"}},
}
