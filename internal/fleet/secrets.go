package fleet

import (
	"encoding/base64"
	"fmt"
	"io"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/inspect"
	"github.com/chainspect/chainspect/internal/load"
)

// secret is what is read of a Kubernetes object: never its key.
type secret struct {
	Kind     string `yaml:"kind"`
	Type     string `yaml:"type"`
	Metadata struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
	Data struct {
		Certificates string `yaml:"tls.crt"`
	} `yaml:"data"`
	StringData struct {
		Certificates string `yaml:"tls.crt"`
	} `yaml:"stringData"`
	Items []secret `yaml:"items"`
}

const tlsSecret = "kubernetes.io/tls"

// secrets yields a job for each Secret of type kubernetes.io/tls, named
// NAMESPACE/NAME: the chain in its tls.crt, as the ingress would send it.
func (l *List) secrets(in io.Reader, yield func(inspect.Job, error) bool) {
	fail := func(name, message, remedy string) bool {
		return yield(inspect.Job{Target: name}, &load.Error{Kind: "format", Path: name, Message: message, Remedy: remedy})
	}
	found := 0
	limited := &io.LimitedReader{R: in, N: load.MaxFile + 1}
	for dec := yaml.NewDecoder(limited); ; {
		var doc secret
		err := dec.Decode(&doc)
		switch {
		case limited.N == 0:
			fail(l.Path, fmt.Sprintf("larger than %d MiB", load.MaxFile>>20), "ask kubectl for one namespace at a time")
			return
		case err == io.EOF:
			if found == 0 {
				fail(l.Path, "no Secret of type "+tlsSecret+" stands in it", "ask for them: `kubectl get secret -A --field-selector type="+tlsSecret+" -o yaml`")
			}
			return
		case err != nil: // whose words may quote a key
			fail(l.Path, "this Kubernetes object cannot be read as YAML or JSON", "write it anew with `kubectl get secret -o yaml`")
			return
		}
		for _, s := range append(doc.Items, doc) {
			if s.Kind != "Secret" || s.Type != tlsSecret {
				continue
			}
			found++
			name := s.Metadata.Namespace + "/" + s.Metadata.Name
			if s.Metadata.Namespace == "" {
				name = s.Metadata.Name
			}
			if !yield(l.secret(name, s)) {
				return
			}
		}
	}
}

func (l *List) secret(name string, s secret) (inspect.Job, error) {
	j := l.Defaults
	j.ID, j.Target = name, "secret "+name
	text := s.StringData.Certificates
	if text == "" {
		pem, err := base64.StdEncoding.DecodeString(s.Data.Certificates)
		if err != nil {
			return j, &load.Error{Kind: "format", Path: l.Path, Position: "secret " + name, Message: "tls.crt is no Base64"}
		}
		text = string(pem)
	}
	if text == "" {
		return j, &load.Error{Kind: "format", Path: l.Path, Position: "secret " + name, Message: "it has no tls.crt"}
	}
	j.ChainPEM = inspect.List{text}
	return j, nil
}
