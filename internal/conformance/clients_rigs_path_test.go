package conformance

import (
	"fmt"
	"strings"

	"github.com/chainspect/chainspect/internal/testpki"
)

func dateRigs(add adder) {
	for _, days := range []int{397, 399, 825, 826, 900, 1200, 3650, 20000} {
		add("life", fmt.Sprintf("leaf of %d days", days), leafOf(func(r *testpki.Recipe) { r.Begins, r.Seconds = "-1d", int64(days)*86400 }))
	}
	for _, p := range places {
		place, of := p.name, p.of
		add("life", place+" expired an hour ago", of(dates("-90d", "-1h")))
		add("life", place+" expired a year ago", of(dates("-900d", "-365d")))
		add("life", place+" valid from tomorrow", of(dates("1d", "90d")))
		add("life", place+" notAfter before notBefore", of(dates("1d", "-1d")))
		add("life", place+" valid until 2051", of(dates("-1d", "9000d")))
		add("life", place+" UTCTime without seconds", of(validity(0x17, "2511010000Z", "3011010000Z")))
		add("life", place+" UTCTime with an offset", of(validity(0x17, "251101000000+0000", "301101000000+0000")))
		add("life", place+" GeneralizedTime before 2050", of(validity(0x18, "20251101000000Z", "20301101000000Z")))
		add("life", place+" GeneralizedTime with fractions", of(validity(0x18, "20251101000000.5Z", "20301101000000.5Z")))
		add("life", place+" GeneralizedTime without seconds", of(validity(0x18, "202511010000Z", "203011010000Z")))
		add("life", place+" valid until 99991231235959Z", of(validity(0x18, "20251101000000Z", "99991231235959Z")))
		add("life", place+" valid from 1950", of(validity(0x17, "500101000000Z", "301101000000Z")))
	}
}

func validity(tag byte, from, until string) func(*testpki.Recipe) {
	return field("validity", fmt.Sprintf("%x", tlv(0x30, tlv(tag, []byte(from)), tlv(tag, []byte(until)))))
}

// chainOf puts n intermediates between root and leaf, all sent.
func chainOf(n int) func(*rigging) {
	return func(g *rigging) {
		g.sent = []string{"leaf"}
		above := "root"
		var list []string
		for i := range n {
			name := fmt.Sprintf("int%02d", i)
			g.more[name] = testpki.Recipe{CA: true, Issuer: above}
			list = append([]string{name}, list...)
			above = name
		}
		g.leaf.Issuer = above
		g.sent = append(g.sent, list...)
	}
}

// strangers sends n certificates of nobody behind the chain.
func strangers(n int) func(*rigging) {
	return func(g *rigging) {
		for i := range n {
			name := fmt.Sprintf("stranger%02d", i)
			g.more[name] = testpki.Recipe{CA: true}
			g.sent = append(g.sent, name)
		}
	}
}

// twin is another certificate of the intermediate's name, and of its key unless
// other says that it has one of its own.
func twin(begins, ends string, change func(*testpki.Recipe)) func(*rigging) {
	return func(g *rigging) {
		r := g.inter
		r.KeyOf, r.Begins, r.Ends = "inter", begins, ends
		if change != nil {
			change(&r)
		}
		g.more["twin"] = r
	}
}

