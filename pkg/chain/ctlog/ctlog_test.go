package ctlog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestBuiltInListsAreRead: every row of the tables is a log, and each list says
// its version and date.
func TestBuiltInListsAreRead(t *testing.T) {
	for text, l := range map[string]*List{appleTable: Apple(), chromeTable: Chrome(), mozillaTable: Mozilla()} {
		if rows := strings.Count(text, "\n") - 1; rows != len(l.Logs) || rows < 40 {
			t.Errorf("%s: %d rows, %d logs", l, rows, len(l.Logs))
		}
		for _, log := range l.Logs {
			if log.Operator == "" || log.Name == "" || log.State == "" || log.Since.IsZero() && log.Compiled == "" {
				t.Errorf("%s: %+v", l, log)
			}
			if log.Since.After(l.Date.AddDate(0, 0, 14)) {
				t.Errorf("%s: %s changed on %s", l, log.Name, log.Since)
			}
		}
	}
	for want, l := range map[string]*List{"Apple's list 511 of 2026-03-31": Apple(), "Chrome's list 89.25 of 2026-08-20": Chrome(),
		"Mozilla's list of 2026-08-11": Mozilla()} {
		if l.String() != want {
			t.Errorf("%q, want %q", l, want)
		}
	}
}

// TestLogsOfEachMonth counts, for each month of notAfter, the approved logs whose
// shard holds an instant of it: the fewest at any instant and, where it is
// another number, the most; with their operators and how many are RFC 6962 logs
// at the instant of the fewest.
func TestLogsOfEachMonth(t *testing.T) {
	approved := func(l *Log) bool { return l.State == "usable" || l.State == "qualified" }
	compiled := func(l *Log) bool { return l.Compiled == "approved" }
	usable := func(l *Log) bool { return l.State == "usable" }
	apple, built := Apple(), Chrome()
	both := &List{Logs: map[[32]byte]*Log{}}
	for id, l := range apple.Logs {
		if c := built.Logs[id]; approved(l) && c != nil && compiled(c) {
			both.Logs[id] = l
		}
	}
	for _, tc := range []struct {
		name  string
		list  *List
		takes func(*Log) bool
		want  map[string]string // first months of a run; the others are as the one before
	}{
		{"Apple", apple, approved,
			map[string]string{"2026-12": "15/8/9 (up to 16)", "2027-01": "14/8/8 (up to 16)", "2027-02": "14/8/8", "2027-07": "12/7/6",
				"2027-12": "10/6/6 (up to 12)"}},
		{"Chrome", built, approved,
			map[string]string{"2026-12": "16/8/9 (up to 18)", "2027-01": "16/8/8 (up to 18)", "2027-02": "16/8/8", "2027-07": "14/8/6",
				"2027-12": "12/7/6 (up to 14)"}},
		{"Chrome 156, compiled in", built, compiled,
			map[string]string{"2026-12": "21/10/11 (up to 23)", "2027-01": "19/10/8 (up to 21)", "2027-02": "19/10/8", "2027-07": "17/10/6",
				"2027-12": "15/9/6 (up to 17)"}},
		{"Mozilla", Mozilla(), usable,
			map[string]string{"2026-12": "18/8/11 (up to 20)", "2027-01": "16/8/8 (up to 18)", "2027-02": "16/8/8", "2027-07": "14/8/6",
				"2027-12": "12/7/6 (up to 14)"}},
		{"Apple and Chrome 156", both, approved,
			map[string]string{"2026-12": "14/8/9 (up to 15)", "2027-01": "13/8/8 (up to 15)", "2027-02": "13/8/8", "2027-07": "11/7/6",
				"2027-12": "9/6/6 (up to 11)"}},
	} {
		want := ""
		for month := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC); month.Year() < 2028; month = month.AddDate(0, 1, 0) {
			if w, ok := tc.want[month.Format("2006-01")]; ok {
				want = w
			}
			if got := logsOf(tc.list, tc.takes, month); got != want {
				t.Errorf("%s, certificates that end in %s: %s, want %s", tc.name, month.Format("2006-01"), got, want)
			}
		}
	}
}

// logsOf counts the logs at each instant of a month at which the number changes.
func logsOf(list *List, takes func(*Log) bool, month time.Time) string {
	end := month.AddDate(0, 1, 0)
	instants := []time.Time{month}
	for _, l := range list.Logs {
		for _, at := range [...]time.Time{l.From, l.Until} {
			if at.After(month) && at.Before(end) {
				instants = append(instants, at)
			}
		}
	}
	type count struct{ logs, operators, rfc int }
	var all []count
	for _, at := range instants {
		c, operators := count{}, map[string]bool{}
		for _, l := range list.Logs {
			if takes(l) && (l.From.IsZero() || !at.Before(l.From)) && (l.Until.IsZero() || at.Before(l.Until)) {
				c.logs++
				operators[l.Operator] = true
				if !l.Tiled {
					c.rfc++
				}
			}
		}
		c.operators = len(operators)
		all = append(all, c)
	}
	by := func(a, b count) int { return a.logs - b.logs }
	least, most := slices.MinFunc(all, by), slices.MaxFunc(all, by)
	text := fmt.Sprintf("%d/%d/%d", least.logs, least.operators, least.rfc)
	if most.logs != least.logs {
		text += fmt.Sprintf(" (up to %d)", most.logs)
	}
	return text
}

func TestParse(t *testing.T) {
	const good = `{"version":%s,"operators":[{"name":"Op","logs":[{"description":"L","log_id":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","key":"","state":{"usable":{"timestamp":"2026-01-02T00:00:00Z"}}}]}]}`
	for version, want := range map[string]string{`511`: "f 511 of 2026-01-02", `"89.25"`: "f 89.25 of 2026-01-02",
		`"89.25","log_list_timestamp":"2026-08-20T00:00:00Z"`: "f 89.25 of 2026-08-20"} {
		l, err := Parse(fmt.Appendf(nil, good, version), "f")
		if err != nil || l.String() != want || len(l.Logs) != 1 {
			t.Errorf("%s: %v, %v", version, l, err)
		}
	}
	for text, want := range map[string]string{"": "no JSON", "{}": "no log in it", "[]": "no JSON",
		strings.Replace(fmt.Sprintf(good, "1"), `"47D`, `"48D`, 1): "not the SHA-256 of key"} {
		if _, err := Parse([]byte(text), "f"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestNewer(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	for _, tc := range []struct {
		a, b  List
		newer bool
	}{
		{List{Version: "512", Date: day(1)}, List{Version: "511", Date: day(2)}, true},
		{List{Version: "89.25"}, List{Version: "89.9"}, true},
		{List{Version: "90"}, List{Version: "89.25"}, true},
		{List{Version: "511", Date: day(2)}, List{Version: "511", Date: day(1)}, false},
		{List{Date: day(2)}, List{Version: "511", Date: day(1)}, true},
		{List{Version: "x", Date: day(1)}, List{Version: "511", Date: day(1)}, false},
	} {
		if got := tc.a.Newer(&tc.b); got != tc.newer {
			t.Errorf("%s newer than %s: %v", tc.a.String(), tc.b.String(), got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"version":511,"operators":[{"name":"a","logs":[{"log_id":"x","state":{"usable":{}}}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if l, err := Parse(data, "f"); (err == nil) != (l != nil && len(l.Logs) > 0) {
			t.Errorf("%v, %v", l, err)
		}
	})
}
