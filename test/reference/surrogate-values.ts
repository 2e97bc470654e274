import { readFileSync } from "node:fs";

interface SurrogateValues {
  readonly gaussianProcess: {
    readonly x: number[];
    readonly y: number[];
    readonly rows: number[];
    readonly lengthScales: number[];
    readonly signalVariance: number;
    readonly noiseVariance: number;
    readonly constant: number;
    readonly mean: number[];
    readonly std: number[];
    readonly profiledVariance: number;
    readonly profiledLikelihood: number;
  };
  readonly linear: {
    readonly x: number[];
    readonly y: number[];
    readonly labels: number[];
    readonly rows: number[];
    readonly penalty: number;
    readonly ridge: number[];
    readonly softmax: number[];
    readonly two: number[];
  };
  readonly scores: {
    readonly labels: number[];
    readonly p: number[];
    readonly binary: Record<string, number>;
    readonly labels3: number[];
    readonly p3: number[];
    readonly multi: Record<string, number>;
    readonly measured: number[];
    readonly predicted: number[];
    readonly regression: Record<string, number>;
  };
  readonly trees: {
    readonly x: number[];
    readonly labels: number[];
    readonly y: number[];
    readonly rows: number[];
    readonly weight: number[];
  } & Record<
    "depth1leaf1" | "depth3leaf1" | "depth4leaf6",
    { classes: number[]; numbers: number[] }
  >;
}

/** Values made by surrogates.py beside this file. */
export const surrogateValues = JSON.parse(
  readFileSync(new URL("surrogates.json", import.meta.url), "utf8"),
) as SurrogateValues;

/** Largest difference of two lists over the largest expected value; infinite for unequal lengths. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  let size = 0;
  for (let k = 0; k < expected.length; k++) {
    largest = Math.max(largest, Math.abs(actual[k] - expected[k]));
    size = Math.max(size, Math.abs(expected[k]));
  }
  return largest / size;
}
