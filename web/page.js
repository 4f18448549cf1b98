// The page: what was dropped, the question, the answer. The core runs in a worker;
// bytes of files go there and nowhere else, never into the document.
"use strict";

const at = (id) => document.getElementById(id);
const make = (tag, properties = {}, ...children) => {
  const e = Object.assign(document.createElement(tag), properties);
  e.append(...children);
  return e;
};

for (const e of document.querySelectorAll("[data-text]")) e.textContent = texts[e.dataset.text];
for (const e of document.querySelectorAll("[data-hint]")) e.placeholder = texts[e.dataset.hint];
document.title = "chainspect: " + texts.title;

const largest = 64 << 20; // octets of a file

/* ---- the core ---- */

// parts gives the core's parts: from the server beside the page, or, in the page
// that is one file, from the page itself (embedded is then defined before this text).
const parts = globalThis.embedded || {
  async text(name) {
    const answer = await fetch(name);
    if (!answer.ok) throw new Error(name + ": " + answer.status);
    return answer.text();
  },
  async bytes(name, progress) {
    const answer = await fetch(name);
    if (!answer.ok) throw new Error(name + ": " + answer.status);
    const total = Number(answer.headers.get("Content-Length"));
    const chunks = [];
    let read = 0;
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      progress((read += value.length), total);
    }
    return new Blob(chunks);
  },
};

// A server may have unpacked the file for us; two octets tell.
async function unpacked(blob) {
  const head = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
  if (head[0] !== 0x1f || head[1] !== 0x8b) return new Uint8Array(await blob.arrayBuffer());
  return new Uint8Array(await new Response(blob.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

const core = {
  worker: null,
  waiting: new Map(),
  last: 0,

  async load() {
    const [fs, go, own, packed] = await Promise.all([
      parts.text("memfs.js"),
      parts.text("wasm_exec.js"),
      parts.text("worker.js"),
      parts.bytes("chainspect.wasm.gz", (read, total) => {
        if (total) at("loading").value = Math.min(1, read / total);
      }),
    ]);
    this.program = [fs, go, own].join("\n");
    this.module = await WebAssembly.compile(await unpacked(packed));
    await this.start();
  },

  async start() {
    const url = URL.createObjectURL(new Blob([this.program], { type: "text/javascript" }));
    this.worker = new Worker(url);
    URL.revokeObjectURL(url);
    this.worker.onmessage = ({ data }) => {
      const { resolve, reject } = this.waiting.get(data.id) || {};
      this.waiting.delete(data.id);
      if (!resolve) return;
      if (data.error) reject(new Error(data.error));
      else if (data.answer.error) reject(new Error(data.answer.error));
      else resolve(data);
    };
    this.worker.onerror = (e) => {
      e.preventDefault();
      this.fail(new Error(e.message || "the core stopped"));
    };
    await this.send({ module: this.module });
    if (this.stores) await this.send({ stores: this.stores });
  },

  send(message) {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...message, id });
    });
  },

  fail(error) {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  },

  // restart drops the worker with all it holds: memory, files, a call that takes too long.
  async restart() {
    this.worker.terminate();
    this.fail(new Error(texts.stopped));
    await this.start();
  },

  // The roots of other clients' stores are a file of their own, asked for once.
  async needStores() {
    if (this.stores) return;
    this.stores = new Uint8Array(await (await parts.bytes("other-roots.der.gz", () => {})).arrayBuffer());
    await this.send({ stores: this.stores });
  },

  call: (name, argument) => core.send({ call: name, with: argument }),
};

/* ---- what was dropped ---- */

const dropped = new Map(); // name -> {kind, use, bytes}
let identityPassword = null;

function freshName(wanted) {
  const name = wanted.replace(/[\\/]/g, "_").replace(/^\.+/, "_") || "file";
  if (!dropped.has(name)) return name;
  for (let i = 2; ; i++) if (!dropped.has(`${i}-${name}`)) return `${i}-${name}`;
}

async function add(name, bytes) {
  name = freshName(name);
  await core.send({ files: { [name]: bytes } });
  const { answer } = await core.call("recognise", { name });
  const use = answer.kind.use === "target" && [...dropped.values()].some((f) => f.use === "target") ? "with" : answer.kind.use;
  dropped.set(name, { kind: answer.kind, use, bytes });
}

async function take(list) {
  remark("");
  for (const file of list) {
    if (file.size > largest) {
      remark(say(texts.tooLarge, { name: file.name }));
      continue;
    }
    await add(file.name, new Uint8Array(await file.arrayBuffer()));
  }
  showFiles();
  await judge();
}

