package ats

import (
	"github.com/chainspect/chainspect/pkg/chain"
)

var _ = rules.Add(cleartext)

var cleartext = &chain.Rule{
	ID:    "ats-cleartext",
	Level: chain.LevelATS,
	Title: "http:// is refused: clear text",
	Sources: []chain.Source{
		{Doc: "NSAppTransportSecurity", Section: "ATS-08", Confidence: chain.ConfidenceDocument},
		{Doc: "SecProtocolConfiguration.m", Section: "ATS-42", Confidence: chain.ConfidenceSource},
	},
	Explain: "An http:// URL has no TLS at all: nothing is encrypted, and there is nobody whose certificate could be trusted. App Transport Security refuses such loads before a connection is opened, and the app sees NSURLErrorDomain -1022, \"the resource could not be loaded because the App Transport Security policy requires the use of a secure connection\".",
	Advice:  []chain.Advice{{Who: "server administrator", Text: "serve HTTPS on this host and redirect to it", Config: []string{chain.Nginx + "return 301 https://$host$request_uri;", chain.Apache + "Redirect permanent / https://www.example.com/"}}, {Who: "app developer", Text: "write https:// in the URL"}},
	Apple:   chain.AppleError{Class: chain.ClassTLS, URL: -1022},
	Check: chain.PerObservation(func(c *chain.Case, o *chain.Observation) []chain.Hit {
		if !judged(c) || !clearText(c) || decision(c).HTTP {
			return nil
		}
		https, advice := httpsAnswers(c), []chain.Advice{{Who: "server administrator", Text: "serve HTTPS on this host", Lacks: "there is no HTTPS to ask yet"}, {Who: "app developer", Text: "then use https:// in the URL"}}
		if https != "" {
			advice = []chain.Advice{{Who: "app developer", Text: "use https:// in the URL, the server answers there"}}
		} else {
			https = "not seen"
		}
		return []chain.Hit{{
			Message: "http:// is clear text, App Transport Security refuses it for this host",
			Evidence: []chain.Evid{
				{Field: "scheme", Got: "http", Want: "https (" + decision(c).Why + ")"},
				{Field: "https on the same host", Got: https, Want: "an answer"},
			},
			Advice: withException(c, advice...),
		}}
	}),
}

// httpsAnswers gives the version of TLS in which the same host answered; "" none seen.
func httpsAnswers(c *chain.Case) string {
	for i := range c.Capture.Observations {
		if o := &c.Capture.Observations[i]; o.Transport == chain.TransportTLS && len(o.Sent) > 0 {
			return o.Outcome.Version
		}
	}
	return ""
}
