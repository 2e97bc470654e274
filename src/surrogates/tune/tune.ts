import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { stage } from "../../core/work.ts";
import type { FitInput, JsonValue, Surrogate, SurrogateSpec } from "../contract.ts";
import { checkFitInput, checkNumberOption, withDefaults } from "../fit-input.ts";
import { defaultMetric } from "../validate/scores.ts";
import { innerJudge, lossOf, signOf, type Trial } from "./inner-score.ts";
import { tuningMethods, type TuningMethodName } from "./methods.ts";
import { optionSpace, type TunedOptions } from "./option-space.ts";

export interface TuningSettings {
  readonly method: TuningMethodName;
  /** Cost in trials on all training rows. Default 30. */
  readonly budget?: number;
  /** Inner folds that judge a trial. Default 4. */
  readonly folds?: number;
  /** What is improved. Default: `defaultMetric`. */
  readonly metric?: string;
}

/** What tuning found. */
export interface Tuning {
  readonly method: TuningMethodName;
  readonly metric: string;
  /** The best of the trials on all rows. */
  readonly options: TunedOptions;
  /** Its score over the inner folds: the best of many, so better than what new rows will show. */
  readonly score: number;
  /** Score of the family's own options over the same folds; null where their fit failed. */
  readonly defaultScore: number | null;
  readonly trials: readonly Trial[];
}

/**
 * Looks for good options of a family inside one training part (`spec.tunable` says where). The family's
 * own options are tried first and win ties, so tuning never picks what the inner folds find worse.
 * @param fixed options that are given and not tuned
 * @throws UnsupportedError for a family without tunable options; InputError when every trial fails, and
 *   as the family's `fit`
 */
export async function tune<Options extends object>(
  family: SurrogateSpec<Options>,
  fixed: Partial<Options> | undefined,
  input: FitInput,
  settings: TuningSettings,
): Promise<Tuning> {
  const { method, budget = 30, folds = 4 } = settings;
  const { rng, work = {}, task } = input;
  const metric = settings.metric ?? defaultMetric(task);
  checkNumberOption("tune", "budget", budget, { min: 1, max: 10_000, integer: true });
  checkNumberOption("tune", "folds", folds, { min: 2, max: 1000, integer: true });
  if (!Object.hasOwn(tuningMethods, method)) {
    throw new InputError(`tune: "${method}" is not a method.`, {
      path: "method",
      received: method,
      hint: suggest(method, Object.keys(tuningMethods)),
    });
  }
  const spec = withoutFixed(family, fixed);
  const space = optionSpace(spec);
  checkFitInput(spec, input);
  const given = withDefaults(spec.name, spec.defaults, fixed) as Record<string, JsonValue>;
  const defaults = Object.fromEntries(Object.keys(spec.tunable!).map((key) => [key, given[key]]));
  const sign = signOf(input, metric);
  const judge = { folds, metric };
  const rounds = roundsOf(spec, given);
  const trials = await tuningMethods[method]({
    space,
    defaults,
    budget,
    trainingRows: Math.floor((input.x.rows * (folds - 1)) / folds),
    sign,
    tryOptions: innerJudge(spec, fixed, input, judge, rng.fork("judge")),
    ...(rounds === undefined
      ? {}
      : {
          rounds: {
            ...rounds,
            tryOptions: innerJudge(spec, fixed, input, { ...judge, rounds }, rng.fork("judge")),
          },
        }),
    rng: rng.fork(method),
    work,
  });
  const whole = trials.filter(({ share }) => share === 1);
  const best = whole.reduce((a, b) => (lossOf(b, sign) < lossOf(a, sign) ? b : a));
  if (best.score === null) {
    throw new InputError(`tune: no options of ${spec.name} could be fitted: ${best.failure}`, {
      path: "model",
    });
  }
  const own = whole.find(({ options }) => options === defaults);
  return {
    method,
    metric,
    options: best.options,
    score: best.score,
    defaultScore: own?.score ?? null,
    trials,
  };
}

/** The rounds of a family whose options say how many; none where the number is itself tuned. */
function roundsOf(
  { rounds, tunable = {} }: SurrogateSpec,
  given: Readonly<Record<string, JsonValue>>,
): { readonly option: string; readonly least: number; readonly most: number } | undefined {
  const most = rounds === undefined ? undefined : given[rounds.option];
  if (rounds === undefined || typeof most !== "number") return undefined;
  return Object.hasOwn(tunable, rounds.option) ? undefined : { ...rounds, most };
}

/** The family with what the caller has fixed taken out of the tunable options. */
function withoutFixed(spec: SurrogateSpec, fixed: object = {}): SurrogateSpec {
  const { tunable } = spec;
  if (tunable === undefined) return spec;
  const left = Object.entries(tunable).filter(([key]) => !Object.hasOwn(fixed, key));
  return { ...spec, tunable: Object.fromEntries(left) };
}

/** Share of the work that goes into the search; the rest into the last fit. */
const searchShare = 0.95;

/**
 * The family tuned anew in every fit: options are chosen by inner folds of what `fit` receives, then all
 * of it is learned with the best. Validating it judges the whole recipe, choosing included, on rows that no
 * choice has seen (nested cross-validation). What it fits is a plain surrogate of the family.
 * Source: S. Varma, R. Simon, BMC Bioinform. 7, 91 (2006), doi:10.1186/1471-2105-7-91.
 */
export function tuned<Options extends object>(
  spec: SurrogateSpec<Options>,
  settings: TuningSettings,
): SurrogateSpec<Options> {
  return {
    ...spec,
    name: `tuned-${spec.name}`,
    title: `${spec.title}, tuned`,
    fit: async (input, fixed): Promise<Surrogate> => {
      const { rng, work = {} } = input;
      const { options } = await tune(
        spec,
        fixed,
        { ...input, rng: rng.fork("tune"), work: stage(work, 0, searchShare) },
        settings,
      );
      return spec.fit(
        { ...input, rng: rng.fork("fit"), work: stage(work, searchShare, 1) },
        {
          ...fixed,
          ...options,
        },
      );
    },
  };
}
