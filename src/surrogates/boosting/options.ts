import { InputError, UnsupportedError } from "../../core/errors.ts";
import type { Task } from "../contract.ts";
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
  /** Per input +1 (the answer may only rise with it), -1 (only fall) or 0; empty = all free. */
  readonly monotone: readonly number[];
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
 *   for monotone inputs with more than two classes or a loss whose leaves are no Newton steps
 */
export function checkBoostingOptions(options: BoostingOptions, inputs: number, task: Task): void {
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
  checkMonotone(options, inputs, task);
  if (task.kind === "classification" && options.loss !== "auto") {
    throw new UnsupportedError(`${name}: the loss ${options.loss} is for numbers, not classes.`, {
      path: "loss",
      received: options.loss,
      hint: "Leave the loss at auto for classes.",
    });
  }
}

function checkWord(key: string, value: unknown, words: readonly string[]): void {
  if (words.includes(value as string)) return;
  throw new InputError(
    `${name}: expected ${key} to be one of ${words.join(", ")}, got ${String(value)}.`,
    { path: key, expected: words.join(", "), received: String(value) },
  );
}

function checkMonotone({ monotone, loss }: BoostingOptions, inputs: number, task: Task): void {
  const isListed = Array.isArray(monotone) && [0, inputs].includes(monotone.length);
  if (!isListed || !monotone.every((sign) => [-1, 0, 1].includes(sign))) {
    throw new InputError(
      `${name}: expected monotone to be a list of ${inputs} numbers -1, 0 or 1, or empty, got ${JSON.stringify(monotone)}.`,
      { path: "monotone" },
    );
  }
  if (monotone.every((sign) => sign === 0)) return;
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

/** What the options mean for training. */
export function trainSettings(options: BoostingOptions): TrainSettings {
  const { loss: _, quantile: __, ensemble: ___, folds: ____, maxDepth, ...rest } = options;
  return { ...rest, maxDepth: maxDepth ?? Number.POSITIVE_INFINITY };
}
