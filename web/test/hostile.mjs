// The page stays usable under a large and a hostile file:
// node hostile.mjs PAGE-DIR FILES-DIR CHAIN.pem
import { join } from "node:path";
import { served, browse, opened } from "./browser.mjs";

const [, , dir, files, chain] = process.argv;
const server = await served(dir);
const browser = await browse();
// alive: the page itself answers at once, whatever the worker does.
async function alive(page, when) {
  const start = Date.now();
  await page.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)));
  if (Date.now() - start > 2000) throw new Error(`the page hung for ${Date.now() - start} ms ${when}`);
}
try {
  const { page, complaints } = browser;
  await opened(page, server.url);
  await page.setInputFiles("#chooser", [join(files, "large.der")]);
  for (let i = 0; i < 20; i++) {
    await alive(page, "with a large file");
    await page.waitForTimeout(50);
  }
  await page.waitForFunction(() => document.getElementById("answer").getAttribute("aria-busy") !== "true" && dropped.size === 1, null, { timeout: 90000 });
  await page.click("#clear");
  await page.waitForFunction(() => dropped.size === 0);

  await page.setInputFiles("#chooser", [join(files, "hostile.p12")]);
  await page.waitForFunction(() => dropped.size === 1);
  await page.waitForFunction(() => shown.length > 0 || document.querySelector("#remark.error"), null, { timeout: 120000 });
  await page.evaluate(() => {
    identityPassword = "secret";
    judge();
  });
  await page.waitForTimeout(500);
  await alive(page, "with a hostile file");
  if (await page.isVisible("#cancel")) await page.click("#cancel");
  await page.waitForFunction(() => document.getElementById("cancel").hidden, null, { timeout: 30000 });
  await page.click("#clear");
  await page.waitForFunction(() => dropped.size === 0);

  await page.setInputFiles("#chooser", [chain]);
  await page.waitForFunction(() => shown.length > 0, null, { timeout: 120000 });
  if (complaints.length) throw new Error("complaints: " + complaints);
} finally {
  await browser.close();
  server.close();
}
