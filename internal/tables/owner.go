//go:build unix

package tables

import (
	"io/fs"
	"os"
	"syscall"
)

// ofAnother: neither this user's nor root's.
func ofAnother(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid != 0 && int(stat.Uid) != os.Geteuid()
}
