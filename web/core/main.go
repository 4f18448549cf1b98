//go:build js

// Command core is chainspect's core for the page in the browser: it answers the
// calls of worker.js for as long as the worker lives.
package main

import (
	"context"
	"encoding/json"
	"runtime"
	"runtime/debug"
	"syscall/js"
	"time"

	"github.com/chainspect/chainspect/internal/page"
	"github.com/chainspect/chainspect/internal/report"
)

// version is set by release builds.
var version = ""

func main() {
	core := &page.Core{Now: func() time.Time { return time.Now().UTC() }, Tool: report.Tool{Name: "chainspect", Version: version, Go: runtime.Version()}}
	js.Global().Set("chainspectCall", js.FuncOf(func(_ js.Value, args []js.Value) any {
		name, with, answer := args[0].String(), []byte(args[1].String()), args[2]
		go func() { // the file system answers by callbacks, for which this function has to return
			text, err := json.Marshal(core.Call(context.Background(), name, with))
			if err != nil {
				text, _ = json.Marshal(page.Answer{Error: err.Error(), Remarks: []string{}})
			}
			answer.Invoke(string(text))
			debug.FreeOSMemory()
		}()
		return nil
	}))
	select {}
}