function showFiles() {
  at("files").hidden = dropped.size === 0;
  at("file-rows").replaceChildren(
    ...[...dropped].map(([name, file]) => {
      const choice = make("select", { onchange: () => { file.use = choice.value; judge(); } });
      choice.setAttribute("aria-label", `${name}: ${texts.use}`);
      for (const [use, text] of Object.entries(texts.uses)) choice.append(new Option(text, use, false, use === file.use));
      const remove = make("button", { type: "button", textContent: texts.remove, onclick: () => forget(name) });
      remove.setAttribute("aria-label", say(texts.removeFile, { name }));
      const row = make("tr", {}, make("td", { textContent: name }), make("td", { textContent: file.kind.text }), make("td", {}, choice), make("td", {}, remove));
      row.dataset.kind = file.kind.kind;
      return row;
    }),
  );
}

async function forget(name) {
  dropped.delete(name);
  await core.send({ files: { [name]: null } });
  showFiles();
  judge();
}

/* ---- the question ---- */

const usedAs = (use) => [...dropped].filter(([, f]) => f.use === use).map(([name]) => name);

function question() {
  const job = {};
  if (at("name").value.trim() !== "") job.name = at("name").value.trim();
  if (at("at").value) job.at = at("at").value;
  if (at("platform").value) job.platform = at("platform").value;
  if (at("profile").value !== "apple") job.profile = at("profile").value;
  job.clients = at("clients").checked ? "all" : "none";
  return job;
}

function jobs() {
  const common = question();
  for (const use of ["anchor", "app_anchor", "with", "pin_ca"]) if (usedAs(use).length) common[use] = usedAs(use);
  for (const use of ["info_plist", "key"]) if (usedAs(use).length) common[use] = usedAs(use)[0];
  const out = usedAs("target").map((target) => ({ job: { ...common, target } }));
  for (const identity of usedAs("identity")) {
    const { name, clients, ...rest } = common;
    out.push({ job: { ...rest, identity }, identity: true });
  }
  return out;
}

function linkOf() {
  const fragment = new URLSearchParams();
  for (const [key, value] of Object.entries(question())) if (value !== "none") fragment.set(key, value);
  return location.href.split("#")[0] + "#" + fragment;
}

function followLink() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const key of ["name", "at", "platform", "profile"]) {
    const value = asked.get(key);
    if (value && (at(key).tagName !== "SELECT" || [...at(key).options].some((o) => o.value === value))) at(key).value = value;
  }
  if (asked.get("clients")) at("clients").checked = true;
}

/* ---- the answer ---- */

let turn = 0;
let shown = []; // the answers on the page

async function judge() {
  const mine = ++turn;
  const asked = jobs();
  if (asked.length === 0) {
    shown = [];
    show();
    return;
  }
  busy(true);
  try {
    if (at("clients").checked) await core.needStores();
    const answers = [];
    for (const one of asked) {
      answers.push({ asked: one, ...(await core.call("inspect", { Job: one.job, Identity: !!one.identity, Password: identityPassword })) });
      if (mine !== turn) return;
    }
    shown = answers.map(({ asked, answer }) => ({ asked, document: answer.document, html: answer.html, remarks: answer.remarks }));
    remark(shown.flatMap((a) => a.remarks).join("\n"));
    show();
  } catch (error) {
    if (mine === turn) remark(say(texts.noAnswer, { why: error.message }), true);
  } finally {
    if (mine === turn) busy(false);
  }
}

function busy(is) {
  at("cancel").hidden = !is;
  at("state").textContent = is ? texts.working : texts.loaded;
  at("answer").setAttribute("aria-busy", String(is));
}

function remark(text, isError = false) {
  at("remark").textContent = text;
  at("remark").className = isError ? "error" : "";
}

function show() {
  at("details").hidden = true;
  const place = at("report");
  if (shown.length === 0) {
    place.replaceChildren(make("p", { className: "note", textContent: texts.nothing }));
    at("slider-box").hidden = at("saves").hidden = true;
    return;
  }
  place.replaceChildren(...shown.map(rendered));
  at("password-form").hidden = !shown.some((a) => wantsPassword(a.document));
  showSlider();
  showSaves();
}

const reportsOf = (a) => a.document.reports.filter((r) => !r.error);

// wantsPassword: the file is an identity that nothing opened, or not all of it.
const wantsPassword = (document) =>
  document.reports.some((r) => r.error?.kind === "password" || (r.findings || []).some((f) => f.rule === "identity-locked"));

