import type { Model } from "../model/model.ts";
import { Projector, type ProjectionRow } from "./project.ts";
import type { Region } from "./region.ts";

/** Single changes of one search. */
const MOST_CHANGES = 200;
/** Lists up to this long are tried value by value, longer ones 1, 2, 4, ... places away. */
const SHORT = 16;

/**
 * Finds numbers of lists near the wanted ones that keep linear rows: the rows are projected onto as if
 * lists were ranges, rounded, and mended and improved by single changes. What comes back keeps the rows
 * and no single change of a list brings it nearer; null where that leads nowhere.
 */
export class ListRepairer {
  private readonly model: Model;
  private readonly scale: Float64Array;
  private readonly rows: readonly ProjectionRow[];
  private readonly sizes: Float64Array;
  private readonly projector: Projector;
  /** Columns with lists that take part in a row. */
  readonly columns: readonly number[];

  constructor(model: Model, scale: Float64Array, rows: readonly ProjectionRow[]) {
    this.model = model;
    this.scale = scale;
    this.rows = rows;
    this.projector = new Projector(scale, 0, rows);
    this.sizes = Float64Array.from(rows, ({ coefficients }) =>
      coefficients.reduce(
        (most, a, j) => Math.max(most, Math.abs(a) * Math.sqrt(scale[j]!)),
        1e-300,
      ),
    );
    this.columns = model.others.flatMap((other) =>
      other.kind === "finite" &&
      !other.isCategory &&
      rows.some(({ coefficients }) => coefficients[other.column] !== 0)
        ? [other.column]
        : [],
    );
  }

  nearest(region: Region, wish: Float64Array): Float64Array | null {
    const { columns } = this.model;
    const lower = region.lower.slice();
    const upper = region.upper.slice();
    for (const [column, list] of region.values) {
      if (columns[column]!.kind !== "category") {
        lower[column] = list.reduce((a, b) => Math.min(a, b));
        upper[column] = list.reduce((a, b) => Math.max(a, b));
      } else {
        lower[column] = nearestOf(list, wish[column]!);
        upper[column] = lower[column];
      }
    }
    const at = new Float64Array(wish.length);
    if (!this.projector.project(wish, lower, upper, at)) return null;
    for (const [column, list] of region.values) at[column] = nearestOf(list, at[column]!);
    if (!this.mend(region, wish, at)) return null;
    for (const [column] of region.values) {
      lower[column] = at[column]!;
      upper[column] = at[column]!;
    }
    const out = new Float64Array(wish.length);
    return this.projector.project(wish, lower, upper, out) ? out : null;
  }

  /** Single changes that lessen what the rows miss, then the distance; whether the rows hold at the end. */
  private mend(region: Region, wish: Float64Array, at: Float64Array): boolean {
    const values = Float64Array.from(this.rows, (row) => valueOf(row, at));
    let missed = this.missed(values, -1, 0);
    for (let change = 0; change < MOST_CHANGES; change++) {
      let bestMissed = missed;
      let bestGain = 1e-12;
      let column = -1;
      let value = 0;
      for (const j of this.columns) {
        const before = this.gap(wish, j, at[j]!);
        for (const candidate of nearby(region.values.get(j)!, at[j]!)) {
          if (candidate === at[j]) continue;
          const after = missed === 0 && bestMissed === 0 && this.gap(wish, j, candidate) >= before;
          if (after) continue;
          const left = this.missed(values, j, candidate - at[j]!);
          if (left > bestMissed + 1e-15) continue;
          const gain = before - this.gap(wish, j, candidate);
          const isLess = left < bestMissed - 1e-15;
          // Something is missed: the most mended counts, and at equal mending the nearest.
          if (!isLess && (gain <= bestGain || (missed > 0 && left >= missed - 1e-15))) continue;
          bestMissed = left;
          bestGain = gain;
          column = j;
          value = candidate;
        }
      }
      if (column < 0) break;
      const step = value - at[column]!;
      this.rows.forEach(({ coefficients }, r) => {
        values[r]! += step * coefficients[column]!;
      });
      at[column] = value;
      missed = bestMissed;
    }
    return missed === 0;
  }

  private gap(wish: Float64Array, j: number, value: number): number {
    const gap = value - wish[j]!;
    return (gap * gap) / this.scale[j]!;
  }

  /** What the rows miss after a column has moved by a step; continuous columns may still make up for theirs. */
  private missed(values: Float64Array, column: number, step: number): number {
    let sum = 0;
    for (let r = 0; r < this.rows.length; r++) {
      const { coefficients, lower, upper } = this.rows[r]!;
      const value = values[r]! + (column < 0 ? 0 : step * coefficients[column]!);
      const gap = value > upper ? value - upper : value < lower ? lower - value : 0;
      if (gap > 1e-12 * this.sizes[r]!) sum += gap / this.sizes[r]!;
    }
    return sum;
  }
}

function* nearby(list: readonly number[], value: number): Generator<number> {
  if (list.length <= SHORT) {
    yield* list;
    return;
  }
  const at = list.indexOf(value);
  for (let step = 1; step < list.length; step *= 2) {
    if (at - step >= 0) yield list[at - step]!;
    if (at + step < list.length) yield list[at + step]!;
  }
}

function valueOf({ coefficients }: ProjectionRow, row: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += coefficients[j]! * row[j]!;
  return sum;
}

/** The value of a list that is nearest. */
export function nearestOf(values: readonly number[], value: number): number {
  let best = values[0]!;
  for (const candidate of values) {
    if (Math.abs(candidate - value) < Math.abs(best - value)) best = candidate;
  }
  return best;
}
