package rulebook

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/chainspect/chainspect/internal/near"
)

// Choose says whether a value is one of those allowed; "" is. The error names the
// one that was likely meant.
func Choose(value string, allowed ...string) error {
	if value == "" {
		return nil
	}
	for _, a := range allowed {
		if a == value {
			return nil
		}
	}
	last := len(allowed) - 1
	return fmt.Errorf("write %s or %s%s", strings.Join(allowed[:last], ", "), allowed[last], near.Hint(value, allowed, ""))
}

// A family of platforms and the releases whose rules are known: those with App
// Transport Security, before all of them went on with 26.
type family struct {
	name        string
	first, last int
}

func families() []family {
	return []family{{"ios", 9, 18}, {"macos", 10, 15}, {"tvos", 9, 18}, {"watchos", 2, 11}, {"visionos", 1, 2}}
}

// aligned are the releases since Apple numbers all its platforms alike.
func aligned() []int { return []int{26, 27} }

// Platforms lists the releases whose rules are known, family by family, the oldest first.
func Platforms() []string {
	var known []string
	for _, f := range families() {
		for n := f.first; n <= f.last; n++ {
			known = append(known, f.name+strconv.Itoa(n))
		}
		for _, n := range aligned() {
			known = append(known, f.name+strconv.Itoa(n))
		}
	}
	return known
}

// Platform says whether the rules of a platform such as ios26 are known, whatever
// follows its first number; "" is the default. The error names the one that was likely meant.
func Platform(name string) error {
	if name == "" {
		return nil
	}
	release, _, _ := strings.Cut(name, ".")
	known := Platforms()
	if slices.Contains(known, release) {
		return nil
	}
	return fmt.Errorf("write ios9 to ios18, ios26 or ios27, macos10 to macos15, macos26 or macos27, or a release of tvos, watchos or visionos%s", near.Hint(name, known, ""))
}
