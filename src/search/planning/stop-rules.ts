import { exp } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { rowOf } from "../../core/matrix.ts";
import { logChanceBetween } from "../acquisition/normal-terms.ts";
import { isRequirement } from "../acquisition/requirements.ts";
import type { TargetGoal } from "../objectives.ts";
import type { ExperimentProblem, Observations, Plan } from "./contract.ts";

/** When a campaign is done; every rule that is given is looked at. Plain JSON. */
export interface StopRules {
  /** Measurements (also failed ones) that may be made. */
  readonly budget?: number;
  /** Stop when a measured design meets every requirement with at least this probability, 0 ... 1. */
  readonly targetMet?: number;
  /** Stop when no proposal is expected to gain this much (one objective: in its unit), such as what it costs. */
  readonly gainBelow?: number;
  /** Stop when no proposal would remove this share of the variance over the space, 0 ... 1. */
  readonly teachesBelow?: number;
}

/** A rule that says stop, and why, in a sentence. */
export interface StopReason {
  readonly rule: keyof StopRules;
  readonly text: string;
}

/** What the rules look at. */
export interface StopContext {
  readonly problem: ExperimentProblem;
  readonly observations: Observations;
  /** The next proposals, if they are made already; rules about them need it. */
  readonly plan?: Plan;
}

/**
 * The first rule that says that the campaign is done, in the order budget, target, gain, learning; null when it goes on.
 * Sources: for the gain D. R. Jones, M. Schonlau, W. J. Welch, J. Glob. Optim. 13, 455 (1998),
 * doi:10.1023/A:1008306431147, section 4.
 * @throws InputError for a rule that makes no sense
 */
export function reasonToStop(rules: StopRules, context: StopContext): StopReason | null {
  requireRules(rules, context);
  return (
    spentBudget(rules, context) ??
    metTarget(rules, context) ??
    smallGain(rules, context) ??
    littleToLearn(rules, context)
  );
}

function spentBudget({ budget }: StopRules, { observations }: StopContext): StopReason | null {
  const { rows, infeasible } = observations;
  const made = rows.rows + (infeasible?.rows ?? 0);
  if (budget === undefined || made < budget) return null;
  return { rule: "budget", text: `${made} of ${budget} measurements are made.` };
}

function metTarget({ targetMet }: StopRules, context: StopContext): StopReason | null {
  if (targetMet === undefined) return null;
  const { observations } = context;
  let best = 0;
  for (let i = 0; i < observations.rows.rows; i++) best = Math.max(best, chanceOf(i, context));
  if (best < targetMet) return null;
  const percent = Math.floor(100 * best);
  return {
    rule: "targetMet",
    text: `A measured design meets every requirement with a probability of ${percent} %.`,
  };
}

/** Chance that the true values of a measured design meet every requirement, given the noise of its measurement. */
function chanceOf(i: number, { problem, observations, plan }: StopContext): number {
  const { goals } = problem;
  let chance = 1;
  goals.forEach((goal, g) => {
    if (!isRequirement(goal)) return;
    const value = rowOf(observations.outcomes, i)[g];
    const known = observations.noiseStd?.data[i * goals.length + g] ?? Number.NaN;
    const fitted = Number(plan?.models[g]?.["noiseStd"] ?? 0);
    chance *= Number.isNaN(value) ? 0 : withinLimits(goal, value, known > 0 ? known : fitted);
  });
  return chance;
}

function withinLimits(goal: TargetGoal, value: number, std: number): number {
  const [low, high] = limitsOf(goal);
  if (!(std > 0)) return Number(value >= low && value <= high);
  return exp(logChanceBetween(low, high, value, std).value);
}

function limitsOf({ kind, low, high }: TargetGoal): readonly [number, number] {
  if (kind === "class" && low === null && high === null) return [0.5, Number.POSITIVE_INFINITY];
  return [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY];
}

function smallGain({ gainBelow }: StopRules, { plan }: StopContext): StopReason | null {
  if (gainBelow === undefined || plan === undefined) return null;
  const gains = plan.proposals.map(({ expectedGain }) => expectedGain);
  if (gains.length === 0 || gains.includes(null)) return null;
  const most = Math.max(...gains.map(Number));
  if (most >= gainBelow) return null;
  return {
    rule: "gainBelow",
    text: `The best proposal is expected to gain ${most.toPrecision(3)}, less than ${gainBelow}.`,
  };
}

function littleToLearn({ teachesBelow }: StopRules, { plan }: StopContext): StopReason | null {
  if (teachesBelow === undefined || plan === undefined) return null;
  const shares = plan.proposals.map(({ teaches }) => teaches);
  if (shares.length === 0 || shares.includes(null)) return null;
  const most = Math.max(...shares.map(Number));
  if (most >= teachesBelow) return null;
  return {
    rule: "teachesBelow",
    text: `No proposal would remove ${teachesBelow} of what is not known over the space.`,
  };
}

function requireRules(rules: StopRules, { problem }: StopContext): void {
  const fail = (key: keyof StopRules, expected: string): never => {
    throw new InputError(`stop rules: expected ${key} to be ${expected}, got ${rules[key]}.`, {
      path: key,
    });
  };
  const { budget, targetMet, gainBelow, teachesBelow } = rules;
  if (budget !== undefined && !(Number.isInteger(budget) && budget >= 1)) {
    fail("budget", "a whole number from 1");
  }
  if (targetMet !== undefined && !(targetMet > 0 && targetMet <= 1)) {
    fail("targetMet", "a probability above 0");
  }
  if (gainBelow !== undefined && !(gainBelow > 0)) fail("gainBelow", "above 0");
  if (teachesBelow !== undefined && !(teachesBelow > 0 && teachesBelow <= 1)) {
    fail("teachesBelow", "a share above 0");
  }
  if (targetMet !== undefined && !problem.goals.some(isRequirement)) {
    throw new InputError("stop rules: targetMet needs a target with a limit, there is none.", {
      path: "targetMet",
      hint: "Give the target a worst acceptable value or a range.",
    });
  }
}
