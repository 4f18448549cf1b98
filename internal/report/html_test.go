package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestHTMLIsSelfContained: no script, no link, nothing to load, and the policy says so.
func TestHTMLIsSelfContained(t *testing.T) {
	page := written(t, "html", Options{}, append(recorded(), "hostile", "hostile-failure")...)
	for _, never := range []string{"<script", "<img", "<link", "<iframe", "src=\"", " style=", "url(", "@import", "javascript:", "http://",
		"https://", "<base", "<form"} {
		if strings.Contains(strings.ToLower(page), never) {
			t.Errorf("the page holds %q", never)
		}
	}
	if n, own := strings.Count(page, "href"), strings.Count(page, `<a href="#target-`); n != own || n == 0 {
		t.Errorf("%d links, %d of them into the page itself", n, own)
	}
	for _, always := range []string{"default-src &#39;none&#39;; style-src &#39;sha256-", "prefers-color-scheme:dark", "@media print"} {
		if !strings.Contains(page, always) {
			t.Errorf("the page lacks %q", always)
		}
	}
}

// TestHTMLNests: every element that is opened is closed, whatever a certificate says.
func TestHTMLNests(t *testing.T) {
	page := written(t, "html", Options{}, append(recorded(), "hostile", "hostile-failure")...)
	page = strings.Replace(page, "<!doctype html>", "", 1)
	page = regexp.MustCompile(`(<meta [^>]*)>`).ReplaceAllString(page, "$1/>")
	d := xml.NewDecoder(strings.NewReader(page))
	for {
		if _, err := d.Token(); err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatal(err)
			}
			return
		}
	}
}

func graphReport(paths ...chain.PathReport) *chain.Report {
	r := &chain.Report{Paths: paths}
	for i := range 5 {
		r.Items = append(r.Items,
			chain.ItemReport{Index: i, SHA256: fmt.Sprint(i), Subject: fmt.Sprintf("CN=%d", i), Issuer: fmt.Sprintf("CN=%d", i+1), Origin: chain.OriginSent})
	}
	return r
}

func TestPictureShowsEachOnce(t *testing.T) {
	no := func(string) *chain.Rule { return &chain.Rule{} }
	anchor := 4
	diamond := graphReport(
		chain.PathReport{Items: []int{0, 1, 2, 4}, End: chain.Anchored, Anchor: &anchor, Verdict: chain.Trusted},
		chain.PathReport{Items: []int{0, 1, 3, 4}, End: chain.Anchored, Anchor: &anchor, Verdict: chain.Untrusted})
	if p := draw(diamond, no); len(p.Nodes) != 5 || len(p.Links) != 5 {
		t.Errorf("a diamond has 5 certificates and 5 links, not %d and %d", len(p.Nodes), len(p.Links))
	} else if p.Nodes[2].Y != p.Nodes[3].Y || p.Nodes[2].X == p.Nodes[3].X {
		t.Error("the two sides of a diamond stand beside each other")
	}
	twice := graphReport(chain.PathReport{Items: []int{0, 1}}, chain.PathReport{Items: []int{0, 2}})
	twice.Items[2].SHA256 = twice.Items[1].SHA256
	if p := draw(twice, no); len(p.Nodes) != 4 || len(p.Links) != 1 || p.Apart == nil {
		t.Errorf("a certificate that is there twice is drawn once, not %d nodes and %d links", len(p.Nodes), len(p.Links))
	}
	missing := graphReport(chain.PathReport{Items: []int{0}, End: chain.NoIssuer})
	if p := draw(missing, no); p.Nodes[1].Class != "absent missing" || p.Links[0].Title != "not sent: the chain ends here" {
		t.Errorf("the missing certificate: %+v", p)
	}
	loop := graphReport(chain.PathReport{Items: []int{0, 1, 2, 1}, End: chain.Loop})
	if p := draw(loop, no); len(p.Nodes) != 3+2 || len(p.Links) != 3 {
		t.Errorf("a circle: %+v", p)
	}
	if p := draw(graphReport(chain.PathReport{Items: []int{77}}), no); p != nil {
		t.Errorf("a path of unknown items: %+v", p)
	}
}

