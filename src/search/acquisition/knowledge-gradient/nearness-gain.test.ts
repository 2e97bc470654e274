import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { exp } from "../../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import { normalPdf } from "../../../core/special.ts";
import type { Belief } from "../../belief/contract.ts";
import { aim, assertSmooth, waves } from "../../fixtures/acquisition-context.ts";
import { expectedDistance } from "../normal-terms.ts";
import { knowledgeGradient } from "./knowledge-gradient.ts";
import { logNearnessGain } from "./nearness-gain.ts";

/** Rows that are few enough for all of them to be compared. */
const reference = matrix(10, 2);
const rng = createRng("reference");
for (let k = 0; k < reference.data.length; k++) reference.data[k] = rng.uniform();
const goal = aim("match", 2.2, 2.3);
const context = waves([goal], { noiseStd: 0.2, measured: 8, reference });

/** Least distance that is expected of any of the rows. */
function leastDistance(belief: Belief, rows: Matrix): number {
  const { mean, std } = belief.marginal(rows);
  return Math.min(...mean.map((m, i) => expectedDistance(2.2, 2.3, m, std[i]).value));
}

/** By how much a measurement is expected to lessen it: many results, each learned from. */
function learned(row: Float64Array): number {
  const [belief] = context.beliefs;
  const all = matrix(19, 2, Float64Array.of(...row, ...reference.data, ...context.rows.data));
  const one = matrix(1, 2, row);
  const { mean, std } = belief.marginal(one);
  const spread = Math.hypot(std[0], belief.noiseStd);
  const now = leastDistance(belief, all);
  const step = 0.02;
  let gain = 0;
  for (let z = -7; z <= 7; z += step) {
    const after = belief.condition(one, Float64Array.of(mean[0] + spread * z));
    gain += step * normalPdf(z) * (now - leastDistance(after, all));
  }
  return gain;
}

describe("the knowledge gradient of a value to match", () => {
  it("is what learning from every result of a measurement gains, within a twentieth", () => {
    const acquisition = knowledgeGradient.create(context);
    const rows = matrix(12, 2);
    for (let k = 0; k < rows.data.length; k++) rows.data[k] = rng.uniform();
    const values = acquisition.values(rows);
    let checked = 0;
    for (let i = 0; i < rows.rows; i++) {
      const gain = learned(rowOf(rows, i));
      // Smaller ones come from rarer results than the rule sees well.
      if (gain < 1e-3) continue;
      checked++;
      assert.ok(Math.abs(exp(values[i]) - gain) <= 0.05 * gain, `${exp(values[i])} is not ${gain}`);
    }
    assert.ok(checked >= 4, `${checked}`);
  });

  it("has the gradient of differences, near and far from the value, with noise and without", () => {
    for (const noiseStd of [0, 0.2]) {
      for (const wanted of [0.6, -40, 1e4]) {
        const goals = [aim("match", wanted, wanted)];
        assertSmooth(knowledgeGradient.create(waves(goals, { noiseStd, reference })), 10, 1e-4);
      }
    }
  });

  it("is never negative, and finite where nothing can be gained", () => {
    const none = logNearnessGain(
      goal,
      Float64Array.of(2.25, 900, -1e6),
      Float64Array.of(0, 1e-6, 0),
      Float64Array.of(0, 0, 1),
    );
    assert.ok(Number.isFinite(none.value) && none.value < -10);
    // A mean on the value that may be wrong: knowing is worth something.
    const some = logNearnessGain(
      goal,
      Float64Array.of(2.25, 2.5),
      Float64Array.of(1, 0),
      Float64Array.of(0, 0),
    );
    // E of the distance of N(2.25, 1), which is larger than 0.2: the second design is the best now.
    assert.ok(some.value > -5);
  });
});
