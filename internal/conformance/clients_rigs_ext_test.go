package conformance

import (
	"encoding/hex"
	"fmt"

	"github.com/chainspect/chainspect/internal/testpki"
)

func extensionRigs(add adder) {
	strange, any := "1.3.6.1.4.1.55555.1", oid("2.5.29.32.0")
	constraint := func(fields ...[]byte) []byte { return tlv(0x30, fields...) }
	for _, p := range places {
		place, of := p.name, p.of
		for _, critical := range []bool{true, false} {
			how := ", not critical"
			if critical {
				how = ", critical"
			}
			for _, e := range []struct {
				what, oid string
				content   []byte
			}{{"unknown extension", strange, tlv(0x05)}, {"must-staple", "1.3.6.1.5.5.7.1.24", tlv(0x30, tlv(0x02, []byte{5}))}, {"TLS feature 17",
				"1.3.6.1.5.5.7.1.24", tlv(0x30, tlv(0x02, []byte{17}))}, {"CT poison", "1.3.6.1.4.1.11129.2.4.3", tlv(0x05)},
				{"certificate policies", "2.5.29.32", tlv(0x30, tlv(0x30, oid("1.3.6.1.4.1.55555.9")))},
				{"anyPolicy", "2.5.29.32", tlv(0x30, tlv(0x30, any))},
				{"a policy with a URL", "2.5.29.32",
					tlv(0x30, tlv(0x30, oid("1.3.6.1.4.1.55555.9"),
						tlv(0x30, tlv(0x30, oid("1.3.6.1.5.5.7.2.1"), tlv(0x16, []byte("https://example.com/"))))))},
				{"inhibitAnyPolicy", "2.5.29.54", tlv(0x02, []byte{0})},
				{"policy mappings", "2.5.29.33", tlv(0x30, tlv(0x30, oid("1.2.3"), oid("1.2.4")))},
				{"requireExplicitPolicy", "2.5.29.36", constraint(tlv(0x80, []byte{0}))},
				{"requireExplicitPolicy 5", "2.5.29.36", constraint(tlv(0x80, []byte{5}))},
				{"inhibitPolicyMapping", "2.5.29.36", constraint(tlv(0x81, []byte{0}))}, {"empty policy constraints", "2.5.29.36", constraint()},
				{"CRL distribution point", "2.5.29.31", tlv(0x30, tlv(0x30, tlv(0xa0, tlv(0xa0, tlv(0x86, []byte("http://127.0.0.1:9/a.crl"))))))},
				{"freshest CRL", "2.5.29.46", tlv(0x30, tlv(0x30, tlv(0xa0, tlv(0xa0, tlv(0x86, []byte("http://127.0.0.1:9/a.crl"))))))},
				{"authority information access", "1.3.6.1.5.5.7.1.1",
					tlv(0x30, tlv(0x30, oid("1.3.6.1.5.5.7.48.2"),
						tlv(0x86,
							[]byte("http://127.0.0.1:9/a.cer"))))},
				{"subject information access", "1.3.6.1.5.5.7.1.11", tlv(0x30, tlv(0x30, oid("1.3.6.1.5.5.7.48.5"), tlv(0x86, []byte("http://127.0.0.1:9/"))))},
				{"issuerAltName", "2.5.29.18", tlv(0x30, tlv(0x82, []byte("ca.example.com")))},
				{"private key usage period", "2.5.29.16", tlv(0x30, tlv(0x80, []byte("20200101000000Z")), tlv(0x81, []byte("20210101000000Z")))},
				{"subject directory attributes", "2.5.29.9", tlv(0x30, tlv(0x30, oid("1.2.3"), tlv(0x31, tlv(0x05))))},
				{"OCSP no check", "1.3.6.1.5.5.7.48.1.5", tlv(0x05)}, {"QC statements", "1.3.6.1.5.5.7.1.3", tlv(0x30, tlv(0x30, oid("0.4.0.1862.1.1")))},
				{"Netscape type client", "2.16.840.1.113730.1.1", tlv(0x03, []byte{7, 0x80})},
				{"Netscape type server", "2.16.840.1.113730.1.1", tlv(0x03, []byte{6, 0x40})},
				{"Netscape type mail CA", "2.16.840.1.113730.1.1", tlv(0x03, []byte{1, 0x02})},
				{"Netscape comment", "2.16.840.1.113730.1.13", tlv(0x16, []byte("made by hand"))},
				{"Microsoft application policies", "1.3.6.1.4.1.311.21.10", tlv(0x30, tlv(0x30, oid("1.3.6.1.5.5.7.3.1")))},
				{"Microsoft application policies of clients", "1.3.6.1.4.1.311.21.10", tlv(0x30, tlv(0x30, oid("1.3.6.1.5.5.7.3.2")))},
				{"Microsoft template", "1.3.6.1.4.1.311.21.7", tlv(0x30, oid("1.3.6.1.4.1.311.21.8.1"), tlv(0x02, []byte{100}))},
				{"Microsoft template name", "1.3.6.1.4.1.311.20.2", tlv(0x1e, []byte("\x00W\x00e\x00b"))},
				{"Microsoft CA version", "1.3.6.1.4.1.311.21.1", tlv(0x02, []byte{0})},
				{"a list of no SCTs", "1.3.6.1.4.1.11129.2.4.2", tlv(0x04, []byte{0, 0})}} {
				add("ext", place+" "+e.what+how, of(extension(e.oid, critical, e.content)))
			}
		}
		add("ext", place+" unknown extension twice", of(repeated(strange, tlv(0x05))))
		add("ext", place+" keyUsage twice", of(repeated("2.5.29.15", tlv(0x03, []byte{1, 0x86}))))
		add("ext", place+" extended key usage twice", of(repeated("2.5.29.37", tlv(0x30, oid("1.3.6.1.5.5.7.3.1")))))
		add("ext", place+" basicConstraints twice", of(repeated("2.5.29.19", tlv(0x30, tlv(0x01, []byte{0xff})))))
		add("ext", place+" certificate policies twice", of(repeated("2.5.29.32", tlv(0x30, tlv(0x30, any)))))
		add("ext", place+" authority information access twice",
			of(repeated("1.3.6.1.5.5.7.1.1", tlv(0x30, tlv(0x30, oid("1.3.6.1.5.5.7.48.2"), tlv(0x86, []byte("http://127.0.0.1:9/a.cer")))))))
		add("ext", place+" Netscape comment twice", of(repeated("2.16.840.1.113730.1.13", tlv(0x16, []byte("made by hand")))))
		add("ext", place+" the same policy twice", of(extension("2.5.29.32", false, tlv(0x30, tlv(0x30, oid("1.2.3.4")), tlv(0x30, oid("1.2.3.4"))))))
	}
	policy := func(id string) func(*testpki.Recipe) {
		return extension("2.5.29.32", false, tlv(0x30, tlv(0x30, oid(id))))
	}
	require := extension("2.5.29.36", true, constraint(tlv(0x80, []byte{0})))
	add("ext", "a policy is required and there", all(interOf(require), interOf(policy("1.2.3.4")), leafOf(policy("1.2.3.4"))))
	add("ext", "a policy is required and another there", all(interOf(require), interOf(policy("1.2.3.4")), leafOf(policy("1.2.3.5"))))
	add("ext", "a policy is required and any there", all(interOf(require), interOf(policy("2.5.29.32.0")), leafOf(policy("1.2.3.5"))))
	add("ext", "a policy is required, not critical", interOf(extension("2.5.29.36", false, constraint(tlv(0x80, []byte{0})))))
	add("ext", "policies of leaf and intermediate differ", all(interOf(policy("1.2.3.4")), leafOf(policy("1.2.3.5"))))
	add("ext", "subjectAltName twice, the name in the first", func(g *rigging) {
		extension("2.5.29.17", false, tlv(0x30, tlv(0x82, []byte(g.host))))(&g.leaf)
		extension("2.5.29.17", false, tlv(0x30, tlv(0x82, []byte("other.example.com"))))(&g.leaf)
	})
	add("ext", "leaf without any extension, version 3", leafOf(field("extensions", "")))
	add("ext", "leaf with an empty list of extensions", leafOf(field("extensions", "a302 3000")))
	for _, p := range places {
		place, of := p.name, p.of
		for _, s := range []struct{ what, hex string }{{"zero", "020100"}, {"negative", "0201ff"},
			{"of 20 octets", "0214" + hex.EncodeToString(filler(22)[2:22])}, {"of 21 octets", "021500" + hex.EncodeToString(filler(30)[4:24])},
			{"of 24 octets", "021801" + hex.EncodeToString(filler(30)[4:27])},
			{"with a zero in front", "02020001"}, {"of 40 octets", "022801" + hex.EncodeToString(filler(60)[4:43])}, {"without octets", "0200"}} {
			add("ext", place+" serial number "+s.what, of(field("serial", s.hex)))
		}
		add("ext", place+" unique ID", of(field("unique_id", "8102 0001")))
	}
}