// rendered puts the core's page into a tree of its own, so that its style and ours
// do not meet. It is the core's own text, escaped there; scripts in it would not run.
function rendered(a) {
  const styles = [];
  const bare = a.html.replace(/<style>([^<]*)<\/style>/g, (_, text) => (styles.push(text), ""));
  const parsed = new DOMParser().parseFromString(bare, "text/html");
  const host = make("div", { className: "sheet" });
  const tree = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet();
  style.replaceSync(styles.join("\n").replace(/(^|[\s,{}])(:root|html|body)(?=[\s,{])/g, "$1:host"));
  tree.adoptedStyleSheets = [style];
  for (const e of parsed.querySelectorAll("script, style, link, meta, footer, h1")) e.remove();
  tree.append(...parsed.body.childNodes);
  for (const code of tree.querySelectorAll("pre")) {
    const copy = make("button", { type: "button", textContent: texts.copy });
    copy.onclick = async () => {
      await navigator.clipboard.writeText(code.textContent.trim());
      copy.textContent = texts.copied;
    };
    code.after(copy);
  }
  pointing(tree, a);
  return host;
}

// pointing makes the boxes of the picture tell their certificate when they are
// pointed at, tapped, or reached with the keyboard.
function pointing(tree, a) {
  for (const node of tree.querySelectorAll("svg [data-item]")) {
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    const tell = () => tellItem(a, node);
    node.addEventListener("mouseenter", tell);
    node.addEventListener("focus", tell);
    node.addEventListener("click", tell);
  }
}

function tellItem(a, node) {
  const section = [...node.getRootNode().querySelectorAll("section.target")].findIndex((s) => s.contains(node));
  const report = reportsOf(a)[Math.max(0, section)];
  const item = report?.items[Number(node.dataset.item)];
  if (!item) return;
  const rows = [
    ["subject", item.subject], ["issuer", item.issuer], ["serial", item.serial], ["valid", `${item.not_before} – ${item.not_after}`],
    ["key", `${item.key.type} ${item.key.bits}`], ["signature", item.signature], ["SHA-256", item.sha256],
  ];
  const own = report.findings.filter((f) => f.item === Number(node.dataset.item) && f.list !== "identity");
  at("details").replaceChildren(
    make("h3", { textContent: `${texts.details}: ${item.role}` }),
    make("table", {}, ...rows.map(([key, value]) => make("tr", {}, make("th", { scope: "row", textContent: key }), make("td", { textContent: value })))),
    make("ul", {}, ...own.map((f) => make("li", { textContent: `${f.severity}: ${f.message} (${f.rule})` }))),
  );
  at("details").hidden = false;
}

/* ---- the date ---- */

const day = 86400000;

function showSlider() {
  const items = shown.flatMap((a) => reportsOf(a).flatMap((r) => [...r.items, ...(r.identity?.items || [])]));
  const starts = items.map((i) => Date.parse(i.not_before)).filter(Number.isFinite);
  const ends = items.map((i) => Date.parse(i.not_after)).filter(Number.isFinite);
  at("slider-box").hidden = starts.length === 0;
  if (starts.length === 0) return;
  const judged = Date.parse(shown.flatMap(reportsOf)[0].evaluated_at);
  const slider = at("slider");
  slider.min = Math.floor(Math.min(judged, ...starts) / day) - 1;
  slider.max = Math.min(Math.ceil(Math.max(judged, Math.min(...ends)) / day) + 30, 253402214400000 / day);
  slider.value = Math.floor(judged / day);
  dateOfSlider();
}

const dateAt = () => new Date(at("slider").value * day).toISOString().slice(0, 10);
const dateOfSlider = () => (at("slider-date").textContent = say(texts.slider, { date: dateAt() }));

/* ---- saving ---- */

function save(name, content, type) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob([content], { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const octets = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

function showSaves() {
  const buttons = [];
  const button = (text, action) => buttons.push(make("button", { type: "button", textContent: text, onclick: () => action().catch((e) => remark(say(texts.noAnswer, { why: e.message }), true)) }));
  button(texts.saveHTML, async () => save("chainspect.html", shown.map((a) => a.html).join("\n"), "text/html"));
  button(texts.saveJSON, async () => save("chainspect.json", shown.length === 1 ? JSON.stringify(shown[0].document, null, 2) : JSON.stringify(shown.map((a) => a.document), null, 2), "application/json"));
  for (const a of shown) {
    if (a.asked.identity) {
      const platform = at("platform").value || "ios26";
      button(say(texts.saveIdentity, { platform }), async () => {
        const { answer } = await core.call("convert", { Job: { ...a.asked.job, platform }, Password: identityPassword });
        save(a.asked.job.identity.replace(/\.\w+$/, "") + `-${platform}.p12`, octets(answer.data), "application/x-pkcs12");
        remark(answer.remarks.join("\n"));
      });
    } else {
      button(texts.saveChain, async () => {
        const { answer } = await core.call("fix", { Job: a.asked.job });
        save("fullchain.pem", octets(answer.data), "application/x-pem-file");
        remark(answer.remarks.join("\n"));
      });
    }
  }
  at("saves").replaceChildren(...buttons);
  at("saves").hidden = false;
}

/* ---- messages ---- */

async function explain(text) {
  try {
    const { answer } = await core.call("explain", { Text: text });
    at("explained").replaceChildren(
      make("h3", { textContent: texts.explained }),
      ...answer.explanations.slice(0, 3).map((e) => {
        const list = make("dl");
        const row = (label, value) => value && list.append(make("dt", { textContent: label }), make("dd", { textContent: value }));
        row(texts.says, e.Says);
        row(texts.not, e.Not);
        row(texts.rules, (e.Rules || []).join(", "));
        row(texts.next, e.Next);
        return make("article", {}, make("h4", { textContent: e.Title }), list);
      }),
    );
    remark("");
  } catch (error) {
    at("explained").replaceChildren();
    remark(error.message, true);
  }
}

async function pasted(text) {
  if (text.trim() === "") return;
  const bytes = new TextEncoder().encode(text);
  await core.send({ files: { pasted: bytes } });
  const { answer } = await core.call("recognise", { name: "pasted" });
  await core.send({ files: { pasted: null } });
  if (answer.kind.use === "explain") return explain(text);
  at("explained").replaceChildren();
  await add("pasted." + (answer.kind.ending || "txt"), bytes);
  showFiles();
  await judge();
}

/* ---- a live server, where the page comes from `chainspect serve` ---- */

// serve marks the page it hands out; a page from elsewhere asks nothing after it is loaded.
at("live-form").hidden = !("live" in document.documentElement.dataset);

async function askServer(target) {
  busy(true);
  try {
    const answer = await fetch("live", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ target, name: question().name }) });
    if (!answer.ok) throw new Error(await answer.text());
    await add(target.replace(/[^\w.-]/g, "_") + ".capture.json", new Uint8Array(await answer.arrayBuffer()));
    showFiles();
    await judge();
  } catch (error) {
    remark(say(texts.noAnswer, { why: error.message }), true);
  } finally {
    busy(false);
  }
}

