package ats

import (
	"slices"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/tlsname"
)

// basis names what a requirement rests on.
type basis string

// The bases of decisions.
const (
	basisDefault   basis = "default"   // App Transport Security, nothing loosened
	basisLocal     basis = "local"     // the host is local: nothing is applied
	basisArbitrary basis = "arbitrary" // NSAllowsArbitraryLoads = YES in force
	basisException basis = "exception" // an entry of the app's NSExceptionDomains
	basisBuiltin   basis = "builtin"   // a built-in exception for Apple's own services
	basisEither    basis = "either"    // perhaps local: the verdict depends on it, and Else is what is asked if not
	basisProcess   basis = "process"   // no part of App Transport Security: what the SDK sets
)

// NIAP packages a connection can be held to (apple: ATS-49).
const (
	niapNone = ""
	niapFCP  = "FCP_v2.1"
)

// A requirement is what App Transport Security asks of connections to one host.
type requirement struct {
	Basis    basis
	Entry    string          // key of NSExceptionDomains that applies; "" none
	Why      string          // key path, or the reason in words
	Required bool            // "ATS required": trust cannot be loosened by the app
	HTTP     bool            // clear text http:// is allowed
	Floor    tlsname.Version // lowest TLS version, as on the wire (0x0303: TLS 1.2)
	Suites   []tlsname.Suite // cipher suites allowed; the process default where unrestricted
	Listed   bool            // Suites is a list of App Transport Security, not the process default
	Strength bool            // RSA 2048, EC 256 and SHA-256 minima are set
	Forward  bool            // forward secrecy is demanded
	NIAP     string          // NIAPNone or NIAPFCP
	Else     *requirement    // of basisEither
}

// floorName is the floor as text: "TLS 1.2".
func (d requirement) floorName() string { return d.Floor.String() }

// off reports whether App Transport Security asks nothing for the host.
func (d requirement) off() bool {
	return d.Basis == basisLocal || d.Basis == basisEither || d.Basis == basisArbitrary || d.Basis == basisProcess
}

// decideFor says what App Transport Security asks of a connection to host, for an
// app with these settings (nil: no Info.plist, full ATS) on a platform such as
// "ios26". The order is the platform's: an exception entry, even an empty one,
// comes before everything (apple: ATS-24); then the local allowance (ATS-30);
// then NSAllowsArbitraryLoads (ATS-20); else full ATS (ATS-02). A host that may
// be local or not is taken for one that is not.
func decideFor(settings *chain.AppSettings, host string, platform string) requirement {
	return decide(settings, host, platform, localityOf(settings, host, platform, false) == local, false)
}

// decide is decideFor for a host of which it is known whether it is local. In the
// app's web views NSAllowsArbitraryLoadsInWebContent counts as well (apple:
// ATS-22); without the app's settings WebKit's own processes start from arbitrary
// loads (ATS-25), as Safari's do, which is no answer about an app.
func decide(settings *chain.AppSettings, host, platform string, direct, web bool) requirement {
	d := dictionary(settings)
	if key, entry := lookUp(entries(settings), host, platform); entry != nil {
		return byException(settings, key, entry, platform)
	}
	floor := processFloor(settings, platform)
	if web { // the process is WebKit's, of the platform's own SDK
		floor = processFloor(nil, platform)
	}
	if direct {
		return requirement{Basis: basisLocal, Why: strings.TrimSpace(host) + " is a local host", HTTP: true,
			Floor: floor, Suites: tlsname.DefaultSuites()}
	}
	niap := niapPackage(d[keyNIAP], platform)
	arbitrary := ""
	switch {
	case web && yes(d, keyWebContent):
		arbitrary = keyWebContent
	case yes(d, keyArbitraryLoads) && len(overriding(d)) == 0:
		arbitrary = keyArbitraryLoads
	}
	if arbitrary != "" {
		return requirement{Basis: basisArbitrary, Why: keyPath(keyATS, arbitrary), HTTP: true,
			Floor: floor, Suites: tlsname.DefaultSuites(), NIAP: niap}
	}
	return requirement{Basis: basisDefault, Why: "App Transport Security, as it is by default", Required: true,
		Floor: tlsname.TLS12, Suites: tlsname.ATSSuites(), Listed: true, Strength: true, Forward: true, NIAP: niap}
}

