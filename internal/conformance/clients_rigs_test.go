package conformance

import (
	"strings"

	"github.com/chainspect/chainspect/internal/testpki"
)

// rigs are the servers, by what they differ in from a sound one.
func rigs() []rig {
	var list []rig
	add := func(kind, what string, change func(*rigging)) { list = append(list, rig{kind, what, change}) }
	add("control", "sound chain", nil)
	add("control", "sound RSA-2048 chain", all(rootOf(key("rsa2048")), interOf(key("rsa2048")), leafOf(key("rsa2048"))))
	add("control", "sound P-384 chain", all(rootOf(key("p384")), interOf(key("p384")), leafOf(key("p384"))))
	purposeRigs(add)
	usageRigs(add)
	keyRigs(add)
	signatureRigs(add)
	dateRigs(add)
	pathRigs(add)
	authorityRigs(add)
	nameRigs(add)
	constraintRigs(add)
	extensionRigs(add)
	encodingRigs(add)
	subjectRigs(add)
	handshakeRigs(add)
	sizeRigs(add)
	return list
}

type adder func(kind, what string, change func(*rigging))

const (
	microsoftGated = "1.3.6.1.4.1.311.10.3.3"
	netscapeGated  = "2.16.840.1.113730.4.1"
	timeStamping   = "1.3.6.1.5.5.7.3.8"
)

func purposeRigs(add adder) {
	for _, p := range places {
		place, of := p.name, p.of
		for _, list := range []string{"any", "codeSigning", "emailProtection", timeStamping, "1.3.6.1.4.1.55555.7", "ocspSigning", microsoftGated,
			netscapeGated, "clientAuth", "serverAuth clientAuth", "serverAuth any", "clientAuth any",
			"serverAuth ocspSigning", "serverAuth codeSigning", "serverAuth 1.3.6.1.4.1.55555.7"} {
			add("eku", place+" EKU "+list, of(eku(strings.Fields(list)...)))
		}
		add("eku", place+" EKU empty", of(extension("2.5.29.37", false, tlv(0x30))))
		add("eku", place+" EKU serverAuth critical", of(extension("2.5.29.37", true, tlv(0x30, oid("1.3.6.1.5.5.7.3.1")))))
		add("eku", place+" EKU clientAuth critical", of(extension("2.5.29.37", true, tlv(0x30, oid("1.3.6.1.5.5.7.3.2")))))
		add("eku", place+" EKU serverAuth twice", of(extension("2.5.29.37", false, tlv(0x30, oid("1.3.6.1.5.5.7.3.1"), oid("1.3.6.1.5.5.7.3.1")))))
	}
}

// bits are the content of a keyUsage: unused bits and octets.
func bits(critical bool, octets ...byte) func(*testpki.Recipe) {
	return extension("2.5.29.15", critical, tlv(0x03, octets))
}

