import { missingCode, type ColumnBins } from "./bins.ts";
import type { Histograms } from "./histograms.ts";

/** What a split must keep to. */
export interface SplitSettings {
  /** Least training rows in a leaf. */
  readonly minLeaf: number;
  /** Added to the summed curvature of a leaf. */
  readonly l2: number;
  /** Per input +1 (may only rise), -1 (may only fall) or 0; empty = all 0. */
  readonly monotone: readonly number[];
}

/** A node that may still be split, with its best split. */
export interface OpenNode {
  readonly node: number;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  readonly gradient: number;
  readonly curvature: number;
  /** Bounds of the values below it, from monotone inputs above. */
  readonly lower: number;
  readonly upper: number;
  /** Place of its histogram, -1 for none. */
  readonly place: number;
  /** Of the best split so far; 0 for none. */
  gain: number;
  column: number;
  /** Of numbers: the last bin that goes left. */
  bin: number;
  missingRight: boolean;
  /** Of a category: the codes that go left. */
  leftLevels: readonly number[] | undefined;
  leftRows: number;
  leftGradient: number;
  leftCurvature: number;
}

/** Least summed curvature in a leaf, so that a Newton step stays finite. */
const leastCurvature = 1e-3;
/** A gain must beat another by this share to be better: below that, rounding would choose. */
const gainTolerance = 1e-9;
/** Curvature added to a level when levels are put in order, so that rare ones do not lead. */
const levelSmoothing = 10;

/**
 * Finds best splits in histograms. A missing value goes to whichever side gains more. The levels of a
 * category are put in the order of their steps, and parted at one place of that order; a missing value is a
 * level of its own.
 * Source: second order gain and missing values: T. Chen, C. Guestrin, "XGBoost", KDD (2016),
 * doi:10.1145/2939672.2939785, eqs. 5 to 7 and algorithm 3; order of levels: W. D. Fisher, J. Am. Stat.
 * Assoc. 53, 789 (1958), smoothed as in LightGBM; bounds for monotone inputs as in scikit-learn's
 * HistGradientBoosting.
 */
export class SplitFinder {
  private readonly histograms: Histograms;
  private readonly bins: readonly ColumnBins[];
  private readonly settings: SplitSettings;
  private readonly isConstrained: boolean;
  /** What splits of the node under way must beat. */
  private before = 0;

  constructor(histograms: Histograms, bins: readonly ColumnBins[], settings: SplitSettings) {
    this.histograms = histograms;
    this.bins = bins;
    this.settings = settings;
    this.isConstrained = settings.monotone.some((sign) => sign !== 0);
  }

  /** Newton step within bounds. */
  step(gradient: number, curvature: number, lower: number, upper: number): number {
    const free = -gradient / (curvature + this.settings.l2);
    return Math.max(lower, Math.min(upper, Number.isFinite(free) ? free : 0));
  }

  /** Puts the split of largest gain into the node; its gain stays 0 where none gains. */
  find(node: OpenNode, allowed: Int32Array): void {
    const { l2, monotone } = this.settings;
    const { gradient, curvature, lower, upper } = node;
    this.before = this.isConstrained
      ? -gradient * this.step(gradient, curvature, lower, upper)
      : (gradient * gradient) / (curvature + l2);
    for (let p = 0; p < allowed.length; p++) {
      const j = allowed[p];
      const { levels, hasMissing } = this.bins[j];
      if (levels > 0) this.scanLevels(node, j);
      else {
        const sign = monotone[j] ?? 0;
        this.scan(node, j, true, sign);
        if (hasMissing) this.scan(node, j, false, sign);
      }
    }
    if (node.gain <= 0 || node.leftLevels !== undefined) return;
    const { hasMissing } = this.bins[node.column];
    if (!hasMissing || this.histograms.rowsAt(node.place, node.column, missingCode) === 0) {
      // Nothing was learned of missing values: they go where most rows go.
      node.missingRight = 2 * node.leftRows < node.end - node.start;
    }
  }

  /** Best threshold of one column; missing values, if it has any, on the given side. */
  private scan(node: OpenNode, j: number, missingRight: boolean, sign: number): void {
    if (this.isConstrained) this.scanBounded(node, j, missingRight, sign);
    else this.scanFree(node, j, missingRight);
  }

  /**
   * By G_left^2 / (H_left + l2) + G_right^2 / (H_right + l2). The side without missing values is summed up
   * from its end: the left one upwards, or the right one downwards.
   */
  private scanFree(node: OpenNode, j: number, missingRight: boolean): void {
    const { before } = this;
    const { sums, counts, isEven } = this.histograms;
    const base = this.histograms.sumPlace(node.place, j);
    const countBase = this.histograms.countPlace(node.place, j);
    const { l2, minLeaf } = this.settings;
    const { gradient, curvature } = node;
    const rows = node.end - node.start;
    const { from, step, bins } = this.passOf(j, missingRight);
    // What must be beaten, and the noise of a sum that should be zero.
    let least = Math.max(before + gainTolerance * before, before + node.gain * (1 + gainTolerance));
    let ownGradient = 0;
    let ownCurvature = 0;
    let ownRows = 0;
    for (let k = 0, bin = from; k < bins; k++, bin += step) {
      ownGradient += sums[base + 2 * bin];
      ownCurvature += sums[base + 2 * bin + 1];
      ownRows = isEven ? ownCurvature : ownRows + counts[countBase + bin];
      if (ownRows < minLeaf) continue;
      if (rows - ownRows < minLeaf) break;
      const restGradient = gradient - ownGradient;
      const restCurvature = curvature - ownCurvature;
      if (ownCurvature < leastCurvature) continue;
      if (restCurvature < leastCurvature) break;
      const score =
        (ownGradient * ownGradient) / (ownCurvature + l2) +
        (restGradient * restGradient) / (restCurvature + l2);
      if (score > least) {
        const gain = score - before;
        least = before + gain * (1 + gainTolerance);
        if (missingRight) keep(node, j, bin, true, gain, ownRows, ownGradient, ownCurvature);
        else keep(node, j, bin - 1, false, gain, rows - ownRows, restGradient, restCurvature);
      }
    }
  }

