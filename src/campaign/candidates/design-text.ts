import { textAt } from "../../data/table.ts";
import { alloyFormula } from "../../materials/format-composition.ts";
import type { Fractions } from "../../space/contract.ts";
import type { PreparedData } from "../learning/prepared-data.ts";

/** A setting of a design: a number with its unit (`1` for none), or a word. */
export type Setting = readonly [name: string, value: number | string, unit: string];

/**
 * What a design goes by: an alloy by its formula, any other by its ingredients and settings,
 * `A 0.3, B 0.7, water, 450 K`.
 * @param isAlloy whether the fractions are of elements
 */
export function designText(
  fractions: Fractions,
  settings: readonly Setting[],
  isAlloy: boolean,
): string {
  if (isAlloy) return alloyFormula(fractions);
  const shares = Object.entries(fractions).map(([name, share]) => `${name} ${short(share)}`);
  return [...shares, ...settings.map(settingText)].join(", ");
}

/** `450 K`, `water`; a plain number with its name, `pH 7`. */
function settingText([name, value, unit]: Setting): string {
  if (typeof value === "string") return value;
  return unit === "1" ? `${name.replaceAll("_", " ")} ${short(value)}` : `${short(value)} ${unit}`;
}

/** `0.3`, `450`: four digits, no zeros behind them. */
export const short = (value: number): string => String(Number(value.toPrecision(4)));

/** What a measured design goes by: the formula as the data writes it, else from its numbers. */
export function measuredFormula(data: PreparedData, row: number): string {
  const { columns } = data.dataset.table;
  if (data.identity === "design") {
    const fractions = data.fractions(row);
    const settings = columns.flatMap((column): Setting[] => {
      if (column.role.kind !== "process" || column.name in fractions) return [];
      if (data.symbols.includes(column.name)) return [];
      if (column.kind === "text") return [[column.name, textAt(column, row), "1"]];
      return [[column.name, column.values[row]!, column.unit]];
    });
    return designText(fractions, settings, false);
  }
  const column = columns.find((one) => one.role.kind === "formula");
  return column === undefined ? alloyFormula(data.fractions(row)) : textAt(column, row);
}
