// Builds the tables in datasets/ from copies of their sources:
//   node scripts/build-datasets.mjs MPEA.csv HEA.csv
// MPEA.csv is the MPEA table with named columns and atomic fractions, HEA.csv the 1373-alloy table
// with formula, label and split (see the README of each folder). Writes the table and provenance.json;
// what is changed on the way stands in the functions below and in the provenance notes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { datasets } from "../src/data/datasets.ts";
import { atomicNumber } from "../src/materials/elements.ts";

/**
 * 1 for exactly one disordered solid solution, 0 for any other reported microstructure, empty where
 * none is told or the source contradicts itself (microstructure FCC, phase class other).
 */
function singlePhase(microstructure, phaseClass) {
  if (microstructure === "" || microstructure === "Other") return "";
  const single = ["BCC", "FCC", "HCP"].includes(microstructure);
  if (single !== (phaseClass !== "other")) return "";
  return single ? "1" : "0";
}

function buildMpea(text) {
  const [header, ...rows] = parse(text);
  const at = header.indexOf("phase_class") + 1;
  const cell = (row, name) => row[header.indexOf(name)];
  return [
    header.toSpliced(at, 0, "single_phase"),
    ...rows.map((row) =>
      row.toSpliced(at, 0, singlePhase(cell(row, "microstructure"), cell(row, "phase_class"))),
    ),
  ];
}

/** `AlCoCr0.50` and `Al1Co1Cr.5` both become `Al1 Cr0.5 Co1`. */
function plainFormula(formula) {
  const parts = [...formula.matchAll(/([A-Z][a-z]?)(\d*\.?\d*)/g)];
  if (parts.map(([part]) => part).join("") !== formula) throw new Error(`Cannot read ${formula}`);
  return parts
    .map(([, symbol, amount]) => [symbol, amount === "" ? 1 : Number(amount)])
    .filter(([, amount]) => amount !== 0)
    .sort(([a], [b]) => atomicNumber(a) - atomicNumber(b))
    .map(([symbol, amount]) => `${symbol}${amount}`)
    .join(" ");
}

function buildHea(text) {
  const rows = parse(text, { columns: true });
  return [
    ["row", "formula", "single_phase", "split"],
    ...rows.map((row) => [row.row, plainFormula(row.formula), row.single_phase, row.split]),
  ];
}

const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

function write(name, table) {
  const { file, title, provenance } = datasets[name];
  const csv = table.map((row) => `${row.map(quoted).join(",")}\n`).join("");
  writeFileSync(`datasets/${file}`, csv);
  const record = {
    name,
    summary: title,
    ...provenance,
    file: file.split("/").at(-1),
    rows: table.length - 1,
    sha256: createHash("sha256").update(csv).digest("hex"),
  };
  writeFileSync(`datasets/${name}/provenance.json`, `${JSON.stringify(record, null, 2)}\n`);
  console.log(`datasets/${file}: ${table.length - 1} rows`);
}

const [mpea, hea] = process.argv.slice(2);
if (mpea === undefined || hea === undefined) {
  console.error("Usage: node scripts/build-datasets.mjs MPEA.csv HEA.csv");
  process.exit(2);
}
write("mpea", buildMpea(readFileSync(mpea, "utf8")));
write("hea-single-phase", buildHea(readFileSync(hea, "utf8")));
