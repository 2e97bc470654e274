import { formatNumber } from "../format.ts";
import { niceRange } from "../plots/nice-range.ts";

/** A linear axis of a drawing: values to coordinates, with its ticks. */
export interface DrawnScale {
  readonly ticks: readonly number[];
  /** Coordinate with one decimal. */
  at(value: number): string;
}

/** An axis over the values from coordinate `from` to `to`, ends and ticks at round numbers. */
export function drawnScale(
  values: readonly number[],
  from: number,
  to: number,
  ticks = 6,
): DrawnScale {
  const { min, max, interval } = niceRange(values, ticks);
  const count = Math.round((max - min) / interval);
  return {
    ticks: Array.from({ length: count + 1 }, (_, i) =>
      Number((Math.round(min / interval + i) * interval).toPrecision(12)),
    ),
    at: (value) => (from + ((to - from) * (value - min)) / (max - min)).toFixed(1),
  };
}

/** Grid lines and labels of a horizontal axis; zero stands out. */
export function horizontalAxis(scale: DrawnScale, top: number, bottom: number): string {
  return scale.ticks
    .map(
      (v) =>
        `<path class="${v === 0 ? "zero" : "grid"}" d="M${scale.at(v)} ${top}V${bottom}"/>` +
        `<text x="${scale.at(v)}" y="${bottom + 18}" text-anchor="middle">${formatNumber(v)}</text>`,
    )
    .join("");
}

/** Grid lines and labels of a vertical axis; zero stands out. */
export function verticalAxis(scale: DrawnScale, left: number, right: number): string {
  return scale.ticks
    .map(
      (v) =>
        `<path class="${v === 0 ? "zero" : "grid"}" d="M${left} ${scale.at(v)}H${right}"/>` +
        `<text x="${left - 8}" y="${(Number(scale.at(v)) + 4).toFixed(1)}" text-anchor="end">${formatNumber(v)}</text>`,
    )
    .join("");
}

/** Points as one path of dots: a line of no length with round ends is a dot. */
export function dots(
  points: readonly (readonly [x: string, y: string])[],
  className: string,
): string {
  return points.length === 0
    ? ""
    : `<path class="${className}" d="${points.map(([x, y]) => `M${x} ${y}h0`).join("")}"/>`;
}
