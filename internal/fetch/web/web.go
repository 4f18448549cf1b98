// Package web is the fetch.Func that goes over the network: HTTP, bounded in size,
// time and redirects, and to no address that the target could not itself be at.
package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/internal/ask"
	"github.com/chainspect/chainspect/internal/dial"
	"github.com/chainspect/chainspect/internal/fetch"
)

// The cache of a run.
const (
	maxKept      = 256
	maxKeptBytes = 256 << 20
)

// A Client fetches, and keeps what it fetched for a run. It is safe for many
// goroutines; two that want the same thing at one time ask once.
type Client struct {
	Lookup dial.Lookup // nil is the system's

	mu   sync.Mutex
	kept map[[32]byte]*kept
	size int64
}

type kept struct {
	once   sync.Once
	answer fetch.Answer
	err    error
}

// Fetch is a fetch.Func.
func (c *Client) Fetch(ctx context.Context, r fetch.Request) (fetch.Answer, error) {
	k := c.entry(r)
	k.once.Do(func() {
		k.answer, k.err = c.get(ctx, r)
		c.mu.Lock()
		c.size += int64(len(k.answer.Data))
		c.mu.Unlock()
	})
	if k.err != nil && ctx.Err() == nil && isOurTime(k.err) { // somebody with less time asked first
		return c.get(ctx, r)
	}
	return k.answer, k.err
}

func isOurTime(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// entry is the place of an answer in the cache: what may be asked is part of the question.
func (c *Client) entry(r fetch.Request) *kept {
	from := class("none")
	if r.From.IsValid() {
		from = classOf(r.From)
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%v %v\n%s", r.URL, from, r.Private, r.Way.Proxy != nil, r.Way.Family))
	if r.Body != nil {
		key = sha256.Sum256(append(key[:], r.Body...))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[key]
	if !ok {
		if c.kept == nil || len(c.kept) >= maxKept || c.size >= maxKeptBytes {
			c.kept, c.size = map[[32]byte]*kept{}, 0
		}
		k = new(kept)
		c.kept[key] = k
	}
	return k
}

// refused is an address that may not be asked.
type refused struct{ err error }

func (r *refused) Error() string { return r.err.Error() }

// get asks over a connection of its own.
func (c *Client) get(ctx context.Context, r fetch.Request) (answer fetch.Answer, err error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Host == "" || u.User != nil {
		return answer, errors.New("the address cannot be asked: it is no plain URL")
	}
	if err := c.literal(u, r); err != nil {
		return answer, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL, nil)
	if r.Body != nil {
		request, err = http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	}
	if err != nil {
		return answer, errors.New("the address cannot be asked: it is no plain URL")
	}
	request.Header.Set("User-Agent", "chainspect")
	if r.Body != nil {
		request.Header.Set("Content-Type", r.Type)
	}
	var peer string
	request = request.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) { peer = info.Conn.RemoteAddr().String() },
	}))
	transport, proxied := c.transport(r)
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(next *http.Request, via []*http.Request) error {
		if len(via) > fetch.MaxRedirects {
			return &refused{fmt.Errorf("it redirects more than %d times", fetch.MaxRedirects)}
		}
		if next.URL.Scheme != "http" && next.URL.Scheme != "https" || len(next.URL.String()) > fetch.MaxURL {
			return &refused{errors.New("it redirects to what is no address of the web")}
		}
		return c.literal(next.URL, r)
	}}
	response, err := client.Do(request)
	if err != nil {
		return answer, explain(ctx, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return answer, fmt.Errorf("it answers HTTP %d", response.StatusCode)
	}
	data, err := read(response, r.Max)
	if err != nil {
		return answer, explain(ctx, err)
	}
	if *proxied {
		peer = ""
	}
	return fetch.Answer{Data: data, Address: peer, Time: time.Now()}, nil
}

// literal refuses an address that stands in a URL itself; behind a proxy that is
// all that can be told. Names are looked at when they are connected to.
func (c *Client) literal(u *url.URL, r fetch.Request) error {
	a, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		return nil
	}
	if err := permitted(a, r.From, r.Private); err != nil {
		return &refused{err}
	}
	return nil
}

// transport connects to permitted addresses alone: each one is looked at after it
// was resolved and before a packet is sent to it. A proxy is permitted: it is the
// user's own, and was asked where proxied.
func (c *Client) transport(r fetch.Request) (t *http.Transport, proxied *bool) {
	proxied = new(bool)
	tcp := dial.TCP{Family: r.Way.Family, Lookup: c.Lookup, Permit: func(ctx context.Context, a netip.Addr) error {
		if r.Way.Permit != nil {
			if err := r.Way.Permit(ctx, a); err != nil {
				return err
			}
		}
		return permitted(a, r.From, r.Private)
	}}
	t = &http.Transport{
		DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 32 << 10,
		// A list is signed, whoever hands it out; and a CA's own host may have a
		// certificate that needs the list.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	}
	proxies := map[string]bool{}
	if r.Way.Proxy != nil {
		t.Proxy = func(q *http.Request) (*url.URL, error) {
			port := q.URL.Port()
			if port == "" {
				port = map[string]string{"http": "80", "https": "443"}[q.URL.Scheme]
			}
			u, err := r.Way.Proxy(ask.Target{Host: q.URL.Hostname(), Port: port})
			if u != nil {
				proxies[u.Hostname()] = true
			}
			*proxied = u != nil
			return u, err
		}
	}
	t.DialContext = func(ctx context.Context, _, address string) (net.Conn, error) {
		host, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		if proxies[host] {
			return dial.TCP{Family: r.Way.Family, Lookup: c.Lookup}.Open(ctx, ask.Target{Host: host, Port: port})
		}
		return tcp.Open(ctx, ask.Target{Host: host, Port: port})
	}
	return t, proxied
}

// read takes no more than max octets, before and after they are decompressed.
func read(response *http.Response, max int64) ([]byte, error) {
	tooLong := fmt.Errorf("it sends more than %d octets", max)
	if response.ContentLength > max {
		return nil, tooLong
	}
	var body io.Reader = &io.LimitedReader{R: response.Body, N: max + 1}
	switch encoding := strings.ToLower(response.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		unzipped, err := gzip.NewReader(body)
		if err != nil {
			return nil, errors.New("it says that it sends gzip, and does not")
		}
		body = &io.LimitedReader{R: unzipped, N: max + 1}
	default:
		return nil, errors.New("it sends an encoding that was not asked for")
	}
	data, err := io.ReadAll(body)
	switch {
	case int64(len(data)) > max:
		return nil, tooLong
	case err != nil:
		return nil, err
	}
	return data, nil
}

// explain makes one line of an error of the client, without the URL, which the
// evidence has.
func explain(ctx context.Context, err error) error {
	var no *refused
	var reach *dial.ReachError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &no):
		return no
	case errors.As(err, &reach) && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return reach
	case ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout():
		return &late{err}
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			break
		}
		err = inner
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it closed the connection before its answer had ended")
	}
	text := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '.'
		}
		return r
	}, err.Error())
	return errors.New(text[:min(len(text), 200)])
}

// late is an answer that had not come in time.
type late struct{ err error }

func (l *late) Error() string { return "no answer within the time" }
func (l *late) Unwrap() error { return l.err }
