package anchors

import (
	"bytes"
	"encoding/pem"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// profile is the part of a configuration profile that carries certificates
// (Apple, Configuration Profile Reference: Certificate Payload).
type profile struct {
	PayloadDisplayName string
	PayloadIdentifier  string
	PayloadContent     []map[string]any
}

// profile reads the certificate payloads of a configuration profile; how is
// "signed " or "".
func (f *file) profile(data []byte, how string) error {
	var p profile
	if err := decodePlist(data, &p); err != nil {
		return f.bad("the "+how+"configuration profile cannot be read: "+err.Error(), giveCA)
	}
	name := firstOf(p.PayloadDisplayName, p.PayloadIdentifier)
	if name == "" {
		name = f.path
	}
	var used []string
	for i, payload := range p.PayloadContent {
		before := len(f.list)
		kind, _ := payload["PayloadType"].(string)
		display, _ := payload["PayloadDisplayName"].(string)
		fileName, _ := payload["PayloadCertificateFileName"].(string)
		identifier, _ := payload["PayloadIdentifier"].(string)
		label := firstOf(display, fileName, identifier)
		if label == "" {
			label = fmt.Sprintf("number %d", i+1)
		}
		content, _ := payload["PayloadContent"].([]byte)
		origin := fmt.Sprintf("%s (payload %q, %s)", f.path, label, kind)
		switch kind {
		case "com.apple.security.root", "com.apple.security.pem", "com.apple.security.pkcs1":
			f.payload(content, origin, label)
		case "com.apple.security.pkcs12":
			password, _ := payload["Password"].(string)
			f.identityPayload(content, password, origin, label)
		}
		if len(f.list) > before {
			used = append(used, strconv.Quote(label))
		}
	}
	switch {
	case len(f.list) == 0 && len(f.unread) > 0:
		return nil // they say why
	case len(f.list) == 0:
		return f.bad("the "+how+"configuration profile has no payload with a certificate", giveCA)
	}
	if f.kind == chain.Installed {
		f.remark("%sprofile %q, payload %s: installed by hand, its roots count for TLS only once they are switched on under Settings > General > About > Certificate Trust Settings; installed through device management they are on", how, name, strings.Join(used, ", "))
	}
	return nil
}

func (f *file) payload(content []byte, origin, label string) {
	before := len(f.list)
	if bytes.Contains(content, []byte("-----BEGIN ")) {
		err := load.EachPEM(f.path, content, func(b *pem.Block, _ int) error {
			if b.Type == "CERTIFICATE" || b.Type == "X509 CERTIFICATE" {
				f.add(b.Bytes, origin)
			}
			return nil
		})
		if damaged := (*load.Error)(nil); errors.As(err, &damaged) {
			f.skip("payload %q, %s: %s; what follows was skipped", label, damaged.Position, damaged.Message)
		}
	} else if c, err := x509read.Parse(content); err == nil && len(c.RawTBS) > 0 {
		f.add(c.Raw, origin)
	}
	if len(f.list) == before {
		f.skip("payload %q holds no certificate that can be read and was skipped", label)
	}
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// identityPayload takes the CA certificates beside an identity; the identity's
// own certificate is no anchor. Without Password in the payload the device
// asks for it, and only an empty one can be tried here.
func (f *file) identityPayload(content []byte, password, origin, label string) {
	bags, err := pfx.Open(content, []string{password, ""}, nil)
	if err != nil {
		f.skip("payload %q is a digital identity that could not be opened and gives no anchor: %v", label, err)
		return
	}
	found := 0
	for _, b := range bags.Bags {
		if b.Kind != pfx.CertificateBag {
			continue
		}
		c, err := x509read.Parse(b.DER)
		if err == nil && c.IsCA() {
			f.add(c.Raw, origin)
			found++
		}
	}
	f.remark("payload %q is a digital identity: %d CA certificates beside it are taken as anchors; better put them into a com.apple.security.root payload", label, found)
}
