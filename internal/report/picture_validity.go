package report

import (
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// validity is the drawing of the certificates' validity periods.
type validity struct {
	Width, Height, Bottom int
	Bars                  []bar
	Marks                 []mark
}

type bar struct {
	Class, Label, Title string
	X, Y, W, TextY      int
}

type mark struct {
	Class, Text, Anchor string
	X, TextY            int
}

// Sizes in CSS pixels: the names' column and the bars'.
const (
	namesW, barsW, barH = 190, 510, 24
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
	lo, hi = time.Unix(lo.Unix()-int64(margin), 0), time.Unix(hi.Unix()+int64(margin), 0)
	x := func(t time.Time) int {
		if t.Before(lo) {
			return namesW
		}
		if t.After(hi) {
			return namesW + barsW
		}
		return namesW + int(barsW*float64(chain.Between(lo, t))/float64(chain.Between(lo, hi)))
	}
	v := &validity{Width: namesW + barsW + 4}
	y := 24
	for i := range r.Items {
		it := &r.Items[i]
		from, until, ok := period(it)
		if !ok {
			continue
		}
		b := bar{Label: shorten(shortName(it), 26), X: x(from), Y: y, W: max(x(until)-x(from), 2), TextY: y + 10,
			Title: shortName(it) + ": " + instant(from) + " to " + instant(until) + noExpiry(it.NotAfter)}
		switch {
		case now.After(until):
			b.Class = "over"
			b.Label = shorten(shortName(it), 17) + " (expired)"
		case now.Before(from):
			b.Class = "later"
			b.Label = shorten(shortName(it), 16) + " (not yet)"
		}
		v.Bars = append(v.Bars, b)
		y += barH
	}
	v.Bottom = y
	v.Height = y + 18
	v.mark("now", instant(now), x(now), 12)
	if g := r.GoodUntil; g != nil {
		v.mark("end", "good until "+g.Time.UTC().Format(time.DateOnly), x(g.Time), y+12)
	}
	return v
}

// mark draws an instant; its text stays inside the picture.
func (v *validity) mark(class, text string, x, textY int) {
	m := mark{Class: class, Text: text, X: x, TextY: textY, Anchor: "middle"}
	if x > v.Width-80 {
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
