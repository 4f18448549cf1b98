package lint

import (
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestLifetimes holds both sides of every limit and of every day it begins.
func TestLifetimes(t *testing.T) {
	for _, tt := range []struct {
		from, until string
		limit       string // in the message; "": within it
	}{
		{"2012-06-30T23:59:59Z", "2032-06-30T23:59:59Z", ""},
		{"2012-07-01T00:00:00Z", "2017-06-30T23:59:59Z", ""},
		{"2012-07-01T00:00:00Z", "2017-07-01T00:00:00Z", "60 months"},
		{"2016-06-30T23:59:59Z", "2021-06-30T23:59:58Z", ""},
		{"2016-07-01T00:00:00Z", "2019-09-30T23:59:59Z", ""},
		{"2016-07-01T00:00:00Z", "2019-10-01T00:00:00Z", "39 months"},
		{"2018-02-28T23:59:59Z", "2021-05-28T23:59:58Z", ""},
		{"2018-03-01T00:00:00Z", "2020-06-02T23:59:59Z", ""},
		{"2018-03-01T00:00:00Z", "2020-06-03T00:00:00Z", "825 days"},
		{"2020-08-31T23:59:59Z", "2022-12-04T23:59:58Z", ""},
		{"2020-09-01T00:00:00Z", "2021-10-03T23:59:59Z", ""},
		{"2020-09-01T00:00:00Z", "2021-10-04T00:00:00Z", "398 days"},
		{"2026-01-01T00:00:00Z", "2029-01-01T00:00:00Z", "398 days"},
		{"2026-03-14T23:59:59Z", "2027-04-16T23:59:58Z", ""},
		{"2026-03-15T00:00:00Z", "2026-09-30T23:59:59Z", ""},
		{"2026-03-15T00:00:00Z", "2026-10-01T00:00:00Z", "200 days"},
		{"2027-03-14T23:59:59Z", "2027-09-30T23:59:58Z", ""},
		{"2027-03-15T00:00:00Z", "2027-06-22T23:59:59Z", ""},
		{"2027-03-15T00:00:00Z", "2027-06-23T00:00:00Z", "100 days"},
		{"2029-03-14T23:59:59Z", "2029-06-22T23:59:58Z", ""},
		{"2029-03-15T00:00:00Z", "2029-04-30T23:59:59Z", ""},
		{"2029-03-15T00:00:00Z", "2029-05-01T00:00:00Z", "47 days"},
		{"2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "398 days"},
	} {
		c := scene(t, chain.PurposeServer, "www.example.com")
		leaf := c.Leaf()
		for at, text := range map[*time.Time]string{&leaf.Cert.NotBefore: tt.from, &leaf.Cert.NotAfter: tt.until} {
			var err error
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				t.Fatal(err)
			}
		}
		hits := checkLifetime(c, leaf, chain.Place{Leaf: true})
		if len(hits) == 0 != (tt.limit == "") || len(hits) > 0 && !strings.HasSuffix(hits[0].Message, "the limit was "+tt.limit) {
			t.Errorf("%s to %s: %v, want limit %q", tt.from, tt.until, hits, tt.limit)
		}
	}
}
