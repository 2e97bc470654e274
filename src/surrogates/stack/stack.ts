import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { stage } from "../../core/work.ts";
import type {
  FitInput,
  Prediction,
  SavedState,
  SavedSurrogate,
  Surrogate,
  SurrogateSpec,
  Task,
} from "../contract.ts";
import { totalStd } from "../conformal/out-of-fold.ts";
import { spreadFactor } from "../conformal/spread-factor.ts";
import { checkFitInput, checkNumberOption, checkPredictInput, withDefaults } from "../fit-input.ts";
import { judgeMembers } from "./judge-members.ts";
import { memberFamilies, type StackMember } from "./members.ts";
import { mixtureOf } from "./mixture.ts";
import { nestStates, unnestStates } from "../nested-state.ts";
import { loadSurrogate, readState, saveSurrogate } from "../saved-state.ts";
import { leastSquaresWeights, likelihoodWeights } from "./weights.ts";

/** Options of `stack`; plain JSON. */
export interface StackOptions {
  readonly members: readonly StackMember[];
  /** Parts in which the members are judged on rows that they did not see. */
  readonly folds: number;
  /**
   * Weight of each member, where it is known beforehand: nothing is judged then, which takes a fraction of the time,
   * and spreads are those that the members tell. Null = learned.
   */
  readonly weights: readonly number[] | null;
}

const defaults: StackOptions = {
  members: [
    { family: "extra-trees" },
    { family: "random-forest" },
    { family: "gradient-boosting" },
  ],
  folds: 5,
  weights: null,
};

const named = (...families: StackMember["family"][]) => families.map((family) => ({ family }));

/** Members worth comparing: trees alone, with smooth families beside them, and one of each kind. */
const mixtures = [
  defaults.members.map(({ family }) => ({ family })),
  named("extra-trees", "gradient-boosting", "support-vector-machine"),
  named("extra-trees", "gradient-boosting", "gaussian-process"),
  named("extra-trees", "gradient-boosting", "gaussian-process", "k-nearest", "linear"),
];

/**
 * A mixture of several families, weighted by how well each predicts rows that it did not see (stacking, super
 * learner). Weights are never negative and add up to one: least squares for numbers, likelihood for classes. The
 * members' disagreement counts as epistemic; for numbers both standard deviations are scaled by one factor so
 * that the 90 % intervals hold 90 % of the unseen rows. Weights that are given are taken as they are. With fewer than 500 rows forests are judged by 100 trees.
 * Source: D. H. Wolpert, Neural Netw. 5, 241 (1992), doi:10.1016/S0893-6080(05)80023-1; M. J. van der Laan,
 * E. C. Polley, A. E. Hubbard, Stat. Appl. Genet. Mol. Biol. 6, 25 (2007), doi:10.2202/1544-6115.1309.
 */
export const stack = {
  name: "stack",
  title: "Stack of several families",
  supports: { regression: true, classification: true, epistemic: true, aleatoric: true },
  defaults,
  tunable: { members: { kind: "choice", values: mixtures } },
  fit: fitStack,
  version: 1,
  load: loadStack,
} as const satisfies SurrogateSpec<StackOptions>;

/** See `stack`; the same seed gives the same members and weights. */
export async function fitStack(input: FitInput, given?: Partial<StackOptions>): Promise<Surrogate> {
  const { name } = stack;
  checkFitInput(stack, input);
  const { members, folds, weights: wanted } = withDefaults<StackOptions>(name, defaults, given);
  checkMembers(members, input.task);
  if (wanted !== null) checkWeights(wanted, members.length);
  checkNumberOption(name, "folds", folds, { min: 2, integer: true });
  const { y, task, rng, work = {} } = input;
  const judging = wanted === null ? 0.8 : 0;
  const judged =
    wanted === null
      ? await judgeMembers({ ...input, work: stage(work, 0, judging) }, members, folds)
      : undefined;
  const weights =
    judged === undefined ? shares(wanted ?? members.map(() => 1)) : weightsOf(judged, y, task);
  const factor =
    judged === undefined || task.kind === "classification"
      ? 1
      : factorOf(mixtureOf(judged, weights), y);
  const kept = members.flatMap((member, k) => (weights[k] > 0 ? [{ ...member, k }] : []));
  const fitted: Surrogate[] = [];
  for (const { family, options, k } of kept) {
    const each = (1 - judging) / kept.length;
    const done = judging + fitted.length * each;
    const part = stage(work, done, done + each, `learning ${family}`);
    const own = { ...input, rng: rng.fork(`member ${k}`), work: part };
    fitted.push(await memberFamilies[family].fit(own, options));
  }
  return stackOf({
    task,
    inputs: input.x.columns,
    members: fitted,
    weights: Float64Array.from(kept, ({ k }) => weights[k]),
    factor,
    summary: {
      rows: y.length,
      judged:
        wanted !== null
          ? "no, weights given"
          : judged === undefined
            ? "no, too few rows: equal weights"
            : `in ${folds} folds`,
      weights: kept.map(({ family, k }) => `${family} ${weights[k].toFixed(3)}`).join(", "),
      spreadFactor: factor,
    },
  });
}

