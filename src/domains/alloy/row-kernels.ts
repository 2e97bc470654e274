import { log } from "../../core/elementary.ts";

/**
 * Computes one number for each of `count` (at most `blockRows`) rows of fractions, from row `first` on,
 * and writes that of row `first + i` to `out[offset + i * stride]`. Fractions are row-major, as many columns as
 * there are elements.
 */
export type RowKernel = (
  fractions: Float64Array,
  first: number,
  count: number,
  out: Float64Array,
  offset: number,
  stride: number,
) => void;

/** Rows that are worked on at a time: their fractions and scratch stay in the processor's cache. */
export const blockRows = 1024;

/** sum c_i v_i. */
export function weightedMean(values: Float64Array): RowKernel {
  const m = values.length;
  return (c, first, count, out, offset, stride) => {
    for (let i = 0, at = first * m; i < count; i++) {
      let sum = 0;
      for (let j = 0; j < m; j++, at++) sum += c[at]! * values[j]!;
      out[offset + i * stride] = sum;
    }
  };
}

/** sum c_i a_i / sum c_i b_i. */
export function quotientOfMeans(numerator: Float64Array, denominator: Float64Array): RowKernel {
  const m = numerator.length;
  return (c, first, count, out, offset, stride) => {
    for (let i = 0, at = first * m; i < count; i++) {
      let top = 0;
      let bottom = 0;
      for (let j = 0; j < m; j++, at++) {
        top += c[at]! * numerator[j]!;
        bottom += c[at]! * denominator[j]!;
      }
      out[offset + i * stride] = top / bottom;
    }
  };
}

/** Spread below this, relative to the mean, is rounding of equal values and counts as none. */
const roundingSpread = 1e-12;

/** sqrt(sum c_i (v_i - mean)^2), divided by the mean when `isRelative`, times `scale`. */
export function spread(values: Float64Array, isRelative: boolean, scale = 1): RowKernel {
  const m = values.length;
  return (c, first, count, out, offset, stride) => {
    for (let i = 0, row = first * m; i < count; i++, row += m) {
      let mean = 0;
      for (let j = 0; j < m; j++) mean += c[row + j]! * values[j]!;
      let square = 0;
      for (let j = 0; j < m; j++) {
        const difference = values[j]! - mean;
        square += c[row + j]! * difference * difference;
      }
      const relative = Math.sqrt(square) / mean;
      const isEqual = relative < roundingSpread;
      out[offset + i * stride] = isEqual ? 0 : scale * (isRelative ? relative : Math.sqrt(square));
    }
  };
}

/** -R sum c_i ln c_i, with 0 ln 0 = 0. */
export function mixingEntropy(gasConstant: number, elements: number): RowKernel {
  return (c, first, count, out, offset, stride) => {
    for (let i = 0, at = first * elements; i < count; i++) {
      let sum = 0;
      for (let j = 0; j < elements; j++, at++) {
        const fraction = c[at]!;
        if (fraction > 0) sum += fraction * log(fraction);
      }
      // Adding 0 turns the -0 of a pure element into 0.
      out[offset + i * stride] = -gasConstant * sum + 0;
    }
  };
}

/**
 * 4 sum_{i<j} H_ij c_i c_j.
 * @param enthalpies symmetric m x m, row-major; pairs that do not occur may hold anything finite
 */
export function pairSum(enthalpies: Float64Array, elements: number): RowKernel {
  return (c, first, count, out, offset, stride) => {
    for (let i = 0, row = first * elements; i < count; i++, row += elements) {
      let sum = 0;
      for (let a = 1; a < elements; a++) {
        const fraction = c[row + a]!;
        if (fraction === 0) continue;
        let partners = 0;
        for (let b = 0, pair = a * elements; b < a; b++, pair++) {
          partners += enthalpies[pair]! * c[row + b]!;
        }
        sum += fraction * partners;
      }
      out[offset + i * stride] = 4 * sum;
    }
  };
}

/**
 * gamma, the ratio of the solid angles around the smallest and the largest atom present.
 * Source: Z. Wang, Y. Huang, Y. Yang, J. Wang, C. T. Liu, Scr. Mater. 94, 28 (2015),
 * doi:10.1016/j.scriptamat.2014.09.010.
 */
export function solidAngleRatio(radii: Float64Array): RowKernel {
  const m = radii.length;
  const openness = (radius: number, mean: number): number => {
    const reach = (radius + mean) * (radius + mean);
    return 1 - Math.sqrt((reach - mean * mean) / reach);
  };
  return (c, first, count, out, offset, stride) => {
    for (let i = 0, row = first * m; i < count; i++, row += m) {
      let mean = 0;
      let smallest = Number.POSITIVE_INFINITY;
      let largest = 0;
      for (let j = 0; j < m; j++) {
        const fraction = c[row + j]!;
        if (fraction === 0) continue;
        const radius = radii[j]!;
        mean += fraction * radius;
        if (radius < smallest) smallest = radius;
        if (radius > largest) largest = radius;
      }
      out[offset + i * stride] =
        smallest === largest ? 1 : openness(smallest, mean) / openness(largest, mean);
    }
  };
}

/**
 * Magnitude of the excess entropy of mixing of hard spheres at packing fraction xi, in the unit of
 * `gasConstant`; 0 where all radii present are equal.
 * Source: G. A. Mansoori, N. F. Carnahan, K. E. Starling, T. W. Leland, J. Chem. Phys. 54, 1523 (1971),
 * doi:10.1063/1.1675048; as used by Y. F. Ye et al., Scr. Mater. 104, 53 (2015).
 */
export function packingEntropy(
  radii: Float64Array,
  packingFraction: number,
  gasConstant: number,
): RowKernel {
  const m = radii.length;
  const z = 1 / (1 - packingFraction);
  const byY1 = 1.5 * (z * z - 1);
  const byY2 = 1.5 * (z - 1) * (z - 1);
  const byY3 = 0.5 * (z - 1) * (z - 3) + log(z);
  return (c, first, count, out, offset, stride) => {
    for (let i = 0, row = first * m; i < count; i++, row += m) {
      let s2 = 0;
      let s3 = 0;
      let sumPairs = 0;
      let productPairs = 0;
      for (let a = 0; a < m; a++) {
        const ca = c[row + a]!;
        if (ca === 0) continue;
        const da = 2 * radii[a]!;
        s2 += ca * da * da;
        s3 += ca * da * da * da;
        for (let b = 0; b < a; b++) {
          const db = 2 * radii[b]!;
          const weight = (da - db) * (da - db) * ca * c[row + b]!;
          sumPairs += (da + db) * weight;
          productPairs += da * db * weight;
        }
      }
      const y1 = sumPairs / s3;
      const y2 = (s2 / (s3 * s3)) * productPairs;
      const y3 = (s2 * s2 * s2) / (s3 * s3);
      const excess = byY1 * y1 + byY2 * y2 - byY3 * (1 - y3);
      out[offset + i * stride] = sumPairs === 0 ? 0 : gasConstant * Math.abs(excess);
    }
  };
}

/** A function of other kernels' numbers, row by row. */
export function combine(
  parts: readonly RowKernel[],
  f: (values: Float64Array) => number,
): RowKernel {
  const scratch = new Float64Array(parts.length * blockRows);
  const values = new Float64Array(parts.length);
  return (c, first, count, out, offset, stride) => {
    parts.forEach((part, k) => part(c, first, count, scratch, k * blockRows, 1));
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < parts.length; k++) values[k] = scratch[k * blockRows + i]!;
      out[offset + i * stride] = f(values);
    }
  };
}
