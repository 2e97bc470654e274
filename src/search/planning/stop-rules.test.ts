import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InputError } from "../../core/errors.ts";
import { matrix } from "../../core/matrix.ts";
import { unitBox } from "../fixtures/spaces.ts";
import type { TargetGoal } from "../objectives.ts";
import type { Plan, Proposal } from "./contract.ts";
import { reasonToStop, type StopRules } from "./stop-rules.ts";

const space = await unitBox(1);
const goal: TargetGoal = { label: "y", kind: "maximise", low: 10, high: null, scale: 1 };
const problem = { space, goals: [goal] };
const proposal = (expectedGain: number | null, teaches: number | null): Proposal => ({
  row: Float64Array.of(0.5),
  mean: [1],
  std: [1],
  feasibility: 1,
  meets: 1,
  value: 0,
  expectedGain,
  exploit: 0,
  teaches,
});
const planOf = (...proposals: Proposal[]): Plan => ({
  proposals,
  models: [{ noiseStd: 1 }],
  warnings: [],
});
const observed = (...values: number[]) => ({
  rows: matrix(values.length, 1),
  outcomes: matrix(values.length, 1, Float64Array.from(values)),
});
const rule = (rules: StopRules, values: number[], plan?: Plan): string | undefined =>
  reasonToStop(rules, {
    problem,
    observations: observed(...values),
    ...(plan === undefined ? {} : { plan }),
  })?.rule;

describe("stop rules", () => {
  it("stop when the budget is spent, counting failures", () => {
    assert.equal(rule({ budget: 3 }, [1, 2]), undefined);
    assert.equal(rule({ budget: 3 }, [1, 2, 3]), "budget");
    const failed = { ...observed(1, 2), infeasible: matrix(1, 1) };
    assert.equal(reasonToStop({ budget: 3 }, { problem, observations: failed })?.rule, "budget");
  });

  it("stop when a design meets its limits for sure enough, given the noise", () => {
    // With a noise of 1: at 11 the chance to be above 10 is Phi(1) = 0.841, at 12 it is 0.977.
    const plan = planOf(proposal(1, 0.5));
    assert.equal(rule({ targetMet: 0.85 }, [9, 11], plan), undefined);
    assert.equal(rule({ targetMet: 0.84 }, [9, 11], plan), "targetMet");
    assert.equal(rule({ targetMet: 0.97 }, [12, Number.NaN], plan), "targetMet");
    // Without any noise a value counts as it is.
    assert.equal(rule({ targetMet: 1 }, [10]), "targetMet");
  });

  it("stop when too little is expected or taught", () => {
    const plan = planOf(proposal(0.2, 0.01), proposal(0.1, 0.02));
    assert.equal(rule({ gainBelow: 0.15 }, [1], plan), undefined);
    assert.equal(rule({ gainBelow: 0.3 }, [1], plan), "gainBelow");
    assert.equal(rule({ teachesBelow: 0.015 }, [1], plan), undefined);
    assert.equal(rule({ teachesBelow: 0.05 }, [1], plan), "teachesBelow");
    // Where nothing is known of the gain no rule about it applies.
    assert.equal(rule({ gainBelow: 9 }, [1], planOf(proposal(null, null))), undefined);
  });

  it("are checked", () => {
    for (const rules of [{ budget: 0 }, { targetMet: 2 }, { gainBelow: -1 }, { teachesBelow: 0 }]) {
      assert.throws(() => rule(rules, [1]), InputError);
    }
    const free = { space, goals: [{ ...goal, low: null }] };
    assert.throws(
      () => reasonToStop({ targetMet: 0.5 }, { problem: free, observations: observed(1) }),
      InputError,
    );
  });
});
