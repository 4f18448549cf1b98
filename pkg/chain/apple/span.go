package apple

import (
	"fmt"
	"time"
)

// span prints a lifetime as whole days and the seconds beyond.
func span(d time.Duration) string {
	days, rest := d/day, d%day
	if rest == 0 {
		return fmt.Sprintf("%d days", days)
	}
	return fmt.Sprintf("%d days and %d s (%d s)", days, rest/time.Second, d/time.Second)
}

func date(t time.Time) string { return t.UTC().Format(time.RFC3339) }
