import { InputError } from "../../core/errors.ts";
import { kMeans } from "../../core/k-means.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { median } from "../../core/statistics.ts";
import {
  chronologicalSplits,
  extrapolationSplit,
  groupedKFold,
  holdout,
  kFold,
  leaveOneGroupOut,
  stratifiedHoldout,
  stratifiedKFold,
  type Split,
} from "../../data/split.ts";
import type { Task } from "../contract.ts";
import { columnScaling, scaleColumns } from "../standardise.ts";

/**
 * How rows are held out. `holdout`: a random share, drawn anew each repeat; `kfold`: every row tested
 * once a repeat; both stratified for classes. `grouped`: k folds that keep rows of one key (a chemical
 * system, a source) together; `cluster`: each cluster of similar inputs (k-means on standardised columns)
 * judged by a model of the others; `chronological`: each block of time judged by a model of all before
 * it; `extrapolation`: the best share by target held out; `published`: the split that came with the data.
 */
export const protocols = [
  "holdout",
  "kfold",
  "grouped",
  "cluster",
  "chronological",
  "extrapolation",
  "published",
] as const;
export type Protocol = (typeof protocols)[number];

export interface ProtocolSettings {
  readonly protocol: Protocol;
  /** Share held out by `holdout` and `extrapolation`. Default 0.15. */
  readonly testFraction?: number;
  /** For `kfold`, `grouped` and `chronological`. Default 5. */
  readonly folds?: number;
  /** For `cluster`. Default 5. */
  readonly clusters?: number;
  /** Which targets `extrapolation` holds out. Default `high`. */
  readonly best?: "high" | "low";
}

/** What the rows are split by. */
export interface SplitInput {
  /** Inputs, n x d; `cluster` looks at them, a missing one counting as the median of its column. */
  readonly x: Matrix;
  readonly y: Float64Array;
  readonly task: Task;
  /** Key of each row for `grouped`. */
  readonly groups?: readonly string[] | undefined;
  /** Time of each row for `chronological`, such as the year of its source. */
  readonly times?: ArrayLike<number> | undefined;
  /** For `published`. */
  readonly split?: Split | undefined;
}

/** The splits of one repeat, with what they kept together. */
export interface ProtocolSplits {
  readonly splits: readonly Split[];
  /** Key of each row, of which no split parts two rows; absent where rows are split one by one. */
  readonly keys?: readonly string[];
}

/**
 * The train and test rows of one repeat.
 * @throws InputError when the protocol lacks its keys, times or split, the task is not one it suits, or
 *   a training part has fewer than two rows or a single class
 */
export function splitsOf(input: SplitInput, settings: ProtocolSettings, rng: Rng): ProtocolSplits {
  const result = deal(input, settings, rng);
  result.splits.forEach(({ train, test }, f) => {
    const where = result.splits.length === 1 ? "" : ` of fold ${f + 1}`;
    if (train.length < 2 || test.length < 1) {
      throw new InputError(
        `validate: the training part${where} has ${train.length} rows and the test part ${test.length}.`,
        { path: "protocol", expected: "at least 2 rows to learn from and 1 to judge" },
      );
    }
    checkClasses(input, train, where);
  });
  return result;
}

function checkClasses({ y, task }: SplitInput, train: Int32Array, where: string): void {
  if (task.kind !== "classification") return;
  const first = y[train[0]];
  if (train.some((row) => y[row] !== first)) return;
  throw new InputError(
    `validate: the training part${where} has rows of "${task.classes[first]}" only.`,
    {
      path: "protocol",
      expected: "at least two classes to learn from",
      hint: "Choose another protocol, or fewer folds or clusters.",
    },
  );
}

function deal(
  { x, y, task, groups, times, split }: SplitInput,
  { protocol, testFraction = 0.15, folds = 5, clusters = 5, best = "high" }: ProtocolSettings,
  rng: Rng,
): ProtocolSplits {
  const isClassification = task.kind === "classification";
  switch (protocol) {
    case "holdout":
      return {
        splits: [
          isClassification
            ? stratifiedHoldout(y, testFraction, rng)
            : holdout(y.length, testFraction, rng),
        ],
      };
    case "kfold":
      return {
        splits: isClassification ? stratifiedKFold(y, folds, rng) : kFold(y.length, folds, rng),
      };
    case "grouped":
      if (groups === undefined) throw missing("grouped", "a group for every row");
      return { splits: groupedKFold(groups, folds, rng), keys: groups };
    case "cluster": {
      const whole = completed(x);
      const { cluster } = kMeans(scaleColumns(whole, columnScaling(whole)), clusters, rng);
      const keys = Array.from(cluster, (c) => `cluster ${c}`);
      return { splits: leaveOneGroupOut(keys), keys };
    }
    case "chronological":
      if (times === undefined) throw missing("chronological", "a time for every row");
      return { splits: chronologicalSplits(times, folds) };
    case "extrapolation":
      if (isClassification) {
        throw new InputError("validate: protocol extrapolation is for numbers, not for classes.", {
          path: "protocol",
          hint: "Choose cluster or grouped to see how far a model of classes reaches.",
        });
      }
      return { splits: [extrapolationSplit(y, testFraction, best)] };
    case "published":
      if (split === undefined) throw missing("published", "the split that came with the data");
      return { splits: [split] };
    default:
      throw new InputError(`validate: "${String(protocol)}" is not a protocol.`, {
        path: "protocol",
        hint: `Choose one of ${protocols.join(", ")}.`,
      });
  }
}

function missing(protocol: string, what: string): InputError {
  return new InputError(`validate: protocol ${protocol} expects ${what}, got none.`, {
    path: "protocol",
    hint: "Choose holdout or kfold, or name the column.",
  });
}

/** The rows with the median of the column in place of a missing number; 0 where all are missing. */
function completed(x: Matrix): Matrix {
  if (!x.data.some(Number.isNaN)) return x;
  const result = matrix(x.rows, x.columns, x.data.slice());
  for (let j = 0; j < x.columns; j++) {
    const column = Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + j]);
    const known = column.filter((value) => !Number.isNaN(value));
    const middle = known.length === 0 ? 0 : median(known);
    column.forEach((value, i) => {
      if (Number.isNaN(value)) result.data[i * x.columns + j] = middle;
    });
  }
  return result;
}
