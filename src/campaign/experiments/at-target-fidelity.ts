import type { Design } from "../../space/contract.ts";
import type { ExperimentSetup } from "./contract.ts";

/** Relative difference that rounding may make. */
const rounding = 1e-9;

/** Whether a design was measured at the fidelity that counts; a rougher measurement is no record. */
export function isAtTargetFidelity(
  { fidelity }: Pick<ExperimentSetup, "fidelity">,
  design: Design,
): boolean {
  if (fidelity === undefined) return true;
  const { parameter, target } = fidelity;
  const value = design[parameter];
  return typeof value === "number" && Math.abs(value - target) <= rounding * Math.abs(target);
}
