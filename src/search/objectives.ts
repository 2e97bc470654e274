import { InputError, ShapeError } from "../core/errors.ts";
import { matrix, rowOf } from "../core/matrix.ts";
import type { Matrix } from "../core/matrix.ts";
import { normalCdf } from "../core/special.ts";
import type { Evaluation, EvaluationGradient, Objective } from "./contract.ts";

/**
 * What is wanted of one predicted number, in its own unit. For a class the number is the probability of
 * belonging to it.
 *
 * | kind | objective | requirement |
 * |---|---|---|
 * | minimise, maximise | the mean, its sign turned for maximise | low and high, where given |
 * | match | distance of the mean from `low` ... `high` (equal for a value) | none |
 * | range, class | none | low and high |
 */
export interface TargetGoal {
  readonly label: string;
  readonly kind: "minimise" | "maximise" | "match" | "range" | "class";
  /** Least value that is accepted; null = no limit. */
  readonly low: number | null;
  /** Largest value that is accepted; null = no limit. */
  readonly high: number | null;
  /** Spread of the property (such as its standard deviation in the data), above 0: the unit of violation. */
  readonly scale: number;
  /**
   * Attitude to risk: the number of standard deviations by which a mean is taken to be worse than it is
   * (better when negative); 0 when absent. Objectives count what the model does not know (epistemic), as
   * noise hits all designs alike; requirements count the total, as a sample must meet them with its noise.
   * For a class only the epistemic part exists: the probability itself expresses the noise.
   */
  readonly confidence?: number;
}

/** Predictions of n designs for one goal, each n numbers in the property's unit. */
export interface GoalPrediction {
  readonly mean: Float64Array;
  readonly epistemicStd: Float64Array;
  readonly aleatoricStd: Float64Array;
}

/** Label of the objective that stands in when there are requirements only. */
const jointLabel = "chance to miss a requirement";

/**
 * The objectives that these goals give, in order. Requirements alone give one: the chance that at least
 * one of them is missed.
 * @throws InputError for goals that contradict themselves
 */
export function objectivesOf(goals: readonly TargetGoal[]): readonly Objective[] {
  goals.forEach(requireGoal);
  const own = goals.filter(hasObjective).map(({ label }) => ({ label }));
  return own.length > 0 ? own : [{ label: jointLabel }];
}

/**
 * Scores predictions against goals: the objectives of `objectivesOf`, in the units of the properties
 * and to be minimised, and the sum of the requirements' violations, each over the property's scale.
 * @param predictions one per goal, in the same order
 * @throws InputError for goals that contradict themselves, ShapeError for sizes that differ
 */
export function buildObjectives(
  goals: readonly TargetGoal[],
  predictions: readonly GoalPrediction[],
): Evaluation {
  const n = requirePredictions(goals, predictions);
  goals.forEach(requireGoal);
  const m = Math.max(1, goals.filter(hasObjective).length);
  const objectives = matrix(n, m);
  const violation = new Float64Array(n);
  let column = 0;
  goals.forEach((goal, g) => {
    if (hasObjective(goal)) {
      const scores = objectiveOf(goal, predictions[g]);
      for (let i = 0; i < n; i++) objectives.data[i * m + column] = scores[i];
      column++;
    }
    const missed = violationOf(goal, predictions[g]);
    for (let i = 0; i < n; i++) violation[i] += missed[i];
  });
  if (column === 0) {
    const chance = jointProbability(goals, predictions);
    for (let i = 0; i < n; i++) objectives.data[i] = 1 - chance[i];
  }
  return { objectives, violation };
}

/** Whether objectives and violations of these goals follow from the means alone, so that they have a gradient. */
export const haveGradient = (goals: readonly TargetGoal[]): boolean =>
  goals.some(hasObjective) && goals.every(({ confidence = 0 }) => confidence === 0);

/**
 * The gradient of `buildObjectives` for goals that have one (see `haveGradient`).
 * @param means of each goal, n numbers in the property's unit
 * @param gradients of each goal's mean, n x dimension
 */
export function objectiveGradients(
  goals: readonly TargetGoal[],
  means: readonly Float64Array[],
  gradients: readonly Matrix[],
): EvaluationGradient {
  const [{ rows: n, columns: d }] = gradients;
  const own = goals.flatMap((goal, g) => (hasObjective(goal) ? [g] : []));
  const objectives = matrix(n * own.length, d);
  const violation = matrix(n, d);
  for (let i = 0; i < n; i++) {
    own.forEach((g, k) => {
      const { kind, low, high } = goals[g];
      const toward =
        kind === "match" ? sideOf(means[g][i], low, high) : kind === "minimise" ? 1 : -1;
      addScaled(rowOf(objectives, i * own.length + k), toward, rowOf(gradients[g], i));
    });
    goals.forEach(({ kind, low, high, scale }, g) => {
      if (kind === "match") return;
      const toward = sideOf(means[g][i], low, high) / scale;
      addScaled(rowOf(violation, i), toward, rowOf(gradients[g], i));
    });
  }
  return { objectives, violation };
}

/** -1 below a range, 1 above it, 0 inside. */
const sideOf = (value: number, low: number | null, high: number | null): number =>
  low !== null && value < low ? -1 : high !== null && value > high ? 1 : 0;

