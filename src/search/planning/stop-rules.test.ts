import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix } from "../../core/matrix.ts";
import { normalCdf } from "../../core/special.ts";
import { aim, waves } from "../fixtures/acquisition-context.ts";
import {
  bestSettled,
  budgetSpent,
  gainBelowCost,
  predictionsSettled,
  regretBound,
  targetMet,
} from "./stop-rules.ts";

describe("stop rules", () => {
  it("weigh the expected gain against the cost of a measurement", () => {
    const dear = gainBelowCost(0.5, 100, 51);
    assert.deepEqual([dear.stop, dear.value, dear.limit], [true, 50, 51]);
    assert.equal(gainBelowCost(0.5, 100, 50).stop, false);
    assert.match(dear.reason, /expected to gain 50.*less than the 51/);
    assert.throws(() => gainBelowCost(Number.NaN, 1, 1), { code: "input" });
    assert.throws(() => gainBelowCost(1, 1, -1), { code: "input" });
  });

  it("see a target as met with the probability that the best measured design meets it", () => {
    const goals = [aim("maximise", 0.9)];
    const { beliefs, rows } = waves(goals, { noiseStd: 0.3 });
    const { mean, std } = beliefs[0].marginal(rows);
    const best = Math.max(...mean.map((value, i) => normalCdf((value - 0.9) / std[i])));
    const met = targetMet(goals, beliefs, rows, 0.9);
    assert.ok(Math.abs(met.value - best) < 1e-9);
    assert.equal(targetMet(goals, beliefs, rows, best - 1e-6).stop, true);
    assert.equal(targetMet(goals, beliefs, rows, best + 1e-6).stop, false);
    assert.equal(targetMet(goals, beliefs, matrix(0, 2), 0.5).stop, false);
    assert.match(met.reason, /90 %/);
    assert.throws(() => targetMet([aim("minimise")], beliefs, rows, 0.9), { code: "input" });
    assert.throws(() => targetMet(goals, beliefs, rows, 1), { code: "input" });
  });

  it("end with the budget", () => {
    assert.equal(budgetSpent(9, 10).stop, false);
    assert.equal(budgetSpent(10, 10).stop, true);
    assert.throws(() => budgetSpent(1, Number.POSITIVE_INFINITY), { code: "input" });
  });

  it("wait until predictions hardly move over several rounds", () => {
    const rounds = [
      [0, 0],
      [3, 4],
      [3.01, 4.01],
      [3.02, 4.02],
    ];
    const options = { rounds: 2, limit: 0.02 };
    assert.equal(predictionsSettled(rounds.slice(0, 2), 1, options).stop, false);
    assert.equal(predictionsSettled(rounds.slice(0, 3), 1, options).stop, false);
    const calm = predictionsSettled(rounds, 1, options);
    assert.equal(calm.stop, true);
    assert.ok(Math.abs(calm.value - 0.01) < 1e-12);
    // The same changes are large for an outcome of small scale.
    assert.equal(predictionsSettled(rounds, 0.1, options).stop, false);
    assert.throws(() => predictionsSettled([[1], [1, 2]], 1), { code: "shape" });
    assert.throws(() => predictionsSettled(rounds, 0), { code: "input" });
  });

  it("wait until the best design gets no better", () => {
    const options = { rounds: 3, limit: 0.01 };
    assert.equal(bestSettled([5, 2, 2, 2], 1, options).stop, false);
    assert.equal(bestSettled([5, 2, 2, 2, 2], 1, options).stop, true);
    assert.equal(bestSettled([5, 2, 2, 1.9, 1.9], 1, options).stop, false);
    assert.match(bestSettled([5], 1, options).reason, /3 changes must be seen/);
    assert.throws(() => bestSettled([1, 2], 1, { rounds: 0 }), { code: "input" });
  });

  it("bound what any design could still gain", () => {
    const { beliefs, rows } = waves([aim("minimise")], { noiseStd: 0.1 });
    const space = matrix(3, 2, Float64Array.of(0.2, 0.8, 0.6, 0.1, 0.9, 0.9));
    const options = { limit: 0.5, width: 1.5 };
    const { value } = regretBound(aim("minimise"), beliefs[0], { measured: rows, space }, options);
    const [known, open] = [rows, space].map((at) => beliefs[0].marginal(at));
    const low = ({ mean, std }: typeof known, by: number): number =>
      Math.min(...mean.map((one, i) => one + by * std[i]));
    const wanted = low(known, 1.5) - Math.min(low(known, -1.5), low(open, -1.5));
    assert.ok(wanted > 0 && Math.abs(value - wanted) < 1e-12);
    const judge = (limit: number): boolean =>
      regretBound(aim("minimise"), beliefs[0], { measured: rows, space }, { ...options, limit })
        .stop;
    assert.equal(judge(wanted + 1e-9), true);
    assert.equal(judge(wanted - 1e-9), false);
    const empty = { measured: matrix(0, 2), space };
    assert.throws(() => regretBound(aim("minimise"), beliefs[0], empty, options), {
      code: "input",
    });
    const both = { measured: rows, space };
    assert.throws(() => regretBound(aim("range", 0), beliefs[0], both, options), { code: "input" });
  });
});