// overriding lists the keys whose presence, even as NO, makes the platform
// ignore NSAllowsArbitraryLoads (apple: ATS-20).
func overriding(d map[string]any) []string {
	var keys []string
	for _, k := range []string{keyLocal, keyWebContent, keyMedia} {
		if present(d, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// byException applies one entry of NSExceptionDomains. With
// NSExceptionAllowsInsecureHTTPLoads = YES the flag "ATS required" is off while
// floor, list and minima stay (apple: ATS-23); only together with
// NSExceptionRequiresForwardSecrecy = NO the list falls too (ATS-44).
func byException(settings *chain.AppSettings, key string, entry map[string]any, platform string) requirement {
	insecure, forward := yes(entry, keyInsecureHTTP), !explicitlyNo(entry, keyForwardSecrecy)
	d := requirement{Basis: basisException, Entry: key, Why: keyPath(keyATS, keyDomains, key), Required: !insecure,
		HTTP: insecure, Floor: minimumVersion(entry[keyMinimumTLS]), Suites: tlsname.ATSSuites(), Listed: true,
		Strength: true, Forward: forward, NIAP: niapPackage(entry[keyExceptionNIAP], platform)}
	if _, own := entries(settings)[key].(map[string]any); !own {
		d.Basis, d.Why = basisBuiltin, "built-in exception for "+key
	}
	switch {
	case !forward && insecure:
		d.Suites, d.Listed = tlsname.DefaultSuites(), false
	case !forward:
		d.Suites = append(d.Suites, tlsname.StaticRSASuites()...)
	}
	return d
}

// minimumVersion reads NSExceptionMinimumTLSVersion: exactly one of the
// documented texts, anything else is TLS 1.2 (apple: ATS-43).
func minimumVersion(v any) tlsname.Version {
	switch v {
	case "TLSv1.0", "DTLSv1.0":
		return tlsname.TLS10
	case "TLSv1.1":
		return tlsname.TLS11
	case "TLSv1.3":
		return tlsname.TLS13
	}
	return tlsname.TLS12
}

// niapPackage reads a NIAP key; it is known from release 26 on (26.4; apple: ATS-49).
func niapPackage(v any, platform string) string {
	if chain.PlatformAtLeast(platform, 26, 26) && (v == niapFCP || v == "recommended") {
		return niapFCP
	}
	return niapNone
}

// processFloor is the floor without ATS: TLS 1.2 for what was linked with the
// SDK of autumn 2025, TLS 1.0 before (apple: ATS-09). The SDK is read from
// DTSDKName; without it it is the platform's.
func processFloor(settings *chain.AppSettings, platform string) tlsname.Version {
	major := 0
	if settings != nil {
		sdk, _ := settings.Root["DTSDKName"].(string)
		if i := strings.IndexAny(sdk, "0123456789"); i >= 0 {
			digits, _, _ := strings.Cut(sdk[i:], ".")
			major, _ = strconv.Atoi(digits)
		}
	}
	if major == 0 && chain.PlatformAtLeast(platform, 26, 26) || major >= 26 {
		return tlsname.TLS12
	}
	return tlsname.TLS10
}

// gcmSuites is ECDHE with AES-GCM in TLS 1.2 (apple: ATS-49, section 6f).
func gcmSuites() []tlsname.Suite { return []tlsname.Suite{0xc02c, 0xc02b, 0xc030, 0xc02f} }

// staticRSA reports whether the suite encrypts the secret to the certificate's
// own key: no forward secrecy.
func staticRSA(name string) bool { return tlsname.SuiteNamed(name).Exchange() == tlsname.StaticRSA }

// preSharedKey reports whether the suite proves the server by a pre-shared key.
func preSharedKey(name string) bool {
	e := tlsname.SuiteNamed(name).Exchange()
	return e == tlsname.PSK || e == tlsname.RSAPSK
}

// suiteFault says in a few words why Apple's hello does not have the suite. The
// ciphers are told by the parts of the registered name.
func suiteFault(name string) string {
	exchange := tlsname.SuiteNamed(name).Exchange()
	switch {
	case exchange == tlsname.Export:
		return "export-grade encryption"
	case strings.Contains(name, "_RC4_"):
		return "RC4"
	case strings.Contains(name, "_3DES_"):
		return "3DES"
	case strings.Contains(name, "_DES_"), strings.Contains(name, "_IDEA_"), strings.Contains(name, "_SEED_"),
		strings.Contains(name, "_CAMELLIA_"), strings.Contains(name, "_ARIA_"):
		return "a block cipher other than AES"
	case exchange == tlsname.DHE:
		return "finite-field Diffie-Hellman (DHE)"
	case exchange == tlsname.StaticECDH, exchange == tlsname.StaticDH:
		return "static Diffie-Hellman: no forward secrecy"
	case strings.Contains(name, "_CCM"):
		return "AES-CCM"
	case strings.HasSuffix(name, "_CBC_SHA384"), strings.HasSuffix(name, "_CBC_SHA256"):
		return "AES-CBC with a SHA-2 MAC"
	case exchange == tlsname.StaticRSA:
		return "static RSA: no forward secrecy"
	}
	return "not among them"
}

// allows reports whether the handshake's suite is in the list. A capture that
// does not tell the suite is taken to have one that the hello offered.
func allows(list []tlsname.Suite, o *chain.Observation) bool {
	if o.Outcome.SuiteID != 0 {
		return slices.Contains(list, o.Outcome.SuiteID)
	}
	return o.Outcome.Suite == "" || slices.Contains(list, tlsname.SuiteNamed(o.Outcome.Suite))
}
