package chain

import (
	"fmt"
	"time"
)

// maxAgeDays is how old a table may be before what rests on it says so.
const maxAgeDays = 180

// Aged goes behind the name of a table of a date where that is old at the time
// of the question: ", 243 days old"; "" where it is not, or where the table is of a later day.
func Aged(date, at time.Time) string {
	if days := int(at.Sub(date) / (24 * time.Hour)); !date.IsZero() && days > maxAgeDays {
		return fmt.Sprintf(", %d days old", days)
	}
	return ""
}
