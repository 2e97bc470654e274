import type { Measurement } from "./contract.ts";

/** What people call a measurement, else its number: `r1-2`, `run 12`. */
export const nameOf = (measurements: readonly Measurement[], i: number): string =>
  measurements[i]?.label ?? `run ${i + 1}`;
