package inspect

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/chainspect/chainspect/internal/anchors"
	"github.com/chainspect/chainspect/internal/dial/starttls"
	"github.com/chainspect/chainspect/pkg/chain"
)

// Kind is what a field of a job holds.
type Kind int

// Kinds of fields.
const (
	Text   Kind = iota
	Choice      // one of Field.Values
	ChoiceOrFile
	File  // the name of a file
	Files // names of files; one stands for a list of one
	Texts
	Switch
	Span // a Go duration
	Number
	Object
)

// A Field is one field of a Job. The table of them is what flags, the keys of
// lines and policies, the schema and docs/jobs.md are made of.
type Field struct {
	Key    string         // in JSON, in YAML and in key=value
	In     func(*Job) any // where a job keeps it: a *string, **string, *bool, *List, *Duration …
	Kind   Kind
	Group  string          // of flags in --help; "" the field has no flag
	Flag   string          // where it is not the key with dashes
	Short  string          // one letter
	Alias  string          // a second flag
	Value  string          // what --help shows in the place of the value; "" FILE, NAME …: by kind
	Values []string        // of a Choice
	Names  func() []string // they, where another package has them
	Help   string          // of the flag; the field's meaning in docs/jobs.md
	Doc    string          // what docs/jobs.md says instead
	Empty  bool            // it means something when it is empty
	Live   bool            // it is about the connection to a server
	Apple  bool            // it is about Apple platforms alone
}

// The groups of flags in --help.
const (
	WhatToJudge = "What to judge"
	HowToJudge  = "How to judge"
)

// Fields lists the fields of a Job, in the order of --help and docs/jobs.md. It is the
// table itself, to be read and not to be changed.
func Fields() []*Field { return fields[:] }

