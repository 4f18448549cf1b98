package chain

import (
	"strconv"
	"strings"
	"time"
)

// release splits a platform such as "ios26" or "macos15" into family and major
// version; an unknown or missing number counts as the newest.
func release(platform string) (family string, major int) {
	p := strings.ToLower(strings.TrimSpace(platform))
	i := strings.IndexAny(p, "0123456789")
	if i < 0 {
		return p, newestRelease
	}
	digits, _, _ := strings.Cut(p[i:], ".")
	n, err := strconv.Atoi(digits)
	if err != nil {
		n = newestRelease
	}
	return p[:i], n
}

const newestRelease = 27

// PlatformAtLeast reports whether the platform is at or after a release, given as the
// major version of iOS and of macOS. tvOS counts as iOS, watchOS and visionOS
// are told by their own numbers before 26.
func PlatformAtLeast(platform string, ios, macos int) bool {
	family, major := release(platform)
	switch family {
	case "macos":
		return major >= macos
	case "watchos":
		return major >= ios || ios < 26 && major >= ios-7
	case "visionos":
		return major >= ios || ios < 26 && major >= ios-16
	}
	return major >= ios
}

// OffersMLKEM reports whether the platform's first ClientHello carries the
// post-quantum key share X25519MLKEM768 and so no longer fits one packet
// (Apple 122756).
func OffersMLKEM(platform string) bool { return PlatformAtLeast(platform, 26, 26) }

// Released is about when a release came out: each autumn one, of the same day for
// all families within weeks. Zero: not known.
func Released(platform string) time.Time {
	family, major := release(platform)
	year := 0
	switch {
	case major >= 26: // from here on all families count alike
		year = 1999 + major
	case family == "macos" && major >= 11:
		year = 2009 + major
	case family == "watchos" && major >= 6:
		year = 2013 + major
	case family == "visionos":
		year = 2022 + major
	case (family == "ios" || family == "tvos") && major >= 12:
		year = 2006 + major
	}
	if year == 0 {
		return time.Time{}
	}
	return time.Date(year, time.September, 15, 0, 0, 0, 0, time.UTC)
}
