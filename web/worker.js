// The core runs here, apart from the page, so that a large or hostile file never
// stops it: the page ends the worker and starts another. memfs.js and Go's
// wasm_exec.js stand before this text.
"use strict";

let ready;

onmessage = async ({ data }) => {
  try {
    if (data.module) {
      const go = new Go();
      const instance = await WebAssembly.instantiate(data.module, go.importObject);
      go.run(instance);
      ready = true;
      postMessage({ id: data.id, answer: {} });
      return;
    }
    if (data.stores) globalThis.chainspectOtherRoots = data.stores;
    for (const [name, bytes] of Object.entries(data.files || {})) {
      if (bytes) files.set(name, bytes);
      else files.delete(name);
    }
    if (!data.call) {
      postMessage({ id: data.id, answer: {} });
      return;
    }
    if (!ready) throw new Error("the core is not loaded");
    chainspectCall(data.call, JSON.stringify(data.with || {}), (text) => {
      const answer = JSON.parse(text);
      postMessage({ id: data.id, answer });
    });
  } catch (error) {
    postMessage({ id: data.id, error: String(error.message || error) });
  }
};
