import { readFileSync } from "node:fs";

/** Rows of arguments followed by the exact value rounded to double; made by special.py. */
const table = JSON.parse(readFileSync(new URL("special.json", import.meta.url), "utf8")) as Record<
  string,
  number[][]
>;

export interface ReferenceRow {
  readonly args: readonly number[];
  readonly value: number;
}

/** Reference rows of one function. */
export function referenceRows(name: string): readonly ReferenceRow[] {
  const rows = table[name];
  if (rows === undefined) throw new Error(`special.json holds no function "${name}".`);
  return rows.map((row) => ({ args: row.slice(0, -1), value: row.at(-1) as number }));
}

/** Distance in units of the last place of the expected value. */
export function ulps(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const magnitude = Math.max(Math.abs(expected), 2.2250738585072014e-308);
  const place = 2 ** (Math.floor(Math.log2(magnitude)) - 52);
  return Math.abs(actual - expected) / place;
}

/** The largest error over the reference rows, with the place where it occurs. */
export function worst(
  name: string,
  f: (...args: number[]) => number,
  error: (actual: number, expected: number) => number,
): { error: number; at: string } {
  let largest = { error: 0, at: "" };
  for (const { args, value } of referenceRows(name)) {
    const actual = f(...args);
    const found = error(actual, value);
    if (!(found <= largest.error)) {
      largest = { error: found, at: `${name}(${args.join(", ")}) = ${actual}, expected ${value}` };
    }
  }
  return largest;
}
