package load

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"unicode/utf16"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// A Java key store begins with one of two numbers, a version and the number of
// entries, and ends in a SHA-1 over password, a phrase and all before it
// (sun.security.provider.JavaKeyStore, com.sun.crypto.provider.JceKeyStore).
const (
	magicJKS   = 0xfeedfeed
	magicJCEKS = 0xcececece
	jksPhrase  = "Mighty Aphrodite"
	// maxEntries bounds the entries of a store and the certificates of an entry.
	maxEntries = 10_000
)

// isKeyStore reports whether data is a Java key store.
func isKeyStore(data []byte) bool {
	if len(data) < 12 {
		return false
	}
	magic, version := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
	return (magic == magicJKS || magic == magicJCEKS) && (version == 1 || version == 2)
}

// storeEntry is one entry: a key with its chain, or a trusted certificate.
type storeEntry struct {
	alias        string
	protected    []byte // the encrypted key; nil for a trusted certificate
	certificates [][]byte
}

// storeReader walks a key store; every length is checked against what is left.
type storeReader struct {
	data []byte
	pos  int
	bad  bool
}

func (s *storeReader) take(n int) []byte {
	if s.bad || n < 0 || n > len(s.data)-s.pos {
		s.bad = true
		return nil
	}
	s.pos += n
	return s.data[s.pos-n : s.pos]
}

func (s *storeReader) number() int {
	if b := s.take(4); b != nil {
		return int(binary.BigEndian.Uint32(b))
	}
	return 0
}

// text takes Java's modified UTF-8, which is UTF-8 but for NUL and surrogates.
func (s *storeReader) text() string {
	if b := s.take(2); b != nil {
		return string(bytes.ToValidUTF8(s.take(int(binary.BigEndian.Uint16(b))), []byte("\uFFFD")))
	}
	return ""
}

func (s *storeReader) certificate(version int) []byte {
	if version == 2 {
		s.text() // "X.509"
	}
	return s.take(s.number())
}

// walkStore reads the entries; stop says where and why it ended early, "" if it did not.
func walkStore(data []byte) (entries []storeEntry, stop error) {
	s := &storeReader{data: data[:max(len(data)-sha1.Size, 12)], pos: 4}
	version, count := s.number(), s.number()
	for i := range count {
		where := fmt.Sprintf("entry %d", i+1)
		if i == maxEntries {
			return entries, &pfx.DamagedError{Where: where, Offset: s.pos, What: fmt.Sprintf("more than %d entries", maxEntries)}
		}
		at := s.pos
		tag := s.number()
		e := storeEntry{alias: s.text()}
		s.take(8) // when it was made
		switch {
		case s.bad:
		case tag == 1:
			e.protected = s.take(s.number())
			for n := s.number(); n > 0 && !s.bad && len(e.certificates) < maxEntries; n-- {
				e.certificates = append(e.certificates, s.certificate(version))
			}
		case tag == 2:
			e.certificates = [][]byte{s.certificate(version)}
		case tag == 3:
			return entries, &pfx.UnsupportedError{Where: where, Kind: "content", Algorithm: "secret key entry (a serialised Java object), and what follows it,"}
		default:
			s.bad = true
		}
		if s.bad {
			return entries, &pfx.DamagedError{Where: where, Offset: at, What: "is not a key store entry, or is cut off"}
		}
		entries = append(entries, e)
	}
	if rest := len(s.data) - s.pos; rest > 0 {
		return entries, &pfx.DamagedError{Where: "key store", Offset: s.pos, What: fmt.Sprintf("%d bytes after the last entry", rest)}
	}
	return entries, nil
}

// javaChars are the UTF-16 code units of a Java char array, big-endian.
func javaChars(password string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(password)) {
		b = binary.BigEndian.AppendUint16(b, u)
	}
	return b
}

// storeDigestFits compares the digest at the store's end.
func storeDigestFits(data []byte, password string) bool {
	if len(data) < 12+sha1.Size {
		return false
	}
	body := data[:len(data)-sha1.Size]
	h := sha1.New()
	h.Write(javaChars(password))
	h.Write([]byte(jksPhrase))
	h.Write(body)
	return bytes.Equal(h.Sum(nil), data[len(body):])
}

