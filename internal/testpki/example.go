package testpki

import "time"

// ExampleClock is the time the examples of testdata/certs are made for.
func ExampleClock() time.Time { return time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC) }

// Example is the small PKI of the README and of the command's sessions.
func Example() map[string]Recipe {
	day := 24 * time.Hour
	return map[string]Recipe{
		"root":         {Subject: "CN=Example Root CA,O=Example", CA: true},
		"other-root":   {Subject: "CN=Another Root CA,O=Elsewhere", CA: true},
		"intermediate": {Subject: "CN=Example Issuing CA 3,O=Example", Issuer: "root", CA: true},
		"leaf":         {Subject: "CN=www.example.com", Issuer: "intermediate", DNS: []string{"www.example.com", "*.www.example.com"}},
		"sub":          {Subject: "CN=Example Web CA 1,O=Example", Issuer: "intermediate", CA: true},
		"deep":         {Subject: "CN=www.example.com", Issuer: "sub", DNS: []string{"www.example.com"}},
		"expired":      {Subject: "CN=www.example.com", Issuer: "intermediate", DNS: []string{"www.example.com"}, NotBefore: ExampleClock().Add(-95 * day), NotAfter: ExampleClock().Add(-5 * day)},
		"long":         {Subject: "CN=www.example.com", Issuer: "intermediate", DNS: []string{"www.example.com"}, Seconds: 826 * 86400},
		"rsa":          {Subject: "CN=www.example.com", Issuer: "intermediate", Key: "rsa2048-1", DNS: []string{"www.example.com"}, KeyUsage: []string{"digitalSignature", "keyEncipherment"}},
		"odd":          {Subject: "CN=www.example.com", Issuer: "intermediate", DNS: []string{"www.example.com"}, Serial: "0x1122334455667788", Damage: []Damage{{Find: "02081122334455667788", Replace: "02089122334455667788"}}},
		"self":         {Subject: "CN=www.example.com", DNS: []string{"www.example.com"}},
		"client":       {Subject: "CN=client-1,O=Example", Issuer: "intermediate", EKU: []string{"clientAuth"}},
		"client-old":   {Subject: "CN=client-0,O=Example", Issuer: "intermediate", EKU: []string{"clientAuth"}, NotBefore: ExampleClock().Add(-95 * day), NotAfter: ExampleClock().Add(-5 * day)},
		"foreign":      {Subject: "CN=client-9,O=Elsewhere", Issuer: "other-root", EKU: []string{"clientAuth"}},
	}
}

// exampleFiles are the PEM files made of the examples: names of recipes, in the order of the file.
func exampleFiles() map[string][]string {
	return map[string][]string{
		"example-root.pem":         {"root"},
		"example-intermediate.pem": {"intermediate"},
		"example-good.pem":         {"leaf", "intermediate"},
		"example-leaf-only.pem":    {"leaf"},
		"example-wrong-order.pem":  {"deep", "intermediate", "sub"},
		"example-expired.pem":      {"expired", "intermediate"},
		"example-826-days.pem":     {"long", "intermediate"},
		"example-self-signed.pem":  {"self"},
		"example-another-root.pem": {"other-root"},
		"example-client.pem":       {"client", "intermediate"},
	}
}
