package report

import (
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// validity is the drawing of the certificates' validity periods over an axis.
type validity struct {
	Width, Height, Bottom int
	StartX, EndsX         int // of the names, of the end dates
	Bars                  []bar
	Marks                 []mark
}

// bar is a period; Left and Right are the points of the arrows where it goes on
// outside the drawing, "" where it does not.
type bar struct {
	Class, Label, Title, End string
	Left, Right              string
	X, Y, W, TextY, EndY     int
}

type mark struct {
	Class, Text, Anchor string
	X, From, To, TextY  int
}

// Sizes in CSS pixels: the room left of the bars, that of bars and end dates, and
// a row, in which the name stands above the bar.
const (
	beforeW, barsW, endsW, barH = 40, 430, 165, 38
)

// drawValidity draws the periods around item 0's own and the time judged; longer
// ones run out of the picture, which would otherwise show a root's decades and
// a dot. Nil where no date can be read.
func drawValidity(r *chain.Report) *validity {
	now := r.EvaluatedAt
	lo, hi := now, now
	var first *chain.ItemReport
	for i := range r.Items {
		if _, _, ok := period(&r.Items[i]); ok {
			first = &r.Items[i]
			break
		}
	}
	if first == nil || now.IsZero() {
		return nil
	}
	from, until, _ := period(first)
	if from.Before(lo) {
		lo = from
	}
	if until.After(hi) {
		hi = until
	}
	if x509read.NoExpiry(until) { // as if for a decade: the bar runs out of the picture
		hi = now.AddDate(10, 0, 0)
	}
	margin := chain.Between(lo, hi)/8 + 3600
	lo, hi = time.Unix(lo.Unix()-int64(margin), 0).UTC(), time.Unix(hi.Unix()+int64(margin), 0).UTC()
	x := func(t time.Time) int {
		if t.Before(lo) {
			return beforeW
		}
		if t.After(hi) {
			return beforeW + barsW
		}
		return beforeW + int(barsW*float64(chain.Between(lo, t))/float64(chain.Between(lo, hi)))
	}
	v := &validity{Width: beforeW + barsW + endsW, StartX: beforeW, EndsX: beforeW + barsW + 16}
	y := 26
	for i := range r.Items {
		it := &r.Items[i]
		from, until, ok := period(it)
		if !ok {
			continue
		}
		b := bar{Label: shorten(shortName(it), barsW/8), X: x(from), Y: y + 18, W: max(x(until)-x(from), 2), TextY: y + 12, EndY: y + 28,
			End: until.Format(time.DateOnly), Title: shortName(it) + ": " + instant(from) + " to " + instant(until) + noExpiry(it.NotAfter)}
		if x509read.NoExpiry(until) {
			b.End = "no expiry"
		}
		switch {
		case now.After(until):
			b.Class, b.End = "over", b.End+" expired"
		case now.Before(from):
			b.Class, b.End = "later", "from "+from.Format(time.DateOnly)
		}
		if from.Before(lo) {
			b.Left = arrow(beforeW, y+18, -8)
		}
		if until.After(hi) {
			b.Right = arrow(beforeW+barsW, y+18, 8)
		}
		v.Bars = append(v.Bars, b)
		y += barH
	}
	v.Bottom = y
	v.axis(lo, hi, x)
	v.Height = y + 38
	v.mark("now", "judged "+now.UTC().Format(time.DateOnly), x(now), 14, 18, y)
	if g := r.GoodUntil; g != nil {
		v.mark("end", "good until "+g.Time.UTC().Format(time.DateOnly), x(g.Time), y+33, 18, y)
	}
	return v
}

// arrow is the triangle at the end of a bar that goes on.
func arrow(x, y, by int) string {
	return "M" + itoa(x) + " " + itoa(y) + "l" + itoa(by) + " 6l" + itoa(-by) + " 6z"
}

// axis marks years, quarters, months or days, so that a handful of them fit.
func (v *validity) axis(lo, hi time.Time, x func(time.Time) int) {
	days := int(chain.Between(lo, hi) / chain.Day)
	months, step := 0, 0
	layout := "2006"
	switch {
	case days > 365*3:
		months = 12 * (1 + days/(365*7))
	case days > 400:
		months, layout = 6, "2006-01"
	case days > 150:
		months, layout = 3, "2006-01"
	case days > 45:
		months, layout = 1, "2006-01"
	default:
		step, layout = max(1, days/4), time.DateOnly
	}
	t := time.Date(lo.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	if months == 0 {
		t = lo.Truncate(24 * time.Hour)
	}
	for ; !t.After(hi); t = t.AddDate(0, months, step) {
		if at := x(t); !t.Before(lo) && at > beforeW+20 && at < beforeW+barsW-20 {
			v.mark("axis", t.Format(layout), at, v.Bottom+14, v.Bottom, v.Bottom+4)
		}
	}
}

// mark draws an instant from one height to another; its text stays inside the picture.
func (v *validity) mark(class, text string, x, textY, from, to int) {
	m := mark{Class: class, Text: text, X: x, TextY: textY, From: from, To: to, Anchor: "middle"}
	if x > v.Width-90 {
		m.Anchor = "end"
	}
	v.Marks = append(v.Marks, m)
}

// period reads a certificate's dates.
func period(it *chain.ItemReport) (from, until time.Time, ok bool) {
	from, err1 := time.Parse(time.RFC3339, it.NotBefore)
	until, err2 := time.Parse(time.RFC3339, it.NotAfter)
	return from, until, err1 == nil && err2 == nil && !until.Before(from)
}
