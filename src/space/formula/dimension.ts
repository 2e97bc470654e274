import { bases, type Base, type Dimension } from "../../core/units-table.ts";

export const plain: Dimension = {};

/** Dimension of a^p b^q. */
export function combine(a: Dimension, p: number, b: Dimension, q: number): Dimension {
  const result: Partial<Record<Base, number>> = {};
  for (const base of bases) {
    const exponent = p * (a[base] ?? 0) + q * (b[base] ?? 0);
    if (exponent !== 0) result[base] = exponent;
  }
  return result;
}

export const isSame = (a: Dimension, b: Dimension): boolean =>
  bases.every((base) => Math.abs((a[base] ?? 0) - (b[base] ?? 0)) < 1e-9);

/** For messages: `mass length^-1 time^-2`, `a plain number`. */
export function inWords(d: Dimension): string {
  const parts = bases.flatMap((base) => {
    const exponent = d[base] ?? 0;
    return exponent === 0 ? [] : [exponent === 1 ? base : `${base}^${exponent}`];
  });
  return parts.length === 0 ? "a plain number" : parts.join(" ");
}
