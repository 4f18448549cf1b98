package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

// TestHTMLIsSelfContained: no script, no link, nothing to load, and the policy says so.
func TestHTMLIsSelfContained(t *testing.T) {
	page := written(t, "html", Options{}, append(recorded(), "hostile", "hostile-failure")...)
	for _, never := range []string{"<script", "<a ", "<img", "<link", "<iframe", "href", "src=\"", " style=", "url(", "@import", "javascript:", "http://", "https://", "<base", "<form"} {
		if strings.Contains(strings.ToLower(page), never) {
			t.Errorf("the page holds %q", never)
		}
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
		r.Items = append(r.Items, chain.ItemReport{Index: i, SHA256: fmt.Sprint(i), Subject: fmt.Sprintf("CN=%d", i), Issuer: fmt.Sprintf("CN=%d", i+1), Origin: chain.OriginSent})
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
	if p := draw(twice, no); len(p.Nodes) != 2 || len(p.Links) != 1 {
		t.Errorf("a certificate that is there twice is drawn once, not %d nodes and %d links", len(p.Nodes), len(p.Links))
	}
	missing := graphReport(chain.PathReport{Items: []int{0}, End: chain.NoIssuer})
	if p := draw(missing, no); len(p.Nodes) != 2 || p.Nodes[1].Class != "absent missing" || p.Links[0].Label != "not sent: the chain ends here" {
		t.Errorf("the missing certificate: %+v", p)
	}
	loop := graphReport(chain.PathReport{Items: []int{0, 1, 2, 1}, End: chain.Loop})
	if p := draw(loop, no); len(p.Nodes) != 3 || len(p.Links) != 3 {
		t.Errorf("a circle: %+v", p)
	}
	if p := draw(graphReport(chain.PathReport{Items: []int{77}}), no); p != nil {
		t.Errorf("a path of unknown items: %+v", p)
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
	for _, l := range p.Links {
		if (l.Label == "basic-signature") != (l.Y1 == p.Nodes[0].Y && l.X2 == p.Nodes[1].X+nodeW/2) {
			t.Errorf("link %+v", l)
		}
	}
	for i, want := range []string{"", "broken", "", ""} {
		if p.Nodes[i].Class != want {
			t.Errorf("node %d is %q, want %q", i, p.Nodes[i].Class, want)
		}
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
	for _, names := range [][]string{recorded(), {"hostile", "hostile-failure"}} {
		page := written(t, "html", Options{}, names...)
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if req.URL.Path == "/report" {
				_, _ = io.WriteString(w, page)
				return
			}
			_, _ = io.WriteString(w, measuringPage)
		}))
		cmd := exec.Command(chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--virtual-time-budget=8000", "--dump-dom", srv.URL)
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
		for _, width := range []int{360, 1200} {
			want := fmt.Sprintf("width %d: page %d, color set, 0 scripts, 0 links", width, width)
			if !strings.Contains(string(dom), want) {
				t.Errorf("%v: the measurement is not %q\n%s", names, want, dom)
			}
		}
	}
}

// measuringPage says how wide each frame's page became, whether the style sheet
// was let through by the policy, and what is in the page that should not be.
const measuringPage = `<!doctype html><body><pre id="out"></pre><script>
for (const w of [360, 1200]) {
  const f = document.createElement('iframe');
  f.width = w; f.height = 800; f.style.border = 0; f.src = '/report';
  f.onload = () => {
    const d = f.contentDocument, e = d.documentElement;
    const bar = w - e.clientWidth;
    const set = f.contentWindow.getComputedStyle(d.querySelector('h1')).color !== f.contentWindow.getComputedStyle(d.querySelector('h2')).color;
    document.getElementById('out').textContent += 'width ' + w + ': page ' + (e.scrollWidth + bar) + ', color ' + (set ? 'set' : 'not set') +
      ', ' + d.scripts.length + ' scripts, ' + d.querySelectorAll('a,img,link').length + ' links\n';
  };
  document.body.append(f);
}
</script>`