/* ---- events ---- */

const drop = at("drop");
for (const name of ["dragover", "dragenter"]) drop.addEventListener(name, (e) => { e.preventDefault(); drop.classList.add("over"); });
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, (e) => { e.preventDefault(); drop.classList.remove("over"); });
drop.addEventListener("drop", (e) => whenReady(() => take(e.dataTransfer.files)));
for (const name of ["dragover", "drop"]) document.addEventListener(name, (e) => e.preventDefault()); // or the browser would open the file
at("chooser").addEventListener("change", () => whenReady(async () => { await take(at("chooser").files); at("chooser").value = ""; }));
at("paste-form").addEventListener("submit", (e) => { e.preventDefault(); whenReady(() => pasted(at("paste").value)); });
at("live-form").addEventListener("submit", (e) => { e.preventDefault(); whenReady(() => askServer(at("live").value.trim())); });
at("password-form").addEventListener("submit", (e) => {
  e.preventDefault();
  identityPassword = at("password").value;
  at("password").value = "";
  whenReady(judge);
});
at("question").addEventListener("submit", (e) => e.preventDefault());
at("question").addEventListener("change", () => whenReady(judge));
at("slider").addEventListener("input", dateOfSlider);
at("slider").addEventListener("change", () => { at("at").value = dateAt(); whenReady(judge); });
at("link").addEventListener("click", async () => { await navigator.clipboard.writeText(linkOf()); remark(texts.linkCopied); });
at("cancel").addEventListener("click", async () => {
  turn++;
  await core.restart();
  for (const [name, file] of dropped) await core.send({ files: { [name]: file.bytes } });
  busy(false);
  remark(texts.stopped);
});
at("clear").addEventListener("click", async () => {
  turn++;
  dropped.clear();
  shown = [];
  identityPassword = null;
  for (const id of ["paste", "password", "name", "at", "live"]) at(id).value = "";
  at("explained").replaceChildren();
  await core.restart();
  showFiles();
  show();
  busy(false);
  remark("");
});

let ready;
const whenReady = (action) => ready.then(action).catch((error) => remark(say(texts.noAnswer, { why: error.message }), true));

ready = core.load().then(async () => {
  const { answer } = await core.call("choices", {});
  at("platform").replaceChildren(...answer.choices.platforms.map((p, i) => new Option(p, i ? p : "")));
  at("profile").replaceChildren(...answer.choices.profiles.map((p) => new Option(texts.profiles[p] || p, p)));
  at("version").textContent = "chainspect " + answer.choices.version;
  followLink();
  at("loading").hidden = true;
  at("state").textContent = texts.loaded;
  document.documentElement.dataset.ready = "";
});
ready.catch((error) => {
  at("state").textContent = say(texts.notLoaded, { why: error.message });
  at("state").className = "error";
});
