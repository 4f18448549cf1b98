package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"github.com/chainspect/chainspect/internal/policy"
	"github.com/chainspect/chainspect/internal/testserver"
)

const deploy = "../../deploy/"

func deployed(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(deploy + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestDashboardSchema holds the dashboard against Grafana's own types: a field
// they do not know is an error, and so is a value they do not allow.
func TestDashboardSchema(t *testing.T) {
	//lint:ignore SA1019 the classic schema is the one that every Grafana imports
	var d dashboard.Dashboard
	var unread cog.BuildErrors // which is returned with no entry where all is well
	if err := d.UnmarshalJSONStrict([]byte(deployed(t, "grafana/chainspect.json"))); err != nil && (!errors.As(err, &unread) || len(unread) > 0) {
		t.Fatal(err)
	}
	if err := d.Validate(); err != nil {
		t.Error(err)
	}
	if len(queries(t)) < 8 {
		t.Errorf("%d queries", len(queries(t)))
	}
}

// queries are the expressions of the dashboard, for every job and instance.
func queries(t *testing.T) []string {
	t.Helper()
	var d struct {
		Panels []struct {
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(deployed(t, "grafana/chainspect.json")), &d); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range d.Panels {
		for _, q := range p.Targets {
			out = append(out, strings.NewReplacer("$job", ".+", "$instance", ".+").Replace(q.Expr))
		}
	}
	return out
}

func TestDeployedModules(t *testing.T) {
	modules, err := policy.Modules("modules.yaml", []byte(deployed(t, "modules.yaml")))
	if err != nil || len(modules) != 3 {
		t.Errorf("%d modules, %v", len(modules), err)
	}
}

// TestPrometheus has a real Prometheus scrape the exporter with the configuration
// of deploy/: each query of the dashboard has data, and the alert rules are evaluated.
func TestPrometheus(t *testing.T) {
	program, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("prometheus is not installed")
	}
	h := newHouse(t, "127.0.0.0/8")
	silent := listener(t, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	port, err := testserver.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	_, modulePort, _ := net.SplitHostPort(h.http.Listener.Addr().String())
	config := strings.NewReplacer("www.example.com:443", h.target,
		"api.example.com:443", strings.Join([]string{silent, h.leafOnly, "10.0.0.1:443"}, "\n          - "), "127.0.0.1:9919",
		"127.0.0.1:"+modulePort,
		"scrape_interval: 5m", "scrape_interval: 1s\n  evaluation_interval: 1s", "scrape_timeout: 15s",
		"scrape_timeout: 1s").Replace(deployed(t, "prometheus.yml"))
	alerts := regexp.MustCompile(`for: \d+[mh]`).ReplaceAllString(deployed(t, "alerts.yml"), "for: 0s")
	for name, text := range map[string]string{"prometheus.yml": config, "alerts.yml": alerts} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address=127.0.0.1:"+port, "--log.level=warn")
	var log strings.Builder
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	base := "http://127.0.0.1:" + port
	ask := func(path string) (body struct {
		Data struct {
			Result []json.RawMessage
			Alerts []struct{ Labels map[string]string }
		}
	}, err error) {
		res, err := http.Get(base + path)
		if err != nil {
			return body, err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(res.Body)
			return body, fmt.Errorf("%s: %s", path, text)
		}
		return body, json.NewDecoder(res.Body).Decode(&body)
	}
	missing := append(queries(t), "chainspect_exporter_build_info", `ALERTS{alertname="TargetNotInspected"}`,
		`ALERTS{alertname="TargetNotAsked",instance="10.0.0.1:443"}`)
	for end := time.Now().Add(40 * time.Second); len(missing) > 0; {
		left := missing[:0]
		for _, q := range missing {
			if got, err := ask("/api/v1/query?query=" + url.QueryEscape(q)); err != nil || len(got.Data.Result) == 0 {
				left = append(left, q)
			}
		}
		if missing = left; time.Now().After(end) {
			t.Fatalf("without data: %q; Prometheus says:\n%s", missing, &log)
		}
		time.Sleep(500 * time.Millisecond)
	}
	got, err := ask("/api/v1/alerts")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range got.Data.Alerts {
		if a.Labels["instance"] == h.target && a.Labels["alertname"] != "ChainEndsSoon" {
			t.Errorf("the healthy server raises %s", a.Labels["alertname"])
		}
	}
}