func usageRigs(add adder) {
	static := all(versions("1.2", "1.2"), offers("TLS_RSA_WITH_AES_128_GCM_SHA256"))
	for _, use := range []struct {
		name   string
		octets []byte
	}{{"keyEncipherment", []byte{5, 0x20}}, {"keyAgreement", []byte{3, 0x08}}, {"nonRepudiation", []byte{6, 0x40}}, {"dataEncipherment",
		[]byte{4, 0x10}}, {"keyCertSign", []byte{2, 0x04}}, {"none", []byte{0}}, {"digitalSignature and keyEncipherment", []byte{5, 0xa0}},
		{"keyEncipherment and keyAgreement", []byte{3, 0x28}}, {"nonRepudiation and keyEncipherment", []byte{5, 0x60}},
		{"keyAgreement and encipherOnly", []byte{0, 0x09}}, {"decipherOnly", []byte{7, 0, 0x80}}} {
		with := leafOf(bits(true, use.octets...))
		add("ku", "EC leaf "+use.name+", TLS 1.3", all(with, versions("1.3", "1.3")))
		add("ku", "EC leaf "+use.name+", TLS 1.2", all(with, versions("1.2", "1.2")))
		rsa := all(leafOf(key("rsa2048")), with)
		add("ku", "RSA leaf "+use.name+", TLS 1.3", all(rsa, versions("1.3", "1.3")))
		add("ku", "RSA leaf "+use.name+", TLS 1.2 ECDHE", all(rsa, versions("1.2", "1.2"), offers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")))
		add("ku", "RSA leaf "+use.name+", TLS 1.2 static RSA", all(rsa, static))
	}
	add("ku", "RSA leaf digitalSignature, static RSA", all(leafOf(key("rsa2048")), static))
	add("ku", "leaf without KU, static RSA", all(leafOf(key("rsa2048")), leafOf(usage("-")), static))
	add("ku", "leaf digitalSignature, not critical", leafOf(bits(false, 7, 0x80)))
	add("ku", "leaf keyAgreement, not critical", leafOf(bits(false, 3, 0x08)))
	add("ku", "leaf nonRepudiation, not critical", leafOf(bits(false, 6, 0x40)))
	add("ku", "leaf KU with padding bits set", leafOf(bits(true, 7, 0xff)))
	add("ku", "leaf KU with trailing zero octet", leafOf(bits(true, 0, 0x80, 0)))
	add("ku", "intermediate keyCertSign not critical", interOf(bits(false, 2, 0x04)))
	add("ku", "intermediate KU without bits", interOf(bits(true, 0)))
	add("ku", "intermediate without KU", interOf(usage("-")))
	add("ku", "intermediate KU digitalSignature", interOf(usage("digitalSignature")))
	add("ku", "intermediate KU keyCertSign and all else", interOf(bits(true, 7, 0xff, 0x80)))
	add("ku", "root KU cRLSign", rootOf(usage("cRLSign")))
	add("ku", "root KU without bits", rootOf(bits(true, 0)))
	add("ku", "root without KU", rootOf(usage("-")))
	add("ku", "root KU digitalSignature not critical", rootOf(bits(false, 7, 0x80)))
}

func offers(list ...string) func(*rigging) { return func(g *rigging) { g.server.Suites = list } }
func groups(list ...string) func(*rigging) { return func(g *rigging) { g.server.Groups = list } }

func keyRigs(add adder) {
	for _, p := range places {
		place, of := p.name, p.of
		for _, kind := range []string{"rsa1024", "rsa1536", "rsa1984", "rsa2040", "rsa3072", "rsa4096", "p224", "p384", "p521", "ed25519"} {
			add("key", place+" "+kind, of(key(kind)))
		}
	}
	for _, k := range [][]string{{"-algorithm", "ED448"}, {"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"},
		{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"},
		{"-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"},
		{"-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_pss_keygen_md:sha256", "-pkeyopt",
			"rsa_pss_keygen_mgf1_md:sha256", "-pkeyopt", "rsa_pss_keygen_saltlen:32"},
		{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"},
		{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:3"},
		{"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-pkeyopt", "rsa_keygen_pubexp:4294967297"}} {
		made := func(g *rigging) { g.opensslKey = k }
		add("key", "leaf "+strings.Join(k[1:], " "), made)
		if k[1] == "EC" || k[1] == "RSA-PSS" {
			add("key", "leaf "+strings.Join(k[1:], " ")+", TLS 1.2", all(made, versions("1.2", "1.2")))
		}
	}
}

func signatureRigs(add adder) {
	rsa := all(rootOf(key("rsa2048")), interOf(key("rsa2048")))
	for _, p := range places {
		place, of := p.name, p.of
		for _, h := range []string{"sha1", "md5", "sha224", "sha384", "sha512", "pss", "pss384", "pss512", "pss1", "pss224"} {
			add("sig", place+" RSA "+h, all(rsa, of(hash(h))))
		}
		for _, h := range []string{"sha1", "sha224", "sha384", "sha512"} {
			add("sig", place+" ECDSA "+h, of(hash(h)))
		}
		add("sig", place+" signed by P-384 with SHA-256", all(rootOf(key("p384")), interOf(key("p384")), of(hash("sha256"))))
		add("sig", place+" signed by P-521 with SHA-512", all(rootOf(key("p521")), interOf(key("p521")), of(hash("sha512"))))
		add("sig", place+" signature broken", of(func(r *testpki.Recipe) {
			r.Damage = append(r.Damage, testpki.Damage{Find: "0603 551d0e", Replace: "0603 551d7f", Unsound: true})
		}))
	}
}
