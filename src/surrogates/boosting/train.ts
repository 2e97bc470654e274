import type { Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint, type Work } from "../../core/work.ts";
import type { InputColumn } from "../contract.ts";
import { findBins } from "./bins.ts";
import { HistogramGrower, type BoostedTree, type GrowSettings } from "./grow.ts";
import type { Loss } from "./losses.ts";

/** One model of an ensemble: the rows it learns from, and those that judge it. */
export interface Member {
  readonly learns: Int32Array;
  readonly heldOut: Int32Array;
}

export interface TrainSettings extends GrowSettings {
  /** Most rounds; each grows one tree for each score of each member. */
  readonly rounds: number;
  /** Rounds without a smaller held-out loss after which training stops; null = all rounds. */
  readonly patience: number | null;
  /** Share of the rows that each tree learns from. */
  readonly subsample: number;
  /** Share of the inputs that each tree may use. */
  readonly featureFraction: number;
  /** Most bins of an input, 2 ... 256. */
  readonly bins: number;
}

/** What training runs in. */
export interface TrainContext {
  readonly rng: Rng;
  readonly work: Work;
  /** Names the work in its progress. */
  readonly label: string;
  /** What the inputs hold; absent = numbers. */
  readonly columns?: readonly InputColumn[] | undefined;
}

/** Members trained side by side. */
export interface Trained {
  readonly members: readonly BoostedModel[];
  /** Rounds kept: those up to the smallest held-out loss, or all. */
  readonly rounds: number;
  /** n x scores: what the members say of the rows that they held out; 0 for rows that none did. */
  readonly heldOutScores: Float64Array;
}

/** Start scores and trees; tree `round * scores + k` adds to score k. */
export interface BoostedModel {
  readonly start: Float64Array;
  readonly trees: readonly BoostedTree[];
}

/**
 * Gradient boosting of several members in step with each other, so that one number of rounds serves all:
 * the one with the smallest loss over all rows held out.
 * Source: J. H. Friedman, Ann. Stat. 29, 1189 (2001), doi:10.1214/aos/1013203451; random rows: Comput.
 * Stat. Data Anal. 38, 367 (2002), doi:10.1016/S0167-9473(01)00065-2.
 * @param x n x d @param y n numbers, or class indices
 */
export async function train(
  x: Matrix,
  y: Float64Array,
  loss: Loss,
  members: readonly Member[],
  settings: TrainSettings,
  { rng, work, label, columns }: TrainContext,
): Promise<Trained> {
  await checkpoint(work, { label, done: 0, total: settings.rounds });
  const bins = findBins(x, settings.bins, rng.fork("thresholds"), columns);
  const grower = new HistogramGrower(x, bins, settings, loss.isEven);
  const runs = members.map((member) => new Run(x.rows, y, loss, member));
  const isJudged = members.some(({ heldOut }) => heldOut.length > 0);
  const patience = (isJudged && settings.patience) || undefined;

  let kept = 0;
  let smallest = patience !== undefined ? heldOutLoss(runs, y, loss) : Number.POSITIVE_INFINITY;
  let atSmallest = runs.map((run) => run.heldOutScores());
  for (let round = 0; round < settings.rounds; round++) {
    for (const [m, run] of runs.entries()) {
      run.grow(grower, settings, rng.fork(`member ${m}`).fork(`round ${round}`), x.columns);
    }
    if (patience !== undefined) {
      const now = heldOutLoss(runs, y, loss);
      if (now < smallest) {
        smallest = now;
        kept = round + 1;
        atSmallest = runs.map((run) => run.heldOutScores());
      } else if (round + 1 - kept >= patience) {
        break;
      }
    } else {
      kept = round + 1;
    }
    await checkpoint(work, { label, done: round + 1, total: settings.rounds });
  }
  if (patience === undefined) atSmallest = runs.map((run) => run.heldOutScores());

  const heldOutScores = new Float64Array(x.rows * loss.scores);
  runs.forEach(({ member }, m) => {
    member.heldOut.forEach((row, p) => {
      const one = atSmallest[m].subarray(p * loss.scores, (p + 1) * loss.scores);
      heldOutScores.set(one, row * loss.scores);
    });
  });
  return {
    members: runs.map(({ start, trees }) => ({ start, trees: trees.slice(0, kept * loss.scores) })),
    rounds: kept,
    heldOutScores,
  };
}

/** One member on its way. */
class Run {
  readonly member: Member;
  readonly start: Float64Array;
  readonly trees: BoostedTree[] = [];
  readonly scores: Float64Array;
  private readonly y: Float64Array;
  private readonly loss: Loss;

  constructor(rows: number, y: Float64Array, loss: Loss, member: Member) {
    this.member = member;
    this.y = y;
    this.loss = loss;
    this.start = loss.start(y, member.learns);
    this.scores = new Float64Array(rows * loss.scores);
    for (let k = 0; k < this.scores.length; k++) this.scores[k] = this.start[k % loss.scores];
  }

  /** Grows one round's trees. */
  grow(grower: HistogramGrower, settings: TrainSettings, rng: Rng, columns: number): void {
    const { loss, scores, y } = this;
    const { learns, heldOut } = this.member;
    const { sample, rest } = drawRows(learns, settings.subsample, rng.fork("rows"));
    const allowed = drawColumns(columns, settings.featureFraction, rng.fork("columns"));
    loss.prepare?.(y, scores, learns);
    const leafValue =
      loss.leafValue && ((rows: ArrayLike<number>) => loss.leafValue!(y, scores, rows));
    for (let k = 0; k < loss.scores; k++) {
      loss.pairsInto(grower.pairs, k, y, scores, sample);
      const grown = grower.grow(sample, allowed, leafValue);
      this.trees.push(grown.tree);
      grower.addToSample(scores, loss.scores, k, grown);
      grower.addTo(scores, loss.scores, k, grown, rest);
      grower.addTo(scores, loss.scores, k, grown, heldOut);
    }
  }

  heldOutScores(): Float64Array {
    const width = this.loss.scores;
    const { heldOut } = this.member;
    const result = new Float64Array(heldOut.length * width);
    for (let p = 0; p < result.length; p++) {
      result[p] = this.scores[heldOut[Math.floor(p / width)] * width + (p % width)];
    }
    return result;
  }
}

function heldOutLoss(runs: readonly Run[], y: Float64Array, loss: Loss): number {
  let sum = 0;
  let rows = 0;
  for (const { member, scores } of runs) {
    for (const row of member.heldOut) sum += loss.of(y, scores, row);
    rows += member.heldOut.length;
  }
  return sum / rows;
}

/** A random share of the rows and what is left, each in ascending order. */
function drawRows(
  rows: Int32Array,
  share: number,
  rng: Rng,
): { sample: Int32Array; rest: Int32Array } {
  const wanted = Math.max(1, Math.round(share * rows.length));
  if (wanted === rows.length) return { sample: rows, rest: new Int32Array(0) };
  const sample = new Int32Array(wanted);
  const rest = new Int32Array(rows.length - wanted);
  let taken = 0;
  for (let p = 0; p < rows.length; p++) {
    // Each row with the chance that leaves exactly `wanted` in the end.
    if (rng.uniform() * (rows.length - p) < wanted - taken) sample[taken++] = rows[p];
    else rest[p - taken] = rows[p];
  }
  return { sample, rest };
}

function drawColumns(columns: number, share: number, rng: Rng): Int32Array {
  const wanted = Math.max(1, Math.round(share * columns));
  if (wanted === columns) return Int32Array.from({ length: columns }, (_, j) => j);
  return rng.permutation(columns).slice(0, wanted).sort();
}