func pathRigs(add adder) {
	add("path", "intermediate not sent", send("leaf"))
	add("path", "intermediate not sent, root sent", send("leaf", "root"))
	add("path", "intermediate not sent, a dead caIssuers address",
		all(send("leaf"), leafOf(func(r *testpki.Recipe) { r.AIA = []string{"http://127.0.0.1:9/int.cer"} })))
	add("path", "intermediate not sent, caIssuers over https",
		all(send("leaf"), leafOf(func(r *testpki.Recipe) { r.AIA = []string{"https://127.0.0.1:9/int.cer"} })))
	add("path", "root sent as well", send("leaf", "inter", "root"))
	add("path", "root sent before the intermediate", send("leaf", "root", "inter"))
	add("path", "leaf sent twice", send("leaf", "leaf", "inter"))
	add("path", "leaf sent again at the end", send("leaf", "inter", "leaf"))
	add("path", "intermediate sent twice", send("leaf", "inter", "inter"))
	add("path", "intermediate first, then leaf", send("inter", "leaf"))
	add("path", "another root installed", all(more("other", testpki.Recipe{CA: true}), trust("other")))
	add("path", "another root of the same name installed, with another key", all(func(g *rigging) {
		r := g.root
		g.more["other"] = r
	}, trust("other")))
	add("path", "nothing but the intermediate installed", trust("inter"))
	add("path", "intermediate installed and not sent", all(trust("inter"), send("leaf")))
	add("path", "intermediate and root installed, leaf alone sent", all(trust("inter", "root"), send("leaf")))
	add("path", "the leaf installed", trust("leaf"))
	add("path", "the leaf and the root installed", trust("leaf", "root"))
	for _, n := range []int{0, 2, 3, 5, 6, 7, 8, 9, 10, 11, 15, 16, 19} {
		add("path", fmt.Sprintf("%d intermediates", n), chainOf(n))
	}
	add("path", "three intermediates in the wrong order", all(chainOf(3), send("leaf", "int00", "int01", "int02")))
	add("path", "three intermediates, middle first", all(chainOf(3), send("leaf", "int01", "int02", "int00")))
	for _, n := range []int{1, 7, 8, 13, 14, 15, 20} {
		add("path", fmt.Sprintf("%d strangers behind the chain", n), strangers(n))
	}
	add("path", "stranger between leaf and intermediate", all(strangers(1), send("leaf", "stranger00", "inter")))
	add("path", "an expired stranger at the end",
		all(more("stranger", testpki.Recipe{CA: true, Begins: "-900d", Ends: "-365d"}), send("leaf", "inter", "stranger")))
	add("path", "expired twin of the intermediate first", all(twin("-900d", "-1d", nil), send("leaf", "twin", "inter")))
	add("path", "expired twin of the intermediate second", all(twin("-900d", "-1d", nil), send("leaf", "inter", "twin")))
	add("path", "future twin of the intermediate first", all(twin("1d", "90d", nil), send("leaf", "twin", "inter")))
	add("path", "newer twin of the intermediate first", all(twin("-1d", "900d", nil), send("leaf", "twin", "inter")))
	add("path", "twin of the intermediate with another key first",
		all(twin("-1d", "900d", func(r *testpki.Recipe) { r.KeyOf = "" }), send("leaf", "twin", "inter")))
	add("path", "twin of the intermediate with another key first, no key identifiers",
		all(noIDs, twin("-1d", "900d", func(r *testpki.Recipe) { r.KeyOf = "" }), send("leaf", "twin", "inter")))
	add("path", "twin of the intermediate with another key second, no key identifiers",
		all(noIDs, twin("-1d", "900d", func(r *testpki.Recipe) { r.KeyOf = "" }), send("leaf", "inter", "twin")))
	add("path", "twin of the intermediate that is limited to mail first", all(twin("-1d", "900d", eku("emailProtection")), send("leaf", "twin", "inter")))
	add("path", "twin of the intermediate that is no CA first",
		all(twin("-1d", "900d", func(r *testpki.Recipe) { r.CA = false }), send("leaf", "twin", "inter")))
	add("path", "twin of the intermediate under an unknown root first",
		all(more("other", testpki.Recipe{CA: true}), twin("-1d", "900d", func(r *testpki.Recipe) { r.Issuer = "other" }), send("leaf", "twin", "inter")))
	add("path", "twin of the intermediate under an unknown root second",
		all(more("other", testpki.Recipe{CA: true}), twin("-1d", "900d", func(r *testpki.Recipe) { r.Issuer = "other" }), send("leaf", "inter", "twin")))
	add("path", "twin of the intermediate under an unknown root, sent too, first",
		all(more("other", testpki.Recipe{CA: true}), twin("-1d", "900d", func(r *testpki.Recipe) { r.Issuer = "other" }),
			send("leaf", "twin", "other", "inter")))
	cross := func(begins, ends string) func(*rigging) {
		return func(g *rigging) {
			g.more["old"] = testpki.Recipe{CA: true}
			r := g.root
			r.KeyOf, r.Issuer, r.Begins, r.Ends = "root", "old", begins, ends
			g.more["cross"] = r
			g.sent = []string{"leaf", "inter", "cross"}
		}
	}
	add("path", "cross-certificate sent, new root installed", cross("-90d", "90d"))
	add("path", "cross-certificate sent, old root installed", all(cross("-90d", "90d"), trust("old")))
	add("path", "expired cross-certificate sent, new root installed", cross("-900d", "-1d"))
	add("path", "expired cross-certificate sent, old root installed", all(cross("-900d", "-1d"), trust("old")))
	add("path", "expired cross-certificate sent, both installed", all(cross("-900d", "-1d"), trust("old", "root")))
	add("path", "cross-certificate sent, both installed, the old one expired", all(cross("-90d", "90d"), trust("old", "root"), func(g *rigging) {
		g.more["old"] = testpki.Recipe{CA: true, Begins: "-900d", Ends: "-1d"}
	}))
	renewed := func(begins, ends string) func(*rigging) {
		return func(g *rigging) {
			r := g.root
			r.KeyOf, r.Begins, r.Ends = "root", begins, ends
			g.more["renewed"] = r
		}
	}
	add("path", "renewed root installed, the old one sent", all(renewed("-1d", "900d"), trust("renewed"), send("leaf", "inter", "root")))
	add("path", "expired edition of the root installed before the current one", all(renewed("-900d", "-1d"), trust("renewed", "root")))
	add("path", "expired edition of the root installed after the current one", all(renewed("-900d", "-1d"), trust("root", "renewed")))
	add("path", "two CAs certify each other, one is installed", func(g *rigging) {
		g.more["a"] = testpki.Recipe{CA: true, Issuer: "root"}
		b := testpki.Recipe{CA: true, Issuer: "a"}
		g.more["b"] = b
		a2 := testpki.Recipe{CA: true, Issuer: "b", KeyOf: "a", Subject: "utf8:CN=" + g.host + " a,O=Rig"}
		g.more["a"] = testpki.Recipe{CA: true, Issuer: "root", Subject: a2.Subject}
		g.more["a2"] = a2
		g.leaf.Issuer = "b"
		g.sent = []string{"leaf", "b", "a2", "a"}
	})
	otherRoot := func(g *rigging) { r := g.root; g.more["other"] = r }
	add("path", "two roots of one name, the wrong one first", all(noIDs, otherRoot, trust("other", "root")))
	add("path", "two roots of one name, the wrong one second", all(noIDs, otherRoot, trust("root", "other")))
	add("path", "two roots of one name, the wrong one first, with key identifiers", all(otherRoot, trust("other", "root")))
	for _, p := range places {
		place, of := p.name, p.of
		add("path", place+" AKI with another issuer only", of(extension("2.5.29.35", false, tlv(0x30, tlv(0xa1, tlv(0xa4, dn(0x0c, "Nobody")))))))
		if place == "root" {
			add("path", "root AKI of another key", of(extension("2.5.29.35", false, tlv(0x30, tlv(0x80, []byte("another key's id"))))))
			add("path", "root AKI with another serial number only", of(extension("2.5.29.35", false, tlv(0x30, tlv(0x82, []byte{7})))))
			continue
		}
		add("path", place+" AKI of another key", of(extension("2.5.29.35", false, tlv(0x30, tlv(0x80, []byte("another key's id"))))))
		add("path", place+" AKI with another issuer and serial",
			of(extension("2.5.29.35", false, tlv(0x30, tlv(0xa1, tlv(0xa4, dn(0x0c, "Nobody"))), tlv(0x82, []byte{7})))))
		add("path", place+" AKI with another serial number only", of(extension("2.5.29.35", false, tlv(0x30, tlv(0x82, []byte{7})))))
		add("path", place+" AKI empty", of(extension("2.5.29.35", false, tlv(0x30))))
		add("path", place+" AKI critical", of(extension("2.5.29.35", true, tlv(0x30))))
		add("path", place+" without key identifiers", of(func(r *testpki.Recipe) { r.NoKeyIDs = true }))
		add("path", place+" SKI empty", of(extension("2.5.29.14", false, tlv(0x04))))
		add("path", place+" SKI critical", of(extension("2.5.29.14", true, tlv(0x04, []byte{1, 2, 3, 4}))))
	}
	add("path", "no key identifiers at all", noIDs)
	add("path", "root without key identifiers", rootOf(func(r *testpki.Recipe) { r.NoKeyIDs = true }))
	for _, n := range []int{0, 1} {
		add("path", fmt.Sprintf("root path length %d", n), rootOf(func(r *testpki.Recipe) { r.PathLen = &n }))
		add("path", fmt.Sprintf("intermediate path length %d", n), interOf(func(r *testpki.Recipe) { r.PathLen = &n }))
		add("path", fmt.Sprintf("root path length %d above two intermediates", n), all(chainOf(2), rootOf(func(r *testpki.Recipe) { r.PathLen = &n })))
	}
	add("path", "path length 0 above another intermediate", func(g *rigging) {
		chainOf(2)(g)
		r, zero := g.more["int00"], 0
		r.PathLen = &zero
		g.more["int00"] = r
	})
	add("path", "path length 0 above a self-issued intermediate", func(g *rigging) {
		zero := 0
		g.inter.PathLen = &zero
		r := g.inter
		r.Issuer, r.PathLen = "inter", nil
		g.more["again"] = r
		g.leaf.Issuer = "again"
		g.sent = []string{"leaf", "again", "inter"}
	})
	add("path", "leaf with a path length", leafOf(extension("2.5.29.19", true, tlv(0x30, tlv(0x02, []byte{0})))))
	add("path", "leaf of the same subject as the intermediate", func(g *rigging) { g.leaf.Subject = g.inter.Subject })
	add("path", "leaf of the same serial number as the intermediate", func(g *rigging) { g.leaf.Serial, g.inter.Serial = "4711", "4711" })
}

