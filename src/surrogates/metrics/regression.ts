import { log } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { normalCdf, normalPdf, normalQuantile } from "../../core/special.ts";
import { checkSameLength } from "./check.ts";

/** Root of the mean squared error, in the unit of the numbers. */
export function rmse(measured: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return Math.sqrt(meanOf(measured, predicted, (m, p) => (m - p) * (m - p)));
}

/** Mean absolute error, in the unit of the numbers. */
export function mae(measured: ArrayLike<number>, predicted: ArrayLike<number>): number {
  return meanOf(measured, predicted, (m, p) => Math.abs(m - p));
}

/** Median absolute error (the mean of the middle two for an even count). */
export function medianAbsoluteError(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
): number {
  checkSameLength("medianAbsoluteError", measured, predicted);
  const errors = Float64Array.from({ length: measured.length }, (_, i) =>
    Math.abs(measured[i] - predicted[i]),
  ).sort();
  const middle = errors.length >> 1;
  return errors.length % 2 === 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2;
}

/**
 * Coefficient of determination: 1 - squared errors / squared deviations from the measured mean.
 * @throws InputError when all measured numbers are equal, where it is not defined
 */
export function r2(measured: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const mean = meanOf(measured, measured, (m) => m);
  const spread = meanOf(measured, measured, (m) => (m - mean) * (m - mean));
  if (spread === 0) {
    throw new InputError("r2: expected measured numbers that differ, all are equal.", {
      hint: "Give more rows or a protocol with larger test sets.",
    });
  }
  return 1 - meanOf(measured, predicted, (m, p) => (m - p) * (m - p)) / spread;
}

/**
 * Share of measured numbers inside the central normal interval of this nominal level.
 * @param std predictive standard deviations (epistemic and aleatoric together)
 */
export function coverage(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
  std: ArrayLike<number>,
  nominal: number,
): number {
  const width = normalQuantile(0.5 + nominal / 2);
  checkSameLength("coverage", measured, std);
  return meanOf(measured, predicted, (m, p, i) => (Math.abs(m - p) <= width * std[i] ? 1 : 0));
}

/** Mean width of the central normal intervals of this nominal level, in the unit of the numbers. */
export function intervalWidth(std: ArrayLike<number>, nominal: number): number {
  const width = 2 * normalQuantile(0.5 + nominal / 2);
  return meanOf(std, std, (s) => width * s);
}

/** Mean log density of the measured numbers under the predicted normals, in nats. */
export function meanLogLikelihood(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
  std: ArrayLike<number>,
): number {
  checkPositive("meanLogLikelihood", measured, std);
  return meanOf(measured, predicted, (m, p, i) => {
    const z = (m - p) / std[i];
    return -0.5 * z * z - log(std[i]) - 0.5 * log(2 * Math.PI);
  });
}

/**
 * Mean continuous ranked probability score of predicted normals, in the unit of the numbers; the
 * absolute error where the std is 0.
 * Source: T. Gneiting, A. E. Raftery, J. Am. Stat. Assoc. 102, 359 (2007), eq. 21,
 * doi:10.1198/016214506000001437.
 */
export function crps(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
  std: ArrayLike<number>,
): number {
  checkSameLength("crps", measured, std);
  return meanOf(measured, predicted, (m, p, i) => {
    const s = std[i];
    if (s === 0) return Math.abs(m - p);
    const z = (m - p) / s;
    return s * (z * (2 * normalCdf(z) - 1) + 2 * normalPdf(z) - 1 / Math.sqrt(Math.PI));
  });
}

function checkPositive(who: string, measured: ArrayLike<number>, std: ArrayLike<number>): void {
  checkSameLength(who, measured, std);
  for (let i = 0; i < std.length; i++) {
    if (!(std[i] > 0)) {
      throw new InputError(`${who}: expected std above 0, got ${std[i]} in row ${i}.`, {
        path: `row ${i}`,
        received: `${std[i]}`,
      });
    }
  }
}

function meanOf(
  measured: ArrayLike<number>,
  predicted: ArrayLike<number>,
  term: (measured: number, predicted: number, i: number) => number,
): number {
  checkSameLength("metric", measured, predicted);
  let sum = 0;
  for (let i = 0; i < measured.length; i++) sum += term(measured[i], predicted[i], i);
  return sum / measured.length;
}
