// What the tests of the page share: a server for the built page on loopback, a
// headless Chromium, and a record of every request it makes.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".gz": "application/gzip" };

// served answers with the files of a folder on 127.0.0.1.
export async function served(dir) {
  const server = createServer(async (request, response) => {
    const name = normalize(new URL(request.url, "http://x").pathname).replace(/^\/$/, "/index.html");
    try {
      const data = await readFile(join(dir, name));
      response.writeHead(200, { "Content-Type": types[extname(name)] || "application/octet-stream", "Content-Length": data.length });
      response.end(data);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

// browse opens a browser that records what it asks for.
export async function browse(options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "page-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--allow-file-access-from-files"],
    ...options,
  });
  const requests = [];
  context.on("request", (r) => requests.push(r.url()));
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (e) => complaints.push(String(e)));
  page.on("console", (m) => m.type() === "error" && complaints.push(m.text()));
  return {
    page, context, requests, complaints,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

// opened waits until the core is loaded.
export async function opened(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => "ready" in document.documentElement.dataset || document.querySelector("#state.error"), null, { timeout: 120000 });
}

// answered waits for the answer to what was dropped last, and gives the documents.
export async function answered(page) {
  await page.waitForFunction(() => document.getElementById("answer").getAttribute("aria-busy") === "false" && document.getElementById("cancel").hidden, null, { timeout: 120000 });
  return page.evaluate(() => shown.map((a) => a.document));
}
