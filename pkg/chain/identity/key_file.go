package identity

import "github.com/chainspect/chainspect/pkg/chain"

// inFile is the identity without the key that --key names, which is in no bag
// of a PKCS#12 file: importers see the file alone.
func inFile(id *chain.Identity) *chain.Identity {
	if !isPKCS12(id) || id.KeyFile == "" {
		return id
	}
	file := *id
	file.KeyFile, file.Bags, file.Keys = "", nil, nil
	for _, b := range id.Bags { // those of the key file have no part, and come last
		if b.Part >= 0 {
			file.Bags = append(file.Bags, b)
		}
	}
	for _, k := range id.Keys {
		if k.Bag < len(file.Bags) {
			file.Keys = append(file.Keys, k)
		}
	}
	return &file
}
