import assert from "node:assert/strict";
import { describe, it } from "node:test";
import expected from "../../../test/reference/log-odds.json" with { type: "json" };
import { exp, log } from "../../core/elementary.ts";
import { matrix, matrixOf, rowOf } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import { unitBox } from "../fixtures/spaces.ts";
import { fitBelief } from "./fit-belief.ts";
import { labelSites } from "./label-sites.ts";
import { fitLogOdds, logChanceOfOdds, probabilityOfOdds } from "./log-odds.ts";

const space = await unitBox(2);
const isMember = (row: ArrayLike<number>): number => Number(row[0] + 0.5 * row[1] > 0.8);
const rows = space.sample(40, createRng("labelled"));
const labels = Array.from({ length: 40 }, (_, i) => isMember(rowOf(rows, i)));
const belief = await fitLogOdds(space.columns, rows, labels, { rng: createRng(1) });
const fresh = space.sample(400, createRng("fresh"));

describe("labels as measurements of log odds", () => {
  it("leave the posterior that summation over a grid gives", () => {
    for (const { covariance, signs, mean, std } of expected) {
      const n = signs.length;
      const { targets, noises } = labelSites(
        matrixOf(covariance),
        Float64Array.from(signs),
        8 / Math.PI,
      );
      // The posterior of independent measurements, by one after the other.
      const [m, c] = [signs.map(() => 0), covariance.map((row) => [...row])];
      for (let i = 0; i < n; i++) {
        const gain = c.map((row) => row[i] / (c[i][i] + noises[i]));
        const off = targets[i] - m[i];
        const own = [...c[i]];
        for (let j = 0; j < n; j++) {
          m[j] += gain[j] * off;
          for (let k = 0; k < n; k++) c[j][k] -= gain[j] * own[k];
        }
      }
      for (let i = 0; i < n; i++) {
        // Exact for one label; for several the best normal approximation is off by hundredths of the spread.
        const within = n === 1 ? 1e-4 : 0.05;
        assert.ok(Math.abs(m[i] - mean[i]) <= within * std[i], `${m[i]} is not ${mean[i]}`);
        assert.ok(Math.abs(Math.sqrt(c[i][i]) - std[i]) <= within * std[i]);
      }
    }
  });
});

describe("a belief of log odds", () => {
  it("gives chances that are worth more than those of a regression on the labels", async () => {
    const { mean, std } = belief.marginal(fresh);
    const regression = (
      await fitBelief(space.columns, rows, Float64Array.from(labels), { rng: createRng(1) })
    ).belief;
    const [byOdds, byLabels] = [
      Array.from(mean, (m, i) => exp(logChanceOfOdds(m, std[i]).value)),
      Array.from(regression.marginal(fresh).mean, (p) => Math.min(0.999, Math.max(0.001, p))),
    ];
    const loss = (chances: readonly number[]): number =>
      chances.reduce(
        (sum, p, i) => sum - log(isMember(rowOf(fresh, i)) === 1 ? p : 1 - p) / 400,
        0,
      );
    assert.ok(loss(byOdds) < loss(byLabels), `${loss(byOdds)}, ${loss(byLabels)}`);
  });

  it("is sure inside and outside, and even at the border", () => {
    const { mean, std } = belief.marginal(
      matrixOf([
        [0.95, 0.5],
        [0.1, 0.2],
        [0.55, 0.5],
      ]),
    );
    const [inside, outside, border] = Array.from(mean, (m, i) => probabilityOfOdds(m, std[i]).mean);
    assert.ok(inside > 0.9 && outside < 0.1);
    assert.ok(border > 0.2 && border < 0.8);
  });

  it("takes a further label, one it doubts least, for as much as it is worth", () => {
    const one = matrix(1, 2, Float64Array.of(0.55, 0.5));
    const before = belief.marginal(one);
    const after = belief.condition(one, before.mean).marginal(one);
    assert.ok(after.std[0] < before.std[0]);
    // Where the class is certain a label tells next to nothing.
    const sure = matrix(1, 2, Float64Array.of(0.02, 0.02));
    const told = belief.condition(sure, Float64Array.of(-12)).marginal(sure);
    assert.ok(told.std[0] > 0.9 * belief.marginal(sure).std[0]);
  });

  it("has chances and probabilities that agree, with the derivatives of differences", () => {
    for (const [mean, std] of [
      [0, 1],
      [2, 0.5],
      [-6, 4],
      [9, 0.1],
      [-40, 1],
    ]) {
      const { value, byMean, byStd } = logChanceOfOdds(mean, std);
      assert.ok(Math.abs(exp(value) - probabilityOfOdds(mean, std).mean) < 0.02);
      const h = 1e-5;
      const along = (f: (by: number) => number): number => (f(h) - f(-h)) / (2 * h);
      const [m, s] = [
        along((by) => logChanceOfOdds(mean + by, std).value),
        along((by) => logChanceOfOdds(mean, std + by).value),
      ];
      assert.ok(Math.abs(byMean - m) <= 1e-6 * (1 + Math.abs(m)));
      assert.ok(Math.abs(byStd - s) <= 1e-6 * (1 + Math.abs(s)));
    }
  });

  it("learns from labels of one kind alone, and refuses other labels", async () => {
    const all = await fitLogOdds(space.columns, rows, new Float64Array(40).fill(1), {
      rng: createRng(1),
    });
    for (const m of all.marginal(fresh).mean) assert.ok(m > 0);
    const refused = fitLogOdds(space.columns, rows, new Float64Array(40).fill(0.5), {
      rng: createRng(1),
    });
    await assert.rejects(refused, { code: "input" });
  });
});