// TestEdgesGoRoundBoxes: whatever the shape of the graph, no line crosses a box
// that it does not begin or end at, and no box lies on another one.
func TestEdgesGoRoundBoxes(t *testing.T) {
	anchor := 4
	for name, paths := range map[string][][]int{
		"cross-sign": {{0, 1, 4}, {0, 1, 2, 3, 4}},
		"skip":       {{0, 4}, {0, 1, 2, 3, 4}, {0, 2, 4}},
		"mesh":       {{0, 1, 2}, {0, 2, 1}, {0, 1, 3}, {0, 3, 4}},
		"circle":     {{0, 1, 2, 3, 1}, {0, 4}},
		"fan":        {{0, 1}, {0, 2}, {0, 3}, {0, 4}},
	} {
		var list []chain.PathReport
		for _, items := range paths {
			list = append(list, chain.PathReport{Items: items, End: chain.Anchored, Anchor: &anchor})
		}
		r := graphReport(list...)
		for i := range 5 {
			for k := range i {
				r.Findings = append(r.Findings, chain.Finding{Rule: fmt.Sprint("basic-x", k), Severity: chain.Error, Status: chain.Broken, Item: &i})
			}
		}
		p := draw(r, func(string) *chain.Rule { return &chain.Rule{} })
		for i, a := range p.Nodes {
			if a.X < 0 || a.Y < 0 || a.X+a.W > p.Width || a.Y+a.H > p.Height {
				t.Errorf("%s: %s stands outside the picture", name, a.Lines[1].Text)
			}
			for _, b := range p.Nodes[:i] {
				if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
					t.Errorf("%s: %s lies on %s", name, a.Lines[1].Text, b.Lines[1].Text)
				}
			}
			for _, l := range p.Links {
				for k := range len(l.points) - 1 {
					if crosses(l.points[k], l.points[k+1], a) {
						t.Errorf("%s: an edge %v passes under %s %+v", name, l.points, a.Lines[1].Text, a)
					}
				}
			}
		}
	}
}

// crosses samples a line inside a box.
func crosses(from, to [2]int, n node) bool {
	for i := range 101 {
		x, y := float64(from[0])+float64(to[0]-from[0])*float64(i)/100, float64(from[1])+float64(to[1]-from[1])*float64(i)/100
		if x > float64(n.X) && x < float64(n.X+n.W) && y > float64(n.Y) && y < float64(n.Y+n.H) {
			return true
		}
	}
	return false
}

// TestStrangersStandApart: what no path uses is drawn below, and counted where it is many.
func TestStrangersStandApart(t *testing.T) {
	r := graphReport(chain.PathReport{Items: []int{0, 1}})
	for i := 5; i < 142; i++ {
		r.Items = append(r.Items, chain.ItemReport{Index: i, SHA256: fmt.Sprint(i), Subject: "CN=x", Origin: chain.OriginSent})
	}
	p := draw(r, func(string) *chain.Rule { return &chain.Rule{} })
	if p.Apart == nil || p.Apart.Text != "on no path (and 132 more)" || len(p.Nodes) != 2+strangersN {
		t.Errorf("%d nodes, %+v", len(p.Nodes), p.Apart)
	}
	for _, n := range p.Nodes[2:] {
		if n.Y < p.Apart.Y {
			t.Errorf("%s stands among the others", n.Title)
		}
	}
}