// keyStore reads a Java key store. Its certificates need no password; keytool
// shows them without one as well.
func (r *identityReader) keyStore(data []byte) error {
	f := r.id.Facts
	f.Format = "JKS"
	if binary.BigEndian.Uint32(data) == magicJCEKS {
		f.Format = "JCEKS"
	}
	entries, stop := walkStore(data)
	if stop != nil && len(entries) == 0 {
		return r.passwords.failure(r.path, "", stop)
	}
	var keys map[int][]byte
	var problems map[int]error
	err := r.passwords.try(r.path, func(c []string) (err error) {
		keys, problems, err = openStore(data, entries, c)
		f.MAC = &chain.IdentityMAC{Algorithm: "SHA-1 digest", Iterations: 1, Verified: err == nil && (len(c) > 0 || storeDigestFits(data, ""))}
		if f.MAC.Verified {
			f.PasswordKind = passwordKind(firstOf(c))
		}
		return err
	})
	switch {
	case refused(err) && len(entries) > 0:
		r.lock(err, "")
	case err != nil:
		return r.passwords.failure(r.path, "", err)
	}
	for i, e := range entries {
		r.entry(e, keys[i], problems[i])
	}
	if stop != nil {
		r.problem(stop, "")
	}
	return nil
}

func firstOf(candidates []string) string {
	if len(candidates) == 0 {
		return ""
	}
	return candidates[0]
}

// openStore checks the digest and decrypts the keys with one candidate, or
// with the empty password. Without a candidate a store without keys is open.
func openStore(data []byte, entries []storeEntry, candidates []string) (keys map[int][]byte, problems map[int]error, err error) {
	password := firstOf(candidates)
	keys, problems = map[int][]byte{}, map[int]error{}
	fits := storeDigestFits(data, password)
	locked := 0
	for i, e := range entries {
		if e.protected == nil {
			continue
		}
		key, err := openStoreKey(fmt.Sprintf("entry %d", i+1), e.protected, password)
		if err != nil {
			problems[i] = err
		} else {
			keys[i] = key
		}
		if refused(err) {
			locked++
		}
	}
	switch {
	case fits:
		return keys, problems, nil
	case len(keys) > 0:
		return nil, nil, &pfx.DamagedError{Where: "key store", Offset: len(data) - sha1.Size,
			What: "the password opens the key, but the digest at the end does not fit: the store has another password, or the file was changed or cut after it was made"}
	case len(candidates) == 0 && locked == 0:
		return keys, problems, nil
	}
	return nil, nil, &pfx.PasswordError{Where: "the digest of the key store", What: "does not fit the password"}
}

// entry adds one entry: a bag for the key and one for each certificate.
func (r *identityReader) entry(e storeEntry, pkcs8 []byte, problem error) {
	f := r.id.Facts
	name := e.alias
	if e.protected != nil {
		bag := chain.IdentityBag{Kind: string(pfx.ShroudedKeyBag), Part: -1, FriendlyName: &name, Encryption: storeEncryption(e.protected), Certificate: -1, Key: -1}
		if len(f.Keys) >= maxKeys {
			pkcs8, problem = nil, tooManyKeys()
		}
		if pkcs8 != nil {
			var key *pfx.Key
			if key, problem = pfx.ReadKey(pkcs8); problem == nil {
				bag.Key = r.key(key, pkcs8, len(f.Bags))
			}
		}
		if problem != nil {
			r.problem(problem, "key entry "+fmt.Sprintf("%q", clip(e.alias)))
		}
		f.Bags = append(f.Bags, bag)
	}
	for _, der := range e.certificates {
		r.block(Block{Kind: "certificate", DER: der})
		f.Bags[len(f.Bags)-1].FriendlyName = &name
		f.Bags[len(f.Bags)-1].JavaTrusted = e.protected == nil
	}
}
