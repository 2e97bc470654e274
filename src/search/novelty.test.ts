import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { matrix, matrixOf } from "../core/matrix.ts";
import { createRng } from "../core/rng.ts";
import { extrapolationLimit, nearestMeasured, unseenElements } from "./novelty.ts";

describe("nearestMeasured", () => {
  it("says what share of the atoms has to be exchanged", () => {
    const measured = {
      fractions: matrixOf([
        [1, 0, 0],
        [0.5, 0.5, 0],
      ]),
    };
    const { index, distance } = nearestMeasured(
      {
        fractions: matrixOf([
          [0.5, 0.3, 0.2],
          [0.9, 0.1, 0],
        ]),
      },
      measured,
    );
    assert.deepEqual([...index], [1, 0]);
    assert.ok(Math.abs(distance[0] - 0.2) < 1e-15 && Math.abs(distance[1] - 0.1) < 1e-15);
  });

  it("prefers the closest process among equal compositions and ignores unknown settings", () => {
    const measured = {
      fractions: matrixOf([
        [1, 0],
        [1, 0],
        [1, 0],
      ]),
      process: matrixOf([
        [1, Number.NaN],
        [0.25, 0],
        [1, 1],
      ]),
    };
    const { index, distance, processDistance } = nearestMeasured(
      { fractions: matrixOf([[1, 0]]), process: matrixOf([[0, 0]]) },
      measured,
    );
    assert.deepEqual([index[0], distance[0], processDistance[0]], [1, 0, 0.25]);
  });

  it("agrees with a plain search", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rng = createRng(seed);
        const simplex = (n: number) =>
          matrixOf(Array.from({ length: n }, () => rng.dirichlet([1, 1, 1, 1])));
        const [candidates, measured] = [simplex(5), simplex(12)];
        const { distance } = nearestMeasured({ fractions: candidates }, { fractions: measured });
        for (let i = 0; i < 5; i++) {
          const all = Array.from({ length: 12 }, (_, j) => {
            let sum = 0;
            for (let k = 0; k < 4; k++) {
              sum += Math.abs(candidates.data[i * 4 + k] - measured.data[j * 4 + k]);
            }
            return sum / 2;
          });
          assert.ok(Math.abs(distance[i] - Math.min(...all)) < 1e-12);
        }
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  it("refuses other columns and empty data", () => {
    const one = { fractions: matrix(1, 2) };
    assert.throws(() => nearestMeasured(one, { fractions: matrix(1, 3) }), { code: "shape" });
    assert.throws(() => nearestMeasured(one, { fractions: matrix(0, 2) }), { code: "input" });
  });
});

describe("extrapolationLimit", () => {
  it("is a quantile of the data's own nearest distances, repeats counted once", () => {
    // On a line at 0, 0.1, 0.3, 0.7 (of the second element): nearest others at 0.1, 0.1, 0.2, 0.4.
    const at = (x: number): number[] => [1 - x, x];
    const fractions = matrixOf([at(0), at(0.1), at(0.1), at(0.3), at(0.7), at(0.7)]);
    assert.ok(Math.abs(extrapolationLimit(fractions, 1) - 0.4) < 1e-12);
    assert.ok(Math.abs(extrapolationLimit(fractions, 0.5) - 0.15) < 1e-12);
    assert.throws(() => extrapolationLimit(matrixOf([at(0), at(0)])), { code: "input" });
    assert.throws(() => extrapolationLimit(fractions, 2), { code: "input" });
  });
});

describe("unseenElements", () => {
  it("names the columns that no measured design uses", () => {
    const measured = matrixOf([
      [0.5, 0.5, 0, 0],
      [1, 0, 0, 0],
    ]);
    const candidates = matrixOf([
      [0.5, 0.5, 0, 0],
      [0.2, 0, 0.4, 0.4],
    ]);
    assert.deepEqual(unseenElements(candidates, measured), [[], [2, 3]]);
  });
});
