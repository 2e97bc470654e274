import { sum, weightedMean, weightedQuantile } from "../../core/statistics.ts";
import type { SearchSpace } from "../../space/contract.ts";

/** How one column varies within a mode, in the column's unit. */
export interface ColumnSpread {
  readonly label: string;
  readonly unit: string;
  readonly mean: number;
  readonly std: number;
  /** Ends of the central 90 %. */
  readonly low: number;
  readonly high: number;
  /** Categories only: the share of each word that occurs. */
  readonly shares?: Readonly<Record<string, number>>;
  /** Of conditional parameters: the share of designs without it, which the other figures leave out. */
  readonly absent?: number;
}

/**
 * The spread of a column of a conditional parameter, over the designs that have it; over all where none has it.
 * @param isThere by place among the values
 */
export function conditionalSpread(
  space: SearchSpace,
  j: number,
  values: Float64Array,
  weights: Float64Array,
  isThere: (place: number) => boolean,
): ColumnSpread {
  const kept = [...values.keys()].filter(isThere);
  const total = sum(weights);
  const absent = Math.max(0, 1 - sum(kept.map((i) => weights[i])) / total);
  if (kept.length === 0) return { ...spreadOf(space, j, values, weights), absent };
  const pick = (of: Float64Array): Float64Array => Float64Array.from(kept, (i) => of[i]);
  return { ...spreadOf(space, j, pick(values), pick(weights)), absent };
}

/** The spread of one column of a space over weighted values. */
export function spreadOf(
  { columns, parameters }: SearchSpace,
  j: number,
  values: Float64Array,
  weights: Float64Array,
): ColumnSpread {
  const { label, unit, kind } = columns[j];
  const mean = weightedMean(values, weights);
  const squares = values.map((value) => (value - mean) * (value - mean));
  const quantile = (share: number): number => weightedQuantile(values, weights, share);
  const numbers = {
    label,
    unit,
    mean,
    std: Math.sqrt(weightedMean(squares, weights)),
    low: quantile(0.05),
    high: quantile(0.95),
  };
  if (kind !== "category") return numbers;
  const parameter = parameters.find((one) => one.kind === "categorical" && one.name === label);
  const words = parameter?.kind === "categorical" ? parameter.values : [];
  const total = sum(weights);
  const shares = Object.fromEntries(
    words.flatMap((word, c) => {
      const share = weights.reduce((all, w, i) => (values[i] === c ? all + w : all), 0) / total;
      return share > 0 ? [[word, share] as const] : [];
    }),
  );
  return { ...numbers, shares };
}
