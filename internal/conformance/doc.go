// Package conformance holds tests that judge third-party suites of chains and
// compare the answers with those of their authors and of crypto/x509. The suites
// are no part of the project; the tests read them from $CHAINSPECT_CONFORMANCE.
package conformance
