import { InputError } from "../core/errors.ts";
import type { Rng } from "../core/rng.ts";
import type { Table } from "./contract.ts";
import { columnNamed, textAt } from "./table.ts";

/** Rows for learning and rows for judging, 0-based, each in ascending order; no row is in both. */
export interface Split {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * One random hold-out.
 * @param n number of rows, at least 2
 * @param testShare share of the rows that is held out, in (0, 1); at least one row on either side
 */
export function holdout(n: number, testShare: number, rng: Rng): Split {
  checkRows("holdout", n, 2);
  const size = Math.min(n - 1, Math.max(1, Math.round(checkedShare(testShare) * n)));
  const order = rng.permutation(n);
  return splitBy(n, new Set(order.subarray(0, size)));
}

/** Hold-out with the same mix of labels on both sides, as near as whole rows allow. */
export function stratifiedHoldout(
  labels: ArrayLike<number | string>,
  testShare: number,
  rng: Rng,
): Split {
  const n = labels.length;
  checkRows("stratifiedHoldout", n, 2);
  const total = Math.min(n - 1, Math.max(1, Math.round(checkedShare(testShare) * n)));
  // Rows of one label stand together, so that every share of the line has the same mix.
  const chosen = new Set<number>();
  let before = 0;
  let taken = 0;
  for (const members of shuffledClasses(labels, rng)) {
    before += members.length;
    const until = Math.round((before * total) / n);
    for (const row of members.slice(0, until - taken)) chosen.add(row);
    taken = until;
  }
  return splitBy(n, chosen);
}

/** k folds of equal size, give or take one row; every row is tested once. */
export function kFold(n: number, k: number, rng: Rng): Split[] {
  checkFolds("kFold", k, n, "rows");
  const fold = new Int32Array(n);
  rng.permutation(n).forEach((row, position) => (fold[row] = position % k));
  return foldsOf(fold, k);
}

/** k folds with the same mix of labels in each, as near as whole rows allow. */
export function stratifiedKFold(labels: ArrayLike<number | string>, k: number, rng: Rng): Split[] {
  checkFolds("stratifiedKFold", k, labels.length, "rows");
  const fold = new Int32Array(labels.length);
  let position = 0;
  for (const members of shuffledClasses(labels, rng)) {
    for (const row of members) fold[row] = position++ % k;
  }
  return foldsOf(fold, k);
}

/**
 * k folds that keep rows of one key together (a chemical system, a source), so that nothing tested has
 * a relative among what was learned. Keys are dealt, largest first, to the fold with the fewest rows;
 * keys of equal size come in random order.
 */
export function groupedKFold(keys: readonly string[], k: number, rng: Rng): Split[] {
  const groups = groupsOf(keys);
  checkFolds("groupedKFold", k, groups.size, "groups");
  const order = rng.shuffle([...groups.values()]).sort((a, b) => b.length - a.length);
  const sizes = new Int32Array(k);
  const fold = new Int32Array(keys.length);
  for (const rows of order) {
    const smallest = sizes.indexOf(Math.min(...sizes));
    sizes[smallest]! += rows.length;
    for (const row of rows) fold[row] = smallest;
  }
  return foldsOf(fold, k);
}

/**
 * Hold-out of whole groups: random groups are held out until their rows come nearest to the share.
 * At least one group stays on either side.
 */
export function groupedHoldout(keys: readonly string[], testShare: number, rng: Rng): Split {
  const groups = rng.shuffle([...groupsOf(keys).values()]);
  if (groups.length < 2) {
    throw new InputError(`groupedHoldout: expected at least 2 groups, got ${groups.length}.`, {
      hint: "Use a hold-out of rows, or another key.",
    });
  }
  const wanted = checkedShare(testShare) * keys.length;
  const chosen = new Set<number>();
  for (const rows of groups.slice(0, -1)) {
    // Taking a group must bring the number of rows nearer to what is wanted.
    if (chosen.size > 0 && chosen.size + rows.length / 2 > wanted) continue;
    for (const row of rows) chosen.add(row);
  }
  return splitBy(keys.length, chosen);
}

/** One split per key: its rows are judged by a model of all others. */
export function leaveOneGroupOut(keys: readonly string[]): Split[] {
  const groups = groupsOf(keys);
  if (groups.size < 2) {
    throw new InputError(`leaveOneGroupOut: expected at least 2 groups, got ${groups.size}.`, {
      hint: "Use a hold-out of rows, or another key.",
    });
  }
  return [...groups.values()].map((rows) => splitBy(keys.length, new Set(rows)));
}

/**
 * Splits in the order of time: the rows are cut into k + 1 blocks of nearly equal size, and each block
 * but the first is judged by a model of all rows before it. Rows of one time stay together, so that
 * nothing tested is as old as what was learned.
 * @param times one number per row, such as a year
 * @throws InputError for a time that is NaN, and fewer than k + 1 different times
 */
export function chronologicalSplits(times: ArrayLike<number>, k: number): Split[] {
  const n = times.length;
  const rowsAt = new Map<number, number[]>();
  for (let row = 0; row < n; row++) {
    const time = times[row]!;
    if (Number.isNaN(time)) {
      throw new InputError(`chronologicalSplits: row ${row} has no time.`, {
        path: `row ${row}`,
        hint: "Leave rows without a time out.",
      });
    }
    const rows = rowsAt.get(time);
    if (rows === undefined) rowsAt.set(time, [row]);
    else rows.push(row);
  }
  const steps = [...rowsAt].sort(([a], [b]) => a - b).map(([, rows]) => rows);
  if (!(Number.isInteger(k) && k >= 1 && k < steps.length)) {
    throw new InputError(
      `chronologicalSplits: expected 1 to ${steps.length - 1} folds for ${steps.length} different times, got ${k}.`,
      { expected: `1 ... ${steps.length - 1}`, received: `${k}` },
    );
  }
  const blocks: number[][] = [];
  let step = 0;
  let dealt = 0;
  for (let b = 0; b <= k; b++) {
    const block: number[] = [];
    // Each block takes its share of what is left, one step of time at least, and leaves one for each after it.
    const wanted = (n - dealt) / (k + 1 - b);
    while (step < steps.length - (k - b)) {
      const next = steps[step]!;
      if (b < k && block.length > 0 && block.length + next.length / 2 > wanted) break;
      block.push(...next);
      step++;
    }
    dealt += block.length;
    blocks.push(block);
  }
  const ascending = (rows: readonly number[]) => Int32Array.from(rows).sort();
  return blocks.slice(1).map((block, b) => ({
    train: ascending(blocks.slice(0, b + 1).flat()),
    test: ascending(block),
  }));
}

/**
 * Holds out the best rows by target, to see whether a model ranks what is better than all it learned
 * from. Rows that tie with the last one held out are held out too, unless none is left to learn from.
 * @param best `high` or `low` targets are held out
 * @throws InputError when fewer than two different targets leave a side empty
 */
export function extrapolationSplit(
  y: ArrayLike<number>,
  testShare: number,
  best: "high" | "low",
): Split {
  const n = y.length;
  checkRows("extrapolationSplit", n, 2);
  const size = Math.min(n - 1, Math.max(1, Math.round(checkedShare(testShare) * n)));
  const goodness = Float64Array.from({ length: n }, (_, i) => (best === "high" ? y[i]! : -y[i]!));
  const ordered = goodness.slice().sort().reverse();
  const least = ordered[n - 1]!;
  const limit = ordered[size - 1]!;
  const chosen = new Set<number>();
  goodness.forEach((value, row) => {
    if (limit > least ? value >= limit : value > least) chosen.add(row);
  });
  if (chosen.size === 0) {
    throw new InputError("extrapolationSplit: expected targets that differ, all are equal.", {
      hint: "Use another protocol.",
    });
  }
  return splitBy(n, chosen);
}

/**
 * The split that a column of the table states: rows whose text is one of `test` are judged, those whose
 * text is one of `train` (all others when absent) are learned from; the rest stay out.
 * @throws InputError for words that do not occur and for an empty side
 */
export function publishedSplit(
  table: Table,
  columnName: string,
  test: readonly string[],
  train?: readonly string[],
): Split {
  const column = columnNamed(table, columnName);
  const words = Array.from({ length: table.rows }, (_, i) => textAt(column, i));
  const present = new Set(words);
  for (const word of [...test, ...(train ?? [])]) {
    if (!present.has(word)) {
      throw new InputError(`column "${columnName}" of ${table.source} has no "${word}".`, {
        file: table.source,
        path: columnName,
        expected: [...present].slice(0, 10).join(", "),
        received: word,
      });
    }
  }
  const rowsWith = (isWanted: (word: string) => boolean) =>
    Int32Array.from(words.flatMap((word, i) => (isWanted(word) ? [i] : [])));
  const split = {
    train: rowsWith((word) => (train === undefined ? !test.includes(word) : train.includes(word))),
    test: rowsWith((word) => test.includes(word)),
  };
  if (split.train.length === 0 || split.test.length === 0) {
    throw new InputError(`the split by "${columnName}" leaves a side without rows.`, {
      file: table.source,
      path: columnName,
    });
  }
  return split;
}

function splitBy(n: number, test: ReadonlySet<number>): Split {
  const split = { train: new Int32Array(n - test.size), test: new Int32Array(test.size) };
  let trained = 0;
  let tested = 0;
  for (let i = 0; i < n; i++) {
    if (test.has(i)) split.test[tested++] = i;
    else split.train[trained++] = i;
  }
  return split;
}

function foldsOf(fold: Int32Array, k: number): Split[] {
  return Array.from({ length: k }, (_, f) => {
    const rows = new Set<number>();
    fold.forEach((one, row) => {
      if (one === f) rows.add(row);
    });
    return splitBy(fold.length, rows);
  });
}

function groupsOf(keys: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  keys.forEach((key, row) => {
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [row]);
    else rows.push(row);
  });
  return groups;
}

/** Rows of each label in random order, labels in the order of their first row. */
function shuffledClasses(labels: ArrayLike<number | string>, rng: Rng): number[][] {
  const groups = groupsOf(Array.from(labels, String));
  return [...groups].map(([label, rows]) => rng.fork(label).shuffle(rows));
}

function checkRows(who: string, n: number, least: number): void {
  if (Number.isInteger(n) && n >= least) return;
  throw new InputError(`${who}: expected at least ${least} rows, got ${n}.`);
}

function checkFolds(who: string, k: number, available: number, what: string): void {
  if (Number.isInteger(k) && k >= 2 && k <= available) return;
  throw new InputError(
    `${who}: expected 2 to ${available} folds for ${available} ${what}, got ${k}.`,
    {
      expected: `2 ... ${available}`,
      received: `${k}`,
    },
  );
}

function checkedShare(share: number): number {
  if (share > 0 && share < 1) return share;
  throw new InputError(`expected a share between 0 and 1 to hold out, got ${share}.`, {
    expected: "a number above 0 and below 1",
    received: `${share}`,
  });
}
