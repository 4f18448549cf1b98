package inspect

import (
	"encoding/json"
	"os"
	"testing"
)

// TestJobSchemaKnowsEveryKey: a key added to the job is added to docs/schema.
func TestJobSchemaKnowsEveryKey(t *testing.T) {
	b, err := os.ReadFile("../../docs/schema/job.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Defs map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	keys := JobKeys()
	for _, k := range keys {
		if _, ok := doc.Defs["Job"].Properties[k]; !ok {
			t.Errorf("the schema does not know %q", k)
		}
	}
	if n := len(doc.Defs["Job"].Properties); n != len(keys) {
		t.Errorf("the schema knows %d keys, the job has %d", n, len(keys))
	}
}
