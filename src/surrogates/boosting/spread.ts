import type { Matrix } from "../../core/matrix.ts";
import { rowsOfFold } from "../folds.ts";
import { combine, joinModel, layOut, scoresAfter, type JoinedTrees } from "./ensemble.ts";
import { quantileLoss } from "./losses.ts";
import { train, type TrainContext, type TrainSettings } from "./train.ts";

/** Share of a normal distribution within one standard deviation of its middle. */
const withinOneStd = 0.682689492137086;

/** A quantile moves slowly: small trees, large leaves, few rounds. */
const spreadSettings = {
  leaves: 8,
  maxDepth: Number.POSITIVE_INFINITY,
  minLeaf: 20,
  l2: 0,
  learningRate: 0.1,
  rounds: 200,
  patience: 20,
  subsample: 1,
  featureFraction: 1,
  monotone: [],
} satisfies Partial<TrainSettings>;

/** Fewer residuals than that tell one spread for all places. */
const leastRows = 50;

/** Total standard deviation: `factor` times what the models say together, `factor` where there is none. */
export interface SpreadState {
  readonly models: readonly JoinedTrees[];
  readonly rounds: number;
  readonly factor: number;
}

/** Total standard deviation at each row of x. */
export type Spread = (x: Matrix) => Float64Array;

/**
 * Learns how wide residuals of held-out rows lie at each place: half the width between the quantiles
 * that hold the middle 68.27 %, which is the quantile of their size, by boosting with the quantile loss
 * (in folds of its own, so that it stops where held-out residuals tell no more), times one factor that
 * makes its mean square that of the residuals.
 * Source: quantile loss: R. Koenker, G. Bassett, Econometrica 46, 33 (1978), doi:10.2307/1913643; width
 * of held-out residuals: J. Lei et al., J. Am. Stat. Assoc. 113, 1094 (2018),
 * doi:10.1080/01621459.2017.1307116, section 5.2.
 * @param x n x d @param residuals n @param fold of each row @param bins as for the model itself
 */
export async function fitSpread(
  x: Matrix,
  residuals: Float64Array,
  fold: Int32Array,
  bins: number,
  context: Omit<TrainContext, "label">,
): Promise<SpreadState> {
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);
  if (x.rows < leastRows) {
    const even = Math.sqrt(squares(residuals) / x.rows);
    return { models: [], rounds: 0, factor: even };
  }
  const sizes = residuals.map(Math.abs);
  const folds = fold.reduce((largest, one) => Math.max(largest, one), 0) + 1;
  const members = Array.from({ length: folds }, (_, f) => {
    const { inside, outside } = rowsOfFold(fold, f);
    return { learns: outside, heldOut: inside };
  });
  const settings = { ...spreadSettings, bins };
  const loss = quantileLoss(withinOneStd);
  const label = "spread of gradient boosting";
  const trained = await train(x, sizes, loss, members, settings, { ...context, label });
  const claimed = squares(trained.heldOutScores.map((score) => Math.max(score, 0)));
  const factor = claimed > 0 ? Math.sqrt(squares(sizes) / claimed) : 1;
  return {
    models: trained.members.map((member) => joinModel(member, x.columns)),
    rounds: trained.rounds,
    factor,
  };
}

/** Lays a spread out for predictions. */
export function spreadOf({ models, rounds, factor }: SpreadState): Spread {
  if (models.length === 0) return (x) => new Float64Array(x.rows).fill(factor);
  const laidOut = models.map(layOut);
  return (x) => {
    const parts = laidOut.map((model) => scoresAfter(model, x, [rounds])[0]);
    return combine(parts, 0).mean.data.map((size) => factor * Math.max(0, size));
  };
}
