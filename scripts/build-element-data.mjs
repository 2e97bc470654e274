// Builds the element table and the pair enthalpies from the open tables that src/materials/sources.ts cites:
//   node scripts/build-element-data.mjs FOLDER...
// The folders hold elements_mendeleev.csv, elements_magpie.csv, elements_pymatgen.csv,
// cohesive_energies.csv, miedema_mixing_enthalpy_pairs.csv, element_lookup_70.csv,
// binary_mixing_enthalpy_435.csv and element_indicators_18.csv.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { elementColumns } from "../src/materials/element-columns.ts";

const folders = process.argv.slice(2);
const cache = new Map();

function readTable(file) {
  if (!cache.has(file)) {
    const folder = folders.find((candidate) => existsSync(join(candidate, file)));
    if (folder === undefined) throw new Error(`${file} is in none of: ${folders.join(", ")}`);
    cache.set(file, parse(readFileSync(join(folder, file), "utf8"), { columns: true }));
  }
  return cache.get(file);
}

const elements = readTable("elements_mendeleev.csv");
const symbols = elements.map((row) => row.symbol);

/** Numbers are written to 10 significant digits, which removes the noise of unit conversions. */
function number(text, scale = 1) {
  if (text === undefined || text === "") return null;
  const value = Number(text) * scale;
  if (!Number.isFinite(value)) throw new Error(`not a number: ${text}`);
  return Number(value.toPrecision(10));
}

function valueByElement(origin) {
  if (origin.values !== undefined) return new Map(Object.entries(origin.values));
  if (origin.rule === "alloy-valence-electrons") {
    return new Map(elements.map((row) => [row.symbol, valenceElectrons(row)]));
  }
  const rows = readTable(origin.file);
  if (!(origin.header in rows[0])) throw new Error(`${origin.file} has no column ${origin.header}`);
  return new Map(
    rows.map((row) => {
      const value = number(row[origin.header], origin.scale);
      const kept = value !== null && value >= (origin.above ?? Number.NEGATIVE_INFINITY);
      return [row.symbol ?? row.element, kept ? value : null];
    }),
  );
}

function valenceElectrons({ atomic_number: text, group: groupText }) {
  const atomicNumber = Number(text);
  if (atomicNumber >= 57 && atomicNumber <= 71) return 3;
  if (atomicNumber === 2) return 2;
  if (groupText === "" || atomicNumber > 86) return null;
  const group = Number(groupText);
  return group <= 12 ? group : group - 10;
}

function pairTable(file) {
  const rows = readTable(file);
  const members = [...new Set(rows.flatMap((row) => [row.element_a, row.element_b]))].toSorted(
    (a, b) => (a < b ? -1 : 1),
  );
  const byPair = new Map(
    rows.map((row) => [
      `${row.element_a}-${row.element_b}`,
      number(row.mixing_enthalpy_kJ_per_mol),
    ]),
  );
  const values = members.flatMap((a, i) =>
    members.slice(i + 1).map((b) => byPair.get(`${a}-${b}`) ?? null),
  );
  return { symbols: members, values };
}

const numberOfColumn = Object.fromEntries(
  Object.entries(elementColumns).map(([name, { origin }]) => {
    const values = valueByElement(origin);
    return [name, symbols.map((symbol) => values.get(symbol) ?? null)];
  }),
);

/** One line a column, so that a change of the data is readable in a diff. */
function write(path, value) {
  const lines = Object.entries(value).map(
    ([key, entry]) => `  ${JSON.stringify(key)}: ${JSON.stringify(entry)}`,
  );
  writeFileSync(new URL(path, import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
}

write("../src/materials/elements.data.json", {
  symbols,
  names: elements.map((row) => row.name),
  blocks: elements.map((row) => row.block),
  ...numberOfColumn,
});
write("../src/materials/mixing-enthalpies.data.json", {
  "miedema-liquid": pairTable("miedema_mixing_enthalpy_pairs.csv"),
  "single-phase": pairTable("binary_mixing_enthalpy_435.csv"),
});
