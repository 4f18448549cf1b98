// Package inspect is the only place that knows both the world and the core:
// jobs go in, reports come out, in order.
package inspect

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/near"
)

// Job is one thing to inspect and how to judge it. Flags, a line of --targets
// and an entry of a gate policy are notations of it: Fields is their table, in the
// same order, and null means absent.
type Job struct {
	ID     string `json:"id"`
	Target string `json:"target"`

	Name       *string  `json:"name"`       // reference name, and SNI unless servername differs; "": none
	ServerName *string  `json:"servername"` // SNI alone
	Connect    string   `json:"connect"`
	StartTLS   string   `json:"starttls"`
	Proxy      string   `json:"proxy"`
	IPv4       bool     `json:"ipv4"`
	IPv6       bool     `json:"ipv6"`
	Thorough   bool     `json:"thorough"`
	Timeout    Duration `json:"timeout"`

	Identity     string `json:"identity"`
	Key          string `json:"key"`
	PasswordFile string `json:"password_file"`
	Path         string `json:"path"`
	Purpose      string `json:"purpose"`

	Anchor       List   `json:"anchor"`
	AppAnchor    List   `json:"app_anchor"`
	TrustStore   string `json:"trust_store"`
	With         List   `json:"with"`
	DataDir      string `json:"data_dir"`
	Fetch        string `json:"fetch"`
	FetchPrivate bool   `json:"fetch_private"`
	Revocation   string `json:"revocation"`
	Profile      string `json:"profile"`
	For          string `json:"for"`
	Platform     string `json:"platform"`
	InfoPlist    string `json:"info_plist"`
	PinCA        List   `json:"pin_ca"`
	ServerPolicy string `json:"server_policy"`
	At           string `json:"at"`
	Warn         string `json:"warn"`
	AllowUnknown bool   `json:"allow_unknown"`
	Clients      string `json:"clients"`

	// Inline input: a chain and its question without any file.
	ChainPEM   List        `json:"chain_pem"`
	RootsPEM   *List       `json:"roots_pem"` // present, even empty: the whole set of anchors
	AnchorKind string      `json:"anchor_kind"`
	CRLsPEM    List        `json:"crls_pem"`
	Time       string      `json:"time"`
	NameKind   string      `json:"name_kind"`
	MaxDepth   *int        `json:"max_depth"`
	EKU        List        `json:"eku"`
	Policy     *PolicyJSON `json:"policy"`

	Held *load.Identity `json:"-"` // what Identity names, opened already; nil: it is read
}

// PolicyJSON is RFC 5280 section 6.1.1's policy inputs.
type PolicyJSON struct {
	Initial        List `json:"initial_policy_set"`
	Explicit       bool `json:"initial_explicit_policy"`
	InhibitMapping bool `json:"initial_policy_mapping_inhibit"`
	InhibitAny     bool `json:"initial_inhibit_any_policy"`
}

// List is a list of strings; a single string stands for a list of one.
type List []string

// UnmarshalJSON takes a string or a list of strings; null changes nothing.
func (l *List) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*l = List{s}
		return nil
	}
	var many []string
	if err := json.Unmarshal(b, &many); err != nil {
		return &json.UnmarshalTypeError{Value: "something else", Type: reflect.TypeFor[[]string]()}
	}
	*l = many
	return nil
}

// Duration is a Go duration such as "10s".
type Duration time.Duration

// UnmarshalJSON takes a string such as "10s"; null changes nothing.
func (d *Duration) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return fmt.Errorf("timeout %q is no duration such as 10s", clip(s))
	}
	*d = Duration(v)
	return nil
}

