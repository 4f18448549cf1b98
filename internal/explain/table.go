package explain

import "slices"

// Table is all entries; of two that fit as well the first is the better.
func Table() []Entry {
	return slices.Concat(appleTable(), secTrustTable(), toolsTable(), otherToolsTable(), verifyTable(), alertsTable(), serversTable(), clientsTable(), librariesTable(), windowsTable(), filesTable(), termsTable())
}
