package chain

// ServerDemands is a server's policy for client identities (--server-policy).
type ServerDemands struct {
	Source          string   // file name
	ClientCAs       [][]byte // DER
	AcceptableCAs   [][]byte // DER names the server announces; nil: none were given
	AllowedCerts    [][]byte // SHA-256 of certificates
	AllowedKeys     [][]byte // SHA-256 of SPKIs
	RequiredSAN     []string // each "dns:…", "uri:…", "email:…", "ip:…"; one of them must be there
	RequiredSubject string   // a name as RFC 4514 writes it (x509read.ParseNameText), or "" for none
	// MaxDepth is how many certificates may stand between leaf and trusted
	// anchor, self-issued ones counted too, as OpenSSL, nginx and Apache count
	// (openssl-verification-options, -verify_depth); -1: no limit.
	MaxDepth int
}

// NamesCAs reports whether a policy was given that says which CAs may issue identities.
func (d *ServerDemands) NamesCAs() bool { return d != nil && len(d.ClientCAs) > 0 }

// Anchors are the CAs the server trusts to issue identities, and nothing else.
func (d *ServerDemands) Anchors() *Anchors {
	list := make([]*Anchor, 0, len(d.ClientCAs))
	for _, der := range d.ClientCAs {
		list = append(list, NewAnchor(der, Installed, d.Source))
	}
	return NewAnchors(StoreInfo{Name: "none"}, list...)
}
