// Package chainspect says why a certificate is not trusted: at which item, at
// which level of trust evaluation, and what to do. It gives Go programs what the
// command gives a shell, with the same verdicts:
//
//	certs, err := chainspect.ParsePEM(data)
//	report, err := chainspect.Judge(certs, chainspect.Question{Name: "www.example.com"})
//	fmt.Println(report.Verdict, report.Headline)
//
// [Judge] needs no network and no files. [VerifyConnection] judges what a
// [crypto/tls] handshake showed. [Explain] says what a rule, an error code or an
// error text means. To ask a server, or to read files, use package live beside
// this one.
//
// The zero [Question] asks what the command asks without flags: profile apple, the
// newest platform, the built-in trust store, now. Nothing here panics: what cannot
// be meant is an error, which names the word that was likely meant.
//
// # Promise
//
// What this package and package live export stays as it is; fields and functions
// are only added. The JSON of a [Report] is the schema chainspect/report/v1, in
// which fields are only added too. The IDs of rules stay; rules are added, and what
// they find changes as the programs change whose answer they tell. Headline and
// messages are prose and may change: read Verdict, Levels and Findings. What
// package chain and the packages below it export beyond the types named here is
// not part of this promise.
package chainspect
