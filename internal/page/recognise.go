package page

import (
	"bytes"
	"os"
	"strings"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// A Kind is what a dropped file is and what the page uses it as: "target",
// "identity", "anchor", "with", "info_plist" or "key" as a job has
// them, "explain" for text that is no file, or "none".
type Kind struct {
	Kind string `json:"kind"`
	Text string `json:"text"` // goes on where "this is" ends
	Use  string `json:"use"`
	End  string `json:"ending"` // of a file name that pasted text of this kind gets
}

var uses = map[load.Kind]string{
	load.SavedCapture: "target",
	load.CRL:          "with", load.OCSP: "with", load.CTList: "with",
	load.PKCS12: "identity", load.JKS: "identity", load.JCEKS: "identity", load.PEMIdentity: "identity",
	load.PrivateKey: "key", load.Mobileconfig: "anchor",
	load.Plist: "info_plist", load.IPA: "info_plist",
	load.Text: "explain",
}

// recognise says what a file is. Certificates are looked at: a root alone is an
// anchor, a CA without a leaf is evidence, all else is a chain.
func (c *Core) recognise(q struct{ Name string }) (Answer, error) {
	data, err := os.ReadFile(q.Name)
	if err != nil {
		return Answer{}, err
	}
	kind := load.Recognise(data)
	out := &Kind{Kind: string(kind), Text: string(kind), Use: uses[kind], End: "txt"}
	if bytes.Contains(data, []byte("-----BEGIN")) {
		out.End = "pem"
	}
	if captures, err := load.Captures(q.Name, data, c.Now()); err == nil && out.Use == "" {
		out.Use = chainUse(captures[0])
	}
	if out.Use == "" {
		out.Use = "none"
		if strings.HasSuffix(q.Name, "pasted") && kind != load.Binary {
			out.Use = "explain"
		}
	}
	return Answer{Kind: out}, nil
}

func chainUse(c *chain.Capture) string {
	var last *x509read.Certificate
	sent := c.Observations[0].Sent
	for _, key := range sent {
		cert, err := x509read.Parse(c.Blobs[key])
		if err != nil {
			return "target"
		}
		if cert.BasicConstraints == nil || !cert.BasicConstraints.CA {
			return "target"
		}
		last = cert
	}
	if len(sent) == 1 && last.Issuer.Key() == last.Subject.Key() {
		return "anchor"
	}
	return "with"
}
