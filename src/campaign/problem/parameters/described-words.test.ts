import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../../core/errors.ts";
import { buildTable } from "../../../data/build-table.ts";
import type { Table } from "../../../data/contract.ts";
import type { Cell } from "../../../data/read/cells.ts";
import type { CategoricalParameter } from "../../../space/contract.ts";
import { descriptorFiles, withDescriptorTables } from "./described-words.ts";
import { freezeProblem, openProblem } from "../../experiments/campaign-problem.ts";
import type { Measurement } from "../../experiments/contract.ts";
import { planExperiments } from "../../experiments/planning/plan-experiments.ts";
import { parseProblemFile, type ParsedProblemFile } from "../problem-file.ts";
import { resolveProblem } from "../problem.ts";

const yaml = `name: Solvent screen
space:
  parameters:
    temperature: { min: 300, max: 400, unit: K }
    solvent:
      values:
        water: { dielectric: 78.4, boiling_point: 373.15 K }
        ethanol: { dielectric: 24.5, boiling_point: 78.35 degC }
        toluene: { dielectric: 2.4, boiling_point: 383 }
    ligand:
      values: [PPh3, XPhos]
      descriptors: ligands.csv
outcomes: { yield: "%" }
targets: [yield -> maximise]
`;

const tableOf = (headers: readonly string[], rows: readonly Cell[][]): Table =>
  buildTable({ source: "ligands.csv", headers, rows, place: (i) => `line ${i + 2}`, notes: [] });
const ligands = tableOf(
  ["ligand", "cone angle (deg)", "pKa", "supplier"],
  [
    ["PPh3", 145, 2.73, "A"],
    ["PCy3", 170, 9.7, "B"],
    ["XPhos", 190, null, "A"],
  ],
);
const some = "{ file: ligands.csv, columns: [cone angle (deg)] }";

/** The file with changes, its tables in place. */
const read = (changes: readonly (readonly [string, string])[] = [], table = ligands) => {
  let text = yaml;
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), from);
    text = text.replace(from, to);
  }
  const parsed = parseProblemFile(text, "p.yaml");
  return withDescriptorTables(
    parsed,
    Object.fromEntries(descriptorFiles(parsed).map(([name]) => [name, table])),
  );
};
const chosen = ["descriptors: ligands.csv", `descriptors: ${some}`] as const;
const resolved = async (parsed: ParsedProblemFile) =>
  (await resolveProblem(parsed, null)).parameters.filter(
    (one): one is CategoricalParameter => one.kind === "categorical",
  );

