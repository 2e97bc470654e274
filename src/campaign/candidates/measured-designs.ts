import { matrix, matrixOf, type Matrix } from "../../core/matrix.ts";
import { isMissingAt, textAt } from "../../data/table.ts";
import type {
  CategoricalParameter,
  ContinuousParameter,
  DiscreteParameter,
  SearchSpace,
} from "../../space/contract.ts";
import { quantityValues } from "../../space/model/quantity.ts";
import { measuredFormula } from "./design-text.ts";
import type { MeasuredDesign, TargetSummary } from "../contract.ts";
import type { PreparedData } from "../learning/prepared-data.ts";
import type { Problem } from "../problem/problem.ts";
import { elementsOf } from "../models/space-rows.ts";

/**
 * Measured alloys of the searched elements, at the process values of the space where it fixes or lists
 * them and with known ones where it gives a range, with their measured or computed target properties.
 */
export function measuredDesigns(
  problem: Problem,
  data: PreparedData,
  targets: readonly TargetSummary[],
): MeasuredDesign[] {
  const { table } = data.dataset;
  const elements = elementsOf(problem.space);
  const result: MeasuredDesign[] = [];
  for (let row = 0; row < table.rows; row++) {
    if (!data.isKept[row] || !isUnderConditions(problem.space, data, row)) continue;
    const fractions = data.fractions(row);
    if (!Object.keys(fractions).every((symbol) => elements.includes(symbol))) continue;
    const values = targets.map((target) => [target.property, measuredValue(target)] as const);
    if (values.every(([, value]) => value === null)) continue;
    result.push({
      formula: measuredFormula(data, row),
      row: row + 1,
      fractions,
      values: Object.fromEntries(values),
    });

    function measuredValue(target: TargetSummary): number | null {
      const quantity = problem.domain.quantities.find((one) => one.name === target.property);
      if (quantity !== undefined) {
        return quantityValues(quantity, data.fractionsOf([row], data.symbols), data.symbols)[0]!;
      }
      const column = table.columns.find(
        (one) => one.name === target.property && one.role.kind === "property",
      );
      // A model from a file may predict what the data do not have.
      if (column === undefined || isMissingAt(column, row)) return null;
      if (target.kind === "class") return target.classes.includes(textAt(column, row)) ? 1 : 0;
      return column.values[row] as number;
    }
  }
  return result;
}

function isUnderConditions(space: SearchSpace, data: PreparedData, row: number): boolean {
  return space.parameters
    .filter(
      (one): one is ContinuousParameter | DiscreteParameter | CategoricalParameter =>
        one.kind !== "composition",
    )
    .every((parameter) => {
      const column = data.dataset.table.columns.find((one) => one.name === parameter.name)!;
      if (isMissingAt(column, row)) return false;
      if (parameter.kind === "continuous") return true;
      return parameter.kind === "discrete"
        ? parameter.values.some((value) => isSame(value, column.values[row] as number))
        : parameter.values.includes(textAt(column, row));
    });
}

/** Equal but for the rounding of a converted unit. */
const isSame = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

/**
 * Measured designs as encoded rows of the space, n x dimension: their compositions with their own
 * process values. They need not lie on its grid or within its limits.
 */
export function measuredRows(
  { space }: Problem,
  data: PreparedData,
  measured: readonly MeasuredDesign[],
): Matrix {
  const { columns } = data.dataset.table;
  const rows = measured.map(({ row, fractions }) =>
    space.columns.map(({ kind, label }) => {
      if (kind === "fraction") return fractions[label] ?? 0;
      const column = columns.find((one) => one.name === label)!;
      if (kind === "number") return column.values[row - 1] as number;
      const parameter = space.parameters.find((one) => one.name === label) as CategoricalParameter;
      return parameter.values.indexOf(textAt(column, row - 1));
    }),
  );
  return rows.length === 0 ? matrix(0, space.dimension) : matrixOf(rows);
}
