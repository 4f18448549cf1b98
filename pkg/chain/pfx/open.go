package pfx

import (
	"bytes"
	"errors"
)

// maxBags bounds the bags of one file.
const maxBags = 10_000

// Open reads a PKCS#12 file. passwords are the candidates, UTF-8, tried in
// order; "" is tried in both of its encodings, and so is no candidate at all.
// key, if not nil, is called for every private key that was decrypted or stood
// in the clear, with its index in File.Bags and its PKCS#8 as it stands, which
// may be BER; the slice is the callee's.
//
// The error is a *PasswordError when no candidate fits, an *UnsupportedError
// when the MAC cannot be checked and nothing could be opened, and a
// *DamagedError when the structure is broken, or when the password opens the
// contents but the MAC does not fit them. The File is then what was learnt
// before, or nil. Contents that could not be used although others could, or
// although the MAC fits, are no error: their Problem says why.
func Open(data []byte, passwords []string, key func(bag int, pkcs8 []byte)) (*File, error) {
	return openWithin(data, passwords, key, maxWork)
}

func openWithin(data []byte, passwords []string, key func(bag int, pkcs8 []byte), work int) (*File, error) {
	der, used, err := toDER(data)
	if err != nil {
		return nil, err
	}
	o := &opener{
		file:     &File{Encoding: "DER", Trailing: len(data) - used, PasswordUsed: -1},
		attempts: attempts(passwords),
		budget:   budget{work},
		lend:     key,
	}
	o.noteEncoding(data[:used], der)
	in := cursor{der}
	seq, ok := in.sequence()
	if ok {
		o.file.Version, ok = seq.integer()
	}
	if !ok {
		return nil, &DamagedError{Where: "PFX", Offset: 0, What: "does not begin with a version number: not a PKCS#12 file"}
	}
	content, err := o.outerContent(&seq)
	if err != nil {
		return nil, err
	}
	if err := o.checkMAC(seq, content); err != nil {
		return o.file, err
	}
	return o.file, o.finish(o.authenticatedSafe(content))
}

// opener is the state of one Open.
type opener struct {
	file     *File
	attempts []attempt // the one that opened something last comes first
	budget   budget
	lend     func(int, []byte)
	macErr   error // why the MAC could not be compared, or that it did not fit
	trial    bool  // the MAC did not fit: only find out whether a password opens the contents
	keys     int   // how many were read
	opened   bool  // something encrypted was decrypted
	refused  error // the first *PasswordError
}

// noteEncoding compares BER with its DER.
func (o *opener) noteEncoding(ber, der []byte) {
	if !bytes.Equal(ber, der) {
		o.file.Encoding = "BER"
	}
}

// outerContent takes authSafe (RFC 7292 section 4): the octets the MAC is over.
func (o *opener) outerContent(seq *cursor) ([]byte, error) {
	info, ok := seq.sequence()
	if !ok {
		return nil, damaged("PFX.authSafe", "is not a ContentInfo")
	}
	oid, ok := info.oid()
	if !ok {
		return nil, damaged("PFX.authSafe", "has no content type")
	}
	switch oid {
	case oidData:
	case oidSignedData:
		o.file.Signed = true
		wrapped, _ := info.take(idExplicit0)
		sd := cursor{wrapped}
		signed, _ := sd.sequence()
		_, ok = signed.integer()
		_, ok2 := signed.take(idSet)
		var ok3 bool
		info, ok3 = signed.sequence()
		if !ok || !ok2 || !ok3 {
			return nil, damaged("PFX.authSafe", "SignedData has no content")
		}
		if oid, ok = info.oid(); !ok || oid != oidData {
			return nil, damaged("PFX.authSafe", "SignedData has content of type %s, want data", oid)
		}
	default:
		return nil, damaged("PFX.authSafe", "content type %s, want data: not a PKCS#12 file", oid)
	}
	content, ok := explicitOctets(&info)
	if !ok {
		return nil, damaged("PFX.authSafe", "has no content")
	}
	return content, nil
}

// explicitOctets takes [0] EXPLICIT OCTET STRING.
func explicitOctets(c *cursor) ([]byte, bool) {
	body, ok := c.take(idExplicit0)
	if !ok {
		return nil, false
	}
	inner := cursor{body}
	return inner.take(idOctetString)
}

