package dial

import (
	"bytes"
	"encoding/hex"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/chainspect/chainspect/internal/tlswire"
)

// A recording is a connection that keeps a copy of what the server sends, so
// that the flight of a handshake made by crypto/tls can be read as it came.
type recording struct {
	net.Conn
	mu     sync.Mutex
	copied []byte
	keyLog []byte // lines of crypto/tls; they stay here until flight has used them
	over   bool   // the flight has been read: nothing more is kept
}

// maxRecorded is enough for the first flight; what follows is not looked at.
const maxRecorded = 1 << 20

func (r *recording) Read(b []byte) (int, error) {
	n, err := r.Conn.Read(b)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.over {
		r.copied = append(r.copied, b[:min(n, maxRecorded-len(r.copied))]...)
	}
	return n, err
}

// logKeys is where crypto/tls writes its key log.
func (r *recording) logKeys() io.Writer { return (*keyLogWriter)(r) }

type keyLogWriter recording

func (w *keyLogWriter) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.over {
		w.keyLog = append(w.keyLog, line...)
	}
	return len(line), nil
}

// flight reads the server's first flight out of the copy and forgets the keys.
func (r *recording) flight() *received {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := newFlight(bytes.NewReader(r.copied))
	f.keys = func(sh *serverHello) (*tlswire.Suite13, []byte, error) {
		s, secret := tlswire.Suite13ByID(sh.suite), r.serverSecret()
		if s == nil || secret == nil {
			return nil, nil, beyond("no keys for this recording")
		}
		return s, secret, nil
	}
	// A handshake that broke off gives a flight that breaks off.
	_ = f.read()
	clear(r.keyLog)
	r.keyLog, r.copied, r.over = nil, nil, true
	return &f.got
}

// serverSecret is the handshake traffic secret of the server out of the key
// log (draft-ietf-tls-keylogfile section 2).
func (r *recording) serverSecret() []byte {
	for line := range strings.Lines(string(r.keyLog)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "SERVER_HANDSHAKE_TRAFFIC_SECRET" {
			secret, err := hex.DecodeString(f[2])
			if err == nil {
				return secret
			}
		}
	}
	return nil
}
