package apple

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chainspect/chainspect/pkg/chain"
)

//go:embed ct_logs.tsv
var ctLogsTable string

// ctLog is one log of a list.
type ctLog struct {
	operator, name string
	tiled          bool   // static-CT; otherwise RFC 6962
	state          string // "usable", "qualified", "readonly", "retired", "pending", "rejected"
	since          time.Time
	from, until    time.Time // shard by the leaf's notAfter, [from, until); zero: not sharded
	key            []byte    // SubjectPublicKeyInfo
}

// ctLogs is a list of logs and how old it is.
type ctLogs struct {
	origin string
	date   time.Time // its own, or that of the last change in it
	logs   map[[32]byte]*ctLog
}

// appleLogs is the list shipped with the platform, read on first use.
var appleLogs = sync.OnceValue(func() *ctLogs {
	l := &ctLogs{origin: "Apple's list 375", logs: map[[32]byte]*ctLog{}}
	for line := range strings.Lines(ctLogsTable) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 9 {
			continue
		}
		log := &ctLog{operator: f[1], name: f[2], tiled: f[3] != "rfc6962", state: f[4],
			since: instant(f[5]), from: instant(f[6]), until: instant(f[7])}
		_ = l.add(f[0], f[8], log) // the heading is no log
	}
	return l
})

// add takes a log whose ID is the hash of its key (RFC 6962 section 3.2).
func (l *ctLogs) add(id, key string, log *ctLog) error {
	raw, err := base64.StdEncoding.DecodeString(id)
	spki, err2 := base64.StdEncoding.DecodeString(key)
	switch {
	case err != nil || len(raw) != sha256.Size:
		return errors.New("log_id is no Base64 of 32 octets")
	case err2 != nil:
		return errors.New("key is no Base64")
	}
	sum := sha256.Sum256(spki)
	if !bytes.Equal(raw, sum[:]) {
		return errors.New("log_id is not the SHA-256 of key")
	}
	log.key = spki
	l.logs[sum] = log
	if log.since.After(l.date) {
		l.date = log.since
	}
	return nil
}

// logList is the JSON form that Apple and Chrome publish (version 3 of the schema).
type logList struct {
	Timestamp string `json:"log_list_timestamp"`
	Operators []struct {
		Name  string         `json:"name"`
		Logs  []logListEntry `json:"logs"`
		Tiled []logListEntry `json:"tiled_logs"`
	} `json:"operators"`
}

type logListEntry struct {
	Description string `json:"description"`
	ID          string `json:"log_id"`
	Key         string `json:"key"`
	State       map[string]struct {
		Timestamp string `json:"timestamp"`
	} `json:"state"`
	Interval struct {
		From  string `json:"start_inclusive"`
		Until string `json:"end_exclusive"`
	} `json:"temporal_interval"`
}

// parseLogList reads a log list; the error says that it is none.
func parseLogList(data []byte, origin string) (*ctLogs, error) {
	var list logList
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, err
	}
	l := &ctLogs{origin: origin, logs: map[[32]byte]*ctLog{}}
	for _, op := range list.Operators {
		for i, entries := range [...][]logListEntry{op.Logs, op.Tiled} {
			for _, e := range entries {
				log := &ctLog{operator: op.Name, name: e.Description, tiled: i == 1, from: instant(e.Interval.From), until: instant(e.Interval.Until)}
				for state, s := range e.State {
					log.state, log.since = state, instant(s.Timestamp)
				}
				if err := l.add(e.ID, e.Key, log); err != nil {
					return nil, fmt.Errorf("log %q of %q: %w", e.Description, op.Name, err)
				}
			}
		}
	}
	if len(l.logs) == 0 {
		return nil, errors.New("no log in it")
	}
	if t := instant(list.Timestamp); !t.IsZero() {
		l.date = t
	}
	return l, nil
}

// CheckLogList says why a file is no list of CT logs in the form that Apple and
// Chrome publish; nil where it is one.
func CheckLogList(data []byte) error {
	_, err := parseLogList(data, "")
	return err
}

type logsKey struct{}

// logsFor is the list handed in with the case, the last one of several; else Apple's.
func logsFor(c *chain.Case) *ctLogs {
	return c.OnceForAll(logsKey{}, func() any {
		logs := appleLogs()
		if c.Capture == nil {
			return logs
		}
		for _, e := range c.Capture.Evidence {
			if e.Kind != chain.EvidenceCTList {
				continue
			}
			if given, err := parseLogList(e.Data, e.Source); err == nil {
				logs = given
			}
		}
		return logs
	}).(*ctLogs)
}
