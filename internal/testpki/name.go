package testpki

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"strings"
)

// nameDER writes "CN=…,O=…" as a Name; "-" is the empty name. With "utf8:" in
// front its values are UTF8String, else PrintableString where they can be.
func nameDER(text string) ([]byte, error) {
	text, utf8 := strings.CutPrefix(text, "utf8:")
	parsed, err := parseName(text)
	if err != nil {
		return nil, err
	}
	name := parsed.ToRDNSequence()
	if utf8 {
		for _, set := range name {
			for i := range set {
				value, _ := set[i].Value.(string)
				set[i].Value = asn1.RawValue{Tag: asn1.TagUTF8String, Bytes: []byte(value)}
			}
		}
	}
	return asn1.Marshal(name)
}

func parseName(text string) (n pkix.Name, err error) {
	if text == "-" {
		return n, nil
	}
	several := strings.Count(text, "CN=") > 1
	for _, part := range strings.Split(text, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch key {
		case "CN":
			if several {
				n.ExtraNames = append(n.ExtraNames, pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: value})
				continue
			}
			n.CommonName = value
		case "O":
			n.Organization = append(n.Organization, value)
		case "OU":
			n.OrganizationalUnit = append(n.OrganizationalUnit, value)
		case "C":
			n.Country = append(n.Country, value)
		default:
			return n, fmt.Errorf("subject: %q is none of CN=…, O=…, OU=… and C=…", part)
		}
	}
	return n, nil
}
