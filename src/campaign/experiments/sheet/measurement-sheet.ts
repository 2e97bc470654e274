import { convertDifference } from "../../../core/units.ts";
import { unitsOf, type OpenProblem } from "../campaign-problem.ts";
import type { CampaignState, MeasurementState } from "../history/state.ts";
import { inUnits } from "../in-units.ts";
import { sheetOf, type BatchSheet, type SheetRow } from "./batch-sheet.ts";

/**
 * Everything that was measured as a table, in the order in which it was told: what was really made, what came out with its
 * standard deviation where one is known, the status and the notes. Numbers are in the problem's units. It can be read like
 * any sheet, and as a table of data.
 */
export function measurementSheet({ problem }: OpenProblem, state: CampaignState): BatchSheet {
  const units = unitsOf(problem);
  return sheetOf(
    problem,
    [...state.measurements.values()].map((one) => rowOf(one, units)),
  );
}

function rowOf(
  { id, design, outcomes, noiseStd, status, units: own, notes }: MeasurementState,
  units: Readonly<Record<string, string>>,
): SheetRow {
  return {
    id,
    design: inUnits(design, own, units),
    outcomes: inUnits(outcomes, own, units),
    noiseStd: inUnits(noiseStd, own, units, convertDifference),
    status,
    ...(notes.length === 0 ? {} : { notes: notes.map(({ text }) => text).join("; ") }),
  };
}
