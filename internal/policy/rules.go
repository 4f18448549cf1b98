package policy

import "github.com/chainspect/chainspect/pkg/chain"

// The findings of gate and baseline. They have no check: no chain shows them.
var (
	expectedFailure = &chain.Rule{ID: "gate-expected-failure", Level: chain.LevelX509, Title: "a failure the policy expects did not happen",
		Explain: "A test server that is broken on purpose proves that a client refuses it. When the fault is gone the test proves nothing any more, so the gate says so.",
		Advice:  []chain.Advice{{Who: "test engineer", Text: "break the set-up again, or remove the rule from expect.fail"}}}
	goodUntil = &chain.Rule{ID: "gate-good-until", Level: chain.LevelX509, Title: "trust ends earlier than the policy asks for",
		Explain: "The policy asks that the chain of trust holds for some time to come. The first instant at which it is no longer trusted comes earlier; the finding names it.",
		Advice:  []chain.Advice{{Who: "server administrator", Text: "renew the certificate that ends first, and deploy it with its intermediates"}}}
	waiverExpired = &chain.Rule{ID: "gate-waiver-expired", Level: chain.LevelX509, Title: "a waiver of the policy has expired",
		Explain: "A waiver is a promise to repair something by a date. The date has passed: the finding it covered counts again.",
		Advice:  []chain.Advice{{Who: "whoever owns the policy", Text: "repair the fault and remove the waiver, or give it a new end date and a reason"}}}
	waiverUnused = &chain.Rule{ID: "gate-waiver-unused", Level: chain.LevelX509, Title: "a waiver of the policy covers nothing",
		Explain: "The rule the waiver names did not fire on any target. A waiver that lingers would hide the fault if it came back.",
		Advice:  []chain.Advice{{Who: "whoever owns the policy", Text: "remove the waiver"}}}
	nameNotJudged = &chain.Rule{ID: "gate-name-not-judged", Level: chain.LevelName, Severity: chain.Warning, Title: "a job has no name to judge by",
		Explain: "A file does not say for which host it is meant. Without a reference name level 2 does not apply, and a chain for another host passes the gate.",
		Advice:  []chain.Advice{{Who: "whoever owns the policy", Text: "give the job the name its clients ask for (name: www.example.com), or say that there is none (name: \"\")"}}}
	changed = &chain.Rule{ID: "baseline-changed", Level: chain.LevelX509, Title: "something is not as it was in the baseline",
		Explain: "The run was asked to fail on a change (--fail-on-change): of the verdict or a level's, the rules that fail, the list of certificates, the key or the anchor, or because a target is new or gone. A change that nobody planned may be an attack, or a deployment that went to the wrong host.",
		Advice:  []chain.Advice{{Who: "server administrator", Text: "find out who changed it; where it was planned, take a new baseline (--format json -o FILE)"}}}
)

// Rules lists them, for explain and for reports.
var Rules = chain.Book{expectedFailure, goodUntil, waiverExpired, waiverUnused, nameNotJudged, changed, clientVerdict}
