import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { invert, type Inversion } from "../../campaign/invert.ts";
import { parseProblemFile } from "../../campaign/problem/problem-file.ts";
import { renderInversion } from "./render-inversion.ts";
import { samplesCsv } from "./samples-csv.ts";

/** Two temperatures have the wanted strength; one of them only where an alloy is rolled, which it need not be. */
const solve = (targets: readonly string[], name = "Strength & <route>"): Promise<Inversion> =>
  invert(
    parseProblemFile(
      JSON.stringify({
        name,
        space: {
          parameters: {
            temperature: { min: 0, max: 100, unit: "K" },
            route: ["cast", "wrought"],
            rolling: { min: 0.1, max: 0.9, when: "route is wrought" },
          },
        },
        targets,
        models: {
          strength: {
            formula: "0.04 MPa/K * (temperature - 50 K) * (temperature - 50 K) / 1 K",
            unit: "MPa",
            std: "1 MPa",
          },
          ...(targets.length > 1
            ? { price: { formula: "temperature * 1 USD / 1 K", unit: "USD" } }
            : {}),
        },
        seed: 5,
      }),
      "problem.json",
    ),
    null,
    { samples: 150 },
  );

const two = await solve(["strength -> 36 MPa"]);
const html = renderInversion(two);

describe("the page of an inverse problem", () => {
  test("says in words how many families there are and what the first is worth", () => {
    assert.match(
      html,
      /Two different families of designs reach the target; the first has [\d.]+ ± [\d.]+\u202f% of the probability\./,
    );
  });

  test("has neither script nor address, escapes names, and is the same for the same inversion", async () => {
    assert.doesNotMatch(html, /<script|https?:|src=|NaN|undefined|Infinity/);
    assert.match(html, /<h1>Strength &amp; &lt;route&gt;<\/h1>/);
    assert.equal(renderInversion(await solve(["strength -> 36 MPa"])), html);
  });

  test("gives every picture a text, and every table heads", () => {
    const pictures = html.match(/<svg[^>]*>/g) ?? [];
    assert.ok(pictures.length >= 6, `${pictures.length} pictures`);
    for (const one of pictures) assert.match(one, /role="img" aria-label="[^"]{10,}"/);
    for (const one of html.match(/<table[\s\S]*?<\/table>/g) ?? []) {
      assert.match(one, /scope="row"/);
    }
  });

  test("shows where a design does not have a parameter", () => {
    assert.match(html, /Rolling[\s\S]*?absent in [\d.]+\u202f%/);
    assert.match(html, /Lines below an axis: the design does not have this parameter/);
  });

  test("draws the distance that is missing where a target is out of reach, and says so first", async () => {
    const far = await solve(["strength >= 130 MPa", "price <= 100 USD"]);
    const page = renderInversion(far);
    assert.match(page, /No design of this space is predicted to reach the targets/);
    assert.match(page, /strength 100\u202fMPa, 30\u202fMPa too low/);
    assert.match(page, /class="miss"/);
    assert.match(page, /The best compromises/);
    assert.doesNotMatch(html, /class="miss"/);
  });
});

describe("the table of samples", () => {
  const lines = samplesCsv(two).trim().split("\r\n");
  const cells = lines.slice(1).map((line) => line.split(","));

  test("has a column for each parameter and each prediction, with units", () => {
    assert.equal(
      lines[0],
      "probability,family,temperature [K],route,rolling,strength [MPa],strength std [MPa]",
    );
  });

  test("has every design once, with shares that sum to one and those of the families", () => {
    assert.equal(new Set(cells.map(([, , ...values]) => values.join())).size, cells.length);
    const total = cells.reduce((sum, [share]) => sum + Number(share), 0);
    assert.ok(Math.abs(total - 1) < 1e-9, `${total}`);
    two.result.modes.forEach(({ weight }, k) => {
      const own = cells.filter(([, family]) => family === String(k + 1));
      const sum = own.reduce((all, [share]) => all + Number(share), 0);
      assert.ok(Math.abs(sum - weight) < 1e-9, `${sum} ${weight}`);
    });
  });

  test("leaves the cell of a parameter empty that a design does not have", () => {
    for (const [, , , route, rolling] of cells) assert.equal(rolling === "", route === "cast");
  });
});
