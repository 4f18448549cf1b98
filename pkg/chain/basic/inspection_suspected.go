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
	for i := range inspectors {
		if strings.Contains(text, inspectors[i].word) {
			return inspectors[i].product
		}
	}
	return ""
}

// inspectors are the words, in lower case, and the products.
var inspectors = [...]struct{ word, product string }{
	{"zscaler", "Zscaler"}, {"fortigate", "FortiGate"}, {"fortinet", "FortiGate"}, {"palo alto networks", "Palo Alto Networks"},
	{"netskope", "Netskope"}, {"goskope", "Netskope"}, {"cisco umbrella", "Cisco Umbrella"}, {"opendns", "Cisco Umbrella"},
	{"blue coat", "Blue Coat"}, {"bluecoat", "Blue Coat"}, {"forcepoint", "Forcepoint"}, {"websense", "Forcepoint"},
	{"mcafee web gateway", "McAfee Web Gateway"}, {"skyhigh security", "Skyhigh"}, {"sophos", "Sophos"}, {"untangle", "Untangle"},
	{"watchguard", "WatchGuard"}, {"fireware", "WatchGuard"}, {"sonicwall", "SonicWall"}, {"barracuda", "Barracuda"},
	{"check point", "Check Point"}, {"cloudflare gateway", "Cloudflare Gateway"}, {"cloudflare for teams", "Cloudflare Gateway"},
	{"gateway ca - cloudflare", "Cloudflare Gateway"}, {"smoothwall", "Smoothwall"}, {"lightspeed", "Lightspeed"}, {"securly", "Securly"},
	{"iboss", "iboss"}, {"menlo security", "Menlo Security"}, {"contentkeeper", "ContentKeeper"}, {"sangfor", "Sangfor"},
	{"kaspersky anti-virus personal root", "Kaspersky"}, {"kaspersky web", "Kaspersky"}, {"avast web/mail shield", "Avast"}, {"avg web/mail shield", "AVG"},
	{"eset ssl filter", "ESET"}, {"bitdefender personal ca", "Bitdefender"}, {"adguard", "AdGuard"}, {"dr.web", "Dr.Web"}, {"drweb", "Dr.Web"},
	{"mitmproxy", "mitmproxy"}, {"charles proxy", "Charles"}, {"do_not_trust_fiddler", "Fiddler"}, {"fiddler", "Fiddler"}, {"proxyman", "Proxyman"},
	{"portswigger", "Burp Suite"}, {"owasp zap", "ZAP"}, {"zed attack proxy", "ZAP"}, {"pfsense", "pfSense"}, {"opnsense", "OPNsense"},
	{"superfish", "Superfish"}, {"edellroot", "eDellRoot"}, {"dsdtestprovider", "DSDTestProvider"}, {"privdog", "PrivDog"},
}