func noIDs(g *rigging) {
	g.root.NoKeyIDs, g.inter.NoKeyIDs, g.leaf.NoKeyIDs = true, true, true
}

func authorityRigs(add adder) {
	for _, p := range places {
		place, of := p.name, p.of
		noBasic := func(r *testpki.Recipe) { r.NoBasic = true }
		add("ca", place+" without basicConstraints", of(noBasic))
		add("ca", place+" without basicConstraints and keyUsage", of(func(r *testpki.Recipe) { r.NoBasic, r.KeyUsage = true, []string{"-"} }))
		add("ca", place+" CA:TRUE, not critical", of(extension("2.5.29.19", false, tlv(0x30, tlv(0x01, []byte{0xff})))))
		add("ca", place+" CA:TRUE", of(extension("2.5.29.19", true, tlv(0x30, tlv(0x01, []byte{0xff})))))
		add("ca", place+" CA:TRUE, written as 01", of(extension("2.5.29.19", true, tlv(0x30, tlv(0x01, []byte{1})))))
		add("ca", place+" CA:FALSE", of(extension("2.5.29.19", true, tlv(0x30))))
		add("ca", place+" CA:FALSE written out", of(extension("2.5.29.19", true, tlv(0x30, tlv(0x01, []byte{0})))))
		add("ca", place+" CA:FALSE with keyCertSign", of(func(r *testpki.Recipe) {
			extension("2.5.29.19", true, tlv(0x30))(r)
			r.KeyUsage = []string{"digitalSignature", "keyCertSign"}
		}))
		add("ca", place+" path length negative", of(extension("2.5.29.19", true, tlv(0x30, tlv(0x01, []byte{0xff}), tlv(0x02, []byte{0xff})))))
		add("ca", place+" version 1", of(versionOne))
		add("ca", place+" version 1 with extensions", of(field("version", "")))
		add("ca", place+" version 2 with extensions", of(field("version", "a003 020101")))
		add("ca", place+" version 4", of(field("version", "a003 020103")))
	}
	ca := func(bits ...string) func(*testpki.Recipe) {
		return func(r *testpki.Recipe) { r.CA, r.KeyUsage = true, bits }
	}
	add("ca", "leaf CA:TRUE without keyUsage", leafOf(ca("-")))
	add("ca", "leaf CA:TRUE digitalSignature", leafOf(ca("digitalSignature")))
	add("ca", "leaf CA:TRUE digitalSignature and keyCertSign with serverAuth",
		leafOf(func(r *testpki.Recipe) { ca("digitalSignature", "keyCertSign")(r); r.EKU = []string{"serverAuth"} }))
	add("ca", "leaf CA:TRUE keyCertSign only", leafOf(ca("keyCertSign")))
	add("ca", "leaf CA:TRUE path length 0", leafOf(func(r *testpki.Recipe) { zero := 0; ca("digitalSignature", "keyCertSign")(r); r.PathLen = &zero }))
	add("ca", "self-signed, no CA", selfSigned(nil))
	add("ca", "self-signed, no CA, without basicConstraints, keyUsage and EKU",
		selfSigned(func(r *testpki.Recipe) { r.NoBasic, r.KeyUsage, r.EKU = true, []string{"-"}, []string{"-"} }))
	add("ca", "self-signed CA digitalSignature and keyCertSign", selfSigned(ca("digitalSignature", "keyCertSign")))
	add("ca", "self-signed CA without keyUsage, as openssl req -x509 makes it", selfSigned(ca("-")))
	add("ca", "self-signed CA keyCertSign only", selfSigned(ca("keyCertSign")))
	add("ca", "self-signed CA path length 0", selfSigned(func(r *testpki.Recipe) { zero := 0; ca("-")(r); r.PathLen = &zero }))
	add("ca", "self-signed of version 1", selfSigned(versionOne))
	add("ca", "self-signed, name in the CN only", selfSigned(func(r *testpki.Recipe) { r.DNS = nil; ca("-")(r) }))
	add("ca", "self-signed, no CA, of 900 days", selfSigned(func(r *testpki.Recipe) { r.Begins, r.Ends = "-1d", "900d" }))
	add("ca", "self-signed CA of 3650 days", selfSigned(func(r *testpki.Recipe) { ca("-")(r); r.Begins, r.Ends = "-1d", "3650d" }))
	add("ca", "self-signed, no CA, expired", selfSigned(dates("-90d", "-1d")))
	add("ca", "self-signed, no CA, for clients", selfSigned(eku("clientAuth")))
	add("ca", "self-signed, no CA, another name", func(g *rigging) { selfSigned(nil)(g); g.leaf.DNS = []string{"other.example.com"} })
	add("ca", "self-signed, no CA, RSA-1024", selfSigned(key("rsa1024")))
	add("ca", "self-signed, no CA, RSA with SHA-1", selfSigned(func(r *testpki.Recipe) { r.Key, r.Hash = "rsa2048", "sha1" }))
	add("ca", "self-signed, no CA, no key identifiers", selfSigned(func(r *testpki.Recipe) { r.NoKeyIDs = true }))
	add("ca", "self-signed, no CA, and not trusted", all(selfSigned(nil), trust("root")))
	add("ca", "self-signed CA, and not trusted", all(selfSigned(ca("-")), trust("root")))
}

