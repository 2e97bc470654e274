import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseProblemFile } from "../src/campaign/problem/problem-file.ts";
import { recommend } from "../src/campaign/recommend.ts";
import { loadDataset } from "../src/store/load-dataset.ts";
import { openBrowser } from "./browser.ts";
import { serveSource } from "./engine-in-browser.ts";

const problem = `
name: Small search
domain: alloy
data: mpea
space:
  elements: [Al, Ti, V, Nb, Zr]
  fraction: { min: 0.05, max: 0.5, step: 0.01 }
constraints:
  - price <= 60 USD/kg
  - count(Al, Zr) <= 1
targets:
  - hardness -> maximise
  - density -> minimise
budget: 600
candidates: 5
`;

test("a browser worker gives the same result as Node, byte for byte", async () => {
  const data = readFileSync(new URL("../datasets/mpea/mpea.csv", import.meta.url));
  const dataset = await loadDataset("mpea");
  const here = await recommend(parseProblemFile(problem, "problem.yaml"), dataset, { seed: 3 });

  const source = await serveSource();
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(source.url);
    const there = await page.evaluate(
      async ([text, csv, sha256, base]) => {
        const code = `
          import { parseProblemFile } from "${base}src/campaign/problem/problem-file.ts";
          import { recommend } from "${base}src/campaign/recommend.ts";
          import { datasets, readDataset } from "${base}src/data/datasets.ts";
          onmessage = async ({ data: { text, bytes, sha256 } }) => {
            try {
              const table = await readDataset("mpea", bytes);
              const spec = datasets.mpea;
              const dataset = { name: "mpea", table, sha256, provenance: spec.provenance, spec };
              const problem = parseProblemFile(text, "problem.yaml");
              postMessage({ result: await recommend(problem, dataset, { seed: 3 }) });
            } catch (error) {
              postMessage({ error: String(error?.stack ?? error) });
            }
          };
          postMessage("ready");`;
        const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
        const worker = new Worker(address, { type: "module" });
        const next = (): Promise<unknown> =>
          new Promise((resolve, reject) => {
            worker.addEventListener("message", (event) => resolve(event.data), { once: true });
            worker.addEventListener("error", (event) => reject(new Error(event.message)), {
              once: true,
            });
          });
        await next();
        worker.postMessage({ text, bytes: new TextEncoder().encode(csv), sha256 });
        return next();
      },
      [problem, data.toString(), dataset.sha256, source.url] as const,
    );
    assert.equal(JSON.stringify(there), JSON.stringify({ result: here }));
  } finally {
    await browser.close();
    source.close();
  }
});