// fields is laid out by the compiler: every check asks for its flags.
var fields = [...]*Field{
	{Key: "id", In: func(j *Job) any { return &j.ID }, Doc: "repeated in the answer"},
	{Key: "target", In: func(j *Job) any { return &j.Target }, Doc: "HOST[:PORT], URL, file, directory, capture"},

	{Key: "name", In: func(j *Job) any { return &j.Name }, Group: WhatToJudge, Value: "NAME", Help: "reference name, and SNI unless --servername says otherwise; empty: none", Empty: true},
	{Key: "servername", In: func(j *Job) any { return &j.ServerName }, Group: WhatToJudge, Value: "NAME", Help: "send this name as SNI; empty: send none", Empty: true, Live: true},
	{Key: "connect", In: func(j *Job) any { return &j.Connect }, Group: WhatToJudge, Value: "ADDR", Help: "connect to this HOST, HOST:PORT, :PORT or unix:PATH instead", Live: true},
	{Key: "starttls", In: func(j *Job) any { return &j.StartTLS }, Kind: Choice, Group: WhatToJudge, Value: "PROTOCOL", Names: starttls.Names, Help: "spoken before TLS: smtp, lmtp, imap, pop3, ftp, nntp, sieve, irc, xmpp, xmpp-server, ldap, mysql, postgres, auto (by port and greeting)", Live: true},
	{Key: "proxy", In: func(j *Job) any { return &j.Proxy }, Group: WhatToJudge, Value: "URL|env|FILE", Help: "connect through this proxy: http://, https://, socks5://, that of HTTPS_PROXY and NO_PROXY, or a file that holds its URL with name and password", Live: true},
	{Key: "ipv4", In: func(j *Job) any { return &j.IPv4 }, Kind: Switch, Group: WhatToJudge, Short: "4", Help: "connect over IPv4 only", Live: true},
	{Key: "ipv6", In: func(j *Job) any { return &j.IPv6 }, Kind: Switch, Group: WhatToJudge, Short: "6", Help: "connect over IPv6 only", Live: true},
	{Key: "thorough", In: func(j *Job) any { return &j.Thorough }, Kind: Switch, Group: WhatToJudge, Help: "ask again in every way that can give another answer", Live: true},
	{Key: "timeout", In: func(j *Job) any { return &j.Timeout }, Kind: Span, Group: WhatToJudge, Value: "TIME", Help: "time for one target, all its handshakes together"},
	{Key: "identity", In: func(j *Job) any { return &j.Identity }, Kind: File, Group: WhatToJudge, Help: "digital identity to present in mutual TLS: .p12, PEM, JKS", Live: true},
	{Key: "key", In: func(j *Job) any { return &j.Key }, Kind: File, Group: WhatToJudge, Help: "private key of --identity, where it stands apart"},
	{Key: "password_file", In: func(j *Job) any { return &j.PasswordFile }, Kind: File, Group: WhatToJudge, Help: "password of the identity (also $CHAINSPECT_PASSWORD, or a prompt)"},
	{Key: "path", In: func(j *Job) any { return &j.Path }, Group: WhatToJudge, Value: "PATH", Help: "of the HTTP request of mutual TLS (default /); given, it is asked for in any case", Live: true},
	{Key: "purpose", In: func(j *Job) any { return &j.Purpose }, Kind: Choice, Group: WhatToJudge, Value: "server|client", Values: []string{"server", "client", "any"}, Help: "what the leaf's key is for"},

	{Key: "anchor", In: func(j *Job) any { return &j.Anchor }, Kind: Files, Group: HowToJudge, Help: "trust this too, as a user or administrator installs it (PEM, DER, .mobileconfig)"},
	{Key: "app_anchor", In: func(j *Job) any { return &j.AppAnchor }, Kind: Files, Group: HowToJudge, Help: "trust this too, as only the app's own code adds it"},
	{Key: "trust_store", In: func(j *Job) any { return &j.TrustStore }, Kind: ChoiceOrFile, Group: HowToJudge, Names: anchors.Names, Help: "whose roots are trusted; FILE: these, as the platform's own (default apple in profile apple, else mozilla)"},
	{Key: "with", In: func(j *Job) any { return &j.With }, Kind: Files, Group: HowToJudge, Alias: "crl", Help: "judge with these intermediates, CRLs, OCSP responses or CT log list"},
	{Key: "data_dir", In: func(j *Job) any { return &j.DataDir }, Kind: ChoiceOrFile, Group: HowToJudge, Value: "DIR|none", Values: []string{"none"}, Help: "newer lists of CT logs, as update writes them (default your data folder; gate: none)"},
	{Key: "fetch", In: func(j *Job) any { return &j.Fetch }, Group: HowToJudge, Value: "KINDS", Help: "ask the network for what certificates point at: aia, ocsp, crl, with commas between (default nothing)"},
	{Key: "fetch_private", In: func(j *Job) any { return &j.FetchPrivate }, Kind: Switch, Group: HowToJudge, Help: "fetch from loopback, private and link-local addresses, too"},
	{Key: "revocation", In: func(j *Job) any { return &j.Revocation }, Kind: Choice, Group: HowToJudge, Values: []string{"soft", "require"}, Help: "whether an answer about revocation is needed (default soft)"},
	{Key: "profile", In: func(j *Job) any { return &j.Profile }, Kind: Choice, Group: HowToJudge, Values: []string{"apple", "rfc", "webpki"}, Help: "whose rules judge (default apple; rfc for --purpose client)"},
	{Key: "for", In: func(j *Job) any { return &j.For }, Kind: Choice, Group: HowToJudge, Names: chain.Callers, Help: "who connects (default urlsession)", Apple: true},
	{Key: "platform", In: func(j *Job) any { return &j.Platform }, Group: HowToJudge, Value: "NAME", Values: []string{"ios17", "ios18", "ios26", "macos15", "macos26", "tvos26", "watchos26", "visionos26"}, Help: "ios17, ios18, ios26, macos15, macos26, watchos26 … (default ios26)"},
	{Key: "info_plist", In: func(j *Job) any { return &j.InfoPlist }, Kind: File, Group: HowToJudge, Help: "the app's Info.plist, .app or .ipa", Apple: true},
	{Key: "pin_ca", In: func(j *Job) any { return &j.PinCA }, Kind: Files, Group: HowToJudge, Help: "certificate of a CA that must be on the path"},
	{Key: "server_policy", In: func(j *Job) any { return &j.ServerPolicy }, Kind: File, Group: HowToJudge, Help: "what a server asks of client identities"},
	{Key: "at", In: func(j *Job) any { return &j.At }, Group: HowToJudge, Value: "TIME", Help: "judge as of this time: RFC 3339, a date, or +30d"},
	{Key: "warn", In: func(j *Job) any { return &j.Warn }, Group: HowToJudge, Value: "SPAN", Help: "warn when trust ends within this: 30d, or 33% of the leaf's lifetime"},
	{Key: "allow_unknown", In: func(j *Job) any { return &j.AllowUnknown }, Kind: Switch, Group: HowToJudge, Help: "a verdict that could not be told is no reason for exit code 4"},

	{Key: "clients", In: func(j *Job) any { return &j.Clients }, Group: HowToJudge, Value: "LIST|all|none", Help: "what other clients would say: names such as chrome,java (default all for one target, else none)"},

	{Key: "chain_pem", In: func(j *Job) any { return &j.ChainPEM }, Kind: Texts, Doc: "the chain itself: leaf first, then what else was sent"},
	{Key: "roots_pem", In: func(j *Job) any { return &j.RootsPEM }, Kind: Texts, Doc: "present, even empty: the whole set of anchors"},
	{Key: "anchor_kind", In: func(j *Job) any { return &j.AnchorKind }, Kind: Choice, Values: []string{"builtin", "installed", "app"}, Doc: "of roots_pem; default installed. With chain_pem and no info_plist trust evaluation alone is judged: that an app's own anchor needs ATS off is a warning then"},
	{Key: "crls_pem", In: func(j *Job) any { return &j.CRLsPEM }, Kind: Texts, Doc: "CRLs; profiles rfc and webpki are then hard-fail"},
	{Key: "time", In: func(j *Job) any { return &j.Time }, Doc: "the same as at"},
	{Key: "name_kind", In: func(j *Job) any { return &j.NameKind }, Kind: Choice, Values: []string{"dns", "ip", "email", "uri", "none"}, Doc: "absent: told from the name"},
	{Key: "max_depth", In: func(j *Job) any { return &j.MaxDepth }, Kind: Number, Doc: "intermediates allowed"},
	{Key: "eku", In: func(j *Job) any { return &j.EKU }, Kind: Texts, Doc: "further extended key usages wanted: names or dotted OIDs"},
	{Key: "policy", In: func(j *Job) any { return &j.Policy }, Kind: Object, Doc: "initial_policy_set, initial_explicit_policy, initial_policy_mapping_inhibit, initial_inhibit_any_policy"},
}