/** All that a fitted stack consists of. */
interface FittedStack {
  readonly task: Task;
  readonly inputs: number;
  readonly members: readonly Surrogate[];
  readonly weights: Float64Array;
  /** What the mixture's standard deviations are multiplied with. */
  readonly factor: number;
  readonly summary: Surrogate["summary"];
}

function stackOf(fitted: FittedStack): Surrogate {
  const { task, inputs, members, weights, factor, summary } = fitted;
  return {
    name: stack.name,
    task,
    inputs,
    summary,
    predict: (x) => {
      checkPredictInput(stack.name, inputs, x);
      const mixture = mixtureOf(
        members.map((member) => member.predict(x)),
        weights,
      );
      for (const part of [mixture.epistemicStd, mixture.aleatoricStd]) {
        for (let k = 0; k < part.data.length; k++) part.data[k] *= factor;
      }
      return mixture;
    },
    save: () => saveStack(fitted),
  };
}

function saveStack({ members, weights, factor }: FittedStack): SavedState {
  const saved = members.map((member) => {
    const family = member.name as keyof typeof memberFamilies;
    return saveSurrogate(memberFamilies[family], member)!;
  });
  const { settings, arrays } = nestStates("member ", saved);
  return { settings: { factor, members: settings }, arrays: { weights, ...arrays } };
}

function loadStack(saved: SavedSurrogate): Surrogate {
  const { task, inputs, summary } = saved;
  const state = readState(stack.name, saved);
  const common = { task, inputs };
  const members = unnestStates(stack.name, "member ", state.json("members"), saved, common);
  return stackOf({
    ...common,
    members: members.map((member) => loadSurrogate(memberFamilies, member)),
    weights: state.float64("weights", members.length),
    factor: state.number("factor"),
    summary,
  });
}

function weightsOf(judged: readonly Prediction[], y: Float64Array, task: Task): Float64Array {
  const means = judged.map((prediction) => prediction.mean);
  return task.kind === "classification"
    ? likelihoodWeights(means, y)
    : leastSquaresWeights(
        means.map((mean) => mean.data),
        y,
      );
}

/** What makes 90 % intervals of the mixture hold 90 % of the rows; 1 where nothing spreads. */
function factorOf(mixture: Prediction, y: Float64Array): number {
  const std = totalStd(mixture);
  const scores = Float64Array.from(y, (value, i) => Math.abs(value - mixture.mean.data[i]) / std[i])
    .filter(Number.isFinite)
    .sort();
  const factor = spreadFactor(scores);
  return factor > 0 && Number.isFinite(factor) ? factor : 1;
}

/** The same weights with a sum of one. */
function shares(weights: readonly number[]): Float64Array {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return Float64Array.from(weights, (weight) => weight / sum);
}

function checkWeights(weights: readonly number[], members: number): void {
  const isRight =
    Array.isArray(weights) &&
    weights.length === members &&
    weights.every((weight) => Number.isFinite(weight) && weight >= 0) &&
    weights.some((weight) => weight > 0);
  if (isRight) return;
  throw new InputError(
    `${stack.name}: expected weights to be ${members} numbers of at least 0 with one above it, one for each member, got ${JSON.stringify(weights)}.`,
    { path: "weights", hint: "Leave out the weights to have them learned." },
  );
}

function checkMembers(members: readonly StackMember[], task: Task): void {
  const known = Object.keys(memberFamilies);
  if (!Array.isArray(members) || members.length === 0) {
    throw new InputError(`stack: expected members to be a list of families.`, {
      path: "members",
      hint: `Such as [{ family: "extra-trees" }, { family: "gradient-boosting" }].`,
    });
  }
  members.forEach(({ family }: StackMember, k) => {
    const path = `members[${k}].family`;
    if (!known.includes(family)) {
      throw new InputError(`stack: "${family}" cannot be a member.`, {
        path,
        received: family,
        hint: suggest(family, known),
      });
    }
    if (memberFamilies[family].supports[task.kind]) return;
    throw new InputError(`stack: ${family} does not learn ${task.kind}.`, { path });
  });
}
