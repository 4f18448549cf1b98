package ask

import (
	"errors"
	"fmt"
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

// ParseProxy reads the URL of a proxy.
func ParseProxy(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" {
		return nil, errors.New("this is no URL such as http://proxy.example:3128")
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
	default:
		return nil, fmt.Errorf("a proxy of the kind %q is not spoken: write http, https or socks5", u.Scheme)
	}
	if u.Path != "" && u.Path != "/" || u.RawQuery != "" {
		return nil, errors.New("behind the proxy's host and port there is nothing to say")
	}
	return u, nil
}

// ThroughProxy is the one proxy for every target.
func ThroughProxy(u *url.URL) func(Target) (*url.URL, error) {
	return func(Target) (*url.URL, error) { return u, nil }
}

// ProxyOfEnvironment reads HTTPS_PROXY and NO_PROXY; nil: there is no HTTPS_PROXY.
// A URL that is none is an error, and no reason to connect directly.
func ProxyOfEnvironment() (func(Target) (*url.URL, error), error) {
	config := httpproxy.FromEnvironment()
	if config.HTTPSProxy == "" {
		return nil, nil
	}
	if _, err := ParseProxy(config.HTTPSProxy); err != nil {
		if _, bare := ParseProxy("http://" + config.HTTPSProxy); bare != nil {
			return nil, err
		}
	}
	of := config.ProxyFunc()
	return func(t Target) (*url.URL, error) { return of(&url.URL{Scheme: "https", Host: t.Address()}) }, nil
}
