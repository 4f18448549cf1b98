package chain

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// A Repair does to an input what a fix advises, so that the advice is tried
// before it is given. It reports false where it cannot be applied. It never
// changes its argument.
type Repair func(Input) (Input, bool)

// RepairList replaces the list that was sent.
func RepairList(items ...*Item) Repair {
	return func(in Input) (Input, bool) {
		return withSent(in, func(Capture, []string) []string {
			var keys []string
			for _, it := range items {
				keys = append(keys, blobKey(it.Cert))
			}
			return keys
		}, items...)
	}
}

// RepairAppend adds a certificate at the end of the list that was sent.
func RepairAppend(it *Item) Repair {
	return func(in Input) (Input, bool) {
		return withSent(in, func(_ Capture, sent []string) []string { return append(sent, blobKey(it.Cert)) }, it)
	}
}

// RepairReplace puts a certificate in the place of an item of the list that was sent.
func RepairReplace(it, by *Item) Repair {
	return func(in Input) (Input, bool) {
		ok := false
		out, _ := withSent(in, func(_ Capture, sent []string) []string {
			if ok = it.Index < len(sent); ok {
				sent[it.Index] = blobKey(by.Cert)
			}
			return sent
		}, by)
		return out, ok
	}
}

// RepairDrop removes an item from the list that was sent (only this copy of it).
func RepairDrop(it *Item) Repair {
	return func(in Input) (Input, bool) {
		ok := false
		out, _ := withSent(in, func(_ Capture, sent []string) []string {
			var keys []string
			for i, k := range sent {
				if i == it.Index {
					ok = true
					continue
				}
				keys = append(keys, k)
			}
			return keys
		})
		return out, ok
	}
}

// RepairInstall makes a certificate a trusted anchor of the device: an installed root.
// Of one that an earlier repair issued again it is the new one.
func RepairInstall(it *Item) Repair {
	return func(in Input) (Input, bool) {
		if again := in.Reissued[blobKey(it.Cert)]; again != nil {
			in.Anchors = in.Anchors.With(madeUp(again, Installed, "installed for this trial"))
			return in, true
		}
		if len(it.Cert.Raw) == 0 {
			return in, false
		}
		in.Anchors = in.Anchors.With(NewAnchor(it.Cert.Raw, Installed, "installed for this trial"))
		return in, true
	}
}

// RepairName asks for another reference name.
func RepairName(name string, kind NameKind) Repair {
	return func(in Input) (Input, bool) {
		in.Question.Name, in.Question.NameKind = name, kind
		return in, true
	}
}

// RepairTime asks at another time, as after waiting or setting a clock right.
func RepairTime(t time.Time) Repair {
	return func(in Input) (Input, bool) {
		in.Question.Time = t
		return in, true
	}
}

// RepairReissue has the CA issue the item again with some fields changed. The
// new certificate counts as signed by its issuer, and what it issued stays good.
func RepairReissue(it *Item, change func(*x509read.Certificate)) Repair {
	return func(in Input) (Input, bool) {
		key := blobKey(it.Cert)
		base, before := in.Reissued[key]
		if !before { // else by another repair, which stays
			base = it.Cert
		}
		c := *base
		change(&c)
		c.Faults, c.Unread = nil, 0
		if !before {
			c.SHA256[0] ^= 0xff // another certificate, so that nothing remembered applies to it
		}
		re := map[string]*x509read.Certificate{key: &c}
		for k, v := range in.Reissued {
			if k != key {
				re[k] = v
			}
		}
		in.Reissued = re
		if a := in.Anchors.ByHash(it.Cert.SHA256); a != nil {
			in.Anchors = in.Anchors.reissued(a, &c)
		}
		return in, true
	}
}

// Repairs applies several repairs in turn.
func Repairs(list ...Repair) Repair {
	return func(in Input) (Input, bool) {
		ok := true
		for _, r := range list {
			if in, ok = r(in); !ok {
				return in, false
			}
		}
		return in, true
	}
}

// withSent copies the capture with another list in the judged observation.
func withSent(in Input, list func(Capture, []string) []string, add ...*Item) (Input, bool) {
	if in.Observation >= len(in.Capture.Observations) {
		return in, false
	}
	cap := *in.Capture
	cap.Observations = append([]Observation(nil), cap.Observations...)
	obs := &cap.Observations[in.Observation]
	before := obs.Sent
	obs.Sent = list(cap, append([]string(nil), before...))
	if len(before) > 0 && len(obs.Sent) > 0 && before[0] != obs.Sent[0] {
		if o := &obs.Outcome; o.KeyProof == ProofWrong { // which is how the handshake ended
			o.ErrorKind, o.Error, o.Breach = "", "", nil
		}
		obs.Outcome.KeyProof = "" // it was about the key of another item
	}
	if !slices.Equal(before, obs.Sent) {
		obs.SentBytes = 0 // the size of another list
	}
	obs.Positions = nil
	if len(add) > 0 {
		cap.Blobs = make(map[string][]byte, len(in.Capture.Blobs)+len(add))
		for k, v := range in.Capture.Blobs {
			cap.Blobs[k] = v
		}
		for _, it := range add {
			if _, ok := cap.Blobs[blobKey(it.Cert)]; !ok {
				cap.Blobs[blobKey(it.Cert)] = it.Cert.Raw
			}
		}
	}
	in.Capture = &cap
	return in, true
}

