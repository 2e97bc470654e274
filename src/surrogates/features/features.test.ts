import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { featureValues } from "../../../test/reference/feature-values.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import { matrix, matrixOf, rowOf, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { InputColumn, Task } from "../contract.ts";
import type { PipelineStep, StepInput } from "./contract.ts";
import { mutualInformation, mutualInformationWithClass } from "./mutual-information.ts";
import { fitPipeline, loadPipeline, missingInputs } from "./pipeline.ts";
import { featureSteps } from "./registry.ts";

const regression: Task = { kind: "regression" };
const d = 4;
const of = (values: readonly (number | null)[], columns = d): Matrix =>
  matrix(
    values.length / columns,
    columns,
    Float64Array.from(values, (value) => value ?? Number.NaN),
  );
const x = of(featureValues.x);
const rows = of(featureValues.rows);
const y = Float64Array.from(featureValues.y);
const names = ["Al", "Ti", "V", "Nb"];
const columns: readonly InputColumn[] = names.map((name) => ({ name, kind: "number" }));
const given = (changes: Partial<StepInput> = {}): StepInput => ({
  x,
  y,
  task: regression,
  columns,
  rng: createRng(3),
  ...changes,
});
const fit = (steps: readonly PipelineStep[], changes: Partial<StepInput> = {}) =>
  fitPipeline(steps, given(changes));
const namesOf = (list: readonly InputColumn[]): string[] => list.map(({ name }) => name);

/** Relative to the largest number. */
function assertClose(
  actual: ArrayLike<number>,
  expected: readonly number[],
  relative: number,
): void {
  assert.equal(actual.length, expected.length);
  const size = Math.max(...expected.map(Math.abs));
  expected.forEach((value, k) => {
    assert.ok(Math.abs(actual[k] - value) <= relative * size, `${k}: ${actual[k]}, not ${value}`);
  });
}

describe("steps agree with scikit-learn", () => {
  test("standardise", async () => {
    const pipeline = await fit([{ step: "standardise" }]);
    assertClose(pipeline.apply(rows).data, featureValues.scaled, 1e-12);
    assert.deepEqual(namesOf(pipeline.outputs), names);
  });

  test("pca, but for the sign of a component", async () => {
    const pipeline = await fit([{ step: "pca", options: { components: 3, variance: 1 } }]);
    const own = pipeline.apply(rows);
    assert.equal(own.columns, 3);
    const wanted = of(featureValues.components, 3);
    for (let k = 0; k < 3; k++) {
      const column = (m: Matrix) => Array.from({ length: m.rows }, (_, i) => rowOf(m, i)[k]);
      const sign = Math.sign(column(own)[0] * column(wanted)[0]);
      assertClose(
        column(own),
        column(wanted).map((value) => sign * value),
        1e-10,
      );
    }
    assertClose(
      [pipeline.steps[0].summary["variance kept"] as number],
      [featureValues.varianceKept],
      1e-12,
    );
  });

  test("impute, with and without an indicator", async () => {
    const holes = of(featureValues.holes);
    const input = { x: holes, y: y.slice(0, holes.rows) };
    const plain = await fit([{ step: "impute" }], input);
    assertClose(plain.apply(holes).data, featureValues.median, 1e-15);
    const marked = await fit([{ step: "impute", options: { indicator: true } }], input);
    assertClose(marked.apply(holes).data, featureValues.indicated, 1e-15);
    assert.deepEqual(namesOf(marked.outputs), [...names, "Al is missing", "V is missing"]);
  });

  test("polynomial", async () => {
    for (const [options, wanted] of [
      [{}, featureValues.square],
      [{ degree: 3 }, featureValues.cube],
      [{ degree: 3, interactions: true }, featureValues.interactions],
    ] as const) {
      const pipeline = await fit([{ step: "polynomial", options }]);
      assertClose(pipeline.apply(rows).data, wanted, 1e-14);
    }
  });

  // Both break ties with noise of 1e-10, which moves no count of neighbours here.
  test("mutual information with a number and with a class", () => {
    for (let j = 0; j < d; j++) {
      const column = Float64Array.from({ length: x.rows }, (_, i) => rowOf(x, i)[j]);
      const information = mutualInformation(column, y, createRng(1));
      assert.ok(Math.abs(information - featureValues.information[j]) < 1e-9);
      const own = mutualInformationWithClass(column, featureValues.labels, createRng(1));
      assert.ok(Math.abs(own - featureValues.classInformation[j]) < 1e-9);
    }
  });

  test("the l1 ranking keeps the columns that enter the lasso first", async () => {
    for (const keep of [1, 2, 3]) {
      const pipeline = await fit([{ step: "select", options: { by: "l1", keep } }]);
      const wanted = featureValues.lassoOrder.slice(0, keep).sort((a, b) => a - b);
      assert.deepEqual(
        namesOf(pipeline.outputs),
        wanted.map((j) => names[j]),
      );
    }
  });
});