func TestPictureMarksWhatIsBroken(t *testing.T) {
	rules := func(id string) *chain.Rule {
		r := &chain.Rule{ID: id, Check: chain.PerItem(nil)}
		if id == "basic-signature" {
			r.Check = chain.PerLink(nil)
		}
		return r
	}
	zero, one := 0, 1
	r := graphReport(chain.PathReport{Items: []int{0, 1, 2}, Verdict: chain.Untrusted}, chain.PathReport{Items: []int{0, 3}, Verdict: chain.Trusted})
	r.Findings = []chain.Finding{
		{Rule: "basic-signature", Status: chain.Broken, Severity: chain.Error, Item: &zero, Paths: []int{0}},
		{Rule: "basic-expired", Status: chain.Broken, Severity: chain.Note, Item: &one, Paths: []int{0}},
		{Rule: "basic-order", Status: chain.Broken, Severity: chain.Note, Item: &zero, Paths: nil},
	}
	p := draw(r, rules)
	red := 0
	for _, l := range p.Links {
		if l.Title == "basic-signature" {
			red++
		}
	}
	if red != 1 {
		t.Errorf("%d links are broken by basic-signature, want one", red)
	}
	var marked []string
	for _, n := range p.Nodes {
		for _, l := range n.Lines {
			if l.Class == "reason" {
				marked = append(marked, l.Text+" on "+n.Lines[1].Text)
			}
		}
		if want := n.Lines[1].Text == "1"; strings.Contains(n.Class, "broken") != want {
			t.Errorf("node %s is %q", n.Lines[1].Text, n.Class)
		}
	}
	slices.Sort(marked)
	if got := strings.Join(marked, "; "); got != "basic-expired on 1; ↑ basic-signature on 0" {
		t.Error(got)
	}
}

// TestHTMLInChromium lays the page out in a phone's and in a desktop's width. A
// headless window is never narrower than 500 pixels, so the page stands in a
// frame, and the frame's owner measures it.
func TestHTMLInChromium(t *testing.T) {
	chromium := "/usr/bin/chromium"
	if _, err := os.Stat(chromium); err != nil {
		t.Skip("no Chromium: ", err)
	}
	for name, page := range pages(t) {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if req.URL.Path == "/report" {
				_, _ = io.WriteString(w, page)
				return
			}
			_, _ = io.WriteString(w, measuringPage)
		}))
		cmd := exec.Command(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--virtual-time-budget=8000",
			"--dump-dom", srv.URL)
		cmd.WaitDelay = time.Second
		stop := time.AfterFunc(60*time.Second, func() { _ = cmd.Process.Kill() })
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		dom, err := cmd.Output()
		stop.Stop()
		srv.Close()
		if err != nil {
			t.Fatalf("%v\n%s", err, stderr.String())
		}
		for _, width := range []int{360, 400, 1000, 1500} {
			want := fmt.Sprintf("width %d: page %d, color set, 0 scripts, 0 links out, 0 words broken, 0 texts small, 0 texts cut", width, width)
			if !strings.Contains(string(dom), want) {
				t.Errorf("%s: the measurement is not %q\n%s", name, want, dom)
			}
		}
	}
}

