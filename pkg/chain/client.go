package chain

// JudgeClient judges a list of certificates that was shown to the server as a
// client identity, the way that server would: purpose client, by the server's
// demands, with the evidence at hand and the anchors given. It is nil where the
// evaluator has nobody to ask (Evaluator.Client).
func (c *Case) JudgeClient(sent []string, anchors *Anchors) *Report {
	if c.client == nil {
		return nil
	}
	q := Question{Time: c.Question.Time, NameKind: NameNone, Purpose: PurposeClient, Platform: c.Question.Platform,
		Revocation: RevocationSoft, MaxDepth: -1, ServerDemands: c.Question.ServerDemands}
	shown := &Capture{Schema: c.Capture.Schema, Target: c.Capture.Target, TakenAt: c.Capture.TakenAt, Blobs: c.Capture.Blobs,
		Evidence: c.Capture.Evidence, Observations: []Observation{{Transport: TransportFile, Sent: sent}}}
	return c.client().Evaluate(Input{Capture: shown, Question: q, Anchors: anchors})
}
