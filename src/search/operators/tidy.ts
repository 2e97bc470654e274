import type { CompositionVariable } from "./layout.ts";

/**
 * Brings a composition back to its own bounds as cheaply as possible: drops the smallest amounts when too
 * many elements are present, then limits the amounts, shares what is missing or too much out by the room that
 * is left, and rounds to whole steps (largest remainder). Constraints beyond the parameter itself, and
 * what cannot be mended so, are left to the space's repair.
 * @param row fractions of 0 or more in the variable's columns; written to
 */
export function tidyComposition(row: Float64Array, variable: CompositionVariable): void {
  const { columns, elements, step, maxCount } = variable;
  // Amounts count in steps; one is the whole without a grid.
  const whole = step === undefined ? 1 : Math.round(1 / step);
  const present: number[] = [];
  for (let e = 0; e < columns.length; e++) if (row[columns[e]] > 0) present.push(e);
  while (present.length > maxCount) {
    let smallest = -1;
    for (let a = 0; a < present.length; a++) {
      if (elements[present[a]].required === true) continue;
      if (smallest < 0 || row[columns[present[a]]] < row[columns[present[smallest]]]) smallest = a;
    }
    if (smallest < 0) return;
    row[columns[present[smallest]]] = 0;
    present.splice(smallest, 1);
  }

  const n = present.length;
  const low = new Float64Array(n);
  const high = new Float64Array(n);
  const amount = new Float64Array(n);
  let missing = whole;
  for (let a = 0; a < n; a++) {
    const { min, max } = elements[present[a]];
    low[a] = step === undefined ? min : Math.max(1, Math.ceil(min * whole - 1e-6));
    high[a] = step === undefined ? max : Math.floor(max * whole + 1e-6);
    amount[a] = Math.min(high[a], Math.max(low[a], row[columns[present[a]]] * whole));
    missing -= amount[a];
  }
  const room = amount.map((x, a) => (missing > 0 ? high[a] - x : x - low[a]));
  const free = room.reduce((sum, x) => sum + x, 0);
  if (free < Math.abs(missing)) return;
  if (missing !== 0) for (let a = 0; a < n; a++) amount[a] += (missing * room[a]) / free;
  if (step !== undefined) roundKeepingSum(amount, whole);
  for (let a = 0; a < n; a++) row[columns[present[a]]] = amount[a] / whole;
}

/** Whole numbers near the given ones that sum to `total`: the largest remainders are rounded up. */
function roundKeepingSum(amount: Float64Array, total: number): void {
  let left = total;
  const remainder = amount.map((x, a) => {
    amount[a] = Math.floor(x + 1e-9);
    left -= amount[a];
    return x - amount[a];
  });
  for (; left > 0; left--) {
    let largest = 0;
    for (let a = 1; a < amount.length; a++) if (remainder[a] > remainder[largest]) largest = a;
    amount[largest]++;
    remainder[largest] = -1;
  }
}