func encodingRigs(add adder) {
	for _, p := range places {
		place, of := p.name, p.of
		for _, e := range []struct {
			what, oid string
			content   []byte
		}{{"keyUsage", "2.5.29.15", nil}, {"extendedKeyUsage", "2.5.29.37", nil}, {"basicConstraints", "2.5.29.19", nil}, {"subjectAltName",
			"2.5.29.17", nil}, {"authorityInfoAccess", "1.3.6.1.5.5.7.1.1", nil}, {"cRLDistributionPoints", "2.5.29.31", nil},
			{"certificatePolicies", "2.5.29.32", nil}, {"authorityKeyIdentifier", "2.5.29.35", nil}, {"subjectKeyIdentifier", "2.5.29.14", nil},
			{"nameConstraints", "2.5.29.30", nil}, {"policyConstraints", "2.5.29.36", nil}, {"issuerAltName", "2.5.29.18", nil},
			{"SCT list", "1.3.6.1.4.1.11129.2.4.2", nil},
			{"TLS feature", "1.3.6.1.5.5.7.1.24", nil}, {"inhibitAnyPolicy", "2.5.29.54", nil}, {"policyMappings", "2.5.29.33", nil},
			{"Netscape type", "2.16.840.1.113730.1.1", nil}} {
			if place == "leaf" && e.what == "subjectAltName" {
				continue // then nothing covers the name
			}
			add("enc", place+" "+e.what+" unreadable", of(extension(e.oid, false, []byte("garbage"))))
			add("enc", place+" "+e.what+" without content", of(extension(e.oid, false)))
		}
		add("enc", place+" keyUsage with an octet behind it", of(extension("2.5.29.15", true, tlv(0x03, []byte{1, 0x86}), []byte{0})))
		add("enc", place+" basicConstraints with an octet behind it", of(extension("2.5.29.19", true, tlv(0x30, tlv(0x01, []byte{0xff})), []byte{0})))
		add("enc", place+" basicConstraints in a long form of length", of(extension("2.5.29.19", true, []byte{0x30, 0x81, 0x03, 0x01, 0x01, 0xff})))
		add("enc", place+" extendedKeyUsage in indefinite length",
			of(extension("2.5.29.37", false, []byte{0x30, 0x80}, oid("1.3.6.1.5.5.7.3.1"), []byte{0, 0})))
		add("enc", place+" critical FALSE written out", of(falseWrittenOut))
		add("enc", place+" signature algorithms differ", of(func(r *testpki.Recipe) { r.Outer = "300a 0608 2a8648ce3d040303" }))
		add("enc", place+" ECDSA with parameters NULL", of(func(r *testpki.Recipe) {
			r.Outer = "300c 0608 2a8648ce3d040302 0500"
			field("signature", r.Outer)(r)
		}))
		add("enc", place+" point of the key compressed", of(func(r *testpki.Recipe) {
			field("spki", compressed)(r)
		}))
	}
	rsa := all(rootOf(key("rsa2048")), interOf(key("rsa2048")))
	for _, p := range places {
		place, of := p.name, p.of
		add("enc", place+" signed with RSA, parameters absent", all(rsa, of(func(r *testpki.Recipe) {
			r.Outer = "300b 0609 2a864886f70d01010b"
			field("signature", r.Outer)(r)
		})))
	}
}

