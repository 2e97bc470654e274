import { readFileSync } from "node:fs";

interface KernelMethodValues {
  readonly regression: {
    readonly x: number[];
    readonly y: number[];
    readonly noise: number[];
    readonly rows: number[];
    readonly scale: number;
    readonly signal: number;
    readonly shape: number;
    readonly kernels: Record<string, { mean: number[]; std: number[]; likelihood: number }>;
  };
  readonly sources: {
    readonly scale: number;
    readonly variance: number;
    readonly likelihood: number;
  } & Record<
    "x" | "s" | "y" | "rows" | "w" | "kappa" | "ratio" | "beta" | "mean" | "std",
    number[]
  >;
  readonly classification: {
    readonly signal: number;
    readonly likelihood: number;
    readonly averages: [number, number, number, number][];
  } & Record<"x" | "y" | "rows" | "scales" | "mean" | "std" | "probabilities" | "theirs", number[]>;
  readonly machines: {
    readonly svcSupport: number;
    readonly svrSupport: number;
  } & Record<
    | "x"
    | "value"
    | "labels"
    | "two"
    | "rows"
    | "svc"
    | "hard"
    | "svr"
    | "pairs"
    | "decision"
    | "platt",
    number[]
  >;
  readonly nets: { readonly penalty: number } & Record<
    | "x"
    | "labels"
    | "two"
    | "rows"
    | "lasso"
    | "net"
    | "lassoTwo"
    | "wide"
    | "wideTarget"
    | "wideCoefficients",
    number[]
  >;
}

/** Values made by kernel-methods.py beside this file. */
export const kernelMethodValues = JSON.parse(
  readFileSync(new URL("kernel-methods.json", import.meta.url), "utf8"),
) as KernelMethodValues;
