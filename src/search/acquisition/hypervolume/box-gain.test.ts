import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { matrix, matrixOf } from "../../../core/matrix.ts";
import type { TargetGoal } from "../../objectives.ts";
import { nonDominatedBoxes } from "../../pareto/boxes.ts";
import { boxGain, type BoxGain } from "./box-gain.ts";
import { lossesOf } from "./losses.ts";
import cases from "../../../../test/reference/expected-hypervolume.json" with { type: "json" };

interface Case {
  readonly goals: readonly (readonly [string, number, number])[];
  readonly front: readonly (readonly number[])[];
  readonly reference: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

function gainOf({ goals, front, reference }: Case): BoxGain {
  const wanted = goals.map(([kind, low, high], i): TargetGoal => {
    const limits = kind === "match" ? { low, high } : { low: null, high: null };
    return { label: `y${i}`, kind: kind as "minimise" | "maximise" | "match", scale: 1, ...limits };
  });
  const points = front.length === 0 ? matrix(0, goals.length) : matrixOf(front);
  return boxGain(
    nonDominatedBoxes(points, reference),
    lossesOf("test", wanted, { min: 1, max: 9 }),
  );
}

const evaluate = (gain: BoxGain, mean: readonly number[], std: readonly number[]): Slopes => {
  const byMean = new Float64Array(mean.length);
  const byStd = new Float64Array(mean.length);
  const log = gain.log(Float64Array.from(mean), Float64Array.from(std), { byMean, byStd });
  return { log, byMean, byStd };
};

interface Slopes {
  readonly log: number;
  readonly byMean: Float64Array;
  readonly byStd: Float64Array;
}

describe("boxGain", () => {
  it("agrees with numerical integration in two and three objectives, for every kind of goal", () => {
    for (const one of cases as unknown as (Case & { value: number })[]) {
      const { log } = evaluate(gainOf(one), one.mean, one.std);
      assert.ok(Math.abs(Math.exp(log) / one.value - 1) < 1e-9, `${Math.exp(log)} ${one.value}`);
    }
  });

  it("has the derivatives of central differences", () => {
    for (const one of cases as unknown as Case[]) {
      const gain = gainOf(one);
      const { byMean, byStd } = evaluate(gain, one.mean, one.std);
      const h = 1e-5;
      one.mean.forEach((_, k) => {
        const moved = (values: readonly number[], by: number): number[] =>
          values.map((value, i) => (i === k ? value + by : value));
        const difference = (mean: number, std: number): number =>
          (evaluate(gain, moved(one.mean, mean), moved(one.std, std)).log -
            evaluate(gain, moved(one.mean, -mean), moved(one.std, -std)).log) /
          (2 * h);
        assert.ok(Math.abs(byMean[k] - difference(h, 0)) < 1e-6 * (1 + Math.abs(byMean[k])));
        assert.ok(Math.abs(byStd[k] - difference(0, h)) < 1e-6 * (1 + Math.abs(byStd[k])));
      });
    }
  });

  it("keeps its slope where the gain itself is too small for a number", () => {
    const gain = gainOf(cases[0] as unknown as Case);
    // The nearest free corner is (4, 3): from (7, 7) it is 30 and 40 standard deviations away.
    const [near, far] = [7, 60].map((mean) => evaluate(gain, [mean, mean], [0.1, 0.1]));
    assert.ok(near.log < -1250 && near.log > -1280);
    assert.ok(far.log < -(560 * 560 + 570 * 570) / 2 && Number.isFinite(far.log));
    for (const { byMean } of [near, far]) {
      for (const slope of byMean) assert.ok(Number.isFinite(slope) && slope <= 0);
      assert.ok(byMean[0] + byMean[1] < -100);
    }
  });

  it("is the exact added volume where nothing is uncertain", () => {
    // To the front (1, 5), (2, 3), (4, 1) the point (1.5, 2) adds 0.5 x 3 before 2 and 2 x 1 before 4.
    const { log } = evaluate(gainOf(cases[0] as unknown as Case), [1.5, 2], [1e-9, 1e-9]);
    assert.ok(Math.abs(Math.exp(log) - (0.5 * 3 + 2 * 1)) < 1e-6);
  });
});