describe("words with descriptors", () => {
  it("are read from the problem file, in the unit of the first word that has one, and from a table", async () => {
    const [solvent, ligand] = await resolved(read([chosen]));
    assert.deepEqual(solvent, {
      kind: "categorical",
      name: "solvent",
      values: ["water", "ethanol", "toluene"],
      descriptors: [
        { name: "dielectric", unit: "1", values: [78.4, 24.5, 2.4] },
        { name: "boiling_point", unit: "K", values: [373.15, 78.35 + 273.15, 383] },
      ],
    });
    assert.deepEqual(ligand?.values, ["PPh3", "XPhos"]);
    assert.deepEqual(
      ligand?.descriptors?.map(({ values }) => values),
      [[145, 190]],
    );
  });

  it("are all those of the table where the file lists none", async () => {
    const [, ligand] = await resolved(read([chosen, ["      values: [PPh3, XPhos]\n", ""]]));
    assert.deepEqual(ligand?.values, ["PPh3", "PCy3", "XPhos"]);
    assert.deepEqual(ligand?.descriptors?.[0]?.values, [145, 170, 190]);
  });

  it("may be placed otherwise than by their descriptors", async () => {
    const learned = await resolved(read([chosen, ["columns: [cone angle (deg)] }", "columns: [cone angle (deg)] }\n      encoding: learned"]])); // prettier-ignore
    assert.equal(learned[1]?.encoding, "learned");
    const list = ["      values: [PPh3, XPhos]\n      descriptors: ligands.csv", "      { values: [PPh3, XPhos], encoding: learned }"] as const; // prettier-ignore
    assert.equal((await resolved(read([list])))[1]?.encoding, "learned");
  });

  it("are refused with the word, the descriptor and the line where one is missing or no number", async () => {
    const water = "{ dielectric: 78.4, boiling_point: 373.15 K }";
    const cases: [readonly [string, string], RegExp, RegExp][] = [
      [["dielectric: 2.4, ", ""], /"toluene" of "solvent" has no "dielectric"/, /line 9/],
      [[water, "{}"], /"water" of "solvent" has no "dielectric"/, /line 7/],
      [[water, "{ dielectric: high, boiling_point: 373 }"], /"high" is not a value/, /line 6/],
      [[water, "[78.4, 373]"], /unusable value/, /solvent\.values\.water \(line 7\)/],
      [["descriptors: ligands.csv", "descriptors: [1]"], /unusable value/, /line 12/],
      [
        ["descriptors: ligands.csv", "descriptors: { file: x.csv, column: [a] }"],
        /unknown setting "column"/,
        /line 12/,
      ],
      [["373.15 K", "373.15 kg"], /boiling_point/, /line 6/],
      [["water:", "18:"], /"18" of "solvent" is a number/, /line 6/],
      [["temperature: { min", "temperature: { encoding: learned, min"], /is a number/, /line 4/],
      [["values: [PPh3, XPhos]", "encoding: learned\n      min: 1\n      values: [PPh3, XPhos]"], /cannot have "min"/, /line 12/], // prettier-ignore
    ];
    for (const [change, message, place] of cases) {
      await assert.rejects(
        async () => resolved(read(change[0].includes("ligands.csv") ? [change] : [chosen, change])),
        (error: InputError) => {
          assert.ok(error instanceof InputError, String(error));
          assert.match(error.message, message);
          assert.match(String(error.details.path), place);
          assert.equal(error.details.file, "p.yaml");
          return true;
        },
      );
    }
  });

  it("are refused where the table lacks a word, a column or a cell, or is not there", async () => {
    const cases: [readonly (readonly [string, string])[], RegExp][] = [
      [[chosen, ["[PPh3, XPhos]", "[PPh3, SPhos]"]], /does not describe "SPhos"/],
      [[], /"supplier" of ligands\.csv holds words|has no "pKa" of "XPhos"/],
      [[[chosen[0], chosen[1].replace("cone angle (deg)", "angle")]], /no column "angle"/],
      [[[chosen[0], chosen[1].replace("cone angle (deg)", "pKa")]], /has no "pKa" of "XPhos"/],
    ];
    for (const [changes, message] of cases) {
      assert.throws(
        () => read(changes),
        (error: InputError) => {
          assert.match(error.message, message);
          assert.match(String(error.details.path), /ligand\.descriptors.*\(line 12\)/);
          return true;
        },
      );
    }
    const twice = tableOf(["ligand", "pKa"], [["PPh3", 1], ["PPh3", 2]]); // prettier-ignore
    assert.throws(() => read([], twice), /describes "PPh3" twice/);
    await assert.rejects(resolved(parseProblemFile(yaml, "p.yaml")), /a file that was not read/);
  });

  it("that follow encodings without descriptors are refused", async () => {
    const none = ["      values: [PPh3, XPhos]\n      descriptors: ligands.csv", "      { values: [PPh3, XPhos], encoding: descriptors }"] as const; // prettier-ignore
    await assert.rejects(resolved(read([none])), /"ligand" has no descriptors/);
  });
});

describe("a campaign over words with descriptors", () => {
  it("keeps them as JSON and learns by them", async () => {
    const frozen = freezeProblem(await resolveProblem(read([chosen]), null));
    const open = await openProblem(JSON.parse(JSON.stringify(frozen)) as typeof frozen);
    const designs: [number, string, string, number][] = [
      [300, "water", "PPh3", 10],
      [350, "ethanol", "XPhos", 30],
      [400, "water", "XPhos", 25],
      [320, "toluene", "PPh3", 40],
      [380, "ethanol", "PPh3", 35],
    ];
    const told = designs.map(([temperature, solvent, ligand, found]): Measurement => ({
      design: { temperature, solvent, ligand },
      status: "completed",
      outcomes: { yield: found },
    }));
    const { models } = await planExperiments(open, told, { batchSize: 1, seed: 3 });
    assert.equal(models[0]?.["descriptors of solvent"], "dielectric, boiling_point");
    assert.equal(models[0]?.["descriptors of ligand"], "cone_angle");
  });
});
