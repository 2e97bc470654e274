import { matrix, takeRows, type Matrix } from "../../core/matrix.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import { kFold, stratifiedKFold } from "../../data/split.ts";
import type { Task } from "../contract.ts";
import { randomForest } from "../forest/random-forest.ts";
import { elasticNet, largestPenalty, momentsOf, penaltyPath } from "../lasso/elastic-net.ts";
import { columnScaling, scaleColumns, standardise } from "../standardise.ts";
import type { StepInput } from "./contract.ts";
import { mutualInformation, mutualInformationWithClass } from "./mutual-information.ts";

/** Numbers of a training set, complete: how much each column tells about the target, higher is more. */
export type FeatureScore = (
  input: Pick<StepInput, "x" | "y" | "task" | "rng"> & { readonly work: Work },
) => Promise<Float64Array>;

/** Rows beyond this are sampled: neighbours of all rows would take too long. */
const mostRows = 2000;

/** Ways to rank columns by what they tell about the target. */
export const featureScores = {
  "mutual-information": mutualInformationScores,
  permutation: permutationScores,
  l1: l1Scores,
} as const satisfies Record<string, FeatureScore>;

export type FeatureScoreName = keyof typeof featureScores;

/** Mutual information of each column with the target, nats; of at most 2,000 sampled rows. */
async function mutualInformationScores({ x, y, task, rng, work }: Parameters<FeatureScore>[0]) {
  const rows =
    x.rows > mostRows
      ? rng.fork("sample").permutation(x.rows).slice(0, mostRows).sort()
      : undefined;
  const part = rows === undefined ? x : takeRows(x, rows);
  const target = rows === undefined ? y : Float64Array.from(rows, (row) => y[row]);
  const scores = new Float64Array(x.columns);
  for (let j = 0; j < x.columns; j++) {
    await checkpoint(work, { label: "mutual information", done: j, total: x.columns });
    const values = columnOf(part, j);
    const own = rng.fork(`column ${j}`);
    scores[j] =
      task.kind === "regression"
        ? mutualInformation(values, target, own)
        : mutualInformationWithClass(values, target, own);
  }
  return scores;
}

const folds = 3;
const trees = 100;

/**
 * How much worse a forest predicts rows that it has not seen when the column is shuffled among them:
 * the growth of the mean squared error (of the Brier score for classes), mean over three folds.
 * Source: L. Breiman, Mach. Learn. 45, 5 (2001), doi:10.1023/A:1010933404324, section 10.
 */
async function permutationScores({ x, y, task, rng, work }: Parameters<FeatureScore>[0]) {
  const k = Math.min(folds, x.rows);
  const splits =
    task.kind === "regression"
      ? kFold(x.rows, k, rng.fork("folds"))
      : stratifiedKFold(y, k, rng.fork("folds"));
  const scores = new Float64Array(x.columns);
  for (const [f, { train: rest, test: own }] of splits.entries()) {
    const labels = Float64Array.from(rest, (row) => y[row]);
    if (task.kind === "classification" && new Set(labels).size < 2) continue;
    if (rest.length < 2) continue;
    const forest = await randomForest.fit(
      { x: takeRows(x, rest), y: labels, task, rng: rng.fork(`forest ${f}`), work },
      { trees },
    );
    const test = takeRows(x, own);
    const truth = Float64Array.from(own, (row) => y[row]);
    const base = squaredError(forest.predict(test).mean, truth, task);
    for (let j = 0; j < x.columns; j++) {
      await checkpoint(work, {
        label: "permutation importance",
        done: f * x.columns + j,
        total: k * x.columns,
      });
      const order = rng.fork(`shuffle ${f} ${j}`).permutation(test.rows);
      const shuffled = matrix(test.rows, test.columns, test.data.slice());
      for (let i = 0; i < test.rows; i++) {
        shuffled.data[i * test.columns + j] = test.data[order[i] * test.columns + j];
      }
      scores[j] += (squaredError(forest.predict(shuffled).mean, truth, task) - base) / k;
    }
  }
  return scores;
}

function squaredError(mean: Matrix, truth: Float64Array, task: Task): number {
  let sum = 0;
  for (let i = 0; i < mean.rows; i++) {
    for (let c = 0; c < mean.columns; c++) {
      const wanted = task.kind === "regression" ? truth[i] : Number(truth[i] === c);
      const difference = mean.data[i * mean.columns + c] - wanted;
      sum += difference * difference;
    }
  }
  return sum / mean.rows;
}

/** Penalties of the path, from where all coefficients vanish down to a thousandth of that. */
const pathLength = 100;
const pathStep = 0.933;

/**
 * The largest penalty of the lasso, as a share of the one that silences all columns, at which the column
 * has a coefficient; 0 for one that never enters. Inputs are standardised; for classes the largest over
 * the 0/1 targets of each class against the others.
 * Source: R. Tibshirani, J. R. Stat. Soc. B 58, 267 (1996).
 */
async function l1Scores({ x, y, task, work }: Parameters<FeatureScore>[0]) {
  const z = scaleColumns(x, columnScaling(x));
  const targets =
    task.kind === "regression"
      ? [y]
      : task.classes.map((_, c) => y.map((label) => Number(label === c)));
  const scores = new Float64Array(x.columns);
  for (const [t, target] of targets.entries()) {
    await checkpoint(work, { label: "lasso path", done: t, total: targets.length });
    const moments = momentsOf(z, standardise(target).values);
    const largest = largestPenalty(moments, 1);
    if (!(largest > 0)) continue;
    const penalties = penaltyPath(largest, pathLength, pathStep);
    const { coefficients } = elasticNet(moments, penalties, 1);
    for (let k = 0; k < coefficients.data.length; k++) {
      if (coefficients.data[k] === 0) continue;
      const j = k % x.columns;
      scores[j] = Math.max(scores[j], penalties[Math.floor(k / x.columns)] / largest);
    }
  }
  return scores;
}

const columnOf = (x: Matrix, j: number): Float64Array =>
  Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + j]);
