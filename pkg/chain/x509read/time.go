package x509read

import "time"

// time reads a Time (RFC 5280 section 4.1.2.5). Everything that has one
// meaning is read: offsets, missing seconds, fractions, a leap second.
func (r *reader) time(e element) time.Time {
	b := r.bytes(e)
	p := 0
	number := func(digits int) (int, bool) {
		if p+digits > len(b) {
			return 0, false
		}
		n := 0
		for _, c := range b[p : p+digits] {
			if c < '0' || c > '9' {
				return 0, false
			}
			n = n*10 + int(c-'0')
		}
		p += digits
		return n, true
	}
	bad := func() time.Time {
		r.fault(FaultTimeSyntax, e.off, "%q is not a date as YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ", clip(b))
		return time.Time{}
	}
	var year int
	var ok bool
	switch e.id() {
	case idUTCTime:
		if year, ok = number(2); !ok {
			return bad()
		}
		if year < 50 {
			year += 2000
		} else {
			year += 1900
		}
	case idGeneralizedTime:
		if year, ok = number(4); !ok {
			return bad()
		}
	default:
		r.fault(FaultTimeSyntax, e.off, "the identifier octet 0x%02x is neither UTCTime nor GeneralizedTime", e.id())
		return time.Time{}
	}
	month, ok1 := number(2)
	day, ok2 := number(2)
	hour, ok3 := number(2)
	minute, ok4 := number(2)
	if !ok1 || !ok2 || !ok3 || !ok4 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 {
		return bad()
	}
	second, hasSeconds := number(2)
	if second > 60 {
		return bad()
	}
	nanos, hasFraction := 0, false
	if hasSeconds && e.id() == idGeneralizedTime && p < len(b) && (b[p] == '.' || b[p] == ',') {
		p++
		start := p
		for unit := 100_000_000; p < len(b) && b[p] >= '0' && b[p] <= '9'; p++ {
			nanos += int(b[p]-'0') * unit
			unit /= 10
		}
		if p == start {
			return bad()
		}
		hasFraction = true
	}
	zone, offset := byte(0), 0
	if p < len(b) {
		zone = b[p]
		p++
	}
	if zone == '+' || zone == '-' {
		hours, ok1 := number(2)
		minutes, ok2 := number(2)
		if !ok1 || !ok2 || hours > 23 || minutes > 59 {
			return bad()
		}
		offset = (hours*60 + minutes) * 60
		if zone == '-' {
			offset = -offset
		}
	} else if zone != 'Z' && zone != 0 {
		return bad()
	}
	if p != len(b) {
		return bad()
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second-offset, nanos, time.UTC)
	if at.Year() < 0 || at.Year() > 9999 { // by its offset: no date can be written of it again
		return bad()
	}

	switch {
	case e.id() == idUTCTime && year >= 1950 && year < 1970:
		r.fault(FaultUTCTime1950, e.off, "UTCTime %q means the year %d; dates from 2050 on need GeneralizedTime", clip(b), year)
	case e.id() == idGeneralizedTime && year < 2050:
		r.fault(FaultGeneralizedBefore2050, e.off, "GeneralizedTime for the year %d, before 2050 UTCTime is wanted", year)
	}
	if !hasSeconds {
		r.fault(FaultTimeNoSeconds, e.off, "%q has no seconds", clip(b))
	}
	if hasFraction {
		r.fault(FaultTimeFraction, e.off, "%q has a fraction of a second", clip(b))
	}
	if second == 60 {
		r.fault(FaultTimeSecond60, e.off, "%q has the second 60", clip(b))
	}
	switch zone {
	case '+', '-':
		r.fault(FaultTimeOffset, e.off, "%q has an offset, Z is wanted", clip(b))
	case 0:
		r.fault(FaultTimeNoZone, e.off, "%q has no time zone, Z is wanted", clip(b))
	}
	return at
}

// NoExpiry reports whether a notAfter is 9999-12-31T23:59:59Z, which says that a
// certificate has no expiry date (RFC 5280 section 4.1.2.5).
func NoExpiry(notAfter time.Time) bool {
	return notAfter.Equal(time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC))
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// clip bounds what a message quotes.
func clip(b []byte) []byte { return b[:min(len(b), 40)] }
