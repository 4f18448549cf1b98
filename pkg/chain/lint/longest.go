package lint

import "time"

// LongestDays is the longest that the Baseline Requirements let a server's
// certificate be valid that is issued at a time; 0 where they give no number of days.
func LongestDays(issued time.Time) int {
	for _, step := range lifetimes {
		if !issued.Before(step.from) {
			return step.days
		}
	}
	return 0
}
