// How far the volume-additive density lies from measurement: node scripts/density-error.mjs mpea_dataset.csv
// The file has x_<element> columns (atomic fractions) and density_measured_g_per_cm3.
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { matrixOf } from "../src/core/matrix.ts";
import { alloyDomain } from "../src/domains/alloy/domain.ts";

const rows = parse(readFileSync(process.argv[2], "utf8"), { columns: true }).filter(
  (row) => row.density_measured_g_per_cm3 !== "",
);
const symbols = Object.keys(rows[0])
  .filter((header) => header.startsWith("x_"))
  .map((header) => header.slice(2));
const fractions = matrixOf(rows.map((row) => symbols.map((symbol) => Number(row[`x_${symbol}`]))));
const density = alloyDomain.quantities.find(({ name }) => name === "density");
const errors = Array.from(
  density.evaluate(fractions, symbols),
  (value, i) => value - Number(rows[i].density_measured_g_per_cm3),
);
const rootMeanSquare = (values) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
// A measured density more than 1 g/cm3 below the rule is that of a porous sample.
const dense = errors.filter((error) => error <= 1);
const sizes = dense.map(Math.abs).toSorted((a, b) => a - b);
console.log(
  JSON.stringify({
    rows: rows.length,
    rms: rootMeanSquare(errors),
    denseRows: dense.length,
    denseRms: rootMeanSquare(dense),
    denseMean: dense.reduce((sum, error) => sum + error, 0) / dense.length,
    denseMedianSize: sizes[sizes.length >> 1],
    denseLargest: sizes.at(-1),
  }),
);
for (const [i, error] of errors.entries()) {
  if (error > 1)
    console.log("left out:", rows[i].formula, rows[i].density_measured_g_per_cm3, error);
}
