import { InputError } from "../../../core/errors.ts";
import { suggest } from "../../../core/nearest-name.ts";
import type { Design } from "../../../space/contract.ts";
import { unitsOf, type OpenProblem } from "../campaign-problem.ts";
import { inUnits } from "../in-units.ts";
import type { CampaignState, CandidateState, MeasurementState } from "../history/state.ts";
import type { Telling } from "./telling.ts";

/** What a message is about. */
export interface Target {
  readonly candidate: string | null;
  /** The candidate where its round counts. */
  readonly suggested: CandidateState | undefined;
  readonly measurement: MeasurementState | undefined;
  readonly design: Design;
  readonly units: Readonly<Record<string, string>>;
}

/** @throws InputError with the nearest candidate */
export function findTarget(state: CampaignState, name: string | undefined): Target | undefined {
  if (name === undefined) return undefined;
  const suggested = state.candidates.get(name);
  if (suggested !== undefined) {
    const last = suggested.measurements.at(-1);
    const measurement = last === undefined ? undefined : state.measurements.get(last);
    const { design } = suggested.suggestion;
    return { candidate: name, suggested, measurement, design, units: suggested.units };
  }
  const measurement = state.measurements.get(name);
  if (measurement !== undefined) {
    const { candidate, design, units } = measurement;
    const of = candidate === null ? undefined : state.candidates.get(candidate);
    return { candidate, suggested: of, measurement, design, units };
  }
  for (const event of state.history.events) {
    if (event.type !== "asked") continue;
    const undone = event.candidates.find((one) => one.id === name);
    if (undone === undefined) continue;
    const { design } = undone.suggestion;
    return {
      candidate: name,
      suggested: undefined,
      measurement: undefined,
      design,
      units: event.units,
    };
  }
  const known = [...state.candidates.keys(), ...state.measurements.keys()];
  throw new InputError(`The campaign has no candidate or measurement "${name}".`, {
    expected: "the name of a candidate such as r1-2, or of a measurement such as m1",
    received: name,
    hint: known.length === 0 ? "Ask for candidates first." : suggest(name, known),
  });
}

/** What was really made where that is known, else what was suggested, in the units that hold now. */
export function baseOf(
  problem: OpenProblem,
  target: Target | undefined,
  { replicate = false }: Telling,
): Design | undefined {
  if (target === undefined) return undefined;
  const { design, units } = replicate ? target : (target.measurement ?? target);
  return inUnits(design, units, unitsOf(problem.problem));
}
