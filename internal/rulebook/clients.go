package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/mtls"
	"github.com/chainspect/chainspect/pkg/client"
)

// Clients reads a list of client names; a name stands for all its rows. "" and
// "none" are no clients, "all" is all of them. The error names the one that was
// likely meant.
func Clients(list string) ([]*client.Client, error) {
	switch list {
	case "", "none":
		return nil, nil
	case "all":
		return client.Clients(), nil
	}
	names := client.Names()
	var wanted []string
	for _, name := range strings.Split(list, ",") {
		name = strings.TrimSpace(name)
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("there is no client %q%s", name, near.Hint(name, append(names, "all", "none"), ": write all, none, or some of "+strings.Join(names, ", ")))
		}
		wanted = append(wanted, name)
	}
	return slices.DeleteFunc(client.Clients(), func(k *client.Client) bool { return !slices.Contains(wanted, k.Name) }), nil
}

// Panel plans the rules that the tables of other clients grade; apple gives the
// evaluator of profile apple, which judges the rows of Apple platforms.
func Panel(memory *chain.Memory, apple func() *chain.Evaluator) *client.Panel {
	all := &chain.Profile{Name: "clients"} // each client's own tables grade what the rules find
	for _, prefix := range []string{"basic-", "hostname-", "lint-", "mtls-", "reach-", "revocation-", "strict-"} {
		all.Table = append(all.Table, chain.Grade{Prefix: prefix, Severity: chain.Error})
	}
	for _, prefix := range []string{"apple-", "ats-", "identity-"} { // of Apple platforms alone, and of files
		all.Table = append(all.Table, chain.Grade{Prefix: prefix, Severity: chain.Off})
	}
	for _, r := range slices.Concat(hostname.Rules(), mtls.Rules()) { // but what is said of names and of servers
		if g := (chain.Grade{Prefix: r.ID, Severity: chain.Error}); !strings.HasPrefix(r.ID, "hostname-") && !strings.HasPrefix(r.ID, "mtls-") {
			all.Table = append(all.Table, g)
		}
	}
	// The books are all there are, so that what is remembered of certificates is shared.
	return client.NewPanel(chain.NewEvaluator(all, memory, rules()), apple, embedded.Store)
}
