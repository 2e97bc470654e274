import type { Design } from "../../../space/contract.ts";
import type { Cell } from "../../../data/read/cells.ts";
import type { CampaignProblem, OpenProblem } from "../campaign-problem.ts";
import { inUnits } from "../in-units.ts";
import { unitsOf } from "../campaign-problem.ts";
import type { OutcomeValue } from "../contract.ts";
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
  /** `noise` is the standard deviation of the outcome of this name. */
  readonly kind: "parameter" | "fraction" | "outcome" | "noise";
}

/** Columns that every sheet has, before and after those of the problem. */
export const idColumn = "id";
export const statusColumn = "status";
export const notesColumn = "notes";

/** Parameters, with a column for each element or ingredient, and then the measured outcomes with their noise. */
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
    ...problem.outcomes.flatMap(({ name, kind }) =>
      kind === "number" ? [of("outcome")(name), of("noise")(name)] : [of("outcome")(name)],
    ),
  ];
}

/** `temperature [degC]`, `hardness ± [GPa]`; a plain number has no unit. */
export const columnHeader = (column: SheetColumn): string =>
  column.unit === "1" ? columnLabel(column) : `${columnLabel(column)} [${column.unit}]`;

/** The header without its unit. */
export const columnLabel = ({ name, kind }: SheetColumn): string =>
  kind === "noise" ? `${name} ±` : name;

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

/** One row of a sheet, in the problem's units; what is not given is an empty cell. */
export interface SheetRow {
  readonly id: string;
  readonly design: Design;
  readonly outcomes?: Readonly<Record<string, OutcomeValue>>;
  readonly noiseStd?: Readonly<Record<string, number>>;
  readonly status?: string;
  readonly notes?: string;
}

/** A sheet of designs with what is known of them; a column of standard deviations where one is known. */
export function sheetOf(problem: CampaignProblem, designs: readonly SheetRow[]): BatchSheet {
  const columns = sheetColumns(problem).filter(
    ({ kind, name }) =>
      kind !== "noise" || designs.some(({ noiseStd }) => noiseStd?.[name] !== undefined),
  );
  const rows = designs.map((row) => [
    row.id,
    ...cellsOf(columns, row),
    row.status ?? null,
    row.notes ?? null,
  ]);
  return {
    header: [idColumn, ...columns.map(columnHeader), statusColumn, notesColumn],
    rows,
  };
}

function cellsOf(
  columns: readonly SheetColumn[],
  { design, outcomes = {}, noiseStd = {} }: SheetRow,
): Cell[] {
  const fractions = Object.assign(
    {},
    ...Object.values(design).filter((value) => typeof value === "object"),
  ) as Readonly<Record<string, number>>;
  return columns.map(({ name, kind }): Cell => {
    if (kind === "outcome") return outcomes[name] ?? null;
    if (kind === "noise") return noiseStd[name] ?? null;
    if (kind === "fraction") return fractions[name] ?? 0;
    return (design[name] as number | string | undefined) ?? null;
  });
}
