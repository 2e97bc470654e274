import { InputError } from "../../../core/errors.ts";
import { convertDifference } from "../../../core/units.ts";
import type { Design } from "../../../space/contract.ts";
import { unitsOf } from "../campaign-problem.ts";
import { inUnits, type Units } from "../in-units.ts";
import type { MeasurementState } from "../history/state.ts";
import type { TellContext } from "./tell-context.ts";
import type { Target } from "./find-target.ts";
import type { ReadValues } from "./read-values.ts";
import type { Telling } from "./telling.ts";
import { isSame, type ToldDesign } from "./told-design.ts";

/**
 * The measurement that a message may be about, in the units that hold now; a design of one's own that was told
 * before is found by its values.
 */
export function existingOf(
  { state, problem, matched }: TellContext,
  { replicate = false, status }: Telling,
  target: Target | undefined,
  told: ToldDesign,
  values: ReadValues,
): MeasurementState | undefined {
  if (replicate) return undefined;
  const units = unitsOf(problem.problem);
  if (target !== undefined) return target.measurement && inNewUnits(target.measurement, units);
  const found = [...state.measurements.values()]
    .filter(({ candidate, id }) => candidate === null && !matched.has(id))
    .map((one) => inNewUnits(one, units))
    .find(
      (one) =>
        (status === undefined || status === one.status) &&
        isSameRecord(one.design, told.design) &&
        isSameRecord(one.outcomes, values.outcomes),
    );
  if (found !== undefined) matched.add(found.id);
  return found;
}

const inNewUnits = (one: MeasurementState, units: Units): MeasurementState => ({
  ...one,
  design: inUnits(one.design, one.units, units),
  outcomes: inUnits(one.outcomes, one.units, units),
  noiseStd: inUnits(one.noiseStd, one.units, units, convertDifference),
  units,
});

function isSameRecord(a: object, b: object): boolean {
  const [left, right] = [a as Design, b as Design];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names].every((name) => isSame(left[name], right[name]));
}

/** Whether all that a message says is known already. */
export function isNothingNew(
  existing: MeasurementState,
  { status, note }: Telling,
  { outcomes, noiseStd }: ReadValues,
  { deviates }: ToldDesign,
): boolean {
  return (
    !deviates &&
    (status === undefined || status === existing.status) &&
    (note === undefined || existing.notes.some(({ text }) => text === note)) &&
    Object.keys(outcomes).every((name) => isSame(outcomes[name]!, existing.outcomes[name]!)) &&
    Object.keys(noiseStd).every((name) => isSame(noiseStd[name], existing.noiseStd[name]))
  );
}

/** A failed measurement is tried again as a new one; anything else goes on. */
export function mergeable(
  existing: MeasurementState | undefined,
  { status, correct = false }: Telling,
): MeasurementState | undefined {
  const isRetried = existing?.status === "failed" && !correct && status !== "failed";
  return isRetried ? undefined : existing;
}

/** @throws InputError for a value that differs from what was told, unless it is a correction */
export function requireNoContradiction(
  existing: MeasurementState,
  { correct = false }: Telling,
  { outcomes, noiseStd }: ReadValues,
  { deviates }: ToldDesign,
): void {
  if (correct) return;
  const hint = `To replace it, say that it is a correction (--correct); if it was measured again, that it is a replicate (--replicate).`;
  for (const [name, value] of Object.entries(outcomes)) {
    const known = existing.outcomes[name];
    if (known === undefined || isSame(known!, value!)) continue;
    throw new InputError(`${existing.id}: ${name} was told as ${known}, and now ${value}.`, {
      path: name,
      expected: `${known}, or an outcome that was not told yet`,
      received: String(value),
      hint,
    });
  }
  for (const [name, std] of Object.entries(noiseStd)) {
    const known = existing.noiseStd[name];
    if (known === undefined || isSame(known, std)) continue;
    throw new InputError(`${existing.id}: ${name} was told with ± ${known}, and now ± ${std}.`, {
      path: name,
      expected: `± ${known}`,
      received: `± ${std}`,
      hint,
    });
  }
  if (deviates && existing.status !== "running") {
    throw new InputError(`${existing.id}: it was told that another design was made.`, {
      expected: "the parameters as they were told",
      hint,
    });
  }
}