test("every way to select finds the two columns that the target depends on", async () => {
  const rng = createRng(8);
  const wide = matrix(200, 8);
  for (let k = 0; k < wide.data.length; k++) wide.data[k] = rng.normal();
  const target = Float64Array.from({ length: 200 }, (_, i) => {
    const row = rowOf(wide, i);
    return 3 * row[2] + 2 * row[5] + 0.3 * rng.normal();
  });
  const wideColumns = Array.from({ length: 8 }, (_, j): InputColumn => ({
    name: `c${j}`,
    kind: "number",
  }));
  const median = target.slice().sort()[100];
  for (const by of ["mutual-information", "permutation", "l1"]) {
    const steps = [{ step: "select", options: { by, keep: 2 } }];
    const numbers = await fit(steps, { x: wide, y: target, columns: wideColumns });
    assert.deepEqual(namesOf(numbers.outputs), ["c2", "c5"], by);
    const classes = await fit(steps, {
      x: wide,
      y: target.map((value) => Number(value > median)),
      task: { kind: "classification", classes: ["low", "high"] },
      columns: wideColumns,
    });
    assert.deepEqual(namesOf(classes.outputs), ["c2", "c5"], by);
  }
});

test("a column without variation tells nothing", () => {
  const constant = new Float64Array(y.length).fill(2);
  assert.equal(mutualInformation(constant, y, createRng(1)), 0);
  assert.equal(mutualInformationWithClass(constant, featureValues.labels, createRng(1)), 0);
});

test("what is missing is said: how many values, and in which columns", async () => {
  const holes = of(featureValues.holes);
  const { steps } = await fit([{ step: "impute" }], { x: holes, y: y.slice(0, holes.rows) });
  assert.deepEqual(steps[0].summary, {
    filled: 5,
    "filled columns": "Al (3 of 20 rows), V (2 of 20 rows)",
  });
});

test("a category is handed on by every step, and filled with its most frequent level", async () => {
  const mixed: readonly InputColumn[] = [
    columns[0],
    { name: "route", kind: "category", levels: ["cast", "wrought"] },
    columns[1],
  ];
  const table = matrixOf([
    [1, 1, 2],
    [2, 0, 1],
    [3, 1, 5],
    [4, Number.NaN, 2],
  ]);
  const input = { x: table, y: Float64Array.of(1, 2, 3, 4), columns: mixed };
  const options: Readonly<Record<string, object>> = { expressions: { formulas: ["Al + Ti"] } };
  for (const step of Object.keys(featureSteps)) {
    const pipeline = await fit(
      [{ step: "impute" }, { step, options: { ...options[step] } }],
      input,
    );
    const at = pipeline.outputs.findIndex(({ kind }) => kind === "category");
    assert.deepEqual(pipeline.outputs[at], mixed[1]);
    const made = pipeline.apply(table);
    assert.deepEqual(
      [0, 1, 2, 3].map((i) => rowOf(made, i)[at]),
      [1, 0, 1, 1],
      step,
    );
  }
});

