package client

import "slices"

// yes, no and limit write cells that share a source.
func yes(from Source, on ...string) []Cell { return list(Accepts, from, on) }
func no(from Source, on ...string) []Cell  { return list(Refuses, from, on) }

func list(says Answer, from Source, on []string) []Cell {
	cells := make([]Cell, len(on))
	for i, o := range on {
		cells[i] = Cell{On: o, Says: says, From: from}
	}
	return cells
}

// atLeast and atMost are limits of measured hits.
func atLeast(from Source, n int, on ...string) []Cell {
	cells := list(Limits, from, on)
	for i := range cells {
		cells[i].Min = n
	}
	return cells
}

func atMost(from Source, n int, on ...string) []Cell {
	cells := list(Limits, from, on)
	for i := range cells {
		cells[i].Max = n
	}
	return cells
}

func table(name string, cells ...[]Cell) *Table {
	return &Table{Name: name, Cells: slices.Concat(cells...)}
}

func run(what string) Source      { return Source{Run, what} }
func code(where string) Source    { return Source{Code, where} }
func document(what string) Source { return Source{Document, what} }
