package inspect

import (
	"bytes"
	"context"
	"net/url"
	"strings"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/load"
	"github.com/chainspect/chainspect/pkg/chain"
)

// unixPrefix stands before the path of a socket in --connect.
const unixPrefix = "unix:"

// proxy reads --proxy: a URL, `env`, or a file that holds a URL, so that no
// password stands on a command line. nil: there is none.
func (r *Runner) proxy(ctx context.Context, j *Job) (func(ask.Target) (*url.URL, error), error) {
	switch {
	case j.Proxy == "":
		return nil, nil
	case j.Proxy == "env":
		of, err := ask.ProxyOfEnvironment()
		if err != nil {
			return nil, usage("--proxy env: HTTPS_PROXY: %s", err)
		}
		if of == nil {
			r.remark("--proxy env: HTTPS_PROXY is not set; servers are reached directly")
		}
		return of, nil
	case strings.Contains(j.Proxy, "://"):
		u, err := ask.ParseProxy(j.Proxy)
		if err != nil {
			return nil, usage("--proxy: %s", err)
		}
		if _, has := u.User.Password(); has {
			return nil, usage("--proxy: a password on the command line is seen by everybody on this machine: put the URL into a file and name that, or into HTTPS_PROXY and write --proxy env")
		}
		return ask.ThroughProxy(u), nil
	}
	u, err := given(ctx, r, j, "proxy", j.Proxy, func(data []byte) (*url.URL, error) {
		u, err := ask.ParseProxy(string(bytes.TrimSpace(data)))
		if err != nil {
			return nil, &load.Error{Kind: chain.ErrorFormat, Path: j.Proxy, Message: err.Error(), Remedy: "write one line: http://USER:PASSWORD@HOST:PORT"}
		}
		return u, nil
	})
	if err != nil {
		return nil, err
	}
	return ask.ThroughProxy(u), nil
}
