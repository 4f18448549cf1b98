// Package ats is level 3 of trust evaluation: App Transport Security, as
// URLSession applies it with the app's own Info.plist.
//
// decideFor is the pure decision (settings, host, platform) -> requirement: what the
// connection has to offer. The rules compare that with what the server was seen
// to do; smallestException searches the Info.plist keys that would let the
// connection through, by trying them. The facts are those of Apple's open
// Security project (SecProtocolConfiguration.m, iOS 18.4 / macOS 15.4 and
// later; earlier releases decided elsewhere, in closed code).
package ats

import "github.com/chainspect/chainspect/pkg/chain"

// Rules is the book of this package.
func Rules() chain.Book { return rules }

// rules is the book: each rule is in the file that is named after it. What
// several rules need is in
//
//	decide.go     settings, host and platform: what a connection has to offer
//	exception.go  the smallest exception, and its XML
//	faults.go     where the server falls short of the decision
//	infoplist.go  the reader of Info.plist
//	level.go      when level 3 applies, and what it rests on
//	mistakes.go   Info.plist corrected, to see what a mistake cost
//	nscurl.go     the table of nscurl --ats-diagnostics
//	pinning.go    NSPinnedDomains
//	server.go     what the server was seen to do
//	settings.go   what Info.plist says for a host
var rules chain.Book
