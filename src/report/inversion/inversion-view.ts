import type { TargetSummary } from "../../campaign/contract.ts";
import type {
  InversionSample,
  SampledColumn,
  SampledDesign,
} from "../../campaign/inversion-sample.ts";
import type { Inversion, InvertResult } from "../../campaign/invert.ts";
import { settingDigits } from "../../core/format.ts";
import { formatNumber, prettyUnit, titleOf } from "../format.ts";
import { shareUnit } from "../share-unit.ts";

/** Families with a colour of their own; all further ones share a quiet one. */
export const colouredFamilies = 6;

/** A column as it is shown: fractions in per cent. */
export interface ShownColumn extends SampledColumn {
  readonly title: string;
  /** As printed; empty for plain numbers. */
  readonly shownUnit: string;
  /** Factor from the column's unit to the shown one. */
  readonly factor: number;
}

/** A result with its sample, ready to be drawn. */
export interface InversionView {
  readonly result: InvertResult;
  readonly sample: InversionSample;
  readonly columns: readonly ShownColumn[];
  readonly targets: readonly TargetSummary[];
}

export function inversionView({ result, sample }: Inversion): InversionView {
  const unit = shareUnit({ elements: result.problem.elements.map((symbol) => ({ symbol })) });
  const columns = sample.columns.map((column): ShownColumn => ({
    ...column,
    title: column.isFraction ? column.label : titleOf(column.label),
    shownUnit: column.isFraction ? unit : prettyUnit(column.unit),
    factor: column.isFraction ? 100 : 1,
  }));
  return { result, sample, columns, targets: result.problem.targets };
}

/** Standard deviations of a miss that is not worth a mark. */
const negligible = 0.01;

/** Whether the nearest design misses a target by an amount worth a mark. */
export const isMissed = ({ gap, allowance }: InvertResult["nearest"]["targets"][number]): boolean =>
  Math.abs(gap) > negligible * allowance;

/** The class of marks of a family: `f0` ... for those with a colour, `fx` for all others. */
export const familyClass = (family: number | null): string =>
  family === null || family >= colouredFamilies ? "fx" : `f${family}`;

/** `Yield strength`, or `P(BCC)` for a class. */
export const targetTitle = ({ kind, title, classes }: TargetSummary): string =>
  kind === "class" ? `P(${classes.join(" or ")})` : titleOf(title);

/** The title with its unit, for axes and heads of tables. */
export function targetName(target: TargetSummary): string {
  const unit = target.kind === "class" ? "" : prettyUnit(target.unit);
  return unit === "" ? targetTitle(target) : `${targetTitle(target)}, ${unit}`;
}

/** A column's title with its unit. */
export const columnName = ({ title, shownUnit }: ShownColumn): string =>
  shownUnit === "" ? title : `${title}, ${shownUnit}`;

/** A value as it is shown, without its unit. */
export function shownValue(column: ShownColumn, value: number | string | null): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  const shown = value * column.factor;
  return formatNumber(shown, settingDigits(shown) === 6 ? 6 : 3);
}

/** Designs by family: the listed families in order, then those of families too small to be listed. */
export function byFamily(
  designs: readonly SampledDesign[],
): readonly { readonly family: number | null; readonly designs: readonly SampledDesign[] }[] {
  const groups = new Map<number | null, SampledDesign[]>();
  for (const design of designs) {
    const own = groups.get(design.family);
    if (own === undefined) groups.set(design.family, [design]);
    else own.push(design);
  }
  const rank = (family: number | null): number => family ?? Number.POSITIVE_INFINITY;
  return [...groups]
    .sort((a, b) => rank(a[0]) - rank(b[0]))
    .map(([family, own]) => ({ family, designs: own }));
}

/** So many designs, each as often as its weight says (systematic, without chance). */
export function drawnByWeight(designs: readonly SampledDesign[], count: number): SampledDesign[] {
  const total = designs.reduce((sum, { weight }) => sum + weight, 0);
  const chosen: SampledDesign[] = [];
  let sum = 0;
  for (const design of designs) {
    sum += (count * design.weight) / total;
    while (chosen.length + 0.5 < sum) chosen.push(design);
  }
  return chosen;
}
