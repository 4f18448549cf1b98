package load

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/youmark/pkcs8"
	pkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/chainspect/chainspect/pkg/chain"
)

func TestPasswordSources(t *testing.T) {
	p := party(t)
	sealed := func(password string) string {
		if password == "" { // pkcs8 leaves the key in the clear then
			file, err := pkcs12.Modern.WithRand(constant{}).Encode(p["leaf"].Key, p["leaf"].Cert, nil, "")
			if err != nil {
				t.Fatal(err)
			}
			return write(t, "key.pem", file)
		}
		der, err := pkcs8.MarshalPrivateKey(p["leaf"].Key, []byte(password), &pkcs8.Opts{Cipher: pkcs8.AES256CBC,
			KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 2, HMACHash: 5}})
		if err != nil {
			t.Fatal(err)
		}
		return write(t, "key.pem", []byte(block("ENCRYPTED PRIVATE KEY", der)+p["leaf"].PEM()))
	}
	environment := func(value string) func(string) (string, bool) {
		return func(name string) (string, bool) { return value, name == PasswordVariable }
	}
	typed := func(answers ...string) func(string) (string, error) {
		return func(question string) (string, error) {
			if !strings.Contains(question, "key.pem") || len(answers) == 0 {
				return "", errors.New("nothing more is typed")
			}
			answer := answers[0]
			answers = answers[1:]
			return answer, nil
		}
	}
	file := func(content string) string { return write(t, "password", []byte(content)) }
	tests := []struct {
		name, key string
		from      Passwords
		kind      string // of the error
		want      string // PasswordKind, or part of the error
	}{
		{"file, newline dropped", "pw", Passwords{File: file("pw\n")}, "", chain.PasswordASCII},
		{"file, CRLF dropped", "pw", Passwords{File: file("pw\r\n")}, "", chain.PasswordASCII},
		{"file, only one newline dropped", "pw\n", Passwords{File: file("pw\n\n")}, "", chain.PasswordUnicode},
		{"file, spaces kept", " pw ", Passwords{File: file(" pw ")}, "", chain.PasswordASCII},
		{"file, empty", "", Passwords{File: file("")}, "", chain.PasswordEmpty},
		{"file, Unicode", "пароль", Passwords{File: file("пароль")}, "", chain.PasswordUnicode},
		{"file, wrong", "pw", Passwords{File: file("no")}, "password", "check --password-file"},
		{"file, not UTF-8", "pw", Passwords{File: file("p\xff")}, "password", "byte 1"},
		{"file, missing", "pw", Passwords{File: "/nonexistent"}, "file", "/nonexistent"},
		{"file before environment", "pw", Passwords{File: file("pw"), Getenv: environment("no")}, "", chain.PasswordASCII},
		{"file wrong, nobody is asked", "pw", Passwords{File: file("no"), Prompt: typed("pw")}, "password", "check"},
		{"environment", "pw", Passwords{Getenv: environment("pw")}, "", chain.PasswordASCII},
		{"environment, set and empty", "", Passwords{Getenv: environment("")}, "", chain.PasswordEmpty},
		{"environment, wrong", "pw", Passwords{Getenv: environment("no")}, "password", "check $CHAINSPECT_PASSWORD"},
		{"typed", "pw", Passwords{Prompt: typed("pw")}, "", chain.PasswordASCII},
		{"typed, second try", "pw", Passwords{Prompt: typed("no", "pw")}, "", chain.PasswordASCII},
		{"typed, wrong three times", "pw", Passwords{Prompt: typed("a", "b", "c", "pw")}, "password", "check the password"},
		{"typed, broken off", "pw", Passwords{Prompt: typed()}, "password", "no password was typed"},
		{"empty password, nobody asked", "", Passwords{Prompt: typed()}, "", chain.PasswordEmpty},
		{"nobody to ask", "pw", Passwords{}, "password", "a password is needed"},
		{"nobody to ask: remedy", "pw", Passwords{Getenv: os.LookupEnv}, "password", "--password-file FILE or $CHAINSPECT_PASSWORD"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			id, err := ReadIdentity(sealed(test.key), IdentityOptions{Passwords: test.from})
			if errorKind(err) != test.kind {
				t.Fatalf("error %v, want kind %q", err, test.kind)
			}
			if err != nil {
				if !strings.Contains(err.Error(), test.want) {
					t.Errorf("%v, want %q in it", err, test.want)
				}
				return
			}
			if id.Facts.PasswordKind != test.want {
				t.Errorf("password kind %q, want %q", id.Facts.PasswordKind, test.want)
			}
		})
	}
}

func TestOnePasswordForTwoKeysIsTypedOnce(t *testing.T) {
	p := party(t)
	text := p["leaf"].PEM() + p["rsa"].PEM()
	for _, name := range []string{"leaf", "rsa"} {
		der, err := pkcs8.MarshalPrivateKey(p[name].Key, []byte("pw"), nil)
		if err != nil {
			t.Fatal(err)
		}
		text += block("ENCRYPTED PRIVATE KEY", der)
	}
	asked := 0
	id, err := ReadIdentity(write(t, "two.pem", []byte(text)), IdentityOptions{Passwords: Passwords{Prompt: func(string) (string, error) {
		asked++
		return "pw", nil
	}}})
	if err != nil || asked != 1 || len(id.Signers) != 2 {
		t.Errorf("%v, asked %d times", err, asked)
	}
	var questions []string
	_, _ = ReadIdentity(write(t, "one.pem", []byte(text)), IdentityOptions{Passwords: Passwords{Prompt: func(question string) (string, error) {
		questions = append(questions, question)
		return "wrong", nil
	}}})
	if len(questions) < 2 || strings.Contains(questions[0], "does not") || !strings.HasPrefix(questions[1], "that password does not open it; ") {
		t.Errorf("asked again without a word: %q", questions)
	}
	if TerminalPrompt(nil, nil) != nil {
		t.Error("a prompt without a terminal")
	}
}
