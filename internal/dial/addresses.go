package dial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/pkg/chain"
)

// A Lookup gives the IP addresses of a name, the one to try first at the front.
// The network is "ip".
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// maxAddresses bounds what is tried of a name: a name server may be hostile.
const maxAddresses = 16

// attemptDelay is how long one address is tried alone (RFC 8305 section 8).
const attemptDelay = 250 * time.Millisecond

// addresses lists what a target's name resolves to in the family of p, or its
// own address.
func (p TCP) addresses(ctx context.Context, t ask.Target) (list []netip.Addr, port string, err error) {
	host, port, err := net.SplitHostPort(t.Address())
	if err != nil {
		return nil, "", err
	}
	if t.IP.IsValid() {
		list, err = p.permitted(ctx, []netip.Addr{t.IP})
		return list, port, err
	}
	if a, err := netip.ParseAddr(host); err == nil {
		if err := p.checkFamily(host, a); err != nil {
			return nil, port, err
		}
		list, err = p.permitted(ctx, p.ofFamily([]netip.Addr{a}))
		return list, port, err
	}
	lookup := p.Lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupNetIP
	}
	all, err := lookup(ctx, "ip", host)
	if err != nil {
		return nil, "", err
	}
	if err := p.checkFamily(host, all...); err != nil {
		return nil, port, err
	}
	list, err = p.permitted(ctx, p.ofFamily(all))
	return list, port, err
}

// permitted leaves out the addresses that must not be connected to; where none is
// left the error is that of the first.
func (p TCP) permitted(ctx context.Context, all []netip.Addr) ([]netip.Addr, error) {
	if p.Permit == nil {
		return all, nil
	}
	var list []netip.Addr
	var first error
	for _, a := range all {
		if err := p.Permit(ctx, a); err == nil {
			list = append(list, a)
		} else {
			first = cmp.Or(first, err)
		}
	}
	if len(list) == 0 && first != nil {
		return nil, &ReachError{Stage: chain.StageConnect, Kind: chain.ErrorRefused, Text: first.Error()}
	}
	return list, nil
}

// ofFamily picks the addresses of one family, each once.
func (p TCP) ofFamily(all []netip.Addr) []netip.Addr {
	var list []netip.Addr
	seen := map[netip.Addr]bool{}
	for _, a := range all {
		a = a.Unmap()
		if seen[a] || p.Family == "tcp4" && !a.Is4() || p.Family == "tcp6" && !a.Is6() || len(list) == maxAddresses {
			continue
		}
		seen[a] = true
		list = append(list, a)
	}
	return list
}

// checkFamily is the error of a name without an address of the family; nil where it has one.
func (p TCP) checkFamily(host string, all ...netip.Addr) error {
	if len(p.ofFamily(all)) > 0 {
		return nil
	}
	return &ReachError{Stage: chain.StageDNS, Kind: chain.ErrorDNS, Text: fmt.Sprintf("%q has no %s address", host, familyName(p.Family)), NoFamily: strings.TrimPrefix(p.Family, "tcp")}
}

// A chosen connection is the one of several addresses that was first there.
type chosen struct {
	net.Conn
	of     []netip.Addr      // all addresses of the name
	missed []chain.Unreached // those tried before it
}

// race connects to the addresses in their order: the next one is tried when one
// fails, or has not answered within attemptDelay (RFC 8305 section 5). The error
// is that of the first address.
func race(ctx context.Context, list []netip.Addr, port string) (net.Conn, error) {
	type answer struct {
		i    int
		conn net.Conn
		err  error
	}
	if len(list) == 1 {
		conn, err := connect(ctx, list[0], port)
		if err != nil {
			return nil, err
		}
		return &chosen{Conn: conn, of: list}, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	answers := make(chan answer, len(list))
	begun, open := 0, 0
	begin := func() {
		i := begun
		begun, open = begun+1, open+1
		go func() {
			conn, err := connect(ctx, list[i], port)
			answers <- answer{i, conn, err}
		}()
	}
	failures := make([]error, len(list))
	begin()
	for open > 0 {
		var next <-chan time.Time
		timer := time.NewTimer(attemptDelay)
		if begun < len(list) {
			next = timer.C
		}
		select {
		case <-next:
			begin()
		case a := <-answers:
			open--
			if a.err == nil {
				timer.Stop()
				cancel() // an answer that comes too late is closed
				go func(n int) {
					for range n {
						if late := <-answers; late.conn != nil {
							late.conn.Close()
						}
					}
				}(open)
				return &chosen{a.conn, list, unreached(list[:begun], port, a.i, failures)}, nil
			}
			if failures[a.i] = a.err; begun < len(list) && ctx.Err() == nil {
				begin()
			}
		}
		timer.Stop()
	}
	cancel()
	return nil, cmp.Or(failures[0], errors.New("no address"))
}

func connect(ctx context.Context, a netip.Addr, port string) (net.Conn, error) {
	return dialPatiently(ctx, "tcp", net.JoinHostPort(a.String(), port))
}

// unreached says of each address that was tried before the one chosen why it was not taken.
func unreached(tried []netip.Addr, port string, taken int, failures []error) []chain.Unreached {
	var out []chain.Unreached
	for i, a := range tried {
		if i == taken || i > taken && failures[i] == nil {
			continue
		}
		why := "no answer before another address gave one"
		if failures[i] != nil {
			why = rootCause(failures[i])
		}
		out = append(out, chain.Unreached{Address: net.JoinHostPort(a.String(), port), Error: why})
	}
	return out
}

// everyAddress is a target for each address of the name where the plan asks for
// it, else the one given.
func (d *dialer) everyAddress(ctx context.Context, t ask.Target, plan ask.Plan) []ask.Target {
	direct, ok := d.transport().(TCP)
	if !ok || !plan.EveryAddress || t.Scheme == "http" {
		return []ask.Target{t}
	}
	list, _, err := direct.addresses(ctx, t)
	if err != nil || len(list) < 2 {
		return []ask.Target{t} // the handshake will tell
	}
	var out []ask.Target
	for _, t.IP = range list {
		out = append(out, t)
	}
	return out
}

// keepAddress keeps to the address that was reached: what all handshakes show together
// is then one server's.
func (p *probe) keepAddress(a *attempt) {
	if peer, err := netip.ParseAddrPort(a.obs.Network); err == nil && len(a.obs.Resolved) > 0 {
		p.target.IP = peer.Addr()
	}
}
