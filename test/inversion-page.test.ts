import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { invert } from "../src/campaign/invert.ts";
import { parseProblemFile } from "../src/campaign/problem/problem-file.ts";
import { renderInversion } from "../src/report/inversion/render-inversion.ts";
import { openBrowser, watchPage } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "ystar-inversion-"));
const path = join(folder, "report.html");
let browser: Browser;

before(async () => {
  const problem = {
    name: "Two ways to one strength",
    space: {
      parameters: {
        temperature: { min: 0, max: 100, unit: "K" },
        route: ["cast", "wrought"],
        rolling: { min: 0.1, max: 0.9, when: "route is wrought" },
      },
    },
    targets: ["strength -> 36 MPa", "price <= 90 USD"],
    models: {
      strength: {
        formula: "0.04 MPa/K * (temperature - 50 K) * (temperature - 50 K) / 1 K",
        unit: "MPa",
        std: "1 MPa",
      },
      price: { formula: "temperature * 1 USD / 1 K", unit: "USD" },
    },
  };
  const parsed = parseProblemFile(JSON.stringify(problem), "problem.json");
  writeFileSync(path, renderInversion(await invert(parsed, null, { samples: 100 })));
  browser = await openBrowser();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the page of an inverse problem, opened from its file", () => {
  for (const [width, dark] of [
    [1400, false],
    [1400, true],
    [390, false],
    [390, true],
  ] as const) {
    test(`stands by itself and fits ${width} pixels, ${dark ? "dark" : "light"}`, async () => {
      const { page, complaints, requests } = await watchPage(browser, pathToFileURL(path).href, {
        width,
        dark,
      });
      assert.deepEqual(complaints, []);
      assert.deepEqual(requests, []);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      const [ink, surface] = await page.evaluate(() =>
        [
          getComputedStyle(document.body).color,
          getComputedStyle(document.body).backgroundColor,
        ].map((colour) => Number(/\d+/.exec(colour)?.[0])),
      );
      assert.equal(ink > surface, dark);
      // No two texts of a picture lie on each other.
      const crowded = await page.evaluate(() =>
        [...document.querySelectorAll("svg")].flatMap((svg) => {
          const texts = [...svg.querySelectorAll("text")].map((one) => ({
            text: one.textContent,
            box: one.getBoundingClientRect(),
          }));
          return texts.flatMap((a, i) =>
            texts.slice(i + 1).flatMap((b) => {
              const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
              const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
              return across > 1 && down > 3 ? [`${a.text} | ${b.text}`] : [];
            }),
          );
        }),
      );
      assert.deepEqual(crowded, []);
      await page.close();
    });
  }
});
