package revocation

import (
	"encoding/asn1"
	"encoding/binary"
	"runtime"
	"testing"
	"time"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// A list of a million entries is walked where it lies: what is allocated does not
// grow with it.
func TestMillionEntries(t *testing.T) {
	const n = 1_000_000
	entry := append([]byte{0x30, 0x17, 0x02, 0x06, 0x01, 0, 0, 0, 0, 0, 0x17, 0x0d}, "260101000000Z"...)
	entries := make([]byte, 0, n*len(entry))
	for i := range n {
		binary.BigEndian.PutUint32(entry[6:], uint32(i))
		entries = append(entries, entry...)
	}
	wrap := func(tag byte, parts ...[]byte) []byte {
		var all []byte
		for _, p := range parts {
			all = append(all, p...)
		}
		out, err := asn1.Marshal(asn1.RawValue{Tag: int(tag & 0x1f), IsCompound: tag&0x20 != 0, Bytes: all})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	alg := wrap(0x30, []byte{0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02})
	name := wrap(0x30, wrap(0x31, wrap(0x30, []byte{0x06, 3, 0x55, 4, 3}, append([]byte{0x0c, 2}, "CA"...))))
	when := append([]byte{0x17, 0x0d}, "260101000000Z"...)
	der := wrap(0x30, wrap(0x30, []byte{2, 1, 1}, alg, name, when, when, wrap(0x30, entries)), alg, []byte{3, 2, 0, 0})
	entries = nil
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begun := time.Now()
	list, err := ParseCRL(der)
	if err != nil {
		t.Fatal(err)
	}
	issuer, _ := x509read.ParseName(name)
	last := []byte{0x01, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint32(last[2:], n-1)
	found, _, ok := list.find(last, issuer)
	if !ok || found == nil {
		t.Errorf("the last entry is not found: %v", ok)
	}
	if missing, _, ok := list.find([]byte{0x02}, issuer); !ok || missing != nil {
		t.Errorf("an entry that is not there: %v, %v", missing, ok)
	}
	took := time.Since(begun)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d octets were allocated", got)
	}
	t.Logf("%d octets in %v", len(der), took)
}
