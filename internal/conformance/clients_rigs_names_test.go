package conformance

import (
	"fmt"
	"net"
	"strings"

	"github.com/chainspect/chainspect/internal/testpki"
)

func nameRigs(add adder) {
	dns := func(what, reference string, list ...string) { add("name", what, names(reference, list...)) }
	dns("another name", "HOST", "other.example.com")
	dns("name in capitals in the certificate", "HOST", "R0.EXAMPLE.COM", "HOST")
	add("name", "name in capitals in the certificate only", func(g *rigging) { g.leaf.DNS = []string{strings.ToUpper(g.host)} })
	add("name", "name typed in capitals", func(g *rigging) { g.name = strings.ToUpper(g.host) })
	dns("two hundred names", "HOST", append(strings.Fields(strings.Repeat("x.example.com ", 200)), "HOST")...)
	dns("wildcard", "www.HOST", "*.HOST")
	dns("wildcard two labels up", "a.b.HOST", "*.HOST")
	dns("wildcard for the bare name", "HOST", "*.HOST")
	dns("partial wildcard www*", "www1.HOST", "www*.HOST")
	dns("partial wildcard *1", "www1.HOST", "*1.HOST")
	dns("partial wildcard w*1", "www1.HOST", "w*1.HOST")
	dns("partial wildcard that stands for nothing, www*", "www.HOST", "www*.HOST")
	dns("partial wildcard that stands for nothing, *www", "www.HOST", "*www.HOST")
	dns("partial wildcard f* and an A-label", "xn--bcher-kva.HOST", "xn--b*.HOST")
	dns("partial wildcard *a and an A-label", "xn--bcher-kva.HOST", "*a.HOST")
	dns("wildcard further right", "www.a.HOST", "www.*.HOST")
	dns("two wildcards", "www.a.HOST", "*.*.HOST")
	dns("two wildcards in a label", "www1.HOST", "*w*.HOST")
	dns("two stars", "www.HOST", "**.HOST")
	dns("wildcard in the last label", "www.rig.com", "www.rig.*")
	dns("a star alone", "HOST", "*")
	dns("a star alone for a single label", "righost", "*")
	dns("wildcard under com", "rig17.com", "*.com")
	dns("wildcard under local", "rig17.local", "*.local")
	dns("wildcard under test", "rig17.test", "*.test")
	dns("wildcard under co.uk", "rig17.co.uk", "*.co.uk")
	dns("wildcard under com.au", "rig17.com.au", "*.com.au")
	dns("wildcard under github.io", "rig17.github.io", "*.github.io")
	dns("wildcard under blogspot.com", "rig17.blogspot.com", "*.blogspot.com")
	dns("wildcard under localhost", "rig.localhost", "*.localhost")
	dns("wildcard and an A-label", "xn--bcher-kva.HOST", "*.HOST")
	dns("A-label", "xn--bcher-kva.HOST", "xn--bcher-kva.HOST")
	dns("A-label in capitals", "xn--bcher-kva.HOST", "XN--BCHER-KVA.HOST")
	dns("U-label typed, A-label in the certificate", "bücher.HOST", "xn--bcher-kva.HOST")
	dns("underscore", "a_b.HOST", "a_b.HOST")
	dns("underscore first", "_a.HOST", "_a.HOST")
	dns("underscore under a wildcard", "a_b.HOST", "*.HOST")
	dns("underscore in the second label under a wildcard", "www.a_b.HOST", "*.a_b.HOST")
	dns("final dot typed", "HOST.", "HOST")
	dns("final dot in the certificate", "HOST", "HOST.")
	dns("final dot in both", "HOST.", "HOST.")
	dns("final dot typed, wildcard", "www.HOST.", "*.HOST")
	dns("final dot in the certificate, wildcard", "www.HOST", "*.HOST.")
	dns("leading dot in the certificate", "www.HOST", ".HOST")
	dns("leading dot in the certificate, the bare name", "HOST", ".HOST")
	dns("label that begins with a hyphen", "-a.HOST", "-a.HOST")
	dns("label that ends with a hyphen", "a-.HOST", "a-.HOST")
	dns("label that begins with a hyphen, wildcard", "-a.HOST", "*.HOST")
	dns("label that ends with a hyphen, wildcard", "a-.HOST", "*.HOST")
	dns("label with two hyphens", "a--b.HOST", "a--b.HOST")
	dns("numeric label", "123.HOST", "123.HOST")
	dns("numeric last label", "rig.123", "rig.123")
	dns("single label", "righost", "righost")
	dns("localhost", "localhost", "localhost")
	dns("label of 63 characters", strings.Repeat("a", 63)+".HOST", strings.Repeat("a", 63)+".HOST")
	dns("label of 63 characters, wildcard", strings.Repeat("a", 63)+".HOST", "*.HOST")
	dns("label of 64 characters beside the good name", "HOST", strings.Repeat("a", 64)+".example.com", "HOST")
	dns("name of 240 characters", strings.Repeat(strings.Repeat("a", 55)+".", 4)+"HOST", strings.Repeat(strings.Repeat("a", 55)+".", 4)+"HOST")
	dns("name of 300 characters beside the good one", "HOST", strings.Repeat("a.", 150)+"com", "HOST")
	dns("a URL in dNSName beside the good one", "HOST", "https://HOST/", "HOST")
	dns("a URL in dNSName", "HOST", "https://HOST/")
	dns("name with a port in dNSName", "HOST", "HOST:443")
	dns("name with a blank behind in dNSName", "HOST", "HOST ")
	dns("dNSName with a blank beside the good one", "HOST", "bad name.example.com", "HOST")
	dns("bad wildcard beside the good name", "HOST", "*", "www.*.com", "HOST")
	dns("an address in dNSName", "127.0.0.1", "127.0.0.1")
	dns("an address wildcard in dNSName", "127.0.0.1", "*.0.0.1")

	add("name", "CN only", cn("HOST", "HOST"))
	add("name", "CN only, capitals", cn("HOST", "RIGHOST.EXAMPLE.COM"))
	add("name", "CN only, capitals of the host", func(g *rigging) { g.leaf.DNS = nil; g.leaf.Subject = "utf8:CN=" + strings.ToUpper(g.host) })
	add("name", "CN only, another name", cn("HOST", "other.example.com"))
	add("name", "CN the name, another dNSName", cn("HOST", "HOST", "other.example.com"))
	add("name", "CN another name, dNSName the name", cn("HOST", "other.example.com", "HOST"))
	add("name", "CN wildcard", cn("www.HOST", "*.HOST"))
	add("name", "CN wildcard two labels up", cn("a.b.HOST", "*.HOST"))
	for _, w := range []string{"www*.HOST", "*1.HOST", "w*1.HOST"} {
		add("name", "CN partial wildcard "+w, cn("www1.HOST", w))
	}
	add("name", "CN wildcard under com", cn("rig17.com", "*.com"))
	add("name", "CN wildcard under co.uk", cn("rig17.co.uk", "*.co.uk"))
	add("name", "CN with a final dot", cn("HOST", "HOST."))
	add("name", "CN only, final dot typed", cn("HOST.", "HOST"))
	add("name", "CN only, underscore", cn("a_b.HOST", "a_b.HOST"))
	add("name", "CN wildcard, underscore", cn("a_b.HOST", "*.HOST"))
	add("name", "CN only, single label", cn("righost", "righost"))
	add("name", "CN only, localhost", cn("localhost", "localhost"))
	add("name", "CN only, hyphen in front", cn("-a.HOST", "-a.HOST"))
	add("name", "CN only, A-label", cn("xn--bcher-kva.HOST", "xn--bcher-kva.HOST"))
	add("name", "CN with a blank behind", cn("HOST", "HOST "))
	add("name", "CN a URL", cn("HOST", "https://HOST/"))
	add("name", "CN of more than 64 characters", cn(strings.Repeat("a", 55)+".HOST", strings.Repeat("a", 55)+".HOST"))
	add("name", "two CNs, the name first", func(g *rigging) {
		g.leaf.DNS = nil
		g.leaf.Subject = "utf8:CN=" + g.host + ",CN=other.example.com"
	})
	add("name", "two CNs, the name last", func(g *rigging) {
		g.leaf.DNS = nil
		g.leaf.Subject = "utf8:CN=other.example.com,CN=" + g.host
	})
	for _, s := range []struct {
		what  string
		tag   byte
		value func(host string) []byte
	}{{"PrintableString", 0x13, func(h string) []byte { return []byte(h) }}, {"BMPString", 0x1e,
		func(h string) []byte { return []byte("\x00" + strings.Join(strings.Split(h, ""), "\x00")) }},
		{"TeletexString", 0x14, func(h string) []byte { return []byte(h) }}, {"IA5String", 0x16, func(h string) []byte { return []byte(h) }},
		{"UTF8String with NUL behind", 0x0c, func(h string) []byte { return []byte(h + "\x00.evil.example") }}} {
		add("name", "CN only as "+s.what, func(g *rigging) {
			g.leaf.DNS = nil
			field("subject", fmt.Sprintf("%x", tlv(0x30, tlv(0x31, tlv(0x30, oid("2.5.4.3"), tlv(s.tag, s.value(g.host)))))))(&g.leaf)
		})
	}
	for _, s := range []struct {
		what  string
		entry []byte
	}{{"an address", tlv(0x87, []byte{10, 0, 0, 1})}, {"a mailbox", tlv(0x81, []byte("a@example.com"))}, {"a URI",
		tlv(0x86, []byte("https://example.com/"))}, {"a directory name", tlv(0xa4, dn(0x0c, "Rig"))}, {"a registered ID", tlv(0x88, []byte{0x2a, 3})},
		{"another name", tlv(0xa0, oid("1.3.6.1.4.1.311.20.2.3"), tlv(0xa0, tlv(0x0c, []byte("a@b"))))}, {"nothing", nil},
		{"an empty dNSName", tlv(0x82)}, {"an unreadable entry", []byte{0x8f, 1, 1}}, {"a dNSName with a wildcard alone", tlv(0x82, []byte("*"))}} {
		add("name", "CN the name, SAN holds "+s.what+" only", all(cn("HOST", "HOST"), alt("HOST", false, s.entry)))
		add("name", "the name beside "+s.what, func(g *rigging) { alt("HOST", false, s.entry, tlv(0x82, []byte(g.host)))(g) })
	}
	add("name", "the name before an unreadable entry", func(g *rigging) { alt("HOST", false, tlv(0x82, []byte(g.host)), []byte{0x8f, 1, 1})(g) })
	add("name", "dNSName with NUL behind", func(g *rigging) { alt("HOST", false, tlv(0x82, []byte(g.host+"\x00.evil.example")))(g) })
	add("name", "dNSName in UTF-8 beside the good one", func(g *rigging) {
		alt("HOST", false, tlv(0x82, []byte("bücher.example.com")), tlv(0x82, []byte(g.host)))(g)
	})
	add("name", "dNSName in Latin-1 beside the good one", func(g *rigging) {
		alt("HOST", false, tlv(0x82, []byte("b\xfccher.example.com")), tlv(0x82, []byte(g.host)))(g)
	})
	add("name", "U-label in the certificate, A-label typed", func(g *rigging) {
		alt("xn--bcher-kva.HOST", false, tlv(0x82, []byte("bücher."+g.host)))(g)
	})
	add("name", "subjectAltName critical", func(g *rigging) { alt("HOST", true, tlv(0x82, []byte(g.host)))(g) })

	ip := func(what, reference string, entries ...[]byte) { add("name", what, alt(reference, false, entries...)) }
	four, six := net.IPv4(127, 0, 0, 1).To4(), net.IPv6loopback
	ip("address", "127.0.0.1", tlv(0x87, four))
	ip("another address", "127.0.0.1", tlv(0x87, []byte{127, 0, 0, 2}))
	ip("address mapped into IPv6", "127.0.0.1", tlv(0x87, net.IPv4(127, 0, 0, 1).To16()))
	ip("address with its mask", "127.0.0.1", tlv(0x87, four, []byte{255, 255, 255, 0}))
	ip("address of three octets", "127.0.0.1", tlv(0x87, four[:3]))
	ip("address as text", "127.0.0.1", tlv(0x87, []byte("127.0.0.1")))
	ip("address beside one of five octets", "127.0.0.1", tlv(0x87, four, four[:1]), tlv(0x87, four))
	ip("address before one of five octets", "127.0.0.1", tlv(0x87, four), tlv(0x87, four, four[:1]))
	ip("address in a URI", "127.0.0.1", tlv(0x86, []byte("https://127.0.0.1/")))
	ip("address and a dNSName of it", "127.0.0.1", tlv(0x87, four), tlv(0x82, []byte("127.0.0.1")))
	ip("IPv6 address beside the IPv4 one", "127.0.0.1", tlv(0x87, six), tlv(0x87, four))
	add("name", "address in the CN", cn("127.0.0.1", "127.0.0.1"))
	add("name", "address in the CN, a dNSName", cn("127.0.0.1", "127.0.0.1", "HOST"))
	add("name", "address in the CN, another address in the SAN", all(cn("127.0.0.1", "127.0.0.1"), alt("127.0.0.1", false, tlv(0x87, []byte{10, 0, 0, 1}))))
	add("name", "address in the CN, a mailbox in the SAN", all(cn("127.0.0.1", "127.0.0.1"), alt("127.0.0.1", false, tlv(0x81, []byte("a@example.com")))))
	add("name", "name typed, address in the SAN, name in the CN", all(cn("HOST", "HOST"), alt("HOST", false, tlv(0x87, four))))
	add("name", "address typed, the SAN has a wildcard", names("127.0.0.1", "*"))
}

