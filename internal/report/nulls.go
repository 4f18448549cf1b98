package report

import "github.com/chainspect/chainspect/pkg/chain"

// withoutNulls is a copy of a report in which every list of the promised shape
// is there, if only empty. The original is left alone.
func withoutNulls(r *chain.Report) *chain.Report {
	c := *r
	if c.Schema == "" {
		c.Schema = chain.ReportSchema
	}
	c.Levels = list(c.Levels)
	c.Items = append([]chain.ItemReport{}, c.Items...)
	for i := range c.Items {
		c.Items[i].Faults = list(c.Items[i].Faults)
	}
	c.Paths = append([]chain.PathReport{}, c.Paths...)
	for i := range c.Paths {
		c.Paths[i].Items = list(c.Paths[i].Items)
	}
	c.Findings = append([]chain.Finding{}, c.Findings...)
	for i := range c.Findings {
		c.Findings[i].Paths = list(c.Findings[i].Paths)
		c.Findings[i].Evidence = list(c.Findings[i].Evidence)
	}
	if c.Connection != nil {
		conn := *c.Connection
		conn.ClientAuth.Authorities = list(conn.ClientAuth.Authorities)
		c.Connection = &conn
	}
	if c.Identity != nil {
		id := *c.Identity
		id.Keys, id.Imports = list(id.Keys), list(id.Imports)
		c.Identity = &id
	}
	if c.Device != nil {
		dev := *c.Device
		dev.Hides = list(dev.Hides)
		c.Device = &dev
	}
	return &c
}

// list is never nil.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
