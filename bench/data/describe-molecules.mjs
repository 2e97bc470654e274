// Descriptors of the molecules in the reaction sets that the bench `encodings` uses, by RDKit.
// Run in a folder with `npm i @rdkit/rdkit@2026.9.1`:
//   node describe-molecules.mjs <folder closed_loop_benchmarks> > molecules.csv
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const init = createRequire(join(process.cwd(), "package.json"))("@rdkit/rdkit");
const folder = process.argv[2];
// Chosen before any result was seen: size, polarity, lipophilicity, branching, flexibility, polarisability.
const wanted = {
  amw: "molar mass (g/mol)",
  CrippenClogP: "logP",
  CrippenMR: "molar refractivity (cm3/mol)",
  tpsa: "polar surface (angstrom2)",
  FractionCSP3: "share of sp3 carbon",
  NumRotatableBonds: "rotatable bonds",
  hallKierAlpha: "Hall-Kier alpha",
  Phi: "flexibility",
};

function cells(line) {
  return [...line.matchAll(/("([^"]|"")*"|[^,]*)(,|$)/g)]
    .map((match) => match[1].replace(/^"|"$/g, "").replaceAll('""', '"'))
    .slice(0, line.split(",").length);
}

const smilesOf = new Map();
function collect(file, pairs) {
  const [head, ...lines] = readFileSync(join(folder, file), "utf8")
    .trim()
    .split(/\r?\n/)
    .map(cells);
  for (const [word, smiles] of pairs) {
    const [a, b] = [head.indexOf(word), head.indexOf(smiles)];
    for (const row of lines) smilesOf.set(row[a], row[b]);
  }
}
collect("direct_arylation_1728.csv", [
  ["base", "base_smiles"],
  ["ligand", "ligand_smiles"],
  ["solvent", "solvent_smiles"],
]);
collect(
  "olympus/suzuki_edbo.csv",
  ["electrophile", "nucleophile", "base", "ligand", "solvent"].map((name) => [name, name]),
);
for (const part of "abcde") {
  const names = ["aryl_halide", "additive", "base", "ligand"];
  collect(
    `olympus/buchwald_${part}.csv`,
    names.map((name) => [name, name]),
  );
}

const rdkit = await init();
const quoted = (text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
console.log(["word", ...Object.values(wanted)].map(quoted).join(","));
for (const [word, smiles] of [...smilesOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const molecule = rdkit.get_mol(smiles);
  if (molecule === null) {
    // Olympus writes "no ligand" as an empty or unreadable SMILES.
    console.error(`no molecule: ${word} (${smiles})`);
    console.log([word, ...Object.keys(wanted).map(() => 0)].map(String).map(quoted).join(","));
    continue;
  }
  const all = JSON.parse(molecule.get_descriptors());
  console.log(
    [word, ...Object.keys(wanted).map((key) => Number(all[key].toPrecision(6)))]
      .map(String)
      .map(quoted)
      .join(","),
  );
  molecule.delete();
}
