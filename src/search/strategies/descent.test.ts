import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { leastSquares } from "../../core/linalg/least-squares.ts";
import { matrix, matrixOf, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { SearchSpace } from "../../space/contract.ts";
import type { SearchProblem } from "../contract.ts";
import { feasibleDifferences } from "../descent/differences.ts";
import { scaledColumns } from "../descent/scaled-columns.ts";
import { freeSpace, scoreRows, unitBox } from "../fixtures/spaces.ts";
import { descent } from "./descent.ts";

const a = matrixOf([
  [3, 1, 0.5],
  [1, 4, 0.2],
  [0.3, 0.1, 2],
  [2, -1, 1],
]);
const b = [2, 2.5, 0.8, 1.2];

/** Half the squared misfit of a linear model, with its gradient. */
function misfit(space: SearchSpace, hasGradient = true): SearchProblem & { asked: number } {
  const residualsOf = (row: Float64Array): Float64Array =>
    Float64Array.from(b, (value, i) =>
      rowOf(a, i).reduce((sum, factor, k) => sum + factor * row[k], -value),
    );
  const problem = {
    space,
    objectives: [{ label: "misfit" }],
    asked: 0,
    evaluate: (rows: ReturnType<typeof matrix>) => ({
      objectives: scoreRows(rows, 1, (row, out) => {
        out[0] = 0.5 * residualsOf(row).reduce((sum, r) => sum + r * r, 0);
      }),
      violation: new Float64Array(rows.rows),
    }),
  };
  if (!hasGradient) return problem;
  return {
    ...problem,
    gradient(rows) {
      this.asked++;
      const objectives = matrix(rows.rows, rows.columns);
      for (let i = 0; i < rows.rows; i++) {
        const residuals = residualsOf(rowOf(rows, i));
        for (let k = 0; k < 3; k++) {
          residuals.forEach((r, j) => (rowOf(objectives, i)[k] += r * rowOf(a, j)[k]));
        }
      }
      return { objectives, violation: matrix(rows.rows, rows.columns) };
    },
  };
}

const cube = await unitBox(3);
const options = { batchSize: 1, budget: 400, rng: createRng(1) };

const requireRow = (found: Float64Array, expected: ArrayLike<number>, limit = 1e-5): void => {
  for (let k = 0; k < expected.length; k++) {
    assert.ok(Math.abs(found[k] - expected[k]) < limit, found.join(" "));
  }
};

describe("descent", () => {
  it("finds the least squares solution, with the problem's gradient or with differences", async () => {
    const exact = leastSquares(a, b);
    assert.ok(exact.every((x) => x > 0 && x < 1));
    const problem = misfit(cube);
    requireRow((await descent.search(problem, options)).rows.data, exact);
    assert.ok(problem.asked > 0);
    requireRow((await descent.search(misfit(cube, false), options)).rows.data, exact);
  });

  it("with Tikhonov's penalty it is the ridge solution, the mode of a normal prior", async () => {
    const exact = leastSquares(a, b, { ridge: 3 });
    const { rows, evaluation } = await descent.search(misfit(cube), options, { tikhonov: 3 });
    requireRow(rows.data, exact);
    // The result shows the misfit itself.
    assert.deepEqual(evaluation, misfit(cube).evaluate(rows));
  });

  it("a distance to a reference is the same around that design", async () => {
    const reference = [0.2, 0.9, 0.4];
    const shifted = b.map(
      (value, i) => value - rowOf(a, i).reduce((s, f, k) => s + f * reference[k], 0),
    );
    const exact = leastSquares(a, shifted, { ridge: 5 }).map((x, k) => x + reference[k]);
    const { rows } = await descent.search(misfit(cube), options, { distance: 5, reference });
    requireRow(rows.data, exact);
  });

  it("sparsity leaves columns exactly at the reference, all of them when it is strong", async () => {
    const reference = [0.3, 0.3, 0.3];
    const changed = async (sparsity: number): Promise<number> => {
      const { rows } = await descent.search(misfit(cube), options, { sparsity, reference });
      return rows.data.filter((x, k) => x !== reference[k]).length;
    };
    assert.equal(await changed(0), 3);
    assert.ok((await changed(1)) < 3);
    assert.equal(await changed(100), 0);
  });

  it("refuses a gradient of the wrong size, or one that is not finite", async () => {
    for (const [columns, value, code] of [
      [2, 0, "shape"],
      [3, Number.NaN, "numerical"],
    ] as const) {
      const wrong: SearchProblem = {
        ...misfit(cube),
        gradient: () => ({
          objectives: matrix(1, columns, new Float64Array(columns).fill(value)),
          violation: matrix(1, columns),
        }),
      };
      await assert.rejects(descent.search(wrong, options), { code });
    }
  });

  it("keeps fractions on their sum: the projection of the optimum", async () => {
    const space = await freeSpace([
      {
        kind: "composition",
        name: "blend",
        elements: ["A", "B", "C"].map((symbol) => ({ symbol, min: 0, max: 1 })),
      },
    ]);
    const wish = [0.9, 0.6, -0.3];
    const problem: SearchProblem = {
      space,
      objectives: [{ label: "distance" }],
      evaluate: (rows) => ({
        objectives: scoreRows(rows, 1, (row, out) => {
          out[0] = row.reduce((sum, x, k) => sum + (x - wish[k]) * (x - wish[k]), 0);
        }),
        violation: new Float64Array(rows.rows),
      }),
    };
    // By the projection onto the simplex: 0.9 - 0.25, 0.6 - 0.25, 0.
    const { rows } = await descent.search(problem, options);
    requireRow(rows.data, [0.65, 0.35, 0], 1e-4);
  });
});

describe("feasibleDifferences", () => {
  it("give the slopes between fractions and of numbers, one-sided at bounds", async () => {
    const space = await freeSpace([
      {
        kind: "composition",
        name: "blend",
        elements: ["A", "B", "C", "D"].map((symbol) => ({ symbol, min: 0.1, max: 0.6 })),
      },
      { kind: "continuous", name: "heat", unit: "K", min: 300, max: 900 },
    ]);
    // B is at its lower bound, C the largest, D absent.
    const row = Float64Array.of(0.3, 0.1, 0.6, 0, 900);
    const differences = feasibleDifferences(space, scaledColumns(space), row);
    for (let i = 0; i < differences.rows.rows; i++) {
      assert.ok(space.isFeasible(rowOf(differences.rows, i)));
    }
    assert.deepEqual(rowOf(differences.rows, 0), row);
    const slopes = [5, -2, 1, 100, 0.01];
    const values = Float64Array.from({ length: differences.rows.rows }, (_, i) =>
      rowOf(differences.rows, i).reduce((sum, x, k) => sum + slopes[k] * x, 0),
    );
    const found = differences.gradient(values);
    // Against C; D cannot be brought in by a little and gets the largest of the others.
    requireRow(found, [4, -3, 0, 4, 0.01], 1e-8);
  });
});
