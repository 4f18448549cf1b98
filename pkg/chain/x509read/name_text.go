package x509read

import (
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ParseNameText reads a distinguished name as RFC 4514 writes it, last RDN
// first: "CN=www.example.com,O=Example". Blanks beside separators and quoted
// values are taken as well (RFC 4514 section 2.4 after RFC 1779). The values
// are UTF8String, as names are compared whatever their string type, but for
// those written "#" and hexadecimal, which are decoded.
func ParseNameText(text string) (Name, error) {
	p := nameText{rest: text}
	var rdns [][]Attribute
	for {
		rdn, end, err := p.rdn()
		if err != nil {
			return Name{}, err
		}
		rdns = append([][]Attribute{rdn}, rdns...)
		if end {
			return Name{RDNs: rdns}, nil
		}
	}
}

// nameText is what is left to read of a name.
type nameText struct{ rest string }

// rdn reads up to "," or ";"; end: the name ends there.
func (p *nameText) rdn() (rdn []Attribute, end bool, err error) {
	for {
		kind, rest, ok := strings.Cut(p.rest, "=")
		kind = strings.TrimSpace(kind)
		if !ok {
			return nil, false, fmt.Errorf("%q has no type: write CN=…,O=…", clipText(kind))
		}
		oid, ok := attributeByName(kind)
		if !ok {
			return nil, false, fmt.Errorf("%q is neither a name of an attribute such as CN nor a dotted OID", clipText(kind))
		}
		p.rest = strings.TrimLeft(rest, " ")
		a := Attribute{OID: oid, Tag: TagUTF8String}
		if digits, ok := strings.CutPrefix(p.rest, "#"); ok {
			err = p.hexValue(&a, digits)
		} else {
			err = p.value(&a)
		}
		if err == nil && a.Tag == TagUTF8String && !utf8.Valid(a.Value) {
			err = fmt.Errorf("the value of %s is not UTF-8", a.OID.Name())
		}
		if err != nil {
			return nil, false, err
		}
		rdn = append(rdn, a)
		if p.rest == "" {
			return rdn, true, nil
		}
		separator := p.rest[0]
		p.rest = p.rest[1:]
		if separator != '+' {
			return rdn, false, nil
		}
	}
}

// value reads a string up to an unescaped separator.
func (p *nameText) value(a *Attribute) error {
	var out []byte
	quoted := strings.HasPrefix(p.rest, `"`)
	i, kept := 0, 0 // out[:kept] ends in no blank that may be dropped
	if quoted {
		i = 1
	}
	for ; i < len(p.rest); i++ {
		c := p.rest[i]
		switch {
		case c == '\\':
			if i+2 < len(p.rest) {
				if b, err := hex.DecodeString(p.rest[i+1 : i+3]); err == nil {
					out, i = append(out, b...), i+2
					kept = len(out)
					continue
				}
			}
			if i++; i == len(p.rest) {
				return fmt.Errorf("the value of %s ends in a backslash", a.OID.Name())
			}
			out = append(out, p.rest[i])
			kept = len(out)
			continue
		case quoted && c == '"':
			a.Text = string(out)
			a.Value = out
			return p.separator(p.rest[i+1:], a)
		case !quoted && (c == ',' || c == ';' || c == '+'):
			a.Text = string(out[:kept])
			a.Value = out[:kept]
			p.rest = p.rest[i:]
			return nil
		}
		out = append(out, c)
		if quoted || c != ' ' {
			kept = len(out)
		}
	}
	if quoted {
		return fmt.Errorf("the value of %s has no closing quotation mark", a.OID.Name())
	}
	a.Text, a.Value, p.rest = string(out[:kept]), out[:kept], ""
	return nil
}

// hexValue reads the encoding of a value.
func (p *nameText) hexValue(a *Attribute, digits string) error {
	end := strings.IndexAny(digits, ",;+ ")
	if end < 0 {
		end = len(digits)
	}
	der, err := hex.DecodeString(digits[:end])
	r := newReader(der, "name")
	whole := span{0, len(der)}
	e, ok := r.next(&whole)
	if err != nil || !ok || !whole.empty() {
		return fmt.Errorf("the value of %s is no hexadecimal encoding", a.OID.Name())
	}
	a.Tag, a.Value, a.Text = int(e.id()), r.bytes(e), r.stringText(a.OID, e)
	return p.separator(digits[end:], a)
}

// separator sees to it that a value is followed by a separator or by nothing.
func (p *nameText) separator(rest string, a *Attribute) error {
	p.rest = strings.TrimLeft(rest, " ")
	if p.rest != "" && !strings.ContainsRune(",;+", rune(p.rest[0])) {
		return fmt.Errorf("after the value of %s a comma is wanted", a.OID.Name())
	}
	return nil
}

// attributeByName takes the short names that String writes, in any case, those
// that OpenSSL writes instead, and dotted OIDs.
func attributeByName(text string) (OID, bool) {
	switch strings.ToLower(text) {
	case "emailaddress":
		return OIDEmailAddress, true
	case "s":
		return OIDState, true
	case "surname":
		return OIDSurname, true
	case "givenname":
		return OIDGivenName, true
	case "title":
		return OIDTitle, true
	}
	for _, oid := range []OID{OIDCommonName, OIDSurname, OIDSerialNumber, OIDCountry, OIDLocality, OIDState, OIDStreet, OIDOrganization,
		OIDOrganizationalUnit, OIDTitle, OIDDescription, OIDBusinessCategory, OIDPostalAddress, OIDPostalCode, OIDTelephoneNumber, OIDName,
		OIDGivenName, OIDInitials, OIDGenerationQualifier, OIDUniqueIdentifier, OIDDNQualifier, OIDPseudonym, OIDOrganizationIdentifier,
		OIDEmailAddress, OIDUnstructuredName, OIDUnstructuredAddress, OIDUserID, OIDDomainComponent, OIDJurisdictionLocality,
		OIDJurisdictionState, OIDJurisdictionCountry} {
		if strings.EqualFold(text, attributeName(oid)) {
			return oid, true
		}
	}
	return ParseOID(strings.TrimPrefix(strings.ToLower(text), "oid."))
}

// clipText keeps a message short whatever was written.
func clipText(s string) string {
	if len(s) > 40 {
		return strings.ToValidUTF8(s[:40], "") + "…"
	}
	return s
}
