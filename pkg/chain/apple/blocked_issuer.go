package apple

import (
	"fmt"

	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(blockedIssuer)

var blockedIssuer = &chain.Rule{
	ID:    "apple-blocked-issuer",
	Level: chain.LevelX509,
	Title: "issued by WoSign or StartCom since December 2016",
	Sources: []chain.Source{
		{Doc: "SecPolicyServer.c SecPVCCheckIssuerDateConstraints", Section: "R-10", Confidence: chain.ConfidenceTested},
	},
	Explain: "Seven certificates of WoSign and StartCom are listed in Apple's code: anything below them that starts on or after 2016-12-01 is blocked, intermediates included, because these CAs had backdated certificates. " +
		"The block is fatal and holds even where the user has installed the root; the log on the device says that the certificate is blocked.",
	Advice:    []chain.Advice{{Who: "server administrator", Text: "get item 0 from another CA"}},
	Apple:     chain.AppleError{Class: chain.ClassBlocked, Sec: -67820},
	InsteadOf: []string{"apple-distrusted"},
	Check: chain.PerPath(func(_ *chain.Case, p *chain.Path) []chain.Hit {
		for i := 1; i < len(p.Items); i++ {
			for _, d := range distrusts(p.Items[i].Cert.SHA256) {
				if d.rule != "child-notBefore>=" {
					continue
				}
				for _, below := range p.Items[:i] {
					if !below.Cert.NotBefore.Before(d.from) {
						return []chain.Hit{{Item: below, Message: fmt.Sprintf("{item} starts on %s under %s, blocked from %s on", chain.Instant(below.Cert.NotBefore), d.name, chain.Instant(d.from)),
							Evidence: []chain.Evid{{Field: "notBefore", Got: chain.Stamp(below.Cert.NotBefore), Want: "before " + chain.Stamp(d.from)}}}}
					}
				}
			}
		}
		return nil
	}),
}
