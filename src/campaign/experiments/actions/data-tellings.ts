import { InputError } from "../../../core/errors.ts";
import { countOf } from "../../../core/format.ts";
import type { Problem } from "../../problem/problem.ts";
import { unitsOf, type OpenProblem } from "../campaign-problem.ts";
import { standingOf } from "../carry-over.ts";
import type { Measurement } from "../contract.ts";
import { tableMeasurements } from "../table-measurements.ts";
import type { GivenValue } from "./read-values.ts";
import type { Telling } from "./telling.ts";

/**
 * The rows of a problem's data as messages, each named by its row (`row 12 of mpea`). Rows that the space cannot
 * express (other elements, other fixed settings) are left out and told.
 * @throws InputError for a problem without data
 */
export function dataTellings(
  problem: Problem,
  open: OpenProblem,
): { readonly tellings: readonly Telling[]; readonly notes: readonly string[] } {
  const { dataset } = problem;
  if (dataset === null) {
    throw new InputError("The problem names no data to begin with.", {
      file: problem.parsed.file,
      path: "data",
      expected: "data: the name of a shipped set, or the path of a table",
    });
  }
  const { measurements, notes } = tableMeasurements(problem, open);
  const units = unitsOf(open.problem);
  const usable = measurements.filter(
    ({ design }) => standingOf(open, design, units).design !== null,
  );
  const others = measurements.length - usable.length;
  return {
    tellings: usable.map((one) => tellingOf(open, one, dataset.name)),
    notes: [
      ...notes,
      ...(others === 0
        ? []
        : [
            `${countOf(others, "row")} of other elements or settings than the space were left out.`,
          ]),
    ],
  };
}

function tellingOf({ problem }: OpenProblem, measurement: Measurement, data: string): Telling {
  const { label, design, status, outcomes } = measurement;
  const values: Record<string, GivenValue> = {};
  for (const value of Object.values(design)) {
    if (typeof value === "object") Object.assign(values, value);
  }
  for (const [name, value] of Object.entries(design)) {
    if (typeof value !== "object") values[name] = value;
  }
  for (const { name } of problem.outcomes) values[name] = outcomes[name] ?? null;
  const isPartial = status === "completed" && Object.values(outcomes).includes(null);
  return {
    id: `${label ?? "row"} of ${data}`,
    values,
    // What a table lacks was not measured and will not come.
    ...(isPartial || status !== "completed" ? { status } : {}),
    replicate: true,
  };
}
