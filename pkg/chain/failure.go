package chain

// Failure is the answer for a target that could not be inspected.
type Failure struct {
	ID     string       `json:"id,omitempty"`
	Target string       `json:"target"`
	Error  FailureCause `json:"error"`
	Name   string       `json:"name,omitempty"`   // the reference name asked for, where it is not the target's
	Policy *PolicyLine  `json:"policy,omitempty"` // the job, where a gate judged
	Gate   *GateReport  `json:"gate,omitempty"`   // what it came to there
}

// FailureCause names the kind (dns, refused, timeout, not_tls, tls, file,
// password, format) and says in one line what was found, where, and what to do.
type FailureCause struct {
	Kind    ErrorKind `json:"kind"`
	Message string    `json:"message"`
}
