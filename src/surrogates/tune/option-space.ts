import { exp, log } from "../../core/elementary.ts";
import { InputError, UnsupportedError } from "../../core/errors.ts";
import type { JsonValue, SurrogateSpec, TunableRange } from "../contract.ts";

/** Values of the tunable options of a family; plain JSON. */
export type TunedOptions = Readonly<Record<string, JsonValue>>;

/** The tunable options of a family as a unit cube, one coordinate per option. */
export interface OptionSpace {
  readonly dimension: number;
  /** The options at a point of [0, 1]^dimension. */
  optionsAt(point: ArrayLike<number>): TunedOptions;
  /**
   * What a model of the score sees of options: a number as its coordinate in [0, 1] (a family's default may
   * lie outside of it), a choice as one 0 or 1 per value.
   */
  featuresOf(options: TunedOptions): number[];
}

/**
 * The space of a family's tunable options.
 * @throws UnsupportedError for a family without any; InputError for a range that is none
 */
export function optionSpace({
  name,
  tunable = {},
}: Pick<SurrogateSpec, "name" | "tunable">): OptionSpace {
  const ranges = Object.entries(tunable);
  if (ranges.length === 0) {
    throw new UnsupportedError(`The family "${name}" has no options to tune.`, {
      path: "model",
      received: name,
      hint: "Validate it as it is, or choose another family.",
    });
  }
  for (const [key, range] of ranges) checkRange(name, key, range);
  return {
    dimension: ranges.length,
    optionsAt: (point) =>
      Object.fromEntries(ranges.map(([key, range], j) => [key, valueAt(range, point[j])])),
    featuresOf: (options) => ranges.flatMap(([key, range]) => coordinates(range, options[key])),
  };
}

function checkRange(name: string, key: string, range: TunableRange): void {
  const ok =
    range.kind === "choice"
      ? range.values.length > 1
      : range.max > range.min && (range.scale !== "log" || range.min > 0);
  if (ok) return;
  throw new InputError(`${name}: the range of ${key} is none: ${JSON.stringify(range)}.`, {
    path: key,
    expected: "max above min, both above 0 on a log scale, or two values or more",
  });
}

function valueAt(range: TunableRange, share: number): JsonValue {
  if (range.kind === "choice") {
    return range.values[Math.min(range.values.length - 1, Math.floor(share * range.values.length))];
  }
  const { min, max, scale, integer } = range;
  const value =
    scale === "log" ? exp(log(min) + share * log(max / min)) : min + share * (max - min);
  const inside = Math.min(max, Math.max(min, value));
  // Three digits say all that a search can tell.
  return integer === true ? Math.round(inside) : Number(inside.toPrecision(3));
}

function coordinates(range: TunableRange, value: JsonValue): number[] {
  if (range.kind === "choice") {
    const text = JSON.stringify(value);
    return range.values.map((one) => (JSON.stringify(one) === text ? 1 : 0));
  }
  const { min, max, scale } = range;
  // A default that is no number (a rule that the family applies itself) has no place; the middle stands for it.
  if (typeof value !== "number" || (scale === "log" && value <= 0)) return [0.5];
  return [scale === "log" ? log(value / min) / log(max / min) : (value - min) / (max - min)];
}
