package policy

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/near"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/client"
)

// clientVerdict is the finding of a client that says something else than expected.
var clientVerdict = &chain.Rule{ID: "gate-client", Level: chain.LevelX509, Title: "a client does not say what the policy expects",
	Explain: "The policy expects of some clients that they trust the chain, or that they do not. A name stands for all versions of the client, and where nobody can tell the expectation is not met.",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "see what parts this client from the others (check -v lists them all), and mend that, or take the client out of expect.clients"}}}

// expectedClient is what one client is expected to say.
type expectedClient struct {
	name    string
	verdict chain.Verdict
	line    int
}

// clients reads expect.clients: names of clients and verdicts.
func (p *parser) clients(n *yaml.Node, e *Entry) error {
	var names []string
	err := p.pairs(n, "expect.clients", client.Names(), func(name string, _, v *yaml.Node) error {
		verdicts := []string{string(chain.Trusted), string(chain.Untrusted), string(chain.Undecided)}
		for _, verdict := range verdicts {
			if v.Value == verdict {
				names = append(names, name)
				e.Clients = append(e.Clients, expectedClient{name, chain.Verdict(verdict), v.Line})
				return nil
			}
		}
		return p.bad(v, "%s: %s is no verdict%s", name, v.Value, near.Hint(v.Value, verdicts, ": write "+strings.Join(verdicts, ", ")))
	})
	e.asks = names
	return err
}

// askExpected has the clients of whom something is expected asked beside those the job names.
func (e *Entry) askExpected() error {
	if len(e.asks) == 0 || e.Job.Clients == "all" {
		return nil
	}
	list := e.asks
	if named, err := rulebook.Clients(e.Job.Clients); err != nil {
		return err
	} else if len(named) > 0 {
		list = append(list, strings.Split(e.Job.Clients, ",")...)
	}
	e.Job.Clients = strings.Join(list, ",")
	return nil
}

// clients adds a finding for each row that says something else than expected.
func (p *Policy) clients(e *Entry, r *chain.Report) {
	for _, want := range e.Clients {
		for i := range r.Clients {
			v := &r.Clients[i]
			if v.Client != want.name || v.Verdict == want.verdict {
				continue
			}
			message := fmt.Sprintf("%s says %s, and the policy expects %s", v.Label, v.Verdict, want.verdict)
			if v.Message != "" {
				message += ": " + v.Message
			}
			add(r, clientVerdict, chain.Error, p.at(want.line), message, chain.Evid{Field: v.Label, Got: string(v.Verdict), Want: string(want.verdict)})
		}
	}
}