test("formulas compute new columns from named ones", async () => {
  const formulas = ["Al / (Ti + 0.5)", "sqrt(abs(V)) - 2 * Nb", "square(-Al) + exp(log(2))"];
  const pipeline = await fit([{ step: "expressions", options: { formulas } }]);
  const made = pipeline.apply(matrixOf([[1, 1.5, 9, 4]]));
  assertClose(made.data, [1, 1.5, 9, 4, 0.5, -5, 3], 1e-14);
  assert.deepEqual(namesOf(pipeline.outputs), [...names, ...formulas]);
});

test("a formula that cannot be read or computed says where", async () => {
  const refuse = (formula: string, message: RegExp, input: Partial<StepInput> = {}) =>
    assert.rejects(fit([{ step: "expressions", options: { formulas: [formula] } }], input), {
      name: "InputError",
      message,
    });
  await refuse("Al / Tii", /"Tii" is no column[\s\S]*\^\^\^/);
  await refuse("Al <= 3", /computes a number/);
  await refuse("Al + 3 MPa", /unit MPa/);
  await refuse("sin(Al)", /"sin\(\.\.\.\)" is no function/);
  await refuse("Al +", /expected/);
  const zero = matrixOf([
    [1, 2, 3, 4],
    [1, 0, 3, 4],
  ]);
  await refuse("Al / Ti", /no finite value/, { x: zero, y: Float64Array.of(1, 2) });
});

test("unknown steps and options are refused with the nearest name", async () => {
  await assert.rejects(fit([{ step: "pcaa" }]), (error: unknown) => {
    assert.ok(error instanceof InputError);
    assert.match(error.details.hint!, /pca/);
    return true;
  });
  await assert.rejects(fit([{ step: "pca", options: { component: 3 } }]), /"component"/);
  await assert.rejects(fit([{ step: "select", options: { by: "l2" } }]), /"l2"/);
  await assert.rejects(fit([{ step: "select", options: { keep: 0 } }]), /keep/);
  await assert.rejects(fit([{ step: "polynomial", options: { degree: 4 } }]), /degree/);
});

test("missing values meet no step that cannot work on them", async () => {
  const holes = of(featureValues.holes);
  const input = { x: holes, y: y.slice(0, holes.rows) };
  await assert.rejects(fit([{ step: "pca" }], input), (error: unknown) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /"pca".*"Al"/);
    return true;
  });
  assert.equal(missingInputs([{ step: "impute" }, { step: "pca" }]), "filled");
  assert.equal(missingInputs([{ step: "pca" }, { step: "impute" }]), "refused");
  assert.equal(missingInputs([]), "kept");
  const empty = of(featureValues.holes.map((value, k) => (k % d === 1 ? null : value)));
  await assert.rejects(
    fit([{ step: "impute" }], { ...input, x: empty }),
    /"Ti" is missing in every/,
  );
});

test("a pipeline that was saved does the same bytes; a damaged one is refused", async () => {
  const steps = [
    { step: "impute", options: { indicator: true } },
    { step: "expressions", options: { formulas: ["Al - Ti"] } },
    { step: "standardise" },
    { step: "select", options: { keep: 3 } },
    { step: "polynomial" },
    { step: "pca" },
  ];
  const pipeline = await fit(steps);
  const saved = pipeline.save();
  const settings = JSON.parse(JSON.stringify(saved.settings)) as typeof saved.settings;
  const loaded = loadPipeline({ ...saved, settings }, columns);
  assert.deepEqual(loaded.apply(rows), pipeline.apply(rows));
  assert.deepEqual(loaded.outputs, pipeline.outputs);
  for (const key of Object.keys(saved.arrays)) {
    const { [key]: _, ...rest } = saved.arrays;
    assert.throws(() => loadPipeline({ ...saved, arrays: rest }, columns), InputError, key);
  }
});
