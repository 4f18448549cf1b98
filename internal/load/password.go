package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/pfx"
)

// PasswordVariable is the environment variable that may hold the password.
const PasswordVariable = "CHAINSPECT_PASSWORD"

// maxPrompts bounds how often a person is asked for one file.
const maxPrompts = 3

// Passwords says where the password of an identity comes from: a file, else the
// environment, else a person. The zero value knows none.
type Passwords struct {
	File   string                                // --password-file
	Getenv func(string) (string, bool)           // os.LookupEnv; nil: no environment
	Prompt func(question string) (string, error) // asks without echo; nil: nobody can be asked

	readFile ReadFile

	read  bool
	from  string   // "--password-file F" or "$CHAINSPECT_PASSWORD"; "" none
	known []string // given, or typed before for another key of the same identity
	asked int
}

// TerminalPrompt asks on a terminal without echo; nil where in is none.
func TerminalPrompt(in *os.File, out io.Writer) func(string) (string, error) {
	if in == nil || !term.IsTerminal(int(in.Fd())) {
		return nil
	}
	return func(question string) (string, error) {
		fmt.Fprint(out, question)
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(out)
		return string(b), err
	}
}

// given reads the password that came without asking.
func (p *Passwords) given() error {
	if p.read {
		return nil
	}
	p.read = true
	if p.File != "" {
		data, err := p.readFile("password-file", p.File)
		if err != nil {
			return err
		}
		text, err := passwordIn(p.File, data)
		if err != nil {
			return err
		}
		p.from, p.known = "--password-file "+p.File, []string{text}
		return nil
	}
	if p.Getenv != nil {
		if text, ok := p.Getenv(PasswordVariable); ok {
			p.from, p.known = "$"+PasswordVariable, []string{text}
		}
	}
	return nil
}

// passwordIn is what a password file holds: UTF-8, one trailing newline is dropped.
func passwordIn(path string, data []byte) (string, error) {
	switch k := Recognise(data); k {
	case PKCS12, JKS, JCEKS, BKS, UBER, BCFKS, PrivateKey, PEMIdentity, Certificates, Certificate, PKCS7, Zip, IPA:
		return "", &Error{Kind: "password", Path: path, Message: "this is " + string(k) + ", and no password", Remedy: "give the file with the password; did it change places with the identity?"}
	}
	if i := invalidUTF8(data); i >= 0 {
		return "", &Error{Kind: "password", Path: path, Position: fmt.Sprintf("byte %d", i), Message: "the password file is not UTF-8", Remedy: "save it as UTF-8"}
	}
	if cut, ok := bytes.CutSuffix(data, []byte("\n")); ok {
		data = bytes.TrimSuffix(cut, []byte("\r"))
	}
	return string(data), nil
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, n := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// try opens something with the passwords known so far, one at a time, and asks
// for one where none was given and the empty one does not fit. open is given one
// candidate, or none, and answers as pfx.Open does.
func (p *Passwords) try(path string, open func(candidates []string) error) error {
	if err := p.given(); err != nil {
		return err
	}
	var err error
	if len(p.known) == 0 {
		err = open(nil)
	}
	for _, known := range p.known {
		if err = open([]string{known}); !refused(err) {
			return err
		}
	}
	for p.from == "" && p.Prompt != nil && refused(err) && p.asked < maxPrompts {
		question := "password of " + path + ": "
		if p.asked++; p.asked > 1 {
			question = "that password does not open it; " + question
		}
		text, failed := p.Prompt(question)
		if failed != nil {
			return &Error{Kind: "password", Path: path, Message: "no password was typed", Remedy: p.remedy()}
		}
		p.known = append(p.known, text)
		err = open([]string{text})
	}
	return err
}

func refused(err error) bool {
	var e *pfx.PasswordError
	return errors.As(err, &e)
}

// some reports whether any password was given or typed.
func (p *Passwords) some() bool { return p.from != "" || p.asked > 0 }

func (p *Passwords) remedy() string {
	switch {
	case p.from != "":
		return "check " + p.from
	case p.asked > 0:
		return "check the password"
	}
	return "give the password with --password-file FILE or $" + PasswordVariable
}

// failure makes an *Error of one of package pfx's.
func (p *Passwords) failure(path, position string, err error) error {
	var password *pfx.PasswordError
	var unsupported *pfx.UnsupportedError
	var broken *pfx.DamagedError
	e := &Error{Kind: "format", Path: path, Position: position}
	switch {
	case errors.As(err, &password):
		e.Kind, e.Message, e.Remedy = "password", password.Error(), p.remedy()
		if !p.some() {
			e.Message = "a password is needed (" + password.Error() + ")"
		}
	case errors.As(err, &unsupported):
		e.Message = unsupported.Error()
		e.Remedy = "export it again as PKCS#12 with AES-256-CBC and an HMAC-SHA256 MAC, which OpenSSL 3 and keytool write by themselves"
	case errors.As(err, &broken):
		if e.Position == "" && broken.Offset >= 0 {
			e.Position = fmt.Sprintf("byte %d", broken.Offset)
			e.Message = "the file is damaged: " + broken.Where + ": " + broken.What
		} else {
			e.Message = "the file is damaged: " + broken.Error()
		}
		e.Remedy = "copy it again, in binary mode, or export it again"
	default:
		return err
	}
	return e
}

// passwordKind classes a password without keeping it.
func passwordKind(text string) string {
	switch {
	case text == "":
		return chain.PasswordEmpty
	case strings.IndexFunc(text, func(r rune) bool { return r < 0x20 || r > 0x7e }) >= 0:
		return chain.PasswordUnicode
	}
	return chain.PasswordASCII
}
