// Makes docs/images/report.png, the picture in the README, from a written report:
//   node scripts/report-picture.ts out/light-refractory/report.html
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { openBrowser } from "../test/browser.ts";

const [report] = process.argv.slice(2);
if (report === undefined) {
  console.error("Usage: node scripts/report-picture.ts <report.html>");
  process.exit(2);
}
const browser = await openBrowser();
const page = await browser.newPage({ viewport: { width: 1240, height: 1480 } });
await page.goto(pathToFileURL(resolve(report)).href);
await page.waitForTimeout(800);
await page.screenshot({ path: "docs/images/report.png" });
await browser.close();
