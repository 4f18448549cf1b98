package explain

// filesTable is what people ask about identity files without an error's text.
func filesTable() []Entry {
	return []Entry{
		{Title: "a .p12 or .pfx (PKCS12, PKCS#12) is a digital identity: what imports it depends on its MAC, encryption and key", Vague: true, Codes: []string{"p12", "pfx", "pkcs12", "pkcs#12"},
			Says:  "The file holds a private key with its certificates, under a password. Each importer takes some MACs, ciphers, key types and encodings only, and several call what they do not take a wrong password.",
			Not:   "The name of a file says nothing about what is in it; a certificate without its key is no identity.",
			Rules: []string{"identity-old-apple", "identity-mac-not-imported", "identity-encryption-not-imported", "identity-unsupported-key-type", "identity-key-not-der", "identity-root-first", "identity-certificate-only"}, Next: readIdentity, Source: "RFC 7292; Apple p12import.c"},
		{Title: "a .p12 imports into one iOS version and not into another", Phrases: []string{"p12…fails on ios", "pfx…fails on ios", "p12…ios 17…ios 18", "p12…not on ios"},
			Says:  "Importers differ: iOS 11 began to demand that the private key is strict DER, and MACs and ciphers of OpenSSL 3 (SHA-256, AES-256) are taken from iOS 18 and macOS 15 on.",
			Not:   "It does not mean that the password is wrong or the file damaged.",
			Rules: []string{"identity-key-not-der", "identity-old-apple", "identity-mac-not-imported", "identity-encryption-not-imported", "identity-ber"}, Next: readIdentity, Source: "Apple p12import.c; field reports"},
		{Title: "a server sends root or intermediate first: the order of its file", Phrases: []string{"root or intermediate first", "root-first"}, Loose: []string{"root first", "intermediate first"},
			Says:  "Programs that send certificates in the order of the file need item 0, the leaf, first. A PFX has no order of its own, so a tool may write it root first.",
			Not:   "It does not say that a certificate is missing or wrong.",
			Rules: []string{"identity-root-first", "basic-order"}, Next: readIdentity, Source: "RFC 8446 section 4.4.2; RFC 7292"},
	}
}