// field finds a field by its key.
func field(key string) (*Field, bool) {
	list := Fields()
	i := slices.IndexFunc(list, func(f *Field) bool { return f.Key == key })
	if i < 0 {
		return nil, false
	}
	return list[i], true
}

// FlagName is the flag of a field; "" it has none.
func (f *Field) FlagName() string {
	switch {
	case f.Group == "":
		return ""
	case f.Flag != "":
		return f.Flag
	}
	return strings.ReplaceAll(f.Key, "_", "-")
}

// Choices are the values of a Choice.
func (f *Field) Choices() []string {
	if f.Names != nil {
		return f.Names()
	}
	return f.Values
}

// Placeholder is what stands for the value of a flag in --help; "" it takes none.
func (f *Field) Placeholder() string {
	switch {
	case f.Value != "":
		return f.Value
	case f.Kind == File || f.Kind == Files:
		return "FILE"
	case f.Kind == Choice:
		return strings.Join(f.Choices(), "|")
	case f.Kind == ChoiceOrFile:
		return strings.Join(f.Choices(), "|") + "|FILE"
	}
	return ""
}

// said is what a job says in the field, as a flag is given it: nothing, one text or
// several; a switch that is on says "".
func (f *Field) said(j *Job) []string {
	switch v := f.In(j).(type) {
	case *string:
		if *v != "" {
			return []string{*v}
		}
	case **string:
		if *v != nil {
			return []string{**v}
		}
	case *bool:
		if *v {
			return []string{""}
		}
	case *List:
		return *v
	}
	return nil
}

// flags are the words by which a command line judges as the job does, whatever the
// target and the way to it: those of HowToJudge, and the purpose.
func (j *Job) flags() (words []string) {
	as := *j
	as.At = cmp.Or(j.At, j.Time)
	for _, f := range Fields() {
		if f.Group != HowToJudge && f.Key != "purpose" {
			continue
		}
		for _, said := range f.said(&as) {
			words = append(words, "--"+f.FlagName())
			switch {
			case f.Kind == Switch:
			case f.ofFiles() && !f.offers(said):
				words = append(words, chain.ShellFile(said))
			default:
				words = append(words, chain.ShellWord(said))
			}
		}
	}
	return words
}

// JobKeys lists the keys of a Job in JSON and YAML.
func JobKeys() []string { return slices.Clone(jobKeys()) }

var jobKeys = sync.OnceValue(func() (keys []string) {
	for _, f := range Fields() {
		keys = append(keys, f.Key)
	}
	return keys
})

// FileKey reports whether a key of a Job names files.
func FileKey(key string) bool {
	f, ok := field(key)
	return ok && f.ofFiles()
}

// ofFiles reports whether the field names files, where it names none of its choices.
func (f *Field) ofFiles() bool { return f.Kind == File || f.Kind == Files || f.Kind == ChoiceOrFile }

// Choosable reports whether a value of a key is one of its choices, and so no file.
func Choosable(key, value string) bool {
	f, ok := field(key)
	return ok && f.offers(value)
}

// offers reports whether a value is one of the field's choices.
func (f *Field) offers(value string) bool { return slices.Contains(f.Choices(), value) }

// EmptyAllowed reports whether a key of a Job, or its flag, means something when
// it is empty.
func EmptyAllowed(key string) bool {
	f, ok := field(strings.ReplaceAll(key, "-", "_"))
	return ok && f.Empty
}
