import { InputError } from "./errors.ts";
import { halfPower, parseUnit } from "./units-parse.ts";
import type { Unit } from "./units-parse.ts";
import { bases, currencies, quantityKinds } from "./units-table.ts";
import type { Dimension } from "./units-table.ts";

/** A number with its unit in canonical spelling. */
export interface Quantity {
  readonly value: number;
  readonly unit: string;
}

/**
 * The canonical spelling of a unit: `MPa`, `g/cm3`, `W/(m K)`, `degC`, `um`, `1` for plain numbers.
 * @throws InputError for a text that is no unit, see `parseUnit`
 */
export function canonicalUnit(text: string): string {
  return parseUnit(text).text;
}

/**
 * Reads a number with a unit: `60 USD/kg`, `25°C`, `1e3 MPa`, `0.3` (unit `1`).
 * @throws InputError when no number leads, or the rest is no unit
 */
export function parseQuantity(text: string): Quantity {
  const match = /^\s*([+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*)$/su.exec(text);
  if (match === null || /^[,.']\d/.test(match[2])) {
    throw new InputError(`quantity "${text}": expected a number and a unit.`, {
      expected: 'a number and a unit, such as "60 USD/kg"',
      received: text,
      hint: "Write numbers with a decimal point and without thousands separators: 1200.5 MPa.",
    });
  }
  return { value: Number(match[1].replace("−", "-")), unit: canonicalUnit(match[2]) };
}

/**
 * The same amount in another unit. A reading of a temperature is converted with its zero
 * (25 degC = 298.15 K); for a step or a standard deviation use `convertDifference`.
 * @throws InputError naming both dimensions when they differ, and for unknown units
 */
export function convert(value: number, from: string, to: string): number {
  return converter(from, to)(value);
}

/**
 * The same difference (a step, an interval, a standard deviation) in another unit: 10 degC = 10 K.
 * @throws InputError as `convert`
 */
export function convertDifference(value: number, from: string, to: string): number {
  return scaled(value, ...unitPair(from, to));
}

/** `convert` with the units read once, for columns of numbers. */
export function converter(from: string, to: string): (value: number) => number {
  const [source, target] = unitPair(from, to);
  if (source.text === target.text) return (value) => value;
  // Counted in the smaller unit the two zeros differ by a decimal number (32, 273.15).
  const decimal = (x: number) => Math.round(x * 1e9) / 1e9;
  if (source.scale * target.divisor <= target.scale * source.divisor) {
    const shift = decimal(source.offset - scaled(target.offset, target, source));
    return (value) => scaled(value + shift, source, target);
  }
  const shift = decimal(scaled(source.offset, source, target) - target.offset);
  return (value) => scaled(value, source, target) + shift;
}

/** Whether one can be converted into the other. */
export function isSameDimension(a: string, b: string): boolean {
  return sameDimension(parseUnit(a).dimension, parseUnit(b).dimension);
}

/** What a unit measures, in words: `pressure or stress`; base units where it has no usual name. */
export function describeDimension(unit: string): string {
  return nameOf(parseUnit(unit).dimension);
}

/** The commonest unit of a dimension, such as USD of money; undefined where none is usual. */
export const usualUnit = (dimension: Dimension): string | undefined => kindOf(dimension)?.units[0];

/** Usual units of the same dimension, the commonest first; the unit itself where none is known. */
export function unitsLike(unit: string): readonly string[] {
  const { dimension, text } = parseUnit(unit);
  return kindOf(dimension)?.units ?? [text];
}

function unitPair(from: string, to: string): [Unit, Unit] {
  const source = parseUnit(from);
  const target = parseUnit(to);
  if (!sameDimension(source.dimension, target.dimension)) {
    const confusable = confusions.find(
      ([symbol]) => symbol === source.text || symbol === target.text,
    );
    const isMoney = [source, target].every((unit) => currencyOf(unit) !== undefined);
    throw new InputError(
      `cannot convert ${source.text} (${nameOf(source.dimension)}) into ${target.text} (${nameOf(target.dimension)}).`,
      {
        expected: `a unit of ${nameOf(target.dimension)}`,
        received: source.text,
        hint: `Units of ${nameOf(target.dimension)}: ${unitsLike(to).join(", ")}.${confusable === undefined ? "" : ` ${confusable[1]}`}${isMoney ? " No exchange rate is built in; convert the amount first." : ""}`,
      },
    );
  }
  return [source, target];
}

/** Symbols that stand for something else than many people mean. */
const confusions: readonly (readonly [string, string])[] = [
  ["C", "C is the coulomb; degrees Celsius are degC."],
  ["F", "F is the farad; degrees Fahrenheit are degF."],
  ["HV", "Vickers hardness has no general factor to a strength in MPa."],
  ["wt%", "A mass fraction becomes an atomic one only with the whole composition."],
  ["wppm", "A mass fraction becomes an atomic one only with the whole composition."],
];

function scaled(value: number, source: Unit, target: Unit): number {
  const above = source.scale * target.divisor;
  const below = source.divisor * target.scale;
  const factored = above === below ? value : (value * above) / below;
  const tens = source.tens - target.tens;
  // Powers of ten up to 10^22 are exact in binary; dividing by one rounds once.
  return tens < 0 ? factored / halfPower(10, -tens) : factored * halfPower(10, tens);
}

function sameDimension(a: Dimension, b: Dimension): boolean {
  return bases.every((base) => (a[base] ?? 0) === (b[base] ?? 0));
}

/** The currency in a unit such as `EUR/kg`. */
const currencyOf = ({ dimension }: Unit): string | undefined =>
  currencies.find((base) => dimension[base] !== undefined);

const kindOf = (dimension: Dimension) =>
  quantityKinds.find((kind) => sameDimension(parseUnit(kind.units[0]).dimension, dimension));

function nameOf(dimension: Dimension): string {
  const kind = kindOf(dimension);
  if (kind !== undefined) return kind.name;
  return bases
    .filter((base) => dimension[base] !== undefined)
    .map((base) => (dimension[base] === 1 ? base : `${base}^${dimension[base]}`))
    .join(" ");
}
