package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestAffordable(t *testing.T) {
	for _, tt := range []struct{ asked, descriptors, want int }{
		{1000, 256, 27}, {4, 256, 4}, {4, 0, 4}, {1000, 0, 1000}, {4, 16, 1}, {1000, 1 << 20, 1000},
	} {
		var errs bytes.Buffer
		c := &cobra.Command{}
		c.SetErr(&errs)
		c.Flags().Int("jobs", 4, "")
		if err := c.Flags().Set("jobs", "1000"); err != nil {
			t.Fatal(err)
		}
		if got := affordable(c, tt.asked, tt.descriptors); got != tt.want {
			t.Errorf("%d asked, %d descriptors: %d, want %d", tt.asked, tt.descriptors, got, tt.want)
		}
		if said := strings.Contains(errs.String(), "ulimit -n"); said != (tt.want < tt.asked) {
			t.Errorf("%d asked, %d descriptors: said %q", tt.asked, tt.descriptors, errs.String())
		}
	}
}
