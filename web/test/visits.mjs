// Uses the page for a list of visits from standard input and prints what was seen:
// node visits.mjs PAGE-DIR FILES-DIR
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { served, browse, opened, answered } from "./browser.mjs";

const [, , dir, files] = process.argv;
const visits = JSON.parse(await text(process.stdin));
const server = await served(dir);
const browser = await browse();
const out = [];
try {
  const { page, requests, complaints } = browser;
  await opened(page, server.url);
  for (const visit of visits) {
    const seen = { name: visit.name, uses: {}, jobs: [], documents: [] };
    const asked = requests.length;
    complaints.length = 0;
    try {
      for (const [id, value] of Object.entries(visit.fields || {})) {
        if (["platform", "profile"].includes(id)) {
          if (value) await page.selectOption("#" + id, { label: id === "platform" ? value : await page.evaluate((p) => texts.profiles[p], value) });
        } else if (id === "clients") await page.check("#clients");
        else await page.fill("#" + id, value);
      }
      if (visit.files?.length) await page.setInputFiles("#chooser", visit.files.map((f) => join(files, f)));
      if (visit.paste) {
        await page.fill("#paste", visit.paste);
        await page.click("#paste-form button");
      }
      await page.waitForFunction((n) => dropped.size >= n || document.querySelector("#explained article"), visit.files?.length || 0, { timeout: 120000 });
      await page.waitForFunction((waits) => !waits || shown.length > 0 || document.querySelector("#remark.error"), !!visit.files?.length, { timeout: 120000 });
      seen.documents = await answered(page);
      if (visit.password != null) {
        await page.evaluate(() => (shown = []));
        await page.evaluate(() => (document.getElementById("password-form").hidden = false));
        await page.fill("#password", visit.password);
        await page.click("#password-form button");
        await page.waitForFunction(() => shown.length > 0 || document.querySelector("#remark.error"), null, { timeout: 120000 });
        seen.documents = await answered(page);
      }
      if (visit.paste) await page.waitForFunction(() => shown.length > 0 || document.querySelector("#explained article, #remark.error"), null, { timeout: 120000 });
      seen.documents = await answered(page);
      seen.jobs = await page.evaluate(() => shown.map((a) => ({ job: a.asked.job })));
      seen.uses = await page.evaluate(() => Object.fromEntries([...dropped].map(([name, f]) => [name, f.use])));
      seen.text = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll(".sheet")].map((s) => s.shadowRoot.textContent).join("\n"));
      seen.error = await page.evaluate(() => document.querySelector("#remark.error")?.textContent || "");
    } catch (error) {
      seen.error = String(error);
    }
    seen.requests = requests.slice(asked).filter((url) => !url.startsWith("blob:") && !(visit.fields?.clients && url.endsWith("/other-roots.der.gz")));
    seen.complains = [...complaints];
    out.push(seen);
    await page.click("#clear");
    await page.waitForFunction(() => dropped.size === 0 && document.getElementById("files").hidden, null, { timeout: 120000 });
    await page.uncheck("#clients");
    for (const id of ["platform", "profile"]) await page.evaluate((i) => (document.getElementById(i).selectedIndex = 0), id);
  }
} finally {
  await browser.close();
  server.close();
}
process.stdout.write(JSON.stringify(out));
