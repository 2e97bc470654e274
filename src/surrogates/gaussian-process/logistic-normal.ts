import { exp } from "../../core/elementary.ts";
import { normalCdf, normalPdf } from "../../core/special.ts";

/** 1 / (1 + e^-f). */
export function sigmoid(f: number): number {
  if (f >= 0) return 1 / (1 + exp(-f));
  const e = exp(f);
  return e / (1 + e);
}

/** e^t / (1 + e^t)^2, the logistic density. */
function logisticDensity(t: number): number {
  const e = exp(-Math.abs(t));
  return e / ((1 + e) * (1 + e));
}

/**
 * For f normal with the given mean and std: `p`, the mean of sigmoid(f), and `within`, the mean of
 * sigmoid(f) (1 - sigmoid(f)). By the trapezoid rule, exponentially accurate for these analytic integrands:
 * over f for a std up to 1, and over the logistic density above. Errors are below 1e-12.
 */
export function averageSigmoid(mean: number, std: number): { p: number; within: number } {
  let p = 0;
  let within = 0;
  if (std <= 1) {
    const step = 0.25;
    for (let k = -36; k <= 36; k++) {
      const weight = step * normalPdf(k * step);
      const f = mean + std * k * step;
      p += weight * sigmoid(f);
      within += weight * logisticDensity(f);
    }
    return { p, within };
  }
  const step = 0.4;
  for (let k = -90; k <= 90; k++) {
    const t = k * step;
    const weight = step * logisticDensity(t);
    p += weight * normalCdf((mean - t) / std);
    within += (weight * normalPdf((t - mean) / std)) / std;
  }
  return { p, within };
}
