import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { buildTable } from "../build-table.ts";
import type { DatasetName } from "../datasets.ts";
import { datasets, readDataset } from "../datasets.ts";
import type { Cell } from "../read/cells.ts";
import { numberColumn } from "../table.ts";
import { applyAudit, auditTable } from "./audit-table.ts";
import { auditChecks } from "./registry.ts";

const tableOf = (headers: string[], ...rows: Cell[][]) =>
  buildTable({ source: "a.csv", headers, rows, place: (row) => `line ${row + 2}`, notes: [] });
const shipped = (name: DatasetName) =>
  readDataset(
    name,
    readFileSync(new URL(`../../../datasets/${datasets[name].file}`, import.meta.url)),
  );

/** Twenty alloys whose strengths lie around 1000 MPa. */
const alloys = (...more: Cell[][]) =>
  tableOf(
    ["formula", "strength (MPa)", "T (C)"],
    ...Array.from({ length: 20 }, (_, i): Cell[] => [`NiAl${i + 1}`, 900 + ((i * 37) % 200), 25]),
    ...more,
  );
const kindsOf = (table: ReturnType<typeof tableOf>) =>
  auditTable(table)
    .findings.filter((one) => one.kind !== "missing" && one.kind !== "constant")
    .map(({ kind, rows, action }) => [kind, rows, action]);

test("every check has a title and finds nothing in clean data", () => {
  for (const check of Object.values(auditChecks)) assert.notEqual(check.title, "");
  assert.deepEqual(kindsOf(alloys()), []);
});

test("words that differ in capitals only are one word in several ways", () => {
  const rows = ["cast", "Cast", "cast", "as-cast", "as cast", "annealed"];
  const table = tableOf(["formula", "processing"], ...rows.map((word, i) => [`NiAl${i}`, word]));
  const found = auditTable(table).findings.filter(({ kind }) => kind === "spelling");
  assert.deepEqual(
    found.map(({ rows: which, action }) => [which, action]),
    [
      [[2], "keep"],
      [[5], "keep"],
    ],
  );
  assert.match(found[0].message, /processing writes one word in 2 ways: cast, Cast/);
});

test("a repeat under another spelling is a duplicate; the first stays", () => {
  const table = alloys(["Al1Ni1", 900, 25]);
  assert.deepEqual(kindsOf(table), [["duplicate", [21], "drop"]]);
  assert.equal(applyAudit(table, auditTable(table)).rows, 20);
});

test("the same alloy at another temperature is no duplicate", () => {
  assert.deepEqual(kindsOf(alloys(["Al1Ni1", 900, 600])), []);
});

test("replicates are kept with their pooled standard deviation, or merged into their mean", () => {
  const table = alloys(["NiAl", 1000, 25]);
  const report = auditTable(table);
  assert.deepEqual(kindsOf(table), [["replicates", [1, 21], "keep"]]);
  // Two values 100 apart: standard deviation 100 / sqrt(2).
  assert.ok(Math.abs(report.replicates[0].pooledStd - 100 / Math.SQRT2) < 1e-9);
  const merging = auditTable(table, { replicates: "merge" });
  const merged = applyAudit(table, merging);
  assert.equal(merged.rows, 20);
  assert.equal(numberColumn(merged, "strength").values[0], 950);
  assert.equal(numberColumn(table, "strength").values[0], 900);
});

test("replicates whose classes differ are not merged", () => {
  const table = tableOf(["formula", "hardness (HV)", "single"], ["NiAl", 300, 0], ["AlNi", 400, 1]);
  assert.deepEqual([...auditTable(table, { replicates: "merge" }).keep], [0, 1]);
});

test("conflicting labels are listed, and dropped when asked", () => {
  const table = tableOf(["formula", "phase"], ["NiAl", "B2"], ["AlNi", "FCC"], ["Ni", "FCC"]);
  assert.deepEqual(kindsOf(table), [["conflicting_label", [1, 2], "keep"]]);
  assert.deepEqual([...auditTable(table, { conflicts: "drop" }).keep], [2]);
});

test("a value in GPa among MPa is a unit slip", () => {
  const found = kindsOf(alloys(["Ti", 0.95, 25]));
  assert.deepEqual(found[0], ["unit_slip", [21], "keep"]);
  const psi = auditTable(alloys(["Ti", 145038, 25])).findings.find(
    ({ kind }) => kind === "unit_slip",
  );
  assert.match(psi?.message ?? "", /psi in a column of MPa/);
});

test("298.15 among 25 degC is a kelvin", () => {
  const found = kindsOf(alloys(["Ti", 950, 298.15], ["V", 950, 300]));
  assert.deepEqual(found, [["unit_slip", [21], "keep"]]);
});

test("the low end of a wide, unbroken range is no unit slip", () => {
  const rows = Array.from({ length: 60 }, (_, i): Cell[] => [
    `NiAl${i + 1}`,
    i < 40 ? 900 + i : 900 / 1.2 ** (i - 39),
  ]);
  const found = auditTable(tableOf(["formula", "strength (MPa)"], ...rows)).findings;
  assert.ok(found.some(({ kind }) => kind === "outlier"));
  assert.ok(!found.some(({ kind }) => kind === "unit_slip"));
});

