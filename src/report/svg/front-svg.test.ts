import assert from "node:assert/strict";
import { test } from "node:test";
import { paretoTable } from "../../campaign/pareto/pareto-table.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { buildTable } from "../../data/build-table.ts";
import { frontSvg } from "./front-svg.ts";

const table = buildTable({
  source: "runs.csv",
  headers: ["a", "b <&>"],
  rows: [
    [1, 4],
    [2, 2],
    [4, 1],
    [4, 4],
  ],
  notes: [],
  place: (i) => `row ${i + 1}`,
});
const b = table.columns[1].name;

test("a picture of a front has every row once, the front joined and the knee ringed", () => {
  const svg = frontSvg(paretoTable(table, { targets: ["a -> minimise", `${b} -> minimise`] }));
  assert.equal(svg.match(/class="front"/g)?.length, 3);
  assert.equal(svg.match(/class="other"/g)?.length, 1);
  assert.equal(svg.match(/class="knee"/g)?.length, 1);
  assert.equal(/class="line" d="M[^"]*"/.exec(svg)?.[0].match(/[ML]/g)?.length, 3);
});

test("a picture of one objective is refused", () => {
  const one = paretoTable(table, { targets: ["a -> minimise"] });
  assert.throws(() => frontSvg(one), UnsupportedError);
});
