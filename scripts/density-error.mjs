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
const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
const rms = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
const sizes = errors.map(Math.abs).toSorted((a, b) => a - b);
console.log(
  JSON.stringify({
    rows: rows.length,
    mean,
    rms,
    median: sizes[sizes.length >> 1],
    max: sizes.at(-1),
  }),
);
for (const [i, error] of errors.entries()) {
  if (Math.abs(error) > 3 * rms)
    console.log(rows[i].formula, rows[i].density_measured_g_per_cm3, error);
}
