package chainspect_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/chainspect/chainspect/pkg/chainspect"
)

// pemFile reads one of the example chains of this repository.
func pemFile(name string) [][]byte {
	text, err := os.ReadFile("../../testdata/certs/" + name)
	if err != nil {
		panic(err)
	}
	certs, err := chainspect.ParsePEM(text)
	if err != nil {
		panic(err)
	}
	return certs
}

// A server that does not send its intermediate.
func ExampleJudge() {
	text, err := os.ReadFile("../../testdata/certs/example-leaf-only.pem")
	if err != nil {
		fmt.Println(err)
		return
	}
	certs, err := chainspect.ParsePEM(text)
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := chainspect.Judge(certs, chainspect.Question{
		Name:    "www.example.com",
		Anchors: pemFile("example-root.pem"),
		Time:    time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Verdict)
	for _, f := range report.Findings {
		if f.Severity == "error" {
			fmt.Println(f.Rule)
		}
	}
	// Output:
	// untrusted
	// basic-intermediate-missing
}

// A client that trusts what chainspect trusts.
func ExampleVerifyConnection() {
	address, stop := serve()
	defer stop()
	config := &tls.Config{
		ServerName:         "www.example.com",
		InsecureSkipVerify: true, // VerifyConnection judges instead
		VerifyConnection: chainspect.VerifyConnection(chainspect.Question{
			Profile: "rfc",
			Anchors: pemFile("example-another-root.pem"), // not the one this server's chain leads to
			Time:    time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC),
		}),
	}
	_, err := tls.Dial("tcp", address, config)
	var refused *chainspect.NotTrustedError
	if errors.As(err, &refused) {
		fmt.Println(refused.Report.Verdict, refused.Report.Levels[0].Level, refused.Report.Levels[0].Verdict)
	}
	// Output:
	// untrusted x509 fail
}

// What an error of another program means.
func ExampleExplain() {
	found, err := chainspect.Explain("x509: certificate signed by unknown authority")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found[0].Rules[0])

	_, err = chainspect.Explain("basic-intermediat-missing")
	fmt.Println(err)
	// Output:
	// basic-intermediate-missing
	// no rule, code or sentence known here fits this text; did you mean basic-intermediate-missing?
}
