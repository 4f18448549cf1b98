package client

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/pkg/chain"
)

// part says at each error of a report why the connection works in other clients:
// what they do otherwise is what parts them.
func part(r *chain.Report, asked []*Client) {
	if r.Verdict != chain.Untrusted {
		return
	}
	var fetching, content []string
	where := ""
	for i := range r.Clients {
		switch v := &r.Clients[i]; {
		case v.Fetches != "":
			fetching, where = append(fetching, v.Label), v.Fetches
		case v.Verdict == chain.Trusted:
			content = append(content, v.Label)
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Severity != chain.Error || f.Status != chain.Broken {
			continue
		}
		switch {
		case f.Rule == "basic-intermediate-missing" && len(fetching) > 0:
			f.Elsewhere = fmt.Sprintf("it works in %s, where the intermediate is fetched from %s if it can be", listed(fetching, asked), where)
		case f.Rule == "basic-anchor-not-trusted" || strings.HasPrefix(f.Rule, "basic-self-signed"):
			if apart := storesApart(asked); len(apart) > 0 {
				f.Elsewhere = fmt.Sprintf("a root that is installed on the system is not enough for %s", listed(apart, asked))
			}
		case len(content) > 0:
			f.Elsewhere = fmt.Sprintf("it works in %s, where %s", listed(content, asked), habit(f.Rule))
		}
	}
}

// habit is how it is where a finding does not matter.
func habit(rule string) string {
	switch rule {
	case "hostname-cn-only", "hostname-no-san":
		return "the common name is read"
	case "apple-lifetime-825":
		return "lifetimes have no limit under a root that was installed"
	case "apple-key-size", "apple-weak-key":
		return "smaller keys are taken"
	case "apple-sha1", "basic-sha1":
		return "SHA-1 is taken under a root that was installed"
	case "apple-ed25519", "apple-pss":
		return "that kind of key or signature is known"
	}
	return "that does not matter"
}

// storesApart are the clients that do not find a root in the system's store.
func storesApart(asked []*Client) (out []string) {
	for _, k := range asked {
		switch k.Roots {
		case "", inSystem, inChrome:
		default:
			if k.Platform == "" {
				out = append(out, k.Label)
			}
		}
	}
	return out
}

// listed names clients: one of which all rows are meant by what their names share.
func listed(labels []string, asked []*Client) string {
	var names []string
	for _, k := range asked {
		if !slices.Contains(labels, k.Label) {
			continue
		}
		if name := shared(k, labels, asked); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// shared is the words that the names of a client's rows begin with, or the row's
// own name where not all of them are meant.
func shared(k *Client, labels []string, asked []*Client) string {
	common := strings.Fields(k.Label)
	for _, x := range asked {
		if x.Name != k.Name {
			continue
		}
		if !slices.Contains(labels, x.Label) {
			return k.Label
		}
		words := strings.Fields(x.Label)
		for n := range common {
			if n >= len(words) || words[n] != common[n] {
				common = common[:n]
				break
			}
		}
	}
	return strings.Join(common, " ")
}
