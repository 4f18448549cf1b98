package x509read

import (
	"slices"
	"testing"
	"time"
)

func TestTime(t *testing.T) {
	utc := func(y, mo, d, h, mi, s, n int) time.Time {
		return time.Date(y, time.Month(mo), d, h, mi, s, n, time.UTC)
	}
	var none time.Time
	for _, tc := range []struct {
		id    byte
		text  string
		want  time.Time
		codes []FaultCode
	}{
		{idUTCTime, "261125235959Z", utc(2026, 11, 25, 23, 59, 59, 0), nil},
		{idUTCTime, "491231235959Z", utc(2049, 12, 31, 23, 59, 59, 0), nil},
		{idUTCTime, "500101000000Z", utc(1950, 1, 1, 0, 0, 0, 0), codes(FaultUTCTime1950)},
		{idUTCTime, "691231235959Z", utc(1969, 12, 31, 23, 59, 59, 0), codes(FaultUTCTime1950)},
		{idUTCTime, "700101000000Z", utc(1970, 1, 1, 0, 0, 0, 0), nil},
		{idGeneralizedTime, "20500101000000Z", utc(2050, 1, 1, 0, 0, 0, 0), nil},
		{idGeneralizedTime, "20491231235959Z", utc(2049, 12, 31, 23, 59, 59, 0), codes(FaultGeneralizedBefore2050)},
		{idGeneralizedTime, "99991231235959Z", utc(9999, 12, 31, 23, 59, 59, 0), nil},
		{idGeneralizedTime, "99991231235959-0001", none, codes(FaultTimeSyntax)},
		{idGeneralizedTime, "00000101000000+0001", none, codes(FaultTimeSyntax)},
		{idGeneralizedTime, "20500101000000.25Z", utc(2050, 1, 1, 0, 0, 0, 250_000_000), codes(FaultTimeFraction)},
		{idGeneralizedTime, "20500101000000,1234567891Z", utc(2050, 1, 1, 0, 0, 0, 123_456_789), codes(FaultTimeFraction)},
		{idGeneralizedTime, "20500101000000.Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260101000000.5Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "2601010000Z", utc(2026, 1, 1, 0, 0, 0, 0), codes(FaultTimeNoSeconds)},
		{idUTCTime, "260101000000+0130", utc(2025, 12, 31, 22, 30, 0, 0), codes(FaultTimeOffset)},
		{idUTCTime, "2601010000-0100", utc(2026, 1, 1, 1, 0, 0, 0), codes(FaultTimeNoSeconds, FaultTimeOffset)},
		{idUTCTime, "260101000000+9900", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260101000000", utc(2026, 1, 1, 0, 0, 0, 0), codes(FaultTimeNoZone)},
		{idUTCTime, "260101000060Z", utc(2026, 1, 1, 0, 1, 0, 0), codes(FaultTimeSecond60)},
		{idUTCTime, "260101000061Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260229000000Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "240229000000Z", utc(2024, 2, 29, 0, 0, 0, 0), nil},
		{idGeneralizedTime, "21000229000000Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260431000000Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260430000000Z", utc(2026, 4, 30, 0, 0, 0, 0), nil},
		{idUTCTime, "261301000000Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260101240000Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260101006000Z", none, codes(FaultTimeSyntax)},
		{idUTCTime, "260101000000Zx", none, codes(FaultTimeSyntax)},
		{idUTCTime, "26010100000aZ", none, codes(FaultTimeSyntax)},
		{idUTCTime, "", none, codes(FaultTimeSyntax)},
		{idGeneralizedTime, "205", none, codes(FaultTimeSyntax)},
		{idUTF8String, "260101000000Z", none, codes(FaultTimeSyntax)},
	} {
		der := str(tc.id, tc.text)
		r := newReader(der, "validity.notAfter")
		got := r.time(element{uint16(tc.id), 0, 2, len(der)})
		if !got.Equal(tc.want) || got.IsZero() != tc.want.IsZero() {
			t.Errorf("%q: %v, want %v", tc.text, got, tc.want)
		}
		var have []FaultCode
		for _, f := range r.faults {
			have = append(have, f.Code)
		}
		if !slices.Equal(have, tc.codes) {
			t.Errorf("%q: faults %v, want %v", tc.text, have, tc.codes)
		}
	}
}
