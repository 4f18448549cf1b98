package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm"
)

const (
	home        = "https://github.com/chainspect/chainspect"
	description = "TLS certificate chain inspector: why is this certificate not trusted?"
)

// places are where a package puts the documents of an archive.
var places = map[string]string{
	"completions/chainspect.bash": "/usr/share/bash-completion/completions/chainspect",
	"completions/_chainspect":     "/usr/share/zsh/vendor-completions/_chainspect",
	"completions/chainspect.fish": "/usr/share/fish/vendor_completions.d/chainspect.fish",
	"LICENSE":                     "/usr/share/doc/chainspect/copyright",
	"README.md":                   "/usr/share/doc/chainspect/README.md",
}

// packages writes the .deb and the .rpm of a target.
func (r *release) packages(t target, binary string, docs map[string][]byte) error {
	contents := files.Contents{r.content(binary, "/usr/bin/chainspect", 0o755)}
	for _, name := range slices.Sorted(maps.Keys(docs)) {
		to := places[name]
		if page, ok := strings.CutPrefix(name, "man/"); ok {
			to = "/usr/share/man/" + page
		}
		if to == "" {
			continue
		}
		from := filepath.Join(r.work, "docs", name)
		if err := os.MkdirAll(filepath.Dir(from), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(from, docs[name], 0o644); err != nil {
			return err
		}
		contents = append(contents, r.content(from, to, 0o644))
	}
	for _, format := range []string{"deb", "rpm"} {
		info := nfpm.WithDefaults(&nfpm.Info{
			Name: "chainspect", Arch: t.arch, Platform: t.os, Version: r.version, Section: "net", Priority: "optional",
			Maintainer: "the chainspect authors <" + home + ">", Vendor: "chainspect", Description: description, Homepage: home, License: "MIT",
			MTime: r.stamp, DisableGlobbing: true, Overridables: nfpm.Overridables{Contents: contents},
		})
		info.Overridables.RPM.BuildHost = "localhost" // not the builder's name
		packager, err := nfpm.Get(format)
		if err != nil {
			return err
		}
		if err := nfpm.PrepareForPackager(info, format); err != nil {
			return err
		}
		var b bytes.Buffer
		if err := packager.Package(info, &b); err != nil {
			return fmt.Errorf("the %s for %s: %w", format, t, err)
		}
		if err := os.WriteFile(filepath.Join(r.out, packager.ConventionalFileName(info)), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func (r *release) content(from, to string, mode os.FileMode) *files.Content {
	return &files.Content{Source: from, Destination: to, FileInfo: &files.ContentFileInfo{Owner: "root", Group: "root", Mode: mode, MTime: r.stamp}}
}

// formula writes the Homebrew formula; its digests are those of SHA256SUMS.
func (r *release) formula(sums map[string]string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "class Chainspect < Formula\n  desc %q\n  homepage %q\n  version %q\n  license \"MIT\"\n",
		"TLS certificate chain inspector", home, strings.TrimPrefix(r.version, "v"))
	for _, system := range []struct{ os, block string }{{"darwin", "on_macos"}, {"linux", "on_linux"}} {
		var body strings.Builder
		for _, cpu := range []struct{ arch, block string }{{"arm64", "on_arm"}, {"amd64", "on_intel"}} {
			file := r.name(target{system.os, cpu.arch}) + ".tar.gz"
			if sum, ok := sums[file]; ok {
				fmt.Fprintf(&body, "    %s do\n      url %q\n      sha256 %q\n    end\n", cpu.block, home+"/releases/download/"+r.version+"/"+file, sum)
			}
		}
		if body.Len() > 0 {
			fmt.Fprintf(&b, "\n  %s do\n%s  end\n", system.block, body.String())
		}
	}
	b.WriteString(`
  def install
    bin.install "chainspect"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/chainspect.bash" => "chainspect"
    zsh_completion.install "completions/_chainspect"
    fish_completion.install "completions/chainspect.fish"
  end

  test do
    assert_match "chainspect", shell_output("#{bin}/chainspect --version")
    assert_match "basic-expired", shell_output("#{bin}/chainspect explain basic-expired")
  end
end
`)
	return os.WriteFile(filepath.Join(r.out, "chainspect.rb"), []byte(b.String()), 0o644)
}
