import { pow } from "../../../core/elementary.ts";
import { rowOf, type Matrix } from "../../../core/matrix.ts";
import type { Rng } from "../../../core/rng.ts";
import type { SearchSpace } from "../../../space/contract.ts";
import { layoutOf } from "../../operators/layout.ts";
import { otherThan } from "../../operators/list.ts";
import { columnWeights } from "../../similarity.ts";
import type { Change } from "./contract.ts";
import type { Presence } from "./presence.ts";
import { placeOf } from "./single-changes.ts";

/** Factor of differences at which moves in d dimensions are taken best (C. J. F. ter Braak, 2006). */
const differenceFactor = 2.38;
/** Reference designs that count as near. */
const nearCount = 5;

/** Changes by differences of reference designs, see `createMover`. */
export function differencesOf(
  space: SearchSpace,
  presence: Presence,
): { readonly addDifference: Change; readonly jump: Change } {
  const { lists, categories, compositions } = layoutOf(space);
  const { ranges, isThere, conform } = presence;
  const conditional = new Set(
    space.columns.flatMap(({ label }, k) =>
      space.parameters.some(
        (one) => one.kind !== "composition" && one.name === label && one.when !== undefined,
      )
        ? [k]
        : [],
    ),
  );
  const smoothCount =
    ranges.length +
    compositions.reduce(
      (sum, { step, columns }) => sum + (step === undefined ? columns.length : 0),
      0,
    );
  const scale = columnWeights(space.columns);
  const isCategory = Uint8Array.from(space.columns, ({ kind }) => Number(kind === "category"));

  /**
   * Adds a multiple of a - b. Columns that one of the three designs does not have stay, forth and back.
   * @param isWhole also what comes from grids and lists
   * @param turns categories change from those of b to those of a
   * @returns the balance, null where the way leads out of a list, range or category
   */
  function add(
    row: Float64Array,
    a: Float64Array,
    b: Float64Array,
    factor: number,
    { isWhole, turns }: { readonly isWhole: boolean; readonly turns: boolean },
    rng: Rng,
  ): number | null {
    const before = row.slice();
    let isMade = true;
    const isShared = (column: number): boolean =>
      isThere(before, column) && isThere(a, column) && isThere(b, column);
    const moves = new Map<number, () => void>();
    for (const { column, least, isOptional } of ranges) {
      moves.set(column, () => {
        if (!isShared(column)) return;
        row[column] += factor * (a[column] - b[column]);
        if (isOptional && !(row[column] >= least)) isMade = false;
      });
    }
    if (isWhole) {
      for (const { column, values } of lists) {
        moves.set(column, () => {
          if (!isShared(column)) return;
          const [x, to, from] = [row, a, b].map((one) => placeOf(values, one[column]));
          const at = x + to - from;
          if (at >= 0 && at < values.length) row[column] = values[at];
          else isMade = false;
        });
      }
    }
    if (turns) {
      for (const { column } of categories) {
        moves.set(column, () => {
          if (!isShared(column)) return;
          if (row[column] === b[column]) row[column] = a[column];
          else isMade = false;
        });
      }
    }
    for (const { columns, step } of compositions) {
      if (step !== undefined) {
        if (!isWhole) continue;
        const grid = Math.round(1 / step);
        for (const k of columns) row[k] = Math.round((row[k] + a[k] - b[k]) * grid) / grid;
        continue;
      }
      const isAlike = columns.every((k) => row[k] > 0 === a[k] > 0 && row[k] > 0 === b[k] > 0);
      if (!isAlike) continue;
      for (const k of columns) {
        if (!(row[k] > 0)) continue;
        row[k] += factor * (a[k] - b[k]);
        if (!(row[k] > 0)) return null;
      }
    }
    for (const [column, move] of moves) if (!conditional.has(column)) move();
    const balance = conform(row, before, rng, (column) => moves.get(column)?.());
    return isMade ? balance : null;
  }

  /** The nearest reference designs; another category is one range away. */
  function nearest(row: Float64Array, reference: Matrix): Int32Array {
    const { data, columns: d } = reference;
    const index = new Int32Array(nearCount).fill(-1);
    const square = new Float64Array(nearCount).fill(Number.POSITIVE_INFINITY);
    const last = nearCount - 1;
    for (let o = 0; o < reference.rows; o++) {
      let distance = 0;
      for (let j = 0; j < d && distance < square[last]; j++) {
        const gap = (row[j] - data[o * d + j]) * scale[j];
        distance += isCategory[j] === 1 ? Number(gap !== 0) : gap * gap;
      }
      if (!(distance < square[last])) continue;
      let at = last;
      for (; at > 0 && square[at - 1] > distance; at--) {
        square[at] = square[at - 1];
        index[at] = index[at - 1];
      }
      square[at] = distance;
      index[at] = o;
    }
    return index;
  }

  return {
    addDifference(row, reference, rng) {
      if (reference.rows < 2) return null;
      const first = rng.integer(reference.rows);
      const a = rowOf(reference, first);
      const b = rowOf(reference, otherThan(first, reference.rows, rng));
      const isWhole = smoothCount === 0 || rng.uniform() < 0.5;
      const factor = isWhole
        ? 1
        : (differenceFactor / Math.sqrt(2 * smoothCount)) * pow(10, -rng.uniform());
      const balance = add(row, a, b, factor, { isWhole, turns: false }, rng);
      return balance === null ? null : { balance };
    },
    jump(row, reference, rng) {
      if (reference.rows <= nearCount) return null;
      const a = rng.integer(reference.rows);
      const b = nearest(row, reference)[rng.integer(nearCount)];
      const [to, from] = [rowOf(reference, a), rowOf(reference, b)];
      const balance = add(row, to, from, 1, { isWhole: true, turns: true }, rng);
      if (balance === null || !nearest(row, reference).includes(a)) return null;
      return { balance };
    },
  };
}