// falseWrittenOut is an extendedKeyUsage whose DEFAULT is there.
func falseWrittenOut(r *testpki.Recipe) {
	extension("2.5.29.37", true, tlv(0x30, oid("1.3.6.1.5.5.7.3.1")))(r)
	r.Damage = append(r.Damage, testpki.Damage{Find: "0603551d25 0101ff", Replace: "0603551d25 010100"})
}

func handshakeRigs(add adder) {
	for _, v := range [][2]string{{"1.0", "1.0"}, {"1.1", "1.1"}, {"1.0", "1.1"}, {"1.2", "1.2"}, {"1.3", "1.3"}, {"1.0", "1.2"}, {"1.0", "1.3"}} {
		add("tls", "TLS "+v[0]+" to "+v[1], versions(v[0], v[1]))
		add("tls", "TLS "+v[0]+" to "+v[1]+", RSA leaf", all(leafOf(key("rsa2048")), versions(v[0], v[1])))
	}
	for _, s := range []string{"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA256",
		"TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA",
		"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
		"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
		"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_ECDHE_RSA_WITH_RC4_128_SHA"} {
		add("tls", "TLS 1.2 with "+s+" alone",
			all(leafOf(key("rsa2048")), leafOf(usage("digitalSignature", "keyEncipherment")), versions("1.2", "1.2"), offers(s)))
	}
	for _, s := range []string{"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
		"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
		"TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"} {
		add("tls", "TLS 1.2 with "+s+" alone", all(versions("1.2", "1.2"), offers(s)))
	}
	for _, name := range []string{"P-256", "P-384", "P-521", "X25519", "X25519MLKEM768"} {
		add("tls", "TLS 1.3, group "+name+" alone", all(versions("1.3", "1.3"), groups(name)))
		if name != "X25519MLKEM768" {
			add("tls", "TLS 1.2, group "+name+" alone", all(versions("1.2", "1.2"), groups(name)))
		}
	}
	for _, args := range []string{"-tls1_3 -groups X448", "-tls1_3 -groups ffdhe2048", "-tls1_2 -groups X448",
		"-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256", "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256", "-tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384"} {
		add("tls", "s_server "+args, func(g *rigging) { g.server.Backend, g.server.Arguments = "openssl", args })
	}
	for _, args := range []string{"-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256", "-tls1_2 -cipher DHE-RSA-AES256-SHA256",
		"-tls1_2 -cipher ECDHE-RSA-AES256-SHA384", "-tls1_2 -cipher AES256-SHA256", "-tls1_2 -cipher AES128-CCM",
		"-tls1_2 -cipher ECDHE-RSA-CAMELLIA128-SHA256", "-tls1_3 -sigalgs rsa_pss_rsae_sha384",
		"-tls1_3 -sigalgs rsa_pss_rsae_sha512", "-tls1_2 -sigalgs RSA+SHA512", "-tls1_2 -sigalgs RSA+SHA224"} {
		add("tls", "s_server "+args+", RSA leaf",
			all(leafOf(key("rsa2048")), leafOf(usage("digitalSignature", "keyEncipherment")),
				func(g *rigging) { g.server.Backend, g.server.Arguments = "openssl", args }))
	}
	for _, v := range []string{"1.2", "1.3"} {
		for _, demand := range []string{"request", "require"} {
			add("tls", "TLS "+v+", a client certificate: "+demand, all(versions(v, v), func(g *rigging) { g.server.ClientAuth = demand }))
		}
	}
}