test("an outlier is measured in robust standard deviations and kept", () => {
  const found = auditTable(alloys(["Ti", 2500, 25])).findings.find(
    ({ kind }) => kind === "outlier",
  );
  assert.deepEqual(found?.rows, [21]);
  assert.equal(found?.action, "keep");
  // Median of 21 values and 1.4826 MAD, by hand from the sorted list.
  const values = [...Array.from({ length: 20 }, (_, i) => 900 + ((i * 37) % 200)), 2500];
  const middle = (list: number[]) => list.toSorted((a, b) => a - b)[(list.length - 1) / 2];
  const centre = middle(values);
  const z = (2500 - centre) / (1.4826 * middle(values.map((x) => Math.abs(x - centre))));
  assert.ok(found?.message.includes(`z = ${z.toPrecision(2)}`), found?.message);
});

test("many outliers are said to be another family rather than slips", () => {
  const message = (count: number) =>
    auditTable(
      alloys(
        ...Array.from({ length: count }, (_, i): [string, number, number] => ["Ti", 4000 + i, 25]),
      ),
    ).findings.find(({ kind }) => kind === "outlier")?.message;
  assert.doesNotMatch(message(3) ?? "", /family/);
  assert.match(message(11) ?? "", /another family of materials or a long tail/);
});

test("impossible values drop their rows with the rule that they break", () => {
  const cases: [string, number, RegExp][] = [
    ["strength (MPa)", -5, /cannot be negative/],
    ["density (g/cm3)", 30, /osmium/],
    ["density (kg/m3)", -1, /osmium/],
    ["melting_temperature_K", -3, /below 0 K/],
    ["test_temperature_C", -300, /below 0 K/],
    ["probability", 1.2, /between 0 and 1/],
    ["hardness (HV)", -1, /cannot be negative/],
  ];
  for (const [header, value, rule] of cases) {
    const report = auditTable(tableOf(["formula", header], ["Ni", 0.5], ["Ti", value], ["V", 0.6]));
    const found = report.findings.find(({ kind }) => kind === "impossible");
    assert.match(found?.message ?? "", rule, header);
    assert.deepEqual([...report.keep], [0, 2], header);
  }
  const enthalpy = auditTable(
    tableOf(["formula", "mixing_enthalpy_kJ_per_mol"], ["Ni", -20], ["Ti", 3]),
  );
  assert.equal(enthalpy.keep.length, 2);
});

test("unusable compositions are dropped and named", () => {
  const formulas = auditTable(tableOf(["formula", "x (MPa)"], ["Ni", 1], ["NiQq", 2], [null, 3]));
  assert.deepEqual(
    formulas.findings
      .filter(({ action }) => action === "drop")
      .map(({ kind, rows }) => [kind, rows]),
    [
      ["unreadable_formula", [2]],
      ["missing_composition", [3]],
    ],
  );
  const sums = auditTable(
    tableOf(["x_Ni", "x_Al"], [0.5, 0.5], [0.5, 0.7], [1.5, -0.5], [0.4, 0.6], [0.3, 0.7]),
  );
  assert.deepEqual(
    sums.findings.filter(({ action }) => action === "drop").map(({ kind, rows }) => [kind, rows]),
    [
      ["fraction_sum", [2]],
      ["negative_fraction", [3]],
    ],
  );
});

test("a formula that contradicts its fraction columns is listed", () => {
  const table = tableOf(
    ["formula", "x_Ni", "x_Al"],
    ["NiAl", 0.5, 0.5],
    ["Ni3Al", 0.5, 0.5],
    ["Ni", 1, 0],
  );
  assert.deepEqual(kindsOf(table), [["composition_mismatch", [2], "keep"]]);
});

test("an assumed basis, gaps, empty rows and constant columns are noted", () => {
  const table = tableOf(
    ["Ni", "Al", "phase", "route"],
    [50, 50, "B2", "cast"],
    [40, 60, null, "cast"],
  );
  const found = auditTable(table).findings.map(({ kind, columns }) => [kind, columns]);
  assert.deepEqual(found, [
    ["assumed_basis", ["ni", "al"]],
    ["missing", ["phase"]],
    ["no_property", []],
    ["constant", ["phase"]],
    ["constant", ["route"]],
  ]);
});

test("every row that goes is in a finding", async () => {
  for (const name of ["mpea", "hea-single-phase"] as const) {
    const table = await shipped(name);
    const report = auditTable(table, { replicates: "merge", conflicts: "drop" });
    const listed = new Set(
      report.findings.filter(({ action }) => action !== "keep").flatMap(({ rows }) => rows),
    );
    const kept = new Set(report.keep);
    for (let i = 0; i < table.rows; i++)
      assert.ok(kept.has(i) || listed.has(i + 1), `${name} ${i}`);
    assert.equal(applyAudit(table, report).rows, report.keep.length);
  }
});

test("the MPEA set has the repeats that its description counts", async () => {
  const { findings, replicates, keep } = auditTable(await shipped("mpea"));
  assert.equal(findings.find(({ kind }) => kind === "duplicate")?.rows.length, 20);
  assert.equal(keep.length, 1525);
  const strength = replicates.find(({ property }) => property === "yield_strength");
  assert.deepEqual([strength?.groups, strength?.beyondTwice], [133, 26]);
  assert.ok(!findings.some(({ kind }) => kind === "unit_slip" || kind === "impossible"));
});

test("the single-phase set has four compositions twice, two with conflicting labels", async () => {
  const { findings } = auditTable(await shipped("hea-single-phase"));
  const rows = (wanted: string) => findings.find(({ kind }) => kind === wanted)?.rows.length;
  assert.deepEqual([rows("duplicate"), rows("conflicting_label")], [2, 4]);
});
