import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../core/errors.ts";
import { buildTable } from "./build-table.ts";
import type { Cell, CellGrid } from "./read/cells.ts";
import { columnNamed, findColumn } from "./table.ts";

/** A grid from a header and rows. */
const grid = (headers: string[], ...rows: Cell[][]): CellGrid => ({
  source: "alloys.csv",
  headers,
  rows,
  place: (row) => `line ${row + 2}`,
  notes: [],
});
const rolesOf = (one: CellGrid) =>
  Object.fromEntries(buildTable(one).columns.map((column) => [column.name, column.role.kind]));

test("roles are told from names and values, each with a reason", () => {
  const one = grid(
    [
      "sample",
      "Alloy",
      "route",
      "anneal_temperature_C",
      "melting_temperature_K",
      "phase",
      "UTS (MPa)",
      "doi",
      "remarks",
    ],
    ["a1", "CoCrFeNi", "cast", 900, 1700, "FCC", 500, "10.1/a", "x"],
    ["a2", "AlCoCrFeNi", "cast", 900, 1600, "BCC", 900, "10.1/b", "y"],
    ["a3", "TiVNb", "wrought", 1000, 2100, "BCC", 950, "10.1/b", "z"],
  );
  assert.deepEqual(rolesOf(one), {
    sample: "identifier",
    alloy: "formula",
    route: "process",
    anneal_temperature: "process",
    melting_temperature: "property",
    phase: "property",
    uts: "property",
    doi: "group",
    remarks: "ignore",
  });
  for (const column of buildTable(one).columns) assert.notEqual(column.reason, "");
});

test("sample numbers that spell formulas (P1, B2, C3) are not taken for compositions", () => {
  const rows = [1, 2, 3, 4].map((i) => [`P${i}`, 40 + i, 60 - i, 400]);
  assert.notEqual(
    rolesOf(grid(["Probe", "Al (wt%)", "Ni (wt%)", "hardness (HV)"], ...rows))["probe"],
    "formula",
  );
  assert.notEqual(rolesOf(grid(["Probe", "a", "b", "hardness (HV)"], ...rows))["probe"], "formula");
});

test("phases that spell formulas (BCC, B2) are not taken for compositions", () => {
  const roles = rolesOf(
    grid(
      ["phase", "Al", "Ni", "hardness (HV)"],
      ["BCC", 50, 50, 400],
      ["B2", 40, 60, 500],
      ["BCC", 45, 55, 450],
      ["FCC", 5, 95, 150],
    ),
  );
  assert.equal(roles["phase"], "property");
  assert.equal(roles["al"], "fraction");
});

test("bare symbols are fractions only when together they make a whole", () => {
  const percent = buildTable(grid(["Al", "Ni"], [50, 50], [40, 60]));
  assert.deepEqual(columnNamed(percent, "al").role, {
    kind: "fraction",
    element: "Al",
    basis: "atomic",
  });
  assert.match(columnNamed(percent, "al").reason, /taken as atomic/);
  const settings = rolesOf(grid(["K", "H", "formula"], [120, 3, "Ti"], [130, 4, "Ni"]));
  assert.deepEqual(settings, { k: "property", h: "property", formula: "formula" });
});

test("x_ columns that sum to 100 are percents", () => {
  const table = buildTable(grid(["x_Al", "x_Ni"], [50, 50], [40, 60]));
  const column = columnNamed(table, "x_al");
  assert.equal(column.kind === "number" && column.unit, "at%");
});

test("declared roles and units win over inferred ones", () => {
  const one = grid(["Alloy", "Rp"], ["Ti", 900], ["Ni", 100]);
  const table = buildTable(one, { columns: { Rp: "property [MPa]", alloy: "identifier" } });
  const strength = columnNamed(table, "rp");
  assert.equal(strength.kind === "number" && strength.unit, "MPa");
  assert.equal(strength.reason, "declared");
  assert.equal(columnNamed(table, "alloy").role.kind, "identifier");
  const mass = buildTable(grid(["a", "b"], [90, 10]), {
    columns: { a: "fraction Ti [wt%]", b: "fraction Al [wt%]" },
  });
  assert.deepEqual(columnNamed(mass, "a").role, { kind: "fraction", element: "Ti", basis: "mass" });
});

test("wrong declarations are refused with the nearest right one", () => {
  const one = grid(["Alloy", "Rp"], ["Ti", 900]);
  const bad: [Record<string, string>, RegExp][] = [
    [{ Rpp: "property" }, /no column "Rpp"/],
    [{ Rp: "propperty" }, /"propperty" is no role/],
    [{ Rp: "fraction Xx" }, /does not name an element/],
    [{ Rp: "property [mpa]" }, /"mpa" is not known/],
  ];
  for (const [columns, message] of bad) {
    assert.throws(
      () => buildTable(one, { columns }),
      (error: unknown) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

test("one quantity in two units makes two names", () => {
  const table = buildTable(grid(["yield (MPa)", "yield (ksi)"], [690, 100], [345, 50]));
  assert.deepEqual(
    table.columns.map((column) => column.name),
    ["yield_mpa", "yield_ksi"],
  );
  assert.equal(findColumn(table, "yield (ksi)")?.name, "yield_ksi");
});

test("an unknown column is refused with the nearest name", () => {
  const table = buildTable(grid(["formula", "hardness (HV)"], ["Ti", 1]));
  assert.throws(
    () => columnNamed(table, "hardnes"),
    (error: unknown) =>
      error instanceof InputError && /Did you mean "hardness"/.test(error.details.hint ?? ""),
  );
});

test("none is a word among words and a gap among numbers", () => {
  const table = buildTable(grid(["treatment", "time (h)"], ["none", "none"], ["aged", 4]));
  assert.deepEqual(columnNamed(table, "treatment").values, ["none", "aged"]);
  assert.deepEqual([...columnNamed(table, "time").values], [Number.NaN, 4]);
});
