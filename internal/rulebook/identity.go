package rulebook

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/identity"
)

// annotateIdentity fills the report's part about the identity file.
func annotateIdentity(c *chain.Case, r *chain.Report) {
	id := c.Capture.Identity
	if id == nil {
		if p := shown(c.Capture); p != nil {
			r.Identity = &chain.IdentityReport{Items: chain.DescribeIdentity(c.Capture, p), Keys: []chain.IdentityKeyReport{}, Imports: []chain.ImportReport{}}
		}
		return
	}
	protected := protection(id)
	out := &chain.IdentityReport{Items: []chain.ItemReport{}, Protection: &protected, Keys: []chain.IdentityKeyReport{}, Imports: []chain.ImportReport{}}
	for i := range r.Items {
		if r.Items[i].Origin == chain.OriginFile {
			out.Items = append(out.Items, r.Items[i])
		}
	}
	for _, k := range id.Keys {
		kr := chain.IdentityKeyReport{Type: k.Type, Bits: k.Bits}
		for i := range r.Items {
			if len(k.Fits) > 0 && k.Fits[0] >= 0 && k.Fits[0] < len(id.Certificates) && r.Items[i].SHA256 == id.Certificates[k.Fits[0]] {
				kr.Item = &r.Items[i].Index
				break
			}
		}
		out.Keys = append(out.Keys, kr)
	}
	for _, row := range identity.Imports(id) {
		out.Imports = append(out.Imports, chain.ImportReport{Where: row.Where, OK: row.OK, Why: row.Why, Convert: row.Convert})
	}
	r.Identity = out
}

// shown are the certificates of the identity that a server was shown, or that
// could not be sent to it; nil: none was given.
func shown(c *chain.Capture) []string {
	for i := range c.Observations {
		if p := c.Observations[i].Presented; p != nil && len(p.Sent)+len(p.Withheld) > 0 {
			if len(p.Sent) > 0 {
				return p.Sent
			}
			return p.Withheld
		}
	}
	return nil
}

// leaveEndOpen takes back what a report says of trust where nobody named the CA
// that is to be trusted: what fails has failed, everything else is unknown. The
// end of validity stands, since the dates were judged.
func leaveEndOpen(_ *chain.Case, r *chain.Report) {
	for i := range r.Levels {
		if l := &r.Levels[i]; l.Level == chain.LevelX509 && l.Verdict == chain.Pass {
			l.Verdict, l.Reason = chain.LevelUnknown, "the chain's end was not judged: name the server's client CA with --anchor or --server-policy"
		}
	}
	open := func(v *chain.Verdict) {
		if *v == chain.Trusted {
			*v = chain.Undecided
		}
	}
	open(&r.Verdict)
	for i := range r.Paths {
		if p := &r.Paths[i]; p.Why == "" { // only its end speaks against it
			p.Verdict = chain.Undecided
		}
	}
	for i := range r.Timeline {
		open(&r.Timeline[i].Verdict)
	}
	for i := range r.Findings {
		r.Findings[i].FixUntil = nil
	}
}

// protection sums up what protects the file: the MAC, and the encryption of the
// first key, else of the first safe.
func protection(id *chain.Identity) chain.ProtectionReport {
	p := chain.ProtectionReport{MAC: "none", KDF: "none", Cipher: "none"}
	if id.MAC != nil {
		p.MAC, p.KDF, p.Iterations = id.MAC.Algorithm, id.MAC.KDF, id.MAC.Iterations
	}
	var first *chain.IdentityEncryption
	for _, b := range id.Bags {
		if first == nil {
			first = b.Encryption
		}
	}
	for _, part := range id.Parts {
		if first == nil {
			first = part.Encryption
		}
	}
	if first != nil {
		p.Cipher, p.KDF, p.Iterations = first.Cipher, first.KDF, first.Iterations
	}
	return p
}
