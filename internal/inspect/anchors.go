package inspect

import (
	"cmp"
	"context"

	"github.com/chainspect/chainspect/internal/anchors"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/internal/rulebook"
	"github.com/chainspect/chainspect/pkg/chain"
)

// anchors makes the set a job is judged with. roots_pem, even empty, is the
// whole set; for a client identity it is the client CAs that a server policy
// names and nothing else; otherwise the trust store and what --anchor and
// --app-anchor add.
func (r *Runner) anchors(ctx context.Context, j *Job, p *chain.Profile, demands *chain.ServerDemands) (*chain.Anchors, error) {
	if j.RootsPEM != nil {
		kind := cmp.Or(chain.AnchorKind(j.AnchorKind), chain.Installed) // which settings has looked at
		ders, err := pemList("roots_pem", *j.RootsPEM)
		if err != nil {
			return nil, err
		}
		var list []*chain.Anchor
		for _, der := range ders {
			list = append(list, chain.NewAnchor(der, kind, "roots_pem"))
		}
		return chain.NewAnchors(chain.StoreInfo{Name: "none"}, list...), nil
	}
	if j.Purpose == "client" && demands.NamesCAs() {
		return demands.Anchors(), nil
	}
	store, err := r.store(ctx, j, cmp.Or(j.TrustStore, rulebook.StoreName(p)))
	if err != nil {
		return nil, err
	}
	var given []*chain.Anchor
	for _, set := range []struct {
		flag  string
		files List
		kind  chain.AnchorKind
	}{{"anchor", j.Anchor, chain.Installed}, {"app-anchor", j.AppAnchor, chain.App}} {
		for _, path := range set.files {
			more, err := r.anchorFile(ctx, j, set.flag, path, set.kind)
			if err != nil {
				return nil, err
			}
			given = append(given, more...)
		}
	}
	if len(given) == 0 {
		return store, nil
	}
	return store.With(given...), nil
}

// store is the trust store of a name, or what a file holds as the platform's own.
func (r *Runner) store(ctx context.Context, j *Job, name string) (*chain.Anchors, error) {
	if !Choosable("trust_store", name) {
		list, err := r.anchorFile(ctx, j, "trust-store", name, chain.Builtin)
		return chain.NewAnchors(chain.StoreInfo{Name: name}, list...), err
	}
	store, err := remember(r, "store "+name, func() (*chain.Anchors, error) { return anchors.Store(name) })
	if err != nil {
		return nil, &load.Error{Kind: "file", Path: "--trust-store " + name, Message: err.Error(), Remedy: "use --trust-store mozilla"}
	}
	return store, nil
}

func (r *Runner) anchorFile(ctx context.Context, j *Job, flag, path string, kind chain.AnchorKind) ([]*chain.Anchor, error) {
	return given(ctx, r, j, flag, path, func(data []byte) ([]*chain.Anchor, error) {
		list, remarks, err := anchors.FromFile(path, data, kind)
		for _, text := range remarks {
			r.remark("%s", text)
		}
		return list, err
	})
}
