// Opens the page that is one file from the disk and has it judge a file:
// node onefile.mjs chainspect.html CHAIN.pem
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { browse, opened, answered } from "./browser.mjs";

const [, , html, chain] = process.argv;
const browser = await browse();
try {
  const { page, requests, complaints } = browser;
  await opened(page, pathToFileURL(resolve(html)).href);
  await page.setInputFiles("#chooser", [chain]);
  await page.waitForFunction(() => shown.length > 0, null, { timeout: 120000 });
  const [document] = await answered(page);
  console.log(JSON.stringify(document.reports[0].verdict));
  const others = requests.filter((url) => !url.startsWith("file:") && !url.startsWith("blob:") && !url.startsWith("data:"));
  if (others.length || complaints.length) throw new Error(`requests ${others}, complaints ${complaints}`);
} finally {
  await browser.close();
}
