import { InputError, UnsupportedError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import type { InputColumn, Task } from "../contract.ts";
import { checkNumberOption } from "../fit-input.ts";
import { huberLoss, logisticLoss, quantileLoss, softmaxLoss, squaredLoss } from "./losses.ts";
import type { Loss } from "./losses.ts";
import type { TrainSettings } from "./train.ts";

/** Options of `gradient-boosting`; plain JSON. */
export interface BoostingOptions {
  /**
   * What is minimised: `squared`, `huber` or `quantile` for numbers; `auto` is squared for numbers and
   * the log loss (logistic or multinomial) for classes, which is the only one they have.
   */
  readonly loss: "auto" | "squared" | "huber" | "quantile";
  /** Which quantile the mean of a prediction then is; for the loss `quantile` only. */
  readonly quantile: number;
  /** Most rounds; each grows one tree (one per class for three classes and more). */
  readonly rounds: number;
  /** What each tree's step is multiplied by. */
  readonly learningRate: number;
  /** Most leaves of a tree. */
  readonly leaves: number;
  /** Most splits between root and leaf; null = no limit but that of the leaves. */
  readonly maxDepth: number | null;
  /** Least training rows in a leaf. */
  readonly minLeaf: number;
  /** Added to the summed curvature of each leaf. */
  readonly l2: number;
  /** Most bins of an input, 2 ... 256. */
  readonly bins: number;
  /** Share of the rows that each tree learns from. */
  readonly subsample: number;
  /** Share of the inputs that each tree may use. */
  readonly featureFraction: number;
  /**
   * Per input +1 (the answer may only rise with it), -1 (only fall) or 0: a list of all, or an object from
   * names or indices of inputs; empty = all free. Not for categories.
   */
  readonly monotone: readonly number[] | Readonly<Record<string, number>>;
  /**
   * Rounds without a smaller loss of the held-out rows after which training stops, to keep the rounds up
   * to the smallest; null = all rounds.
   */
  readonly patience: number | null;
  /**
   * `folds`: as many models as folds, each blind to its fold; their answers are averaged. `virtual`: one
   * model, blind to one fold; its own earlier states are the ensemble.
   */
  readonly ensemble: "folds" | "virtual";
  /** Folds the rows are dealt to; at least 2. */
  readonly folds: number;
}

export const boostingDefaults: BoostingOptions = {
  loss: "auto",
  quantile: 0.5,
  rounds: 1000,
  learningRate: 0.05,
  leaves: 16,
  maxDepth: null,
  minLeaf: 5,
  l2: 1,
  bins: 256,
  subsample: 0.8,
  featureFraction: 0.8,
  monotone: [],
  patience: 50,
  ensemble: "folds",
  folds: 5,
};

const name = "gradient-boosting";
const lossNames = ["auto", "squared", "huber", "quantile"];
const ensembles = ["folds", "virtual"];

/**
 * @throws InputError for a value out of range; UnsupportedError for a loss that the task has not, and
 *   for monotone inputs that are categories, with more than two classes or a loss whose leaves are no Newton
 *   steps
 * @returns the sign of each input that may only rise or fall; empty = all free
 */
export function checkBoostingOptions(
  options: BoostingOptions,
  inputs: number,
  task: Task,
  columns?: readonly InputColumn[],
): readonly number[] {
  const whole = (key: keyof BoostingOptions, min: number, max: number) =>
    checkNumberOption(name, key, options[key], { min, max, integer: true });
  const share = (key: keyof BoostingOptions, max: number) => {
    checkNumberOption(name, key, options[key], { min: Number.MIN_VALUE, max });
  };
  whole("rounds", 1, 100_000);
  whole("leaves", 2, 4096);
  whole("minLeaf", 1, Number.MAX_SAFE_INTEGER);
  whole("bins", 2, 256);
  whole("folds", 2, 100);
  if (options.maxDepth !== null) whole("maxDepth", 1, Number.MAX_SAFE_INTEGER);
  if (options.patience !== null) whole("patience", 1, Number.MAX_SAFE_INTEGER);
  share("learningRate", 1);
  share("subsample", 1);
  share("featureFraction", 1);
  share("quantile", 1 - Number.EPSILON);
  checkNumberOption(name, "l2", options.l2, { min: 0 });
  checkWord("loss", options.loss, lossNames);
  checkWord("ensemble", options.ensemble, ensembles);
  const monotone = signsOf(options.monotone, inputs, columns);
  checkMonotone(monotone, options, task, columns);
  if (task.kind === "classification" && options.loss !== "auto") {
    throw new UnsupportedError(`${name}: the loss ${options.loss} is for numbers, not classes.`, {
      path: "loss",
      received: options.loss,
      hint: "Leave the loss at auto for classes.",
    });
  }
  return monotone;
}

function checkWord(key: string, value: unknown, words: readonly string[]): void {
  if (words.includes(value as string)) return;
  throw new InputError(
    `${name}: expected ${key} to be one of ${words.join(", ")}, got ${String(value)}.`,
    { path: key, expected: words.join(", "), received: String(value) },
  );
}

/** The sign of each input, from a list or by name or index. */
function signsOf(
  monotone: BoostingOptions["monotone"],
  inputs: number,
  columns: readonly InputColumn[] | undefined,
): readonly number[] {
  const isSign = (sign: unknown) => sign === -1 || sign === 0 || sign === 1;
  if (Array.isArray(monotone)) {
    if ([0, inputs].includes(monotone.length) && monotone.every(isSign)) return monotone;
  } else if (typeof monotone === "object" && Object.values(monotone).every(isSign)) {
    const signs = Array.from({ length: inputs }, () => 0);
    for (const [key, sign] of Object.entries(monotone)) signs[placeOf(key, inputs, columns)] = sign;
    return signs;
  }
  throw new InputError(
    `${name}: expected monotone to be ${inputs} numbers -1, 0 or 1, or such numbers by the names of inputs, got ${JSON.stringify(monotone)}.`,
    { path: "monotone" },
  );
}

function placeOf(key: string, inputs: number, columns: readonly InputColumn[] | undefined): number {
  const names = columns?.map((column) => column.name) ?? [];
  const named = names.indexOf(key);
  if (named >= 0) return named;
  if (/^\d+$/.test(key) && Number(key) < inputs) return Number(key);
  throw new InputError(`${name}: "${key}" of monotone is not an input.`, {
    path: `monotone.${key}`,
    expected: names.length > 0 ? names.join(", ") : `0 ... ${inputs - 1}`,
    received: key,
    hint: suggest(key, names),
  });
}

function checkMonotone(
  monotone: readonly number[],
  { loss }: BoostingOptions,
  task: Task,
  columns: readonly InputColumn[] | undefined,
): void {
  if (monotone.every((sign) => sign === 0)) return;
  const category = columns?.find(({ kind }, j) => kind === "category" && monotone[j] !== 0);
  if (category !== undefined) {
    throw new UnsupportedError(
      `${name}: the category "${category.name}" has no order that an answer could rise with.`,
      { path: `monotone.${category.name}` },
    );
  }
  const why =
    task.kind === "classification" && task.classes.length > 2
      ? "more than two classes"
      : ["huber", "quantile"].includes(loss)
        ? `the loss ${loss}`
        : undefined;
  if (why === undefined) return;
  throw new UnsupportedError(`${name}: monotone inputs are not offered with ${why}.`, {
    path: "monotone",
    hint: "Use the squared loss, or two classes.",
  });
}

/** The loss that the options and the task mean. */
export function lossOf({ loss, quantile }: BoostingOptions, task: Task): Loss {
  if (task.kind === "classification") {
    return task.classes.length === 2 ? logisticLoss() : softmaxLoss(task.classes.length);
  }
  switch (loss) {
    case "huber":
      return huberLoss();
    case "quantile":
      return quantileLoss(quantile);
    default:
      return squaredLoss();
  }
}

/** What the options mean for training. @param monotone sign of each input; empty = all free */
export function trainSettings(
  options: BoostingOptions,
  monotone: readonly number[] = [],
): TrainSettings {
  const { loss: _, quantile: __, ensemble: ___, folds: ____, maxDepth, ...rest } = options;
  return { ...rest, monotone, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY };
}
