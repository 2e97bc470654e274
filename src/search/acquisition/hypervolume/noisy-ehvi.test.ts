import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { choleskyWithJitter } from "../../../core/linalg/cholesky.ts";
import { multiply } from "../../../core/linalg/multiply.ts";
import { matrix, rowOf } from "../../../core/matrix.ts";
import type { Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { aim, assertSmooth, bestRows, waves } from "../../fixtures/acquisition-context.ts";
import { hypervolume } from "../../pareto/hypervolume.ts";
import type { AcquisitionContext } from "../contract.ts";
import { believedFront, expectedHypervolume } from "./ehvi.ts";
import { lossesOf } from "./losses.ts";
import { noisyExpectedHypervolume } from "./noisy-ehvi.ts";
import { referencePoint } from "./reference-point.ts";

const two = [aim("minimise"), aim("maximise")];
const spots = matrix(4, 2, Float64Array.of(0.1, 0.9, 0.5, 0.4, 0.95, 0.2, 0.7, 0.7));

const appended = (rows: Matrix, row: ArrayLike<number>): Matrix =>
  matrix(rows.rows + 1, rows.columns, Float64Array.of(...rows.data, ...Array.from(row)));

/** Mean volume that a row adds, over draws of all outcomes together. */
function meanGain(context: AcquisitionContext, row: Float64Array, draws: number): number {
  const losses = lossesOf("test", context.goals, { min: 1, max: 9 });
  const reference = referencePoint(losses, believedFront(context, losses).means);
  const all = appended(context.rows, row);
  const rng = createRng("joint draws");
  const m = losses.length;
  const beliefs = losses.map(({ goal }) => {
    const { mean, covariance } = context.beliefs[goal].joint(all);
    return { mean, factor: choleskyWithJitter(covariance).factor };
  });
  let sum = 0;
  for (let s = 0; s < draws; s++) {
    const values = matrix(all.rows, m);
    beliefs.forEach(({ mean, factor }, k) => {
      const normals = matrix(
        all.rows,
        1,
        Float64Array.from(mean, () => rng.normal()),
      );
      multiply(factor, normals).data.forEach((value, i) => {
        values.data[i * m + k] = losses[k].of(mean[i] + value);
      });
    });
    const before = matrix(context.rows.rows, m, values.data.slice(0, context.rows.rows * m));
    sum += hypervolume(values, reference) - hypervolume(before, reference);
  }
  return sum / draws;
}

describe("noisyExpectedHypervolume", () => {
  it("is the mean of the added volume over draws of measured and new outcomes together", () => {
    const context = waves(two, { measured: 8, noiseStd: 0.4 });
    const acquisition = noisyExpectedHypervolume.create(context, { draws: 512 });
    const rows = bestRows(acquisition, 3);
    acquisition.values(rows).forEach((log, i) => {
      const drawn = meanGain(context, rowOf(rows, i), 10_000);
      assert.ok(Math.abs(Math.exp(log) / drawn - 1) < 0.1, `${Math.exp(log)} ${drawn}`);
    });
  });

  it("is the plain expected improvement where measurements have no noise", () => {
    const context = waves(two, { noiseStd: 1e-6 });
    const [noisy, plain] = [noisyExpectedHypervolume, expectedHypervolume].map((spec) =>
      spec.create(context).values(spots),
    );
    for (let i = 0; i < noisy.length; i++) {
      assert.ok(Math.abs(noisy[i] - plain[i]) < 1e-3 * (1 + Math.abs(plain[i])));
    }
  });

  it("has the gradient of central differences", () => {
    const three = [...two, aim("match", 0.2, 0.4)];
    assertSmooth(noisyExpectedHypervolume.create(waves(two, { noiseStd: 0.4 })));
    assertSmooth(noisyExpectedHypervolume.create(waves(three, { noiseStd: 0.2 })));
    const limited = [...two, aim("range", 0, 1), aim("class", 0.5)];
    assertSmooth(
      noisyExpectedHypervolume.create(waves(limited, { noiseStd: 0.2, exploration: 0.7 })),
    );
  });

  it("expects little beside a row that is pending, as much as before far from it", () => {
    const context = waves(two, { measured: 6, noiseStd: 0.05 });
    const [spot] = [rowOf(spots, 2)];
    const alone = noisyExpectedHypervolume.create(context).values(spots);
    const rows = appended(context.rows, spot);
    const beside = noisyExpectedHypervolume.create({ ...context, rows }).values(spots);
    assert.ok(beside[2] < alone[2] - 3);
    for (let i = 0; i < 4; i++) assert.ok(beside[i] < alone[i] + 0.2);
  });

  it("keeps rows that miss a requirement off the front", () => {
    const strict = waves([...two, aim("range", 50, 60)], { noiseStd: 0.05 });
    const free = { ...strict, goals: two, beliefs: strict.beliefs.slice(0, 2) };
    // Nothing measured is allowed, so the front is empty and every design adds all below the reference.
    const inside = noisyExpectedHypervolume.create({
      ...strict,
      goals: [...two, aim("range", -60, 60)],
    });
    const [all] = noisyExpectedHypervolume.create(free).values(spots);
    assert.ok(Math.abs(inside.values(spots)[0] - all) < 1e-9);
    assert.ok(noisyExpectedHypervolume.create(strict).values(spots)[0] < all - 100);
  });

  it("refuses no draws", () => {
    assert.throws(() => noisyExpectedHypervolume.create(waves(two), { draws: 0 }), {
      code: "input",
    });
  });
});