// pages are what a reader may get: one target, several, long lists.
func pages(t *testing.T) map[string]string {
	t.Helper()
	var b bytes.Buffer
	page := func(reports ...*chain.Report) string {
		b.Reset()
		rep, err := New("html", &b, Options{Rules: testRules})
		if err != nil {
			t.Fatal(err)
		}
		if err := rep.Begin(); err != nil {
			t.Fatal(err)
		}
		for _, r := range reports {
			if err := rep.Report(r); err != nil {
				t.Fatal(err)
			}
		}
		if err := rep.End(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	six := readReport(t, "trusted")
	path := []int{0}
	for i := 1; len(six.Items) < 6; i++ {
		it := six.Items[len(six.Items)-1]
		it.Index, it.SHA256, it.Subject = len(six.Items), fmt.Sprint("six", i), fmt.Sprintf("CN=Example Certification Authority for Intermediates %d", i)
		it.NotBefore, it.NotAfter = "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z" // expired, as the longest label has it
		six.Items = append(six.Items, it)
	}
	for i := 1; i < 6; i++ {
		path = append(path, i)
	}
	six.Paths = []chain.PathReport{{Items: path, End: chain.NoIssuer, Verdict: chain.Untrusted}}
	many := readReport(t, "missing-intermediate")
	for i := range 12 {
		f := many.Findings[0]
		f.Rule, f.Item = fmt.Sprintf("lint-finding-number-%d", i), new(int)
		many.Findings = append(many.Findings, f)
	}
	var seven []*chain.Report
	for i := range 7 {
		r := readReport(t, map[bool]string{true: "missing-intermediate", false: "trusted"}[i%4 == 1])
		r.Target = fmt.Sprintf("server-number-%d.department.example.com:443", i)
		seven = append(seven, r)
	}
	out := map[string]string{"six items": page(six), "many findings": page(many), "seven targets": page(seven...),
		"all": written(t, "html", Options{}, recorded()...), "hostile": written(t, "html", Options{}, "hostile", "hostile-failure")}
	for _, name := range []string{"trusted", "missing-intermediate", "cross-sign"} {
		out[name] = written(t, "html", Options{}, name)
	}
	return out
}

// readReport is a recorded report, to be changed.
func readReport(t *testing.T, name string) *chain.Report {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "reports", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	r := new(chain.Report)
	if err := json.Unmarshal(b, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// measuringPage says how wide each frame's page became, whether the style sheet
// was let through by the policy, what is in the page that should not be, and
// which words are cut inside although a line has room for them.
const measuringPage = `<!doctype html><body><pre id="out"></pre><script>
function words(d, view) {
  const broken = [], small = [], cut = [];
  const pen = d.createElement('canvas').getContext('2d');
  const walk = d.createTreeWalker(d.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const box = n.parentElement, style = view.getComputedStyle(box);
    if (!n.data.trim() || box.closest('style,title')) continue;
    let scale = 1;
    const svg = box.closest('svg');
    if (svg) scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    if (parseFloat(style.fontSize) * scale < 11.99) small.push(n.data.trim());
    if (svg) {
      const b = box.getBBox(), v = svg.viewBox.baseVal;
      if (b.x < v.x - 1 || b.y < v.y - 1 || b.x + b.width > v.x + v.width + 1 || b.y + b.height > v.y + v.height + 1) cut.push(n.data.trim());
      continue;
    }
    let block = box;
    while (view.getComputedStyle(block).display === 'inline') block = block.parentElement;
    pen.font = style.font;
    for (const m of n.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const r = d.createRange();
      r.setStart(n, m.index); r.setEnd(n, m.index + m[0].length);
      const rows = new Set([...r.getClientRects()].map(x => Math.round(x.top)));
      const whole = n.data.slice(0, m.index).match(/[^\s\/-]*$/)[0] + n.data.slice(m.index).match(/^[^\s\/-]*/)[0];
      if (rows.size > 1 && pen.measureText(whole).width < block.clientWidth) broken.push(whole);
    }
  }
  return broken.length + ' words broken, ' + small.length + ' texts small, ' + cut.length + ' texts cut ' + broken.slice(0, 5) + small.slice(0, 5) + cut.slice(0, 5);
}
for (const w of [360, 400, 1000, 1500]) {
  const f = document.createElement('iframe');
  f.width = w; f.height = 800; f.style.border = 0; f.src = '/report';
  f.onload = () => {
    const d = f.contentDocument, e = d.documentElement;
    d.querySelectorAll('details').forEach(x => x.open = true);
    const bar = w - e.clientWidth;
    const set = f.contentWindow.getComputedStyle(d.querySelector('h2')).color !== f.contentWindow.getComputedStyle(d.body).color;
    document.getElementById('out').textContent += 'width ' + w + ': page ' + (e.scrollWidth + bar) + ', color ' + (set ? 'set' : 'not set') +
      ', ' + d.scripts.length + ' scripts, ' + d.querySelectorAll('a:not([href^="#"]),img,link').length + ' links out, ' + words(d, f.contentWindow) + '\n';
  };
  document.body.append(f);
}
</script>`

// TestPageIsGenerated: page.qtpl.go is what `go generate` makes of page.qtpl.
func TestPageIsGenerated(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "report") // which names the package
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("page.qtpl")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "page.qtpl"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := exec.Command("go", "tool", "-n", "qtc").Output()
	if err != nil {
		t.Skip("there is no qtc: ", err)
	}
	cmd := exec.Command(strings.TrimSpace(string(path)), "-skipLineComments", "-file", "page.qtpl")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, err := os.ReadFile(filepath.Join(dir, "page.qtpl.go"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("page.qtpl.go"); err != nil || !bytes.Equal(got, want) {
		t.Errorf("page.qtpl.go is older than page.qtpl: go generate ./internal/report (%v)", err)
	}
}
