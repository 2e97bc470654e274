import { InputError, ShapeError } from "../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../core/matrix.ts";
import type { Rng } from "../core/rng.ts";
import { checkpoint, type Work } from "../core/work.ts";
import type { ExplainedModel } from "./contract.ts";
import { checkRows } from "./explain-input.ts";

/** Where a prediction is wanted; a side left out is open. */
export interface WantedRange {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface CounterfactualInput {
  readonly model: ExplainedModel;
  /** The row to change, d numbers. */
  readonly row: Float64Array;
  readonly wanted: WantedRange;
  /** How far each feature may go; low = high = its value keeps it as it is. The row lies inside. */
  readonly bounds: readonly { readonly low: number; readonly high: number }[];
  /** What counts as one unit of change per feature, such as its standard deviation; above 0. */
  readonly scale: ArrayLike<number>;
  /** Rows to start from beside random ones, m x d: such as training rows. */
  readonly background?: Matrix;
  /** Puts a changed row right in place, such as fractions that must sum to one; applied to every trial. */
  readonly repair?: (row: Float64Array) => void;
  readonly rng: Rng;
  readonly work?: Work;
}

/** A small change that brings the prediction where it is wanted. */
export interface Counterfactual {
  readonly row: Float64Array;
  readonly prediction: number;
  /** Sum over features of |change| / scale. */
  readonly distance: number;
  /** Features that change, the largest change (in units of scale) first. */
  readonly changes: readonly {
    readonly feature: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** Values tried of one feature by itself. */
const scanSteps = 64;
/** A way is cut into this many parts, and the decisive one again; 32^5 parts in all. */
const cuts = 32;
const rounds = 5;
const randomStarts = 256;
/** Starts that are worked on. */
const keptStarts = 8;
const sweeps = 12;

/**
 * The smallest change found that brings a prediction into the wanted range, few features before many
 * (sum of absolute changes). Every feature is tried by itself; then rows inside the bounds with a wanted
 * prediction are drawn back towards the row, all features together and one by one, until none gives way
 * and none can go all the way in place of others.
 * The search is a heuristic: the change always does what is asked and none of its features can go back
 * further alone, but a smaller one may exist; `undefined` says that none was found, not that none exists.
 * Source: S. Wachter, B. Mittelstadt, C. Russell, Harv. J. Law Technol. 31, 841 (2018) (distance and aim).
 * @throws ShapeError for sizes that differ; InputError for values that are not finite, a row outside its
 *   bounds, a scale that is not above 0, an empty wanted range
 */
export async function counterfactual(
  input: CounterfactualInput,
): Promise<Counterfactual | undefined> {
  check(input);
  const { model, row, bounds, background, rng, work = {} } = input;
  const search = new Search(input);
  if (search.isWanted(search.predictOne(row))) return search.describe(row);
  const starts: Float64Array[] = [];
  for (let j = 0; j < row.length; j++) {
    await checkpoint(work, { label: "counterfactual", done: j, total: 2 * row.length });
    starts.push(...search.alone(j));
  }
  const others = matrix((background?.rows ?? 0) + randomStarts, row.length);
  if (background !== undefined) others.data.set(background.data);
  const draw = rng.fork("starts");
  for (let k = (background?.rows ?? 0) * row.length; k < others.data.length; k++) {
    const { low, high } = bounds[k % row.length];
    others.data[k] = low + (high - low) * draw.uniform();
  }
  for (let i = 0; i < others.rows; i++) search.settle(rowOf(others, i));
  const predictions = model.predict(others);
  const wanted = Array.from({ length: others.rows }, (_, i) => rowOf(others, i)).filter((_, i) =>
    search.isWanted(predictions[i]),
  );
  starts.push(...search.nearest(wanted, keptStarts));

  let best: Float64Array | undefined;
  for (const [s, start] of search.nearest(starts, 2 * keptStarts).entries()) {
    await checkpoint(work, {
      label: "counterfactual",
      done: keptStarts + s,
      total: 3 * keptStarts,
    });
    const found = search.drawBack(start);
    if (best === undefined || search.distance(found) < search.distance(best)) best = found;
  }
  return best === undefined ? undefined : search.describe(search.trade(best));
}

class Search {
  private readonly input: CounterfactualInput;

  constructor(input: CounterfactualInput) {
    this.input = input;
  }

  isWanted(prediction: number): boolean {
    const { atLeast = -Infinity, atMost = Infinity } = this.input.wanted;
    return prediction >= atLeast && prediction <= atMost;
  }

  predictOne(row: Float64Array): number {
    return this.input.model.predict(matrix(1, row.length, row))[0];
  }

  distance(row: Float64Array): number {
    const { row: from, scale } = this.input;
    return row.reduce((sum, value, j) => sum + Math.abs(value - from[j]) / scale[j], 0);
  }

  /** Puts a row inside the bounds and right, in place. */
  settle(row: Float64Array): void {
    const { bounds, repair } = this.input;
    bounds.forEach(({ low, high }, j) => (row[j] = Math.min(high, Math.max(low, row[j]))));
    repair?.(row);
  }

  nearest(rows: readonly Float64Array[], count: number): Float64Array[] {
    return rows
      .map((row) => ({ row, distance: this.distance(row) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count)
      .map(({ row }) => row);
  }

  /** The nearest wanted values of feature j on either side, all others as they are. */
  alone(j: number): Float64Array[] {
    const { row, bounds, model } = this.input;
    return [bounds[j].low, bounds[j].high].flatMap((end) => {
      if (end === row[j]) return [];
      const trials = matrix(scanSteps, row.length);
      for (let s = 0; s < scanSteps; s++) {
        const trial = rowOf(trials, s);
        trial.set(row);
        trial[j] = row[j] + ((end - row[j]) * (s + 1)) / scanSteps;
        this.settle(trial);
      }
      const predictions = model.predict(trials);
      const first = predictions.findIndex((prediction) => this.isWanted(prediction));
      return first < 0 ? [] : [rowOf(trials, first)];
    });
  }

  /** Draws a wanted row towards the original one as far as its prediction stays wanted. */
  drawBack(start: Float64Array): Float64Array {
    let best = this.towards(start, this.input.row);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const before = this.distance(best);
      // The largest changes first: those that need not be are worth most.
      for (const j of this.changed(best)) best = this.towards(best, this.with(best, j));
      if (!(this.distance(best) < before * (1 - 1e-9))) break;
    }
    return best;
  }

  /** Lets one feature go all the way so that others can go back, as long as that helps. */
  trade(start: Float64Array): Float64Array {
    const { row, bounds, model } = this.input;
    let best = start;
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const before = this.distance(best);
      const ends = matrix(2 * row.length, row.length);
      for (let t = 0; t < ends.rows; t++) {
        const trial = rowOf(ends, t);
        trial.set(best);
        trial[t >> 1] = t & 1 ? bounds[t >> 1].high : bounds[t >> 1].low;
        this.settle(trial);
      }
      const predictions = model.predict(ends);
      for (let t = 0; t < ends.rows; t++) {
        if (!this.isWanted(predictions[t])) continue;
        let other: Float64Array = rowOf(ends, t).slice();
        for (const j of this.changed(other)) {
          if (j !== t >> 1) other = this.towards(other, this.with(other, j));
        }
        other = this.towards(other, this.with(other, t >> 1));
        if (this.distance(other) < this.distance(best)) best = other;
      }
      best = this.drawBack(best);
      if (!(this.distance(best) < before * (1 - 1e-9))) break;
    }
    return best;
  }

  /** Features that differ from the original row, the largest change first. */
  private changed(row: Float64Array): number[] {
    const from = this.input.row;
    return Array.from(row.keys())
      .filter((j) => row[j] !== from[j])
      .sort((a, b) => this.stepOf(row, b) - this.stepOf(row, a) || a - b);
  }

  /** The row with feature j as it was. */
  private with(row: Float64Array, j: number): Float64Array {
    const result = row.slice();
    result[j] = this.input.row[j];
    return result;
  }

  private stepOf(row: Float64Array, j: number): number {
    return Math.abs(row[j] - this.input.row[j]) / this.input.scale[j];
  }

  /** The last wanted row on the way from a wanted one to another, if that is nearer to the original. */
  private towards(from: Float64Array, to: Float64Array): Float64Array {
    let best = from;
    let [start, width] = [0, 1];
    for (let round = 0; round < rounds; round++) {
      const trials = matrix(cuts, from.length);
      for (let c = 0; c < cuts; c++) {
        const t = start + (width * (c + 1)) / cuts;
        const trial = rowOf(trials, c);
        from.forEach((value, j) => (trial[j] = t === 1 ? to[j] : value + t * (to[j] - value)));
        this.settle(trial);
      }
      const last = this.input.model
        .predict(trials)
        .findLastIndex((prediction) => this.isWanted(prediction));
      if (last >= 0) {
        const reached = rowOf(trials, last);
        if (this.distance(reached) < this.distance(best)) best = reached.slice();
      }
      start += (width * (last + 1)) / cuts;
      width /= cuts;
      if (start >= 1) break;
    }
    return best;
  }

  describe(row: Float64Array): Counterfactual {
    const { row: from } = this.input;
    return {
      row: row.slice(),
      prediction: this.predictOne(row),
      distance: this.distance(row),
      changes: this.changed(row).map((feature) => ({
        feature,
        from: from[feature],
        to: row[feature],
      })),
    };
  }
}

function check({ model, row, wanted, bounds, scale, background }: CounterfactualInput): void {
  const who = "counterfactual";
  checkRows(who, "row", model, matrix(1, row.length, row));
  if (background !== undefined) checkRows(who, "background", model, background);
  if (bounds.length !== row.length || scale.length !== row.length) {
    throw new ShapeError(
      `${who}: expected bounds and a scale for each of ${row.length} features, got ${bounds.length} and ${scale.length}.`,
    );
  }
  const { atLeast = -Infinity, atMost = Infinity } = wanted;
  if (!(atLeast <= atMost) || (atLeast === -Infinity && atMost === Infinity)) {
    throw new InputError(
      `${who}: expected a wanted range with an end, got ${atLeast} to ${atMost}.`,
      { path: "wanted" },
    );
  }
  for (let j = 0; j < row.length; j++) {
    const { low, high } = bounds[j];
    if (!(low <= row[j] && row[j] <= high) || !Number.isFinite(low) || !Number.isFinite(high)) {
      throw new InputError(
        `${who}: expected feature ${j} inside its bounds ${low} ... ${high}, got ${row[j]}.`,
        { path: `bounds[${j}]` },
      );
    }
    if (!(scale[j] > 0)) {
      throw new InputError(`${who}: expected a scale above 0, got ${scale[j]} for feature ${j}.`, {
        path: `scale[${j}]`,
      });
    }
  }
}