// Merge lays the fields of a JSON object over a job. Unknown fields are
// ignored and null means absent. What the job's pointers point at belongs to
// the defaults it was copied from, and is replaced, never written to.
func (j *Job) Merge(object []byte) error {
	before := *j
	j.Name, j.ServerName, j.RootsPEM, j.MaxDepth, j.Policy, j.Time = nil, nil, nil, nil, nil, ""
	err := json.Unmarshal(object, j)
	j.Name, j.ServerName = cmp.Or(j.Name, before.Name), cmp.Or(j.ServerName, before.ServerName)
	j.RootsPEM, j.MaxDepth, j.Policy = cmp.Or(j.RootsPEM, before.RootsPEM), cmp.Or(j.MaxDepth, before.MaxDepth), cmp.Or(j.Policy, before.Policy)
	if j.Time == "" {
		j.Time = before.Time
	} else if j.At == before.At { // a line's own time counts before the default --at
		j.At = ""
	}
	if err != nil {
		return jsonError(err)
	}
	return nil
}

// Decode reads one line of --targets over the defaults: a JSON object, or
// `TARGET key=value …`. Unknown fields of an object are ignored.
func Decode(line string, defaults Job) (Job, error) {
	j := defaults
	text := strings.TrimSpace(line)
	if strings.HasPrefix(text, "{") {
		if err := j.Merge([]byte(text)); err != nil {
			return Job{ID: idOf(text), Target: j.Target}, err
		}
		return j, nil
	}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return j, errors.New("the line is empty")
	}
	j.Target = fields[0]
	for n, f := range fields[1:] {
		key, value, ok := strings.Cut(f, "=")
		if !ok {
			return j, fmt.Errorf("word %d of the line is not key=value; a value with a blank in it wants a line in JSON", n+2)
		}
		if err := set(&j, strings.ReplaceAll(key, "-", "_"), value); err != nil {
			return j, err
		}
	}
	return j, nil
}

// Misspelt finds a key of a JSON object that no job has and that was likely meant
// for one; the decoder passes over it, and so it would go unseen. "" there is none.
func Misspelt(line string) (key, meant string) {
	if !strings.HasPrefix(strings.TrimSpace(line), "{") {
		return "", ""
	}
	var object map[string]json.RawMessage
	if json.Unmarshal([]byte(line), &object) != nil {
		return "", ""
	}
	keys := jobKeys()
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(keys, key) {
			if meant := near.Word(key, keys); meant != "" {
				return key, meant
			}
		}
	}
	return "", ""
}

// set assigns one key=value pair through the JSON names, so that there is one decoder.
func set(j *Job, key, value string) error {
	f, ok := field(key)
	if !ok {
		return fmt.Errorf("there is no key %q%s", clip(key), near.Hint(key, JobKeys(), ""))
	}
	if value == "" && !f.Empty {
		return fmt.Errorf("%s= is empty: give it a value, or leave it out", key)
	}
	var v any = value
	switch f.Kind {
	case Switch:
		b, err := strconv.ParseBool(value)
		if err != nil {
			return fmt.Errorf("%s=%s: write true or false", key, clip(value))
		}
		v = b
	case Number:
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("%s=%s: write a number", key, clip(value))
		}
		v = n
	}
	object, err := json.Marshal(map[string]any{key: v})
	if err != nil {
		return err
	}
	return j.Merge(object)
}

// clip keeps a message short whatever a file holds.
func clip(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// jsonError says in plain words what a JSON value is wrong about.
func jsonError(err error) error {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		if te.Field == "" {
			return fmt.Errorf("a field is of the wrong type: %s where %s is wanted", te.Value, plainType(te.Type))
		}
		return fmt.Errorf("field %q is of the wrong type: %s where %s is wanted", te.Field, te.Value, plainType(te.Type))
	}
	var se *json.SyntaxError
	if errors.As(err, &se) {
		return fmt.Errorf("not JSON at byte %d: %s", se.Offset, se.Error())
	}
	return err
}

func plainType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "a string or a list of strings"
	case reflect.Struct:
		return "an object"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a number"
	}
	return "a string"
}

// idOf finds the id of an object that does not decode as a whole, even one that is cut off.
func idOf(text string) string {
	d := json.NewDecoder(strings.NewReader(text))
	if _, err := d.Token(); err != nil {
		return ""
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ""
		}
		var value any
		if d.Decode(&value) != nil {
			return ""
		}
		if id, ok := value.(string); ok && key == "id" {
			return id
		}
	}
	return ""
}
