// Package storeindex is the table that finds the certificates of an embedded
// trust store by fingerprint or subject, so that a check reads only those it
// needs. The tables are generated:
//
//	go generate ./internal/anchors
package storeindex

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash/fnv"
	"sort"

	"github.com/chainspect/chainspect/pkg/chain/x509read"
)

// A row is 42 octets, big-endian: the certificate's SHA-256 (32), FNV-1a of its
// subject's loose key (8), its place among the certificates of the source (2).
// Rows are sorted.
const (
	hashSize = sha256.Size
	rowSize  = hashSize + 8 + 2
)

// A Table is the index of a store.
type Table string

// Make makes the table of the certificates at some places of a source.
func Make(roots map[int][]byte) Table {
	var rows [][]byte
	for place, der := range roots {
		sum := sha256.Sum256(der)
		row := append([]byte(nil), sum[:]...)
		subject, _ := x509read.SubjectRaw(der)
		row = binary.BigEndian.AppendUint64(row, keyHash(x509read.NameKey(subject)))
		rows = append(rows, binary.BigEndian.AppendUint16(row, uint16(place)))
	}
	sort.Slice(rows, func(i, k int) bool { return bytes.Compare(rows[i], rows[k]) < 0 })
	return Table(bytes.Join(rows, nil))
}

// Len counts the rows.
func (t Table) Len() int { return len(t) / rowSize }

// Place is where the certificate of a row stands in the source.
func (t Table) Place(row int) int {
	at := row*rowSize + rowSize - 2
	return int(t[at])<<8 | int(t[at+1])
}

// Sum is the fingerprint of a row.
func (t Table) Sum(row int) (sum [hashSize]byte) {
	copy(sum[:], t[row*rowSize:])
	return sum
}

// ByHash finds the row of a fingerprint.
func (t Table) ByHash(sum [hashSize]byte) (row int, ok bool) {
	row = sort.Search(t.Len(), func(i int) bool { return t[i*rowSize:i*rowSize+hashSize] >= Table(sum[:]) })
	return row, row < t.Len() && t[row*rowSize:row*rowSize+hashSize] == Table(sum[:])
}

// BySubject lists the rows whose subject may have this loose key; the caller
// compares the names.
func (t Table) BySubject(key string) []int {
	var want [8]byte
	binary.BigEndian.PutUint64(want[:], keyHash(key))
	var rows []int
	for i := range t.Len() {
		if at := i*rowSize + hashSize; t[at:at+8] == Table(want[:]) {
			rows = append(rows, i)
		}
	}
	return rows
}

func keyHash(key string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	return h.Sum64()
}
