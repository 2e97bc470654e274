import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import { designText, short } from "../../campaign/candidates/design-text.ts";
import type { Design, Parameter } from "../../space/contract.ts";
import type { TextColumn } from "../text-table.ts";

/**
 * Columns for the parameters of designs, with their units; what has one value in the whole problem is left out.
 * @param designOf the design of a row
 */
export function designColumns<Row>(
  { problem }: OpenProblem,
  designOf: (row: Row) => Design,
): TextColumn<Row>[] {
  const isElements = problem.domain === "alloy";
  return problem.parameters.filter(isVaried).map((parameter): TextColumn<Row> => {
    const { name } = parameter;
    if (parameter.kind === "composition") {
      const title = isElements ? "alloy (at%)" : words(name);
      return { title, text: (row) => fractionsText(designOf(row)[name], isElements) };
    }
    const unit = "unit" in parameter && parameter.unit !== "1" ? `, ${parameter.unit}` : "";
    return {
      title: `${words(name)}${unit}`,
      ...(parameter.kind === "categorical" ? {} : { align: "right" as const }),
      text: (row) => valueText(designOf(row)[name]),
    };
  });
}

/** Fixed parameters of a problem in one line: `pressure 2 bar`; empty without any. */
export function fixedText({ problem }: OpenProblem): string {
  return problem.parameters
    .filter((one) => !isVaried(one))
    .map((one) => {
      const unit = "unit" in one && one.unit !== "1" ? ` ${one.unit}` : "";
      return `${words(one.name)} ${valueText("values" in one ? one.values[0] : undefined)}${unit}`;
    })
    .join(", ");
}

/** Whether a parameter has more than one value. */
export const isVaried = (parameter: Parameter): boolean =>
  !("values" in parameter) || parameter.values.length > 1;

export const words = (name: string): string => name.replaceAll("_", " ");

function fractionsText(value: Design[string] | undefined, isElements: boolean): string {
  return typeof value === "object" ? designText(value, [], isElements) : "";
}

/** A number with four digits, a word as it is. */
export const valueText = (value: Design[string] | null | undefined): string =>
  typeof value === "number" ? short(value) : typeof value === "string" ? value : "";