func sizeRigs(add adder) {
	for _, kb := range []int{10, 15, 17, 20, 30, 31, 33, 40, 60, 64, 66, 90, 100, 103, 110, 125, 128, 135, 150, 200, 250, 254, 270, 300} {
		add("size", fmt.Sprintf("one certificate of %d kB", kb), leafOf(extension("1.3.6.1.4.1.55555.3", false, filler(kb*1000))))
		if kb >= 60 {
			add("size", fmt.Sprintf("%d kB of certificates of 25 kB", kb), func(g *rigging) {
				for i := range (kb + 12) / 25 {
					name := fmt.Sprintf("stranger%02d", i)
					r := testpki.Recipe{CA: true}
					extension("1.3.6.1.4.1.55555.3", false, filler(25000))(&r)
					g.more[name] = r
					g.sent = append(g.sent, name)
				}
			})
		}
	}
	add("size", "an intermediate of 66 kB", interOf(extension("1.3.6.1.4.1.55555.3", false, filler(66000))))
	add("size", "a root of 66 kB, sent", all(rootOf(extension("1.3.6.1.4.1.55555.3", false, filler(66000))), send("leaf", "inter", "root")))
	add("size", "a stranger of 66 kB", func(g *rigging) {
		r := testpki.Recipe{CA: true}
		extension("1.3.6.1.4.1.55555.3", false, filler(66000))(&r)
		g.more["stranger"] = r
		g.sent = append(g.sent, "stranger")
	})
}
