package chain

import "testing"

func TestPlatforms(t *testing.T) {
	for _, tc := range []struct {
		platform   string
		ios, macos int
		want       bool
	}{
		{"ios26", 26, 26, true}, {"ios18", 26, 26, false}, {"ios17", 17, 14, true}, {"ios16", 17, 14, false},
		{"macos14", 17, 14, true}, {"macos13", 17, 14, false}, {"ipados17", 17, 14, true}, {"tvos16", 17, 14, false},
		{"watchos10", 17, 14, true}, {"watchos9", 17, 14, false}, {"watchos26", 26, 26, true}, {"watchos11", 26, 26, false},
		{"visionos1", 17, 14, true}, {"visionos2", 26, 26, false}, {"ios26.4", 26, 26, true}, {"ios", 26, 26, true}, {"", 26, 26, true},
	} {
		if got := PlatformAtLeast(tc.platform, tc.ios, tc.macos); got != tc.want {
			t.Errorf("PlatformAtLeast(%q, %d, %d) = %v", tc.platform, tc.ios, tc.macos, got)
		}
	}
}
