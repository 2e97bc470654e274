import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError, ShapeError } from "../core/errors.ts";
import { matrix, matrixOf, rowOf, takeRows } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { functionModel, normalRows } from "./fixtures/models.ts";
import { meanAbsolute } from "./importance.ts";
import { partialDependence } from "./partial-dependence.ts";
import { lossFor, permutationImportance } from "./permutation-importance.ts";

const regression = lossFor({ kind: "regression" });
const x = normalRows(4000, 4, "importance");
const predict = (rows: typeof x) =>
  matrix(
    rows.rows,
    1,
    Float64Array.from({ length: rows.rows }, (_, i) => 3 * rowOf(rows, i)[0] - rowOf(rows, i)[2]),
  );
const y = predict(x).data;

describe("permutation importance", () => {
  it("is sqrt(2) |beta| sigma for a linear model without noise, and 0 for what it does not use", async () => {
    // Shuffling replaces x_j by an independent copy: the mean squared error becomes 2 beta^2 sigma^2.
    const found = await permutationImportance([{ predict, x, y }], {
      loss: regression,
      rng: createRng(1),
    });
    assert.equal(found.loss, 0);
    assert.ok(Math.abs(found.increase[0] - 3 * Math.SQRT2) < 0.1);
    assert.ok(Math.abs(found.increase[2] - Math.SQRT2) < 0.04);
    assert.deepEqual([found.increase[1], found.increase[3]], [0, 0]);
    assert.ok(found.std[0] > 0 && found.std[0] < 0.1);
  });

  it("pools folds into one loss and shuffles inside each", async () => {
    const [a, b] = [takeRows(x, [0, 1, 2, 3]), takeRows(x, [4, 5])];
    const parts = [
      { predict, x: a, y: y.slice(0, 4) },
      { predict: (rows: typeof x) => matrix(rows.rows, 1), x: b, y: Float64Array.of(3, 3) },
    ];
    const { loss } = await permutationImportance(parts, { loss: regression, rng: createRng(1) });
    assert.ok(Math.abs(loss - Math.sqrt(18 / 6)) < 1e-12);
  });

  it("shuffles the columns of a group together", async () => {
    const words = matrixOf(
      Array.from({ length: 400 }, (_, i) => [Number(i % 2 === 0), Number(i % 2 === 1)]),
    );
    const seen = (rows: typeof x) => {
      for (let i = 0; i < rows.rows; i++) assert.equal(rowOf(rows, i)[0] + rowOf(rows, i)[1], 1);
      return matrix(rows.rows, 2, rows.data.slice());
    };
    const labels = Float64Array.from({ length: 400 }, (_, i) => i % 2);
    const loss = lossFor({ kind: "classification", classes: ["a", "b"] });
    const settings = { loss, groups: [[0, 1]], rng: createRng(3) };
    const { increase } = await permutationImportance(
      [{ predict: seen, x: words, y: labels }],
      settings,
    );
    // Half of the words fall on the wrong class, where the Brier score of a sure answer is 1.
    assert.ok(Math.abs(increase[0] - 0.5) < 0.05);
  });

  it("gives the same for the same seed and refuses parts that do not fit", async () => {
    const few = { predict, x: takeRows(x, [1, 2, 3]), y: y.slice(1, 4) };
    const run = (seed: number) =>
      permutationImportance([few], { loss: regression, rng: createRng(seed) });
    assert.deepEqual(await run(4), await run(4));
    const settings = { loss: regression, rng: createRng(1) };
    await assert.rejects(permutationImportance([], settings), InputError);
    await assert.rejects(permutationImportance([{ ...few, y }], settings), ShapeError);
  });
});

describe("partial dependence", () => {
  const rows = normalRows(50, 2, "pd");
  const model = functionModel(2, (row) => row[0] * row[1] + 2 * row[1]);

  it("is the mean over the rows of the individual curves", async () => {
    const { grid, mean, curves } = await partialDependence(model, rows, 1, { grid: [1, -1, 2] });
    assert.deepEqual([...grid], [-1, 1, 2]);
    const average =
      Array.from({ length: 50 }, (_, i) => rows.data[2 * i]).reduce((a, b) => a + b) / 50;
    grid.forEach((value, g) => assert.ok(Math.abs(mean[g] - value * (average + 2)) < 1e-12));
    for (let i = 0; i < 50; i++) {
      grid.forEach((value, g) => {
        assert.ok(Math.abs(curves.data[3 * i + g] - value * (rows.data[2 * i] + 2)) < 1e-12);
      });
    }
  });

  it("chooses its grid between the outer quantiles, or the values themselves when they are few", async () => {
    const { grid } = await partialDependence(model, rows, 0, { points: 9 });
    const values = Array.from({ length: 50 }, (_, i) => rows.data[2 * i]).sort((a, b) => a - b);
    assert.equal(grid.length, 9);
    assert.ok(grid[0] > values[0] && grid[8] < values[49]);
    const coarse = matrixOf([
      [0, 1],
      [0, 2],
      [3, 1],
    ]);
    assert.deepEqual([...(await partialDependence(model, coarse, 0)).grid], [0, 3]);
  });

  it("refuses a column that is none and a grid that is empty", async () => {
    for (const column of [-1, 2, 0.5]) {
      await assert.rejects(partialDependence(model, rows, column), InputError);
    }
    await assert.rejects(partialDependence(model, rows, 0, { grid: [] }), InputError);
    await assert.rejects(partialDependence(model, matrix(0, 2), 0), InputError);
  });
});

it("mean |contribution| counts both ways", () => {
  assert.deepEqual(
    [
      ...meanAbsolute(
        matrixOf([
          [1, -2],
          [-3, 0],
        ]),
      ),
    ],
    [2, 1],
  );
});
