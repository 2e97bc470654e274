import { InputError } from "../../core/errors.ts";
import { suggest } from "../../core/nearest-name.ts";
import { convertDifference } from "../../core/units.ts";
import type { Table, TableColumn } from "../../data/contract.ts";
import { noiseColumn } from "../../data/headers.ts";
import { isMissingAt, textAt } from "../../data/table.ts";
import type { CompositionParameter, Design, Fractions, Parameter } from "../../space/contract.ts";
import type { PropertySpec } from "../../surrogates/forward-model.ts";
import type { Dataset } from "../dataset.ts";
import type { Problem } from "../problem/problem.ts";
import { preparedData } from "../problem/problem-data.ts";
import { readingNotes } from "../candidates/warnings.ts";
import { computedOutcomes } from "./carry-over.ts";
import type { OpenProblem } from "./campaign-problem.ts";
import type { Measurement, MeasurementStatus, OutcomeValue } from "./contract.ts";

/** What a table of experiments says of a problem. */
export interface TableMeasurements {
  readonly measurements: readonly Measurement[];
  /** Rows of the space without any outcome and without a status: they are being measured. */
  readonly pending: readonly Design[];
  readonly notes: readonly string[];
}

const statuses: readonly MeasurementStatus[] = ["completed", "failed", "infeasible", "abandoned"];
/** Words for a row that has no outcome yet. */
const pendingWords: readonly string[] = ["", "pending", "running", "planned", "open"];

/**
 * The rows of the problem's data as measurements, called by their row. A column `status` says what became of a design
 * (completed, failed, infeasible, abandoned); without it a row with an outcome is completed, one without is pending. A
 * parameter that the space fixes may be missing. Rows without a whole design are left out and told.
 * @param problem with data
 * @throws InputError for a status that is none and for a standard deviation that is not above 0
 */
export function tableMeasurements(problem: Problem, open: OpenProblem): TableMeasurements {
  const { dataset } = problem;
  if (dataset === null) return { measurements: [], pending: [], notes: [] };
  const { table } = dataset;
  const composition = compositionsOf(problem, dataset);
  const measurements: Measurement[] = [];
  const pending: Design[] = [];
  const without: number[] = [];
  for (let i = 0; i < table.rows; i++) {
    const design = designAt(table, open.space.parameters, composition, i);
    if (design === null) {
      without.push(i + 1);
      continue;
    }
    const outcomes = Object.fromEntries(
      open.problem.outcomes.map((outcome) => [outcome.name, outcomeAt(table, outcome, i)]),
    );
    const isMeasured = Object.values(outcomes).some((value) => value !== null);
    const status = statusAt(table, i) ?? (isMeasured ? "completed" : null);
    if (status === null) {
      if (isExpressible(open, design)) pending.push(design);
    } else {
      const isCompleted = status === "completed";
      const computed = isCompleted ? computedAt(open, design) : {};
      const noiseStd = isCompleted ? noiseAt(table, open.problem.outcomes, i) : {};
      measurements.push({
        label: `row ${i + 1}`,
        design,
        status,
        outcomes: isCompleted ? { ...computed, ...outcomes } : {},
        ...(Object.keys(noiseStd).length === 0 ? {} : { noiseStd }),
      });
    }
  }
  const notes = readingNotes(table).concat(
    without.length === 0
      ? []
      : [
          `${without.length} of ${table.rows} rows have no whole design and are left out (row ${without.slice(0, 5).join(", ")}${without.length > 5 ? ", ..." : ""}).`,
        ],
  );
  return { measurements, pending, notes };
}

/** A design that is being measured elsewhere, which the space cannot hold, is in nobody's way. */
function isExpressible({ space }: OpenProblem, design: Design): boolean {
  try {
    space.encode(design);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** A design beyond the space has no row there, and so nothing computed; the plan says that it is left out. */
const computedAt = (open: OpenProblem, design: Design): Record<string, number> =>
  isExpressible(open, design) ? computedOutcomes(open, design) : {};

/** The composition of a row, empty where it has none that can be read. */
export function compositionsOf(
  problem: Pick<Problem, "domain" | "space">,
  dataset: Dataset,
): (row: number) => Fractions {
  if (problem.space.parameters.every(({ kind }) => kind !== "composition")) return () => ({});
  const prepared = preparedData(problem, dataset);
  return (row) => prepared.fractions(row);
}

/** The design of a row; null where it is not whole. */
export function designAt(
  table: Table,
  parameters: readonly Parameter[],
  composition: (row: number) => Fractions,
  i: number,
): Design | null {
  const design: Record<string, Design[string]> = {};
  for (const parameter of parameters) {
    const value =
      parameter.kind === "composition"
        ? composition(i)
        : (valueAt(table, parameter.name, i) ?? fixedValue(parameter));
    // The space tells whether a design needs a parameter that only some have.
    if (value === null && "when" in parameter && parameter.when !== undefined) continue;
    if (value === null || (typeof value === "object" && Object.keys(value).length === 0)) {
      return null;
    }
    design[parameter.name] = value;
  }
  return design;
}

function valueAt(table: Table, name: string, i: number): number | string | null {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined || isMissingAt(column, i)) return null;
  return column.values[i]!;
}

function fixedValue(parameter: Exclude<Parameter, CompositionParameter>): number | string | null {
  if (parameter.kind === "continuous") {
    return parameter.min === parameter.max ? parameter.min : null;
  }
  return parameter.values.length === 1 ? parameter.values[0]! : null;
}

function outcomeAt(table: Table, { name, kind }: PropertySpec, i: number): OutcomeValue {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined || isMissingAt(column, i)) return null;
  return kind === "class" ? textAt(column, i) : (column.values[i] as number);
}

/** Standard deviations of the outcomes of a row, in the outcomes' units: columns such as `hardness ±`, `hardness_std`. */
function noiseAt(
  table: Table,
  outcomes: readonly PropertySpec[],
  i: number,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    outcomes.flatMap(({ name, kind, unit }) => {
      const column = table.columns.find((one) => one.name === noiseColumn(name));
      if (kind === "class" || column === undefined || isMissingAt(column, i)) return [];
      // A header without a unit means that of the outcome.
      const own = column.kind === "number" && column.unit !== "1" ? column.unit : unit;
      const value = column.values[i]!;
      if (typeof value === "number" && value > 0)
        return [[name, convertDifference(value, own, unit)]];
      throw new InputError(`${String(value)} is no standard deviation of ${name}.`, {
        file: table.source,
        path: `row ${i + 1}, column "${column.header}"`,
        expected: `a number above 0 in ${own}`,
        received: String(value),
        hint: "Leave the cell empty where the noise is not known.",
      });
    }),
  );
}

function statusAt(table: Table, i: number): MeasurementStatus | null {
  const column: TableColumn | undefined = table.columns.find(({ name }) => name === "status");
  if (column === undefined) return null;
  const word = textAt(column, i).trim().toLowerCase();
  const found = statuses.find((one) => one === word);
  if (found !== undefined) return found;
  if (pendingWords.includes(word)) return null;
  throw new InputError(`"${textAt(column, i)}" is no status.`, {
    file: table.source,
    path: `row ${i + 1}, column "${column.header}"`,
    expected: [...statuses, "pending"].join(", "),
    received: textAt(column, i),
    hint: suggest(word, [...statuses, "pending"]),
  });
}
