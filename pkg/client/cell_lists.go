package client

import "strings"

// A row is cells that share a source.
type row struct {
	says     Answer
	from     Source
	min, max int
	on       []string
}

// yes and no write rows of cells that accept and refuse.
func yes(from Source, on ...string) row { return row{says: Accepts, from: from, on: on} }
func no(from Source, on ...string) row  { return row{says: Refuses, from: from, on: on} }

// atLeast and atMost are limits of measured hits.
func atLeast(from Source, n int, on ...string) row {
	return row{says: Limits, from: from, min: n, on: on}
}

func atMost(from Source, n int, on ...string) row {
	return row{says: Limits, from: from, max: n, on: on}
}

// faults are kinds of strict-encoding, written with blanks between; a place may
// follow each. What does not decode may also have no content, a kind of its own.
func faults(kinds string) []string { return []string{encodingKinds + kinds} }

const encodingKinds = "strict-encoding/ "

// cells takes a row apart.
func (r *row) cells() (list []Cell) {
	cell := func(on string) {
		list = append(list, Cell{On: on, Says: r.says, Min: r.min, Max: r.max, From: r.from})
	}
	for _, on := range r.on {
		kinds, several := strings.CutPrefix(on, encodingKinds)
		if !several {
			cell(on)
			continue
		}
		for _, kind := range strings.Fields(kinds) {
			kind, place, placed := strings.Cut(kind, "@")
			if strings.HasSuffix(kind, "-syntax") || strings.HasPrefix(kind, "alt-name-syntax-") && !strings.HasSuffix(kind, "-empty") {
				kind += "*"
			}
			if placed {
				kind += "@" + place
			}
			cell("strict-encoding/" + kind)
		}
	}
	return list
}

func run(what string) Source      { return Source{Run, what} }
func code(where string) Source    { return Source{Code, where} }
func document(what string) Source { return Source{Document, what} }
