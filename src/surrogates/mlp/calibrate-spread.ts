import type { Matrix } from "../../core/matrix.ts";
import { normalQuantile } from "../../core/special.ts";
import { predictMixture, type Member, type Mixture } from "./predict-networks.ts";
import type { ScaledData } from "./train-network.ts";

/** Level of the central intervals that are made to hold. */
const level = 0.9;
const leastFactor = 0.1;

/**
 * Factor of the standard deviations with which central 90 % intervals hold their share of the rows kept aside:
 * networks fit the rows they are trained on better than new ones, and so claim too little noise. Each row is
 * predicted by the members that kept it aside; where these are but some, the error of their mean is larger than
 * that of the mean of all, by the variance between members times the difference of 1 / count. The share is that
 * of split conformal intervals. Source: J. Lei et al., J. Am. Stat. Assoc. 113, 1094 (2018),
 * doi:10.1080/01621459.2017.1307116, section 2.2.
 * @param heldOut rows that each member kept aside
 * @returns 1 and no rows when nothing was kept aside
 */
export function calibrateSpread(
  members: readonly Member[],
  heldOut: readonly Int32Array[],
  mixture: Mixture,
  { x, y, task, heads }: ScaledData,
): { readonly factor: number; readonly rows: number } {
  const count = members.length;
  const parts = members.map((member) => predictMixture([member], task, mixture, x, heads));
  const keptBy = Array.from({ length: x.rows }, (): number[] => []);
  heldOut.forEach((rows, m) => rows.forEach((row) => keptBy[row].push(m)));
  const average = (of: readonly number[], value: (m: number) => number): number =>
    of.reduce((sum, m) => sum + value(m), 0) / of.length;
  const all = members.map((_, m) => m);
  const ratios: number[] = [];
  keptBy.forEach((keepers, i) => {
    if (keepers.length === 0) return;
    const square = (part: Matrix): number => squareOf(part.data[i]);
    const centre = average(all, (m) => parts[m].mean.data[i]);
    const between = average(all, (m) => squareOf(parts[m].mean.data[i] - centre));
    const within = average(
      keepers,
      (m) => square(parts[m].aleatoricStd) + square(parts[m].epistemicStd),
    );
    const fewer =
      count === 1 ? 0 : (count / (count - 1)) * between * (1 / keepers.length - 1 / count);
    const error = y[i] - average(keepers, (m) => parts[m].mean.data[i]);
    ratios.push(Math.abs(error) / Math.sqrt(within + between + fewer));
  });
  if (ratios.length === 0) return { factor: 1, rows: 0 };
  ratios.sort((a, b) => a - b);
  const rank = Math.min(ratios.length, Math.ceil(level * (ratios.length + 1)));
  const factor = ratios[rank - 1] / normalQuantile((1 + level) / 2);
  return { factor: Math.max(leastFactor, factor), rows: ratios.length };
}

const squareOf = (x: number): number => x * x;