  /** The same with values within the node's bounds and, where the input is monotone, in its order. */
  private scanBounded(node: OpenNode, j: number, missingRight: boolean, sign: number): void {
    const { sums, counts, isEven } = this.histograms;
    const base = this.histograms.sumPlace(node.place, j);
    const countBase = this.histograms.countPlace(node.place, j);
    const { minLeaf } = this.settings;
    const rows = node.end - node.start;
    const { from, step, bins } = this.passOf(j, missingRight);
    let ownGradient = 0;
    let ownCurvature = 0;
    let ownRows = 0;
    for (let k = 0, bin = from; k < bins; k++, bin += step) {
      ownGradient += sums[base + 2 * bin];
      ownCurvature += sums[base + 2 * bin + 1];
      ownRows = isEven ? ownCurvature : ownRows + counts[countBase + bin];
      if (ownRows < minLeaf) continue;
      if (rows - ownRows < minLeaf) break;
      const leftGradient = missingRight ? ownGradient : node.gradient - ownGradient;
      const leftCurvature = missingRight ? ownCurvature : node.curvature - ownCurvature;
      const gain = this.boundedGain(node, leftGradient, leftCurvature, sign);
      if (gain > node.gain * (1 + gainTolerance)) {
        const last = missingRight ? bin : bin - 1;
        const leftRows = missingRight ? ownRows : rows - ownRows;
        keep(node, j, last, missingRight, gain, leftRows, leftGradient, leftCurvature);
      }
    }
  }

  /** The bins that are summed up one by one; with missing values on the right, all others may go left. */
  private passOf(j: number, missingRight: boolean): { from: number; step: number; bins: number } {
    const { thresholds, hasMissing } = this.bins[j];
    return missingRight
      ? { from: 0, step: 1, bins: thresholds.length + Number(hasMissing) }
      : { from: thresholds.length, step: -1, bins: thresholds.length };
  }

  /** What a split gains with values in the node's bounds and in the order of `sign`; 0 for none. */
  private boundedGain(
    { gradient, curvature, lower, upper }: OpenNode,
    leftGradient: number,
    leftCurvature: number,
    sign: number,
  ): number {
    const rightGradient = gradient - leftGradient;
    const rightCurvature = curvature - leftCurvature;
    if (leftCurvature < leastCurvature || rightCurvature < leastCurvature) return 0;
    const leftValue = this.step(leftGradient, leftCurvature, lower, upper);
    const rightValue = this.step(rightGradient, rightCurvature, lower, upper);
    if (sign * (rightValue - leftValue) < 0) return 0;
    const { l2 } = this.settings;
    const score = this.isConstrained
      ? -leftGradient * leftValue - rightGradient * rightValue
      : (leftGradient * leftGradient) / (leftCurvature + l2) +
        (rightGradient * rightGradient) / (rightCurvature + l2);
    const gain = score - this.before;
    return gain > gainTolerance * Math.abs(score) ? gain : 0;
  }

  /** Best place to part the levels of a category, in the order of their steps. */
  private scanLevels(node: OpenNode, j: number): void {
    const { histograms } = this;
    const { sums } = histograms;
    const { minLeaf } = this.settings;
    const { levels } = this.bins[j];
    const base = histograms.sumPlace(node.place, j);
    const found: { code: number; rows: number; order: number }[] = [];
    for (let code = 0; code <= missingCode; code++) {
      if (code >= levels && code < missingCode) continue;
      const rows = histograms.rowsAt(node.place, j, code);
      if (rows <= 0) continue;
      const order = sums[base + 2 * code] / (sums[base + 2 * code + 1] + levelSmoothing);
      found.push({ code, rows, order });
    }
    found.sort((a, b) => a.order - b.order || a.code - b.code);
    let leftGradient = 0;
    let leftCurvature = 0;
    let leftRows = 0;
    for (let k = 0; k + 1 < found.length; k++) {
      const { code, rows } = found[k];
      leftGradient += sums[base + 2 * code];
      leftCurvature += sums[base + 2 * code + 1];
      leftRows += rows;
      if (leftRows < minLeaf || node.end - node.start - leftRows < minLeaf) continue;
      const gain = this.boundedGain(node, leftGradient, leftCurvature, 0);
      if (gain > node.gain * (1 + gainTolerance)) {
        keep(node, j, 0, false, gain, leftRows, leftGradient, leftCurvature);
        // Levels that no row of the node has go where most rows go.
        const absent = 2 * leftRows < node.end - node.start ? [] : absentCodes(found);
        node.leftLevels = [...found.slice(0, k + 1).map((level) => level.code), ...absent];
      }
    }
  }
}

function absentCodes(present: readonly { readonly code: number }[]): number[] {
  const isPresent = new Uint8Array(missingCode + 1);
  for (const { code } of present) isPresent[code] = 1;
  return [...isPresent.keys()].filter((code) => isPresent[code] === 0);
}

function keep(
  node: OpenNode,
  column: number,
  bin: number,
  missingRight: boolean,
  gain: number,
  leftRows: number,
  leftGradient: number,
  leftCurvature: number,
): void {
  node.gain = gain;
  node.column = column;
  node.bin = bin;
  node.missingRight = missingRight;
  node.leftLevels = undefined;
  node.leftRows = leftRows;
  node.leftGradient = leftGradient;
  node.leftCurvature = leftCurvature;
}