func constraintRigs(add adder) {
	host := func(text string) []byte { return subtree(0x82, []byte(text)) }
	net4 := func(a, b, c, d, m byte) []byte { return subtree(0x87, []byte{a, b, c, d, m, 0, 0, 0}) }
	mail := func(text string) []byte { return subtree(0x81, []byte(text)) }
	link := func(text string) []byte { return subtree(0x86, []byte(text)) }
	name := func(tag byte, text string) []byte { return subtree(0xa4, dn(tag, text)) }
	for _, p := range places[1:] {
		place, of := p.name, p.of
		for _, c := range []struct {
			what                string
			permitted, excluded []byte
		}{{"permits example.com", host("example.com"), nil}, {"permits .example.com", host(".example.com"), nil}, {"permits example.net",
			host("example.net"), nil}, {"permits EXAMPLE.com", host("EXAMPLE.com"), nil}, {"permits ample.com", host("ample.com"), nil},
			{"permits com", host("com"), nil}, {"permits .com", host(".com"), nil},
			{"permits example.com with a final dot", host("example.com."), nil}, {"permits *.example.com", host("*.example.com"), nil},
			{"permits the empty host name", host(""), nil},
			{"excludes example.net", nil, host("example.net")}, {"excludes example.com", nil, host("example.com")},
			{"excludes .example.com", nil, host(".example.com")}, {"excludes EXAMPLE.COM", nil, host("EXAMPLE.COM")},
			{"excludes the empty host name", nil, host("")},
			{"permits example.com and excludes r1.example.com", host("example.com"), host("r1.example.com")},
			{"permits two, the second holds", append(host("example.net"), host("example.com")...), nil},
			{"permits 10/8", net4(10, 0, 0, 0, 255), nil}, {"permits no address", subtree(0x87, make([]byte, 8)), nil},
			{"excludes all addresses", nil, subtree(0x87, make([]byte, 8))}, {"permits an address without a mask", subtree(0x87, []byte{10, 0, 0, 0}), nil},
			{"permits a mask with holes", subtree(0x87, []byte{10, 0, 0, 0, 255, 0, 255, 0}), nil}, {"permits IPv6", subtree(0x87, make([]byte, 32)), nil},
			{"permits mail of example.net", mail("example.net"), nil}, {"excludes mail of example.net", nil, mail("example.net")},
			{"permits URIs of example.net", link("example.net"), nil}, {"excludes URIs of example.net", nil, link("example.net")},
			{"permits O=Other", name(0x0c, "Other"), nil}, {"excludes O=Rig", nil, name(0x0c, "Rig")}, {"excludes O=Other", nil, name(0x0c, "Other")},
			{"permits the empty directory name", subtree(0xa4, tlv(0x30)), nil},
			{"permits UPN", subtree(0xa0, oid("1.3.6.1.4.1.311.20.2.3"), tlv(0xa0, tlv(0x0c, []byte("x")))), nil},
			{"excludes UPN", nil, subtree(0xa0, oid("1.3.6.1.4.1.311.20.2.3"), tlv(0xa0, tlv(0x0c, []byte("x"))))},
			{"permits a registered ID", subtree(0x88, []byte{0x2a, 3}), nil},
			{"permits example.com from a minimum of 1", tlv(0x30, tlv(0x82, []byte("example.com")), tlv(0x80, []byte{1})), nil},
			{"permits example.com to a maximum", tlv(0x30, tlv(0x82, []byte("example.com")), tlv(0x81, []byte{9})), nil},
			{"permits example.com with a minimum of 0 written out", tlv(0x30, tlv(0x82, []byte("example.com")), tlv(0x80, []byte{0})), nil},
			{"permits an empty list", []byte{}, nil}, {"excludes an empty list", nil, []byte{}}, {"without content", nil, nil}} {
			add("nc", place+" "+c.what, of(constraints(true, c.permitted, c.excluded)))
			if place == "intermediate" {
				add("nc", place+" "+c.what+", not critical", of(constraints(false, c.permitted, c.excluded)))
			}
		}
	}
	with := func(c func(*testpki.Recipe), leaf func(*rigging)) func(*rigging) { return all(interOf(c), leaf) }
	permits := func(list ...[]byte) func(*testpki.Recipe) { return constraints(true, join(list), nil) }
	excludes := func(list ...[]byte) func(*testpki.Recipe) { return constraints(true, nil, join(list)) }
	add("nc", "permits 127/8, address of it", with(permits(net4(127, 0, 0, 0, 255)), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}))))
	add("nc", "permits 10/8, address elsewhere", with(permits(net4(10, 0, 0, 0, 255)), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}))))
	add("nc", "excludes 127/8, address of it", with(excludes(net4(127, 0, 0, 0, 255)), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}))))
	add("nc", "excludes 10/8, address elsewhere", with(excludes(net4(10, 0, 0, 0, 255)), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}))))
	add("nc", "permits IPv6 only, IPv4 address", with(permits(subtree(0x87, make([]byte, 32))), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}))))
	add("nc", "permits example.com only, address", with(permits(host("example.com")), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}))))
	for _, text := range []string{"127.0.0.1", "Some Server", "server", "www.example.net", "*.example.net"} {
		add("nc", "permits example.com only, address, CN "+text,
			with(permits(host("example.com")), all(cn("127.0.0.1", text), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1})))))
		add("nc", "excludes example.net, name, CN "+text, with(excludes(host("example.net")), cn("HOST", text, "HOST")))
	}
	add("nc", "permits mail only, address", with(permits(mail("example.net")), alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}))))
	add("nc", "permits 127/8 and example.com, address and name", with(permits(net4(127, 0, 0, 0, 255), host("example.com")), func(g *rigging) {
		alt("127.0.0.1", false, tlv(0x87, []byte{127, 0, 0, 1}), tlv(0x82, []byte(g.host)))(g)
	}))
	add("nc", "permits example.com, leaf with a wildcard", with(permits(host("example.com")), names("www.HOST", "*.HOST")))
	add("nc", "excludes www.example.com, leaf with *.example.com", with(excludes(host("www.example.com")), names("a.example.com", "*.example.com")))
	add("nc", "excludes example.com's www below the wildcard", with(excludes(host("a.www.example.com")), names("a.example.com", "*.example.com")))
	add("nc", "permits www.example.com, leaf with *.example.com", with(permits(host("www.example.com")), names("www.example.com", "*.example.com")))
	add("nc", "permits example.com, CN only within", with(permits(host("example.com")), cn("HOST", "HOST")))
	add("nc", "permits example.net, CN only elsewhere", with(permits(host("example.net")), cn("HOST", "HOST")))
	add("nc", "permits example.com, CN elsewhere beside the name", with(permits(host("example.com")), cn("HOST", "www.example.net", "HOST")))
	add("nc", "permits example.com, another name elsewhere", with(permits(host("example.com")), names("HOST", "HOST", "www.example.net")))
	add("nc", "excludes example.net, another name there", with(excludes(host("example.net")), names("HOST", "HOST", "www.example.net")))
	add("nc", "permits example.com, leaf with a mailbox elsewhere",
		with(permits(host("example.com")), func(g *rigging) { g.leaf.Email = []string{"a@example.net"} }))
	add("nc", "permits mail of example.com, mailbox there", with(permits(mail("example.com")), func(g *rigging) { g.leaf.Email = []string{"a@example.com"} }))
	add("nc", "permits mail of example.com, mailbox elsewhere",
		with(permits(mail("example.com")), func(g *rigging) { g.leaf.Email = []string{"a@example.net"} }))
	add("nc", "excludes mail of example.com, mailbox there", with(excludes(mail("example.com")), func(g *rigging) { g.leaf.Email = []string{"a@example.com"} }))
	add("nc", "permits URIs of example.com, URI there", with(permits(link("example.com")), func(g *rigging) { g.leaf.URI = []string{"https://example.com/"} }))
	add("nc", "permits URIs of example.com, URI elsewhere",
		with(permits(link("example.com")), func(g *rigging) { g.leaf.URI = []string{"https://example.net/"} }))
	for _, s := range []struct {
		what string
		tag  byte
		text string
	}{{"the same", 0x0c, "Rig"}, {"PrintableString", 0x13, "Rig"}, {"other case", 0x0c, "RIG"}, {"a blank behind", 0x0c, "Rig "}, {"the beginning",
		0x0c, "Ri"}} {
		subject := leafOf(field("subject", fmt.Sprintf("%x", dn(0x0c, "Rig"))))
		add("nc", "permits directory name of the leaf, "+s.what, with(permits(name(s.tag, s.text)), subject))
		add("nc", "excludes directory name of the leaf, "+s.what, with(excludes(name(s.tag, s.text)), subject))
		add("nc", "permits directory name of the leaf, not critical, "+s.what, with(constraints(false, name(s.tag, s.text), nil), subject))
	}
	add("nc", "permits O=Rig, leaf with an empty subject", with(permits(name(0x0c, "Rig")), func(g *rigging) {
		g.leaf.Subject = "-"
		alt("HOST", true, tlv(0x82, []byte(g.host)))(g)
	}))
	add("nc", "excludes O=Other, leaf with such a directoryName",
		with(excludes(name(0x0c, "Other")), func(g *rigging) { alt("HOST", false, tlv(0x82, []byte(g.host)), tlv(0xa4, dn(0x0c, "Other")))(g) }))
	add("nc", "leaf itself has constraints that leave its name out", leafOf(constraints(true, host("example.net"), nil)))
	add("nc", "leaf itself has constraints that hold", leafOf(constraints(true, host("example.com"), nil)))
	add("nc", "two CAs, the upper one permits example.net", func(g *rigging) {
		chainOf(2)(g)
		r := g.more["int00"]
		constraints(true, host("example.net"), nil)(&r)
		g.more["int00"] = r
	})
}
