import type { Design } from "../../../space/contract.ts";
import type { Cell } from "../../../data/read/cells.ts";
import type { CampaignProblem, OpenProblem } from "../campaign-problem.ts";
import { inUnits } from "../in-units.ts";
import { unitsOf } from "../campaign-problem.ts";
import type { CampaignState } from "../history/state.ts";

/** A table for the bench: what to make, and empty columns for what comes out. */
export interface BatchSheet {
  readonly header: readonly string[];
  /** A number, a text, or null for an empty cell. */
  readonly rows: readonly (readonly Cell[])[];
}

/** One column of a batch sheet. */
export interface SheetColumn {
  /** Of the parameter, element or outcome. */
  readonly name: string;
  readonly unit: string;
  readonly kind: "parameter" | "fraction" | "outcome";
}

/** Columns that every sheet has, before and after those of the problem. */
export const idColumn = "id";
export const statusColumn = "status";
export const notesColumn = "notes";

/** Parameters, with a column for each element or ingredient, and then the measured outcomes. */
export function sheetColumns(problem: CampaignProblem): SheetColumn[] {
  const units = unitsOf(problem);
  const of = (kind: SheetColumn["kind"]) => (name: string) => ({
    name,
    unit: units[name] ?? "1",
    kind,
  });
  return [
    ...problem.parameters.flatMap((parameter) =>
      parameter.kind === "composition"
        ? parameter.elements.map(({ symbol }) => of("fraction")(symbol))
        : [of("parameter")(parameter.name)],
    ),
    ...problem.outcomes.map(({ name }) => of("outcome")(name)),
  ];
}

/** `temperature [degC]`; a plain number has no unit. */
export const columnHeader = ({ name, unit }: SheetColumn): string =>
  unit === "1" ? name : `${name} [${unit}]`;

/**
 * The sheet of candidates, one row each: identifier, parameters in the problem's units, and empty cells for
 * outcomes, status and notes.
 * @param candidates names of candidates
 */
export function batchSheet(
  { problem }: OpenProblem,
  state: CampaignState,
  candidates: readonly string[],
): BatchSheet {
  const units = unitsOf(problem);
  return sheetOf(
    problem,
    candidates.map((id) => {
      const { suggestion, units: own } = state.candidates.get(id)!;
      return { id, design: inUnits(suggestion.design, own, units) };
    }),
  );
}

/** A sheet of designs in the problem's units, with empty cells for outcomes, status and notes. */
export function sheetOf(
  problem: CampaignProblem,
  designs: readonly { readonly id: string; readonly design: Design }[],
): BatchSheet {
  const columns = sheetColumns(problem);
  const rows = designs.map(({ id, design }) => {
    const fractions = Object.assign(
      {},
      ...Object.values(design).filter((value) => typeof value === "object"),
    ) as Readonly<Record<string, number>>;
    const cells = columns.map(({ name, kind }): Cell => {
      if (kind === "outcome") return null;
      if (kind === "fraction") return fractions[name] ?? 0;
      return (design[name] as number | string | undefined) ?? null;
    });
    return [id, ...cells, null, null];
  });
  return {
    header: [idColumn, ...columns.map(columnHeader), statusColumn, notesColumn],
    rows,
  };
}