// checkMAC finds the password by the MAC, if there is one.
func (o *opener) checkMAC(seq cursor, content []byte) error {
	if !seq.is(idSequence) {
		if !seq.empty() {
			return damaged("the MAC", "MacData is not a SEQUENCE")
		}
		return nil
	}
	body, _ := seq.sequence()
	m, err := readMAC(body, content)
	o.file.MAC = &m.MAC
	if err != nil {
		return err
	}
	if m.Unsupported != "" {
		o.macErr = &UnsupportedError{Where: "the MAC", Kind: "MAC", Algorithm: m.Unsupported}
		return nil
	}
	var last []byte
	for i, a := range o.attempts {
		if m.PBMAC1 && i > 0 && bytes.Equal(a.utf8, last) {
			continue
		}
		last = a.utf8
		fits, err := m.fits(a, &o.budget)
		var u *UnsupportedError
		if errors.As(err, &u) {
			m.Unsupported = u.Algorithm
		}
		if err != nil {
			o.macErr, o.file.MAC = err, &m.MAC
			return nil
		}
		if fits {
			m.Verified = true
			o.file.MAC = &m.MAC
			o.usePassword(i, !m.PBMAC1)
			return nil
		}
	}
	o.trial = true
	o.macErr = &PasswordError{Where: "the MAC", What: "does not fit the password"}
	if len(o.attempts) > 0 && o.attempts[0].index < 0 {
		o.macErr = &PasswordError{Where: "the MAC", What: "does not fit the empty password, and no other was given"}
	}
	return nil
}

// usePassword records attempt i and moves it to the front.
func (o *opener) usePassword(i int, wide bool) {
	a := o.attempts[i]
	copy(o.attempts[1:i+1], o.attempts[:i])
	o.attempts[0] = a
	o.file.PasswordUsed = a.index
	if wide && o.file.PasswordEncoding == "" {
		o.file.PasswordEncoding = a.encoding
	}
}

// decrypt tries the passwords; plausible looks whether plain text is what it should be.
func (o *opener) decrypt(where string, s scheme, data []byte, plausible func([]byte) bool) ([]byte, error) {
	if s.Unsupported != "" {
		return nil, &UnsupportedError{Where: where, Kind: "encryption", Algorithm: s.Unsupported}
	}
	if o.trial && (o.opened || o.refused != nil) {
		return nil, o.macErr
	}
	wide := s.Scheme == "PBES1"
	for i, a := range o.attempts {
		if !wide && i > 0 && bytes.Equal(a.utf8, o.attempts[i-1].utf8) {
			continue
		}
		plain, ok, err := s.open(where, a, &o.budget, data)
		if err != nil {
			return nil, err
		}
		if ok && plausible(plain) {
			o.usePassword(i, wide)
			o.opened = true
			return plain, nil
		}
	}
	err := &PasswordError{Where: where, What: "does not decrypt with the password"}
	switch {
	case o.file.MAC != nil && o.file.MAC.Verified:
		err.What = "does not decrypt with the password that fits the MAC: it is encrypted with another one"
	case len(o.attempts) > 0 && o.attempts[0].index < 0:
		err.What = "does not decrypt with the empty password, and no other was given"
	}
	if o.refused == nil {
		o.refused = err
	}
	return nil, err
}

// finish decides what Open answers.
func (o *opener) finish(err error) error {
	usable := false
	for _, b := range o.file.Bags {
		usable = usable || b.Problem == nil
	}
	verified := o.file.MAC != nil && o.file.MAC.Verified
	var refusal *PasswordError
	switch {
	case err != nil:
		return err
	case o.trial && o.opened:
		return damaged("the MAC", "the password opens the contents, but the MAC does not fit them: the file was changed after it was made")
	case o.trial:
		return o.macErr
	case o.refused != nil && !o.opened && !verified && o.macErr == nil:
		return o.refused // without a MAC only the contents tell
	case usable:
		return nil
	case o.macErr != nil && !o.opened:
		return o.macErr
	}
	for _, s := range o.file.Safes {
		var broken *DamagedError
		if errors.As(s.Problem, &broken) || errors.As(s.Problem, &refusal) {
			return s.Problem
		}
	}
	if o.refused != nil {
		return o.refused
	}
	return nil
}
