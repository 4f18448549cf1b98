package policy

import (
	"fmt"

	"go.yaml.in/yaml/v4"

	"github.com/chainspect/chainspect/internal/inspect"
)

// Modules reads the exporter's configuration: named jobs without a target, which
// a probe brings. Its keys are a job's, decoded and checked as those of a policy.
// Errors are of type *Error.
func Modules(file string, data []byte) (map[string]inspect.Job, error) {
	p, doc, err := document(file, data, Context{})
	if err != nil {
		return nil, err
	}
	if doc == nil {
		return nil, &Error{file, 1, 0, "there are no modules: write `modules:` and a name with a job's keys below it"}
	}
	modules := map[string]inspect.Job{}
	err = p.pairs(doc, "the configuration", []string{"modules"}, func(_ string, _, v *yaml.Node) error {
		if v.Kind != yaml.MappingNode || len(v.Content) == 0 {
			return p.bad(v, "modules must map names to a job's keys")
		}
		for i := 0; i+1 < len(v.Content); i += 2 {
			name, body := v.Content[i], v.Content[i+1]
			if _, twice := modules[name.Value]; twice || name.Value == "" {
				return p.bad(name, "modules has the name %q twice, or it is empty", name.Value)
			}
			var job inspect.Job
			if body.Kind != yaml.ScalarNode || body.Tag != "!!null" { // `apple:` alone is a job with every default
				if err := p.job(body, &job, nil, nil); err != nil {
					return err
				}
			}
			if job.Target != "" || len(job.ChainPEM) > 0 {
				return p.bad(body, "module %s names a target: the probe's target parameter brings it", name.Value)
			}
			modules[name.Value] = job
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(modules) == 0 {
		return nil, &Error{file, doc.Line, doc.Column, fmt.Sprintf("%s has no modules", file)}
	}
	return modules, nil
}
