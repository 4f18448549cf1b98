package load

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	keystore "github.com/pavlo-v-chernykh/keystore-go/v4"

	"github.com/chainspect/chainspect/pkg/chain"
)

// store writes a JKS with a key entry and, if trusted, the root beside it.
func store(t testing.TB, storePassword, keyPassword string, withKey bool) []byte {
	t.Helper()
	p := party(t)
	ks := keystore.New(keystore.WithOrderedAliases(), keystore.WithCustomRandomNumberGenerator(constant{}))
	if withKey {
		err := ks.SetPrivateKeyEntry("client", keystore.PrivateKeyEntry{CreationTime: time.Unix(0, 0), PrivateKey: pkcs8Of(t, p["leaf"]),
			CertificateChain: []keystore.Certificate{{Type: "X509", Content: p["leaf"].DER}, {Type: "X509", Content: p["issuing"].DER}}}, []byte(keyPassword))
		if err != nil {
			t.Fatal(err)
		}
	}
	err := ks.SetTrustedCertificateEntry("root", keystore.TrustedCertificateEntry{CreationTime: time.Unix(0, 0),
		Certificate: keystore.Certificate{Type: "X509", Content: p["root"].DER}})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := ks.Store(&out, []byte(storePassword)); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestJKS(t *testing.T) {
	id, err := ReadIdentity(write(t, "identity.jks", store(t, "changeit", "changeit", true)), with(t, "changeit"))
	if err != nil {
		t.Fatal(err)
	}
	f := id.Facts
	if f.Format != "JKS" || !f.MAC.Verified || len(id.Signers) != 1 || id.Signers[0].Certificate != 0 || len(id.Certificates) != 3 ||
		f.PasswordKind != chain.PasswordASCII {
		t.Errorf("%+v", f)
	}
	if b := f.Bags[0]; b.Kind != "shrouded key" || *b.FriendlyName != "client" || b.Encryption.Name != "JKS key protector" {
		t.Errorf("key entry: %+v", b)
	}
	if last := f.Bags[len(f.Bags)-1]; !last.JavaTrusted || *last.FriendlyName != "root" || f.Bags[1].JavaTrusted {
		t.Errorf("trusted entry: %+v", last)
	}
}

func TestJKSErrors(t *testing.T) {
	good := store(t, "changeit", "changeit", true)
	digest := bytes.Clone(good)
	digest[len(digest)-1] ^= 1
	count := bytes.Clone(good)
	count[11] = 9
	long := append([]byte{0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 'a', 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff},
		make([]byte, 40)...)
	jceks := bytes.Clone(good)
	copy(jceks, []byte{0xce, 0xce, 0xce, 0xce})
	secret := append([]byte{0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0, 1, 'a', 0, 0, 0, 0, 0, 0, 0, 0}, make([]byte, 40)...)
	for _, test := range []struct {
		name, password, kind, want string
		data                       []byte
	}{
		{"wrong password", "falsch", "password", "digest", good},
		{"no password", "", "password", "digest", good},
		{"digest changed", "changeit", "format", "digest at the end does not fit", digest},
		{"more entries than there are", "changeit", "format", "digest", count},
		{"length of 4 GiB", "changeit", "format", "entry 1", long},
		{"secret key in a JCEKS", "changeit", "format", "secret key entry", secret},
		{"cut off", "changeit", "format", "cut off", good[:40]},
	} {
		_, err := ReadIdentity(write(t, "identity.jks", test.data), with(t, test.password))
		if errorKind(err) != test.kind || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	id, err := ReadIdentity(write(t, "x", store(t, "changeit", "other", true)), with(t, "changeit"))
	if err != nil || len(id.Signers) != 0 || len(id.Facts.Problems) != 1 || id.Facts.Problems[0].Kind != "password" || len(id.Certificates) != 3 {
		t.Errorf("key with a password of its own: %v, %+v", err, id)
	}
	id, err = ReadIdentity(write(t, "x", good), with(t, "falsch")) // the certificates need no password
	if err == nil || id == nil || len(id.Signers) != 0 || len(id.Certificates) != 3 || len(id.Facts.Problems) != 1 || id.Facts.Problems[0].Kind != "locked" {
		t.Errorf("a wrong password: %v, %+v", err, id)
	}
	id, err = ReadIdentity(write(t, "x", store(t, "changeit", "", false)), IdentityOptions{})
	if err != nil || id.Facts.MAC.Verified || len(id.Certificates) != 1 {
		t.Errorf("trust store without password: %v, %+v", err, id)
	}
}

// TestKeytool reads what Java itself writes: JKS, JCEKS and PKCS#12.
func TestKeytool(t *testing.T) {
	if _, err := exec.LookPath("keytool"); err != nil {
		t.Skip("keytool is not installed")
	}
	for format, keys := range map[string]int{"JKS": 1, "JCEKS": 1, "PKCS12": 1} {
		path := filepath.Join(t.TempDir(), "store")
		out, err := exec.Command("keytool", "-genkeypair", "-keystore", path, "-storetype", format, "-storepass", "changeit", "-keypass", "changeit",
			"-alias", "client", "-dname", "CN=client", "-keyalg", "RSA").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		id, err := ReadIdentity(path, with(t, "changeit"))
		if err != nil || len(id.Signers) != keys || len(id.Certificates) != 1 || !id.Facts.MAC.Verified {
			t.Errorf("%s: %v, %+v", format, err, id)
			continue
		}
		if format == "JCEKS" && (id.Facts.Bags[0].Encryption == nil || id.Facts.Bags[0].Encryption.Iterations != 200_000) {
			t.Errorf("the encryption of a JCEKS key: %+v", id.Facts.Bags)
		}
	}
}
