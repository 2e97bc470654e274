import { YstarError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import { stage, type Work } from "../../core/work.ts";
import type { FitInput, SurrogateSpec } from "../contract.ts";
import { dealFolds, rowsOfFold } from "../folds.ts";
import { takeInput } from "../take-input.ts";
import { judge, pool } from "../validate/held-out.ts";
import { lossSign, scoreOf, type Judged } from "../validate/scores.ts";
import type { TunedOptions } from "./option-space.ts";

/** Options that were tried, with what the inner folds say of them. */
export interface Trial {
  readonly options: TunedOptions;
  /** The metric over the rows held out by the inner folds; null where a fit failed. */
  readonly score: number | null;
  /** Share of the training rows, or of the rounds, that it was learned with. */
  readonly share: number;
  /** Why a fit failed. */
  readonly failure?: string;
}

/** Tries options on the inner folds, the same folds every time. */
export type TryOptions = (options: TunedOptions, share: number, work: Work) => Promise<Trial>;

/** The trial's score turned so that less is better; infinite where it failed. */
export const lossOf = ({ score }: Trial, sign: 1 | -1): number =>
  score === null ? Number.POSITIVE_INFINITY : sign * score;

export interface InnerSettings {
  readonly folds: number;
  readonly metric: string;
  /** The option whose number a share is taken of, and that number; absent = shares are of rows. */
  readonly rounds?: { readonly option: string; readonly most: number };
}

/**
 * Judges options inside one training part: fits without each inner fold, with the same streams for all
 * options, and computes the metric once over all held-out rows. A smaller `share` learns from the first
 * rows of a fixed random order of each part and is judged on the same rows; where `rounds` are given it learns
 * from all rows in this share of them instead. A fit that fails with a typed
 * error counts as the worst score.
 */
export function innerJudge(
  spec: SurrogateSpec,
  fixed: object | undefined,
  input: FitInput,
  { folds: k, metric, rounds }: InnerSettings,
  rng: Rng,
): TryOptions {
  const { fold, folds } = dealFolds(input, k, rng.fork("inner folds"));
  const parts = Array.from({ length: folds }, (_, f) => {
    const { inside, outside } = rowsOfFold(fold, f);
    return { test: inside, train: rng.fork(`order ${f}`).shuffle([...outside]) };
  });
  return async (options, share, work) => {
    const judged: Judged[] = [];
    try {
      for (const [f, { test, train }] of parts.entries()) {
        const rowShare = rounds === undefined ? share : 1;
        const size = Math.max(2, Math.round(rowShare * train.length));
        const rows = Int32Array.from(train.slice(0, size)).sort();
        const surrogate = await spec.fit(
          {
            ...takeInput(input, rows),
            rng: rng.fork(`fold ${f}`),
            work: stage(work, f / folds, (f + 1) / folds, `tune ${spec.name}`),
          },
          {
            ...fixed,
            ...options,
            ...(rounds === undefined || share === 1
              ? {}
              : { [rounds.option]: Math.max(1, Math.round(share * rounds.most)) }),
          },
        );
        judged.push(judge(surrogate, input, test));
      }
      return { options, score: scoreOf(pool(judged), input.task, metric), share };
    } catch (error) {
      if (!(error instanceof YstarError)) throw error;
      return { options, score: null, share, failure: error.message };
    }
  };
}

/** +1 where less of the metric is better. */
export const signOf = (input: Pick<FitInput, "task">, metric: string): 1 | -1 =>
  lossSign(input.task, metric);