// versionOne leaves out what only version 3 has.
func versionOne(r *testpki.Recipe) {
	field("version", "")(r)
	field("extensions", "")(r)
}

// repeated puts an extension beside one of the same kind.
func repeated(oid string, content ...[]byte) func(*testpki.Recipe) {
	return func(r *testpki.Recipe) {
		extension(oid, false, content...)(r)
		extension(oid, false, content...)(r)
	}
}

func subjectRigs(add adder) {
	chain := func(tag byte, written, real string) func(*rigging) { // the leaf's issuer against the intermediate's subject
		return func(g *rigging) {
			field("subject", fmt.Sprintf("%x", dn(0x0c, real+" "+g.host)))(&g.inter)
			field("issuer", fmt.Sprintf("%x", dn(tag, written+" "+g.host)))(&g.leaf)
		}
	}
	add("dn", "issuer name the same", chain(0x0c, "Rig Org", "Rig Org"))
	add("dn", "issuer name in PrintableString", chain(0x13, "Rig Org", "Rig Org"))
	add("dn", "issuer name in IA5String", chain(0x16, "Rig Org", "Rig Org"))
	add("dn", "issuer name in TeletexString", chain(0x14, "Rig Org", "Rig Org"))
	add("dn", "issuer name in other case", chain(0x0c, "RIG ORG", "Rig Org"))
	add("dn", "issuer name with two blanks", chain(0x0c, "Rig  Org", "Rig Org"))
	add("dn", "issuer name with a blank in front", chain(0x0c, " Rig Org", "Rig Org"))
	add("dn", "issuer name in PrintableString and other case", chain(0x13, "RIG ORG", "Rig Org"))
	add("dn", "issuer name of somebody else", chain(0x0c, "Rig Corp", "Rig Org"))
	add("dn", "intermediate with an empty subject", interOf(subject("-")))
	add("dn", "root with an empty subject", rootOf(subject("-")))
	add("dn", "leaf with an empty subject, subjectAltName not critical", leafOf(subject("-")))
	add("dn", "leaf with an empty subject, subjectAltName critical", func(g *rigging) {
		g.leaf.Subject = "-"
		extension("2.5.29.17", true, tlv(0x30, tlv(0x82, []byte(g.host))))(&g.leaf)
	})
	for _, p := range places {
		place, of := p.name, p.of
		for _, s := range []struct {
			what    string
			tag     byte
			content string
		}{{"PrintableString with @", 0x13, "a@b"}, {"PrintableString with *", 0x13, "a*b"}, {"PrintableString with _", 0x13,
			"a_b"}, {"PrintableString with &", 0x13, "a&b"}, {"PrintableString beyond ASCII", 0x13, "a\xe4b"}, {"invalid UTF-8", 0x0c, "a\xffb"},
			{"UTF8String with NUL", 0x0c, "a\x00b"},
			{"IA5String beyond ASCII", 0x16, "a\xe4b"}, {"TeletexString with a Latin-1 letter", 0x14, "a\xe4b"}, {"BMPString", 0x1e, "\x00a\x00b"},
			{"BMPString of odd length", 0x1e, "\x00a\x00"}, {"UniversalString", 0x1c, "\x00\x00\x00a"}, {"NumericString with a letter", 0x12, "1a"},
			{"VisibleString", 0x1a, "ab"}, {"an empty value", 0x0c, ""}, {"200 characters", 0x0c, strings.Repeat("x", 200)}, {"an OCTET STRING", 0x04, "ab"}} {
			add("dn", place+" subject O as "+s.what, of(field("subject", fmt.Sprintf("%x", dn(s.tag, s.content)))))
		}
		add("dn", place+" subject with an empty RDN", of(field("subject", fmt.Sprintf("%x", tlv(0x30, tlv(0x31))))))
		add("dn", place+" subject of a hundred attributes",
			of(field("subject",
				fmt.Sprintf("%x", tlv(0x30, []byte(strings.Repeat(string(tlv(0x31, tlv(0x30, oid("2.5.4.11"), tlv(0x0c, []byte("unit"))))), 100)))))))
	}
}
