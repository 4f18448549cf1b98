package identity

import "github.com/chainspect/chainspect/pkg/chain"

// Imports says for each importer whether it takes the file, which field
// decides, and the command that converts the file so that it does. What
// importers do is known from Apple's source (P-01 to P-10), from OpenSSL and
// Java by trial, and of Windows from its makers' documents.
func Imports(id *chain.Identity) []chain.ImportReport {
	importers := []struct {
		where   string
		takes   func(*chain.Identity) answer
		recipes recipe
	}{
		{"iOS 17", appleModern{ios: true}.takes, oldRecipe},
		{"iOS 18+", appleModern{ios: true, modern: true}.takes, newRecipe},
		{"macOS modern importer", appleModern{modern: true}.takes, newRecipe},
		{"macOS legacy importer", appleLegacy, oldRecipe},
		{"OpenSSL 3", func(id *chain.Identity) answer { return openSSL(id, false) }, newRecipe},
		{"OpenSSL 3 -legacy", func(id *chain.Identity) answer { return openSSL(id, true) }, newRecipe},
		{"Java keytool", javaKeytool, newRecipe},
		{"Windows", windows, newRecipe},
	}
	file := inFile(id)
	changed := mismatch(id)
	if nothing(id) {
		changed = "nothing is in it"
	}
	rows := make([]chain.ImportReport, 0, len(importers))
	for _, i := range importers {
		a := cannot(changed)
		if changed == "" {
			a = i.takes(file)
		}
		row := chain.ImportReport{Where: i.where, OK: a.ok, Why: a.why}
		if !a.ok && hasKey(id) && (a.convertible || changed == "" && !hasKey(file)) {
			row.Convert = convert(id, i.recipes)
			if less := leavesOut(id, row.Convert); less != "" {
				row.Why += "; " + less
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// answer is one importer's.
type answer struct {
	ok          bool
	why         string // the field that decides
	convertible bool   // writing the file anew would help
}

func yes(why string) answer    { return answer{ok: true, why: why} }
func no(why string) answer     { return answer{why: why, convertible: true} }
func cannot(why string) answer { return answer{why: why} }

// container answers for what is no PKCS#12 file; ok is false for one.
func container(id *chain.Identity) (answer, bool) {
	switch {
	case isPKCS12(id):
		return answer{}, false
	case !hasKey(id):
		return cannot(id.Format + " without a private key: a certificate, no identity"), true
	case len(id.Certificates) == 0:
		return cannot("a private key without its certificate"), true
	}
	return no("format " + id.Format + ", want PKCS#12"), true
}

// whole answers for a file with a key that holds only half an identity.
func whole(id *chain.Identity) (answer, bool) {
	leaf, _ := leafOf(id)
	switch {
	case len(id.Certificates) == 0 && len(id.Problems) == 0:
		return cannot("no certificate in it: no identity results"), true
	case leaf < 0 && len(id.Keys) > 0 && len(id.Certificates) > 0 && !unmatched(id):
		return cannot("no private key in it fits a certificate in it"), true
	}
	return answer{}, false
}

// hopeless answers for what no conversion helps: half an identity, or a key of
// a type the importer does not take, of which one aborts the whole import (apple: P-05).
func hopeless(id *chain.Identity, takes func(chain.IdentityKey) bool, want string) (answer, bool) {
	if hasKey(id) {
		if r, ok := whole(id); ok {
			return r, true
		}
	}
	for _, k := range id.Keys {
		if !takes(k) {
			return cannot("key type " + keyName(k) + ", want " + want), true
		}
	}
	return answer{}, false
}

// certificatesOnly answers for a file without any key that the importer reads.
func certificatesOnly(id *chain.Identity, why string) answer {
	if len(id.Certificates) == 0 {
		return cannot("neither a private key nor a certificate could be read from it")
	}
	return yes(why)
}

func unmatched(id *chain.Identity) bool {
	for _, k := range id.Keys {
		if k.Unmatched {
			return true
		}
	}
	return false
}
