package rulebook

import (
	"fmt"
	"slices"
	"strings"

	"github.com/chainspect/chainspect/internal/anchors/embedded"
	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/basic"
	"github.com/chainspect/chainspect/pkg/chain/hostname"
	"github.com/chainspect/chainspect/pkg/chain/lint"
	"github.com/chainspect/chainspect/pkg/chain/mtls"
	"github.com/chainspect/chainspect/pkg/chain/reach"
	"github.com/chainspect/chainspect/pkg/chain/revocation"
	"github.com/chainspect/chainspect/pkg/chain/strict"
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

// Panel plans the rules that the tables of other clients grade.
func Panel(memory *chain.Memory) *client.Panel {
	books := []chain.Book{basic.Rules(), hostname.Rules(), lint.Rules(), mtls.Rules(), reach.Rules(), revocation.Rules(), strict.Rules()}
	all := &chain.Profile{Name: "clients"} // each client's own tables grade what the rules find
	for _, b := range books {
		for _, r := range b {
			all.Table = append(all.Table, chain.Grade{Prefix: r.ID, Severity: chain.Error})
		}
	}
	apple := Assembly{Profile: chain.ProfileByName("apple"), Memory: memory}
	return client.NewPanel(chain.NewEvaluator(all, memory, books...), apple.Evaluator(), embedded.Store)
}