// reissued swaps an anchor's certificate for a changed one.
func (s *Anchors) reissued(a *Anchor, c *x509read.Certificate) *Anchors {
	n := madeUp(c, a.Kind, a.Origin)
	n.NotAfter, n.Below, n.DER = a.NotAfter, a.Below, a.DER
	return s.replaced(a, n)
}

// madeUp is the anchor of a certificate that a repair makes up, which has no octets to read.
func madeUp(c *x509read.Certificate, kind AnchorKind, origin string) *Anchor {
	a := &Anchor{Kind: kind, Origin: origin, SHA256: c.SHA256, reissued: true}
	a.parse.Do(func() { a.cert = c })
	a.subjectOnce.Do(func() { a.subjectKey = c.Subject.Key() })
	return a
}

// tryRepairs applies the repairs of every finding that matters and says which
// steps do what they promise.
func (e *Evaluator) tryRepairs(in Input, j *judgement, r *Report) {
	for i := range j.kept {
		b, f := &j.kept[i], &r.Findings[i]
		if b.hit.Status != Broken || weight(b.shown) < weight(Warning) {
			continue
		}
		for k, a := range e.advice(b, in.Question.Purpose) {
			if a.Repair == nil {
				continue
			}
			fixed, ok := a.Repair(in)
			if !ok {
				continue
			}
			c, after := e.judge(fixed)
			if !after.gone(j, b) {
				continue
			}
			step := &f.Advice[k]
			step.Checked = true
			if after.verdict() == Trusted {
				step.Until = a.Issue.ends(j.c, b.hit.Item, e.trustedUntil(fixed, c, after))
			}
		}
		if len(f.Advice) > 0 && f.Advice[0].Checked {
			f.FixChecked, f.FixTried, f.FixUntil = true, f.Advice[0].Assumes, f.Advice[0].Until
		}
	}
}

// gone reports whether a breach no longer bears on the verdict and no new error took its place.
func (j *judgement) gone(before *judgement, b *breach) bool {
	for i := range j.kept {
		x := &j.kept[i]
		if !j.counts(x) || weight(x.shown) < weight(b.shown) || x.hit.Status != Broken {
			continue
		}
		if x.rule.Rule == b.rule.Rule && sameItem(x.hit.Item, b.hit.Item) {
			return false
		}
		if x.severity == Error && !before.has(x.rule.Rule) {
			return false
		}
	}
	return true
}

func sameItem(a, b *Item) bool {
	return a == nil && b == nil || a != nil && b != nil && bytes.Equal(a.Cert.RawTBS, b.Cert.RawTBS)
}

func (j *judgement) has(r *Rule) bool {
	for i := range j.kept {
		if j.kept[i].rule.Rule == r {
			return true
		}
	}
	return false
}

// RepairOwnCA has a small CA of one's own issue the item for 90 days, and the CA's
// root installed.
func RepairOwnCA(it *Item) Repair {
	return func(in Input) (Input, bool) {
		now := in.Question.Time.Truncate(time.Second)
		root, ok := ownRoot(now)
		if !ok {
			return in, false
		}
		in.Anchors = in.Anchors.With(madeUp(root, Installed, "a CA of one's own, for this trial"))
		return RepairReissue(it, func(c *x509read.Certificate) {
			c.Issuer, c.AuthorityKeyID, c.BasicConstraints = root.Subject, nil, nil
			c.NotBefore, c.NotAfter = now, now.AddDate(0, 0, 90)
			c.KeyUsage = &x509read.KeyUsage{Bits: x509read.DigitalSignature, Critical: true}
			switch {
			case c.ExtKeyUsage != nil:
			case in.Question.Purpose == PurposeClient:
				c.ExtKeyUsage = []x509read.OID{x509read.OIDClientAuth}
			default:
				c.ExtKeyUsage = []x509read.OID{x509read.OIDServerAuth}
			}
		})(in)
	}
}

// ownRoot is the root that `chainspect lab init` makes, without its key.
func ownRoot(now time.Time) (*x509read.Certificate, bool) {
	der, err := asn1.Marshal(pkix.Name{CommonName: "A CA of one's own"}.ToRDNSequence())
	if err != nil {
		return nil, false
	}
	name, _ := x509read.ParseName(der)
	alg := x509read.Algorithm{OID: x509read.OIDECDSAWithSHA256}
	sum := sha256.Sum256(der)
	return &x509read.Certificate{
		Version: 3, Serial: sum[:16], Subject: name, Issuer: name, NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(10, 0, 0),
		PublicKey: x509read.PublicKey{Type: x509read.ECDSA, Bits: 256, Curve: "P-256", SHA256: sum, Algorithm: x509read.Algorithm{OID: x509read.OIDECPublicKey}},
		Signature: alg, TBSSignature: alg, SHA256: sum,
		BasicConstraints: &x509read.BasicConstraints{CA: true, Critical: true},
		KeyUsage:         &x509read.KeyUsage{Bits: x509read.KeyCertSign | x509read.CRLSign, Critical: true},
	}, true
}
