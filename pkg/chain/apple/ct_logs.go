package apple

import (
	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/ctlog"
)

// ctLists are the lists of logs a case is judged by: Apple's, and those of other
// clients, whose further logs do not count and are named.
type ctLists struct {
	own    *ctlog.List
	others []*ctlog.List
}

type listsKey struct{}

// listsFor are the list handed in with the case, the last one of several; else
// the built-in ones, or newer ones that the case carries.
func listsFor(c *chain.Case) *ctLists {
	return c.OnceForAll(listsKey{}, func() any {
		l := &ctLists{own: ctlog.Apple(), others: []*ctlog.List{ctlog.Chrome(), ctlog.Mozilla()}}
		if c.Capture == nil {
			return l
		}
		var given *ctlog.List
		for _, e := range c.Capture.Evidence {
			if e.Kind != chain.EvidenceCTList {
				continue
			}
			switch e.Origin {
			case chain.OriginUpdated:
				l.update(e)
			default:
				if one, err := ctlog.Parse(e.Data, e.Source); err == nil {
					given = one
				}
			}
		}
		if given != nil {
			return &ctLists{own: given}
		}
		return l
	}).(*ctLists)
}

// update takes a list of a client where it is newer than the built-in one.
func (l *ctLists) update(e chain.Evidence) {
	for client, to := range map[string]**ctlog.List{"apple": &l.own, "chrome": &l.others[0]} {
		if e.Source != client {
			continue
		}
		if one, err := ctlog.Parse(e.Data, (*to).Origin); err == nil && one.Newer(*to) {
			*to = one
		}
	}
}

// elsewhere finds a log in another client's list of approved logs.
func (l *ctLists) elsewhere(id [32]byte) (*ctlog.Log, *ctlog.List) {
	for _, list := range l.others {
		if log := list.Logs[id]; log != nil && log.Approved() {
			return log, list
		}
	}
	return nil, nil
}
