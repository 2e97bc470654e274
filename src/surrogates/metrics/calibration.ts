import type { Matrix } from "../../core/matrix.ts";
import { coverage } from "./regression.ts";

/** One point of a calibration plot: on the diagonal, what was said is what was seen. */
export interface CalibrationPoint {
  /** Level of the central interval, or mean predicted probability in the bin. */
  readonly nominal: number;
  /** Share of measured numbers inside the interval, or frequency of the class in the bin. */
  readonly observed: number;
  /** Rows behind the point. */
  readonly count: number;
}

/** Levels of the central intervals that are compared with the observed shares. */
export const intervalLevels: readonly number[] = [
  0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95,
];

/** Share of measured numbers inside the central normal intervals of `intervalLevels`. */
export function intervalCalibration(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
  std: ArrayLike<number>,
): CalibrationPoint[] {
  return intervalLevels.map((nominal) => ({
    nominal,
    observed: coverage(measured, predicted, std, nominal),
    count: measured.length,
  }));
}

/**
 * Predicted probabilities in equal bins against the frequency of the class: of the second class when
 * there are two, else of all classes together. Empty bins are left out.
 * @param labels class index of each row
 * @param probabilities n x classes
 */
export function reliability(
  labels: ArrayLike<number>,
  probabilities: Matrix,
  bins = 10,
): CalibrationPoint[] {
  const { rows, columns, data } = probabilities;
  const count = new Float64Array(bins);
  const said = new Float64Array(bins);
  const seen = new Float64Array(bins);
  for (let i = 0; i < rows; i++) {
    for (let k = columns === 2 ? 1 : 0; k < columns; k++) {
      const p = data[i * columns + k];
      const bin = Math.min(bins - 1, Math.floor(p * bins));
      count[bin]++;
      said[bin] += p;
      seen[bin] += labels[i] === k ? 1 : 0;
    }
  }
  return Array.from({ length: bins }, (_, b) => b)
    .filter((b) => count[b] > 0)
    .map((b) => ({
      nominal: said[b] / count[b],
      observed: seen[b] / count[b],
      count: count[b],
    }));
}

/**
 * Expected calibration error: mean distance of reliability points from the diagonal, by their counts.
 * Source: M. P. Naeini, G. F. Cooper, M. Hauskrecht, Proc. AAAI 29, 2901 (2015).
 */
export function expectedCalibrationError(points: readonly CalibrationPoint[]): number {
  const total = points.reduce((sum, point) => sum + point.count, 0);
  const distance = points.reduce(
    (sum, { nominal, observed, count }) => sum + count * Math.abs(nominal - observed),
    0,
  );
  return distance / total;
}
