package apple

import (
	"testing"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

func key(t x509read.KeyType, bits int, curve string) edit {
	return func(c *x509read.Certificate) { c.PublicKey = x509read.PublicKey{Type: t, Bits: bits, Curve: curve} }
}

func rsaKey(bits int) edit { return key(x509read.RSA, bits, "") }

func signed(oid x509read.OID) edit {
	return func(c *x509read.Certificate) { c.Signature.OID, c.TBSSignature.OID = oid, oid }
}

func TestKeys(t *testing.T) {
	const weak, small, odd, edwards = "apple-weak-key", "apple-key-size", "apple-key-unloadable", "apple-ed25519"
	root := func(kind chain.AnchorKind, e edit) *chain.Case {
		return asked(kind, leaf(), authority("CA", "Root"), authority("Root", "Root", e))
	}
	tell(t, []story{
		{"RSA 1017 fills 128 octets", weak, under(chain.App, rsaKey(1017)), ""},
		{"RSA 1016", weak, under(chain.App, rsaKey(1016)), "error"},
		{"RSA 1016 of a root", weak, root(chain.App, rsaKey(1016)), "error"},
		{"RSA 1016 of an installed leaf", weak, asked(chain.Installed, leaf(rsaKey(1016))), "error"},
		{"RSA 1016 of a client", weak, client(under(chain.App, rsaKey(1016))), "error"},
		{"P-192", weak, under(chain.App, key(x509read.ECDSA, 192, "P-192")), ""},
		{"a curve of 152 bits", weak, under(chain.App, key(x509read.ECDSA, 152, "x")), "error"},
		{"a curve of 153 bits fills 20 octets", weak, under(chain.App, key(x509read.ECDSA, 153, "x")), ""},
		{"DSA", weak, under(chain.App, key(x509read.DSA, 2048, "")), "error"},
		{"ML-DSA", weak, under(chain.App, key(x509read.MLDSA, 0, "")), "error"},
		{"Ed25519", weak, under(chain.App, key(x509read.Ed25519, 256, "")), ""},

		{"RSA 2041 fills 256 octets", small, under(chain.App, rsaKey(2041)), "note"},
		{"RSA 2040", small, under(chain.App, rsaKey(2040)), "error"},
		{"RSA 2048", small, under(chain.App, rsaKey(2048)), ""},
		{"RSA 1024 of a built-in root", small, root(chain.Builtin, rsaKey(1024)), "error"},
		{"RSA 1024 of an installed root", small, root(chain.Installed, rsaKey(1024)), "error"},
		{"RSA 1024 of an installed leaf", small, asked(chain.Installed, leaf(rsaKey(1024))), ""},
		{"RSA 1024 of the app's leaf", small, asked(chain.App, leaf(rsaKey(1024))), "error"},
		{"RSA 1024 of a client", small, client(under(chain.App, rsaKey(1024))), ""},
		{"P-224", small, under(chain.App, key(x509read.ECDSA, 224, "P-224")), "error"},
		{"P-256", small, under(chain.App, key(x509read.ECDSA, 256, "P-256")), ""},
		{"P-521", small, under(chain.App, key(x509read.ECDSA, 521, "P-521")), ""},

		{"RSA 8192", odd, under(chain.App, rsaKey(8192)), ""},
		{"RSA 8193", odd, under(chain.App, rsaKey(8193)), "error"},
		{"P-192", odd, under(chain.App, key(x509read.ECDSA, 192, "P-192")), ""},
		{"secp256k1", odd, under(chain.App, key(x509read.ECDSA, 256, "secp256k1")), "error"},
		{"explicit parameters", odd, under(chain.App, key(x509read.ECDSA, 256, "explicit parameters")), "error"},
		{"id-RSASSA-PSS", odd, under(chain.App, key(x509read.RSAPSS, 2048, "")), "error"},
		{"X25519", odd, under(chain.App, key(x509read.X25519, 253, "")), "error"},
		{"Ed25519 loads", odd, under(chain.App, key(x509read.Ed25519, 256, "")), ""},

		{"Ed25519 leaf", edwards, under(chain.App, key(x509read.Ed25519, 256, "")), "error"},
		{"Ed448 root", edwards, root(chain.Installed, key(x509read.Ed448, 456, "")), "error"},
		{"Ed25519 of an installed leaf", edwards, asked(chain.Installed, leaf(key(x509read.Ed25519, 256, ""))), ""},
		{"Ed25519 of a client", edwards, client(under(chain.App, key(x509read.Ed25519, 256, ""))), ""},
		{"P-256", edwards, under(chain.App), ""},
	})
}

func TestSignatures(t *testing.T) {
	sha1, md5, pss := signed(x509read.OIDSHA1WithRSA), signed(x509read.OIDMD5WithRSA), signed(x509read.OIDRSASSAPSS)
	root := func(kind chain.AnchorKind, e edit) *chain.Case {
		return asked(kind, leaf(), authority("CA", "Root"), authority("Root", "Root", e))
	}
	crossSigned := func(kind chain.AnchorKind, e edit) *chain.Case {
		return asked(kind, leaf(), authority("CA", "Root"), authority("Root", "Elder", e))
	}
	mismatch := func(c *x509read.Certificate) {
		c.Faults = []x509read.Fault{{Code: x509read.FaultAlgorithmMismatch}}
	}
	parameters := func(c *x509read.Certificate) {
		c.Faults = []x509read.Fault{{Code: x509read.FaultParametersMismatch}}
	}
	tell(t, []story{
		{"SHA-1 leaf under a private root", "apple-sha1", under(chain.Installed, sha1), "error"},
		{"SHA-1 leaf under the app's anchor", "apple-sha1", under(chain.App, sha1), "error"},
		{"SHA-1 self-signed root", "apple-sha1", root(chain.Builtin, sha1), ""},
		{"SHA-1 cross-signed installed anchor", "apple-sha1", crossSigned(chain.Installed, sha1), "note"},
		{"SHA-1 cross-signed anchor of the app", "apple-sha1", crossSigned(chain.App, sha1), "error"},
		{"SHA-1 client", "apple-sha1", client(under(chain.Installed, sha1)), ""},
		{"ECDSA with SHA-1", "apple-sha1", under(chain.Installed, signed(x509read.OIDECDSAWithSHA1)), "error"},
		{"SHA-224 passes default trust", "apple-sha1", under(chain.Installed, signed(x509read.OIDSHA224WithRSA)), ""},

		{"MD5 leaf", "apple-md5", under(chain.Installed, md5), "error"},
		{"MD5 client", "apple-md5", client(under(chain.Installed, md5)), "error"},
		{"MD5 self-signed root", "apple-md5", root(chain.App, md5), ""},
		{"MD5 cross-signed anchor", "apple-md5", crossSigned(chain.App, md5), "error"},
		{"SHA-1", "apple-md5", under(chain.Installed, sha1), ""},

		{"PSS leaf", "apple-pss", under(chain.Installed, pss), "error"},
		{"PSS intermediate", "apple-pss", asked(chain.App, leaf(), authority("CA", "Root", pss), authority("Root", "Root")), "error"},
		{"PSS root", "apple-pss", root(chain.App, pss), ""},
		{"PSS by a key that does not load", "apple-pss",
			asked(chain.App, leaf(pss), authority("CA", "Root", key(x509read.RSAPSS, 2048, "")), authority("Root", "Root")), ""},
		{"PKCS#1", "apple-pss", under(chain.Installed, signed(x509read.OIDSHA256WithRSA)), ""},

		{"SHA-3", "apple-signature-unsupported", under(chain.Installed, signed(x509read.OIDSHA3_256WithRSA)), "error"},
		{"SHA-512/256", "apple-signature-unsupported", under(chain.Installed, signed(x509read.OIDSHA512_256WithRSA)), "error"},
		{"ML-DSA", "apple-signature-unsupported", under(chain.Installed, signed(x509read.OIDMLDSA65)), "error"},
		{"PSS has a rule of its own", "apple-signature-unsupported", under(chain.Installed, pss), ""},
		{"Ed25519", "apple-signature-unsupported", under(chain.Installed, signed(x509read.OIDEd25519)), ""},
		{"MD5 is verified, then refused", "apple-signature-unsupported", under(chain.Installed, md5), ""},

		{"other OID inside", "apple-signature-mismatch", under(chain.Installed, mismatch), "error"},
		{"other parameters only", "apple-signature-mismatch", under(chain.Installed, parameters), ""},
	})
}