function addScaled(sum: Float64Array, factor: number, values: Float64Array): void {
  if (factor !== 0) for (let k = 0; k < sum.length; k++) sum[k] += factor * values[k];
}

/**
 * By how much each design misses the requirement of one goal, over the property's scale: 0 where it is
 * met, or where the goal has none.
 */
export function violationOf(goal: TargetGoal, prediction: GoalPrediction): Float64Array {
  const { kind, low, high, scale, confidence = 0 } = goal;
  const { mean, epistemicStd, aleatoricStd } = prediction;
  const violation = new Float64Array(mean.length);
  if (kind === "match") return violation;
  for (let i = 0; i < mean.length; i++) {
    const margin =
      confidence === 0
        ? 0
        : confidence *
          (kind === "class" ? epistemicStd[i] : totalStd(epistemicStd[i], aleatoricStd[i]));
    let missed = 0;
    if (low !== null) missed = Math.max(missed, low - (mean[i] - margin));
    if (high !== null) missed = Math.max(missed, mean[i] + margin - high);
    violation[i] = missed / scale;
  }
  return violation;
}

/**
 * The probability that a sample of each design meets every requirement: the product over the goals of
 * the normal probability between low and high with the total standard deviation (0 or 1 where that is
 * zero), and of the class probabilities. Outcomes are taken as independent given the predictions.
 */
export function jointProbability(
  goals: readonly TargetGoal[],
  predictions: readonly GoalPrediction[],
): Float64Array {
  const n = requirePredictions(goals, predictions);
  const joint = new Float64Array(n).fill(1);
  goals.forEach((goal, g) => {
    if (goal.kind === "match") return;
    const { mean, epistemicStd, aleatoricStd } = predictions[g];
    const low = goal.low ?? Number.NEGATIVE_INFINITY;
    const high = goal.high ?? Number.POSITIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      joint[i] *=
        goal.kind === "class"
          ? classChance(mean[i], goal)
          : normalInterval(mean[i], totalStd(epistemicStd[i], aleatoricStd[i]), low, high);
    }
  });
  return joint;
}

const totalStd = (epistemic: number, aleatoric: number): number =>
  Math.sqrt(epistemic * epistemic + aleatoric * aleatoric);

const hasObjective = ({ kind }: TargetGoal): boolean => kind !== "range" && kind !== "class";

function objectiveOf(goal: TargetGoal, { mean, epistemicStd }: GoalPrediction): Float64Array {
  const { kind, confidence = 0 } = goal;
  return mean.map((value, i) => {
    const worse = confidence * epistemicStd[i];
    if (kind === "minimise") return value + worse;
    if (kind === "maximise") return worse - value;
    return Math.max(0, goal.low! - value, value - goal.high!) + worse;
  });
}

/** A least probability asks for the class, a largest one alone for its absence. */
function classChance(probability: number, { low, high }: TargetGoal): number {
  return low === null && high !== null ? 1 - probability : probability;
}

/** Probability of low <= N(mean, std) <= high, without loss of digits in either tail. */
function normalInterval(mean: number, std: number, low: number, high: number): number {
  if (!(std > 0)) return mean >= low && mean <= high ? 1 : 0;
  const a = (low - mean) / std;
  const b = (high - mean) / std;
  if (a > 0) return normalCdf(-a) - normalCdf(-b);
  if (b < 0) return normalCdf(b) - normalCdf(a);
  return 1 - normalCdf(a) - normalCdf(-b);
}

function requireGoal({ label, kind, low, high, scale, confidence = 0 }: TargetGoal): void {
  const fail = (expected: string, received: string): never => {
    throw new InputError(`target "${label}": expected ${expected}, got ${received}.`);
  };
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) fail("a finite scale above 0", `${scale}`);
  if (!Number.isFinite(confidence)) fail("a finite confidence", `${confidence}`);
  for (const limit of [low, high]) {
    if (limit !== null && !Number.isFinite(limit)) fail("finite limits or null", `${limit}`);
  }
  if (low !== null && high !== null && low > high) fail("low <= high", `${low} > ${high}`);
  if (kind === "match" && (low === null || high === null)) {
    fail("a value to match (low and high)", "an open end");
  }
  if ((kind === "range" || kind === "class") && low === null && high === null) {
    fail(`a limit for a ${kind}`, "none");
  }
}

function requirePredictions(
  goals: readonly TargetGoal[],
  predictions: readonly GoalPrediction[],
): number {
  if (goals.length === 0 || predictions.length !== goals.length) {
    throw new ShapeError(
      `buildObjectives: expected one prediction a goal and at least one goal, ` +
        `got ${goals.length} goals and ${predictions.length} predictions.`,
    );
  }
  const n = predictions[0].mean.length;
  predictions.forEach(({ mean, epistemicStd, aleatoricStd }, g) => {
    for (const values of [mean, epistemicStd, aleatoricStd]) {
      if (values.length === n) continue;
      throw new ShapeError(
        `buildObjectives: expected ${n} predictions for "${goals[g].label}", got ${values.length}.`,
      );
    }
  });
  return n;
}
