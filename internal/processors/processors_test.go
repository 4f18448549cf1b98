package processors

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// TestAll: the process begins with one processor, and has afterwards what Go would
// have used, or what $GOMAXPROCS says.
func TestAll(t *testing.T) {
	if os.Getenv("PROCESSORS") != "" {
		begun := runtime.GOMAXPROCS(0)
		All()
		os.Stdout.WriteString("begun " + strconv.Itoa(begun) + " all " + strconv.Itoa(runtime.GOMAXPROCS(0)) + "\n")
		return
	}
	defer All()
	runtime.SetDefaultGOMAXPROCS() // whatever $GOMAXPROCS says of this process
	own := strconv.Itoa(runtime.GOMAXPROCS(0))
	for _, set := range []string{"", "1", "3"} {
		want := set
		if set == "" {
			want = own
		}
		c := exec.Command(os.Args[0], "-test.run=^TestAll$")
		c.Env = append(os.Environ(), "PROCESSORS=1", "GOMAXPROCS="+set)
		out, err := c.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "begun 1 all "+want+"\n") {
			t.Errorf("GOMAXPROCS=%s: %v, %s; want all %s", set, err, out, want)
		}
	}
}
