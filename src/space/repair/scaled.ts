import type { Model } from "../model/model.ts";
import type { ProjectionRow } from "./project.ts";

/** Squared width of each column: distances are sums of squared gaps over it. */
export const scaleOf = (model: Model): Float64Array =>
  Float64Array.from(model.columns, ({ kind, min, max }) =>
    kind === "number" && max > min ? (max - min) * (max - min) : 1,
  );

/** The linear rows, aimed at half a tolerance inside; a strict limit already has it outside. */
export const innerRows = (model: Model): ProjectionRow[] =>
  model.linear.map(({ coefficients, lower: low, upper: high, slack }) => {
    const lower = low + slack / 2;
    const upper = high - slack / 2;
    if (lower <= upper) return { coefficients, lower, upper };
    return { coefficients, lower: (lower + upper) / 2, upper: (lower + upper) / 2 };
  });

/** Scaled squared distance; a changed category counts one. */
export function squaredDistance(
  model: Model,
  scale: Float64Array,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): number {
  let sum = 0;
  for (let j = 0; j < scale.length; j++) {
    const gap = a[j]! - b[j]!;
    if (model.columns[j]!.kind === "category") sum += Math.abs(gap) > 0.5 ? 1 : 0;
    else sum += (gap * gap) / scale[j]!;
  }
  return sum;
}
