import type { CountRow, Model } from "../model/model.ts";
import type { Region } from "./region.ts";

/**
 * Which elements a repaired design contains: those nearer to their lower bound than to zero, then as
 * few changes as the counts and the sum of one ask for, smallest fractions first.
 * @param wish fractions that sum to about one
 * @param support 1 for present; written
 * @returns false when no change was found that serves
 */
export function chooseSupport(
  model: Model,
  region: Region,
  wish: ArrayLike<number>,
  support: Uint8Array,
): boolean {
  const { elements } = model.composition!;
  const n = elements.length;
  for (let i = 0; i < n; i++) {
    if (region.mayBeAbsent[i] === 0) support[i] = 1;
    else if (region.mayBePresent[i] === 0) support[i] = 0;
    else support[i] = wish[i]! >= region.lower[i]! / 2 && wish[i]! > 0 ? 1 : 0;
  }
  return mendSupport(model, region, wish, support);
}

/** Changes a support until counts and sums fit; see `chooseSupport`. */
export function mendSupport(
  model: Model,
  region: Region,
  wish: ArrayLike<number>,
  support: Uint8Array,
): boolean {
  const n = model.composition!.elements.length;
  const isSettled = new Uint8Array(n);
  const drop = (columns: readonly number[] | null): boolean => {
    let best = -1;
    for (let c = 0; c < (columns?.length ?? n); c++) {
      const i = columns === null ? c : columns[c]!;
      if (support[i] === 0 || isSettled[i] === 1 || region.mayBeAbsent[i] === 0) continue;
      if (best < 0 || wish[i]! < wish[best]!) best = i;
    }
    if (best < 0) return false;
    support[best] = 0;
    isSettled[best] = 1;
    return true;
  };
  const add = (columns: readonly number[] | null): boolean => {
    let best = -1;
    for (let c = 0; c < (columns?.length ?? n); c++) {
      const i = columns === null ? c : columns[c]!;
      if (support[i] === 1 || isSettled[i] === 1 || region.mayBePresent[i] === 0) continue;
      if (best < 0 || cost(i) < cost(best)) best = i;
    }
    if (best < 0) return false;
    support[best] = 1;
    isSettled[best] = 1;
    return true;
  };
  const cost = (i: number): number => region.lower[i]! - 2 * wish[i]!;
  for (let round = 0; round <= 2 * n; round++) {
    const count = model.counts.find((row) => !fits(row, support));
    if (count !== undefined) {
      const present = presentOf(count, support);
      if (!(present > count.max ? drop(count.columns) : add(count.columns))) return false;
      continue;
    }
    let least = 0;
    let most = 0;
    for (let i = 0; i < n; i++) {
      if (support[i] === 0) continue;
      least += region.lower[i]!;
      most += region.upper[i]!;
    }
    if (least > 1 + 1e-12) {
      if (!drop(null)) return false;
    } else if (most < 1 - 1e-12) {
      if (!add(null)) return false;
    } else return true;
  }
  return false;
}

/** Whether a support keeps all counts and can sum to one. */
export function isSupport(model: Model, region: Region, support: Uint8Array): boolean {
  let least = 0;
  let most = 0;
  for (let i = 0; i < support.length; i++) {
    if (support[i] === 1) {
      if (region.mayBePresent[i] === 0) return false;
      least += region.lower[i]!;
      most += region.upper[i]!;
    } else if (region.mayBeAbsent[i] === 0) return false;
  }
  return least <= 1 + 1e-12 && most >= 1 - 1e-12 && model.counts.every((row) => fits(row, support));
}

/** Supports that differ by one element, or by one exchange of elements. */
export function* neighbours(support: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < support.length; i++) {
    const flipped = support.slice();
    flipped[i] = 1 - flipped[i]!;
    yield flipped;
    if (support[i] === 0) continue;
    for (let j = 0; j < support.length; j++) {
      if (support[j] === 1) continue;
      const swapped = flipped.slice();
      swapped[j] = 1;
      yield swapped;
    }
  }
}

function presentOf({ columns }: CountRow, support: Uint8Array): number {
  let present = 0;
  for (let c = 0; c < columns.length; c++) present += support[columns[c]!]!;
  return present;
}

function fits(row: CountRow, support: Uint8Array): boolean {
  const present = presentOf(row, support);
  return present >= row.min && present <= row.max;
}
