import { escapeHtml } from "../html.ts";
import { drawnScale, horizontalAxis } from "./scale.ts";

/** A model's score minus the best one's, with its interval; null for the best itself. */
export interface DrawnDifference {
  readonly name: string;
  readonly difference: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  } | null;
}

const width = 720;
const rowHeight = 30;
const frame = { left: 190, right: 700, top: 8 };

/** Differences to the best model with their 95 % intervals, best first; one that holds zero is no proof. */
export function differencesSvg(
  models: readonly DrawnDifference[],
  title: string,
  unit: string,
): string {
  const ends = models.flatMap(({ difference: d }) => (d === null ? [] : [d.low, d.high, d.mean]));
  const x = drawnScale([0, ...ends], frame.left, frame.right);
  const bottom = frame.top + rowHeight * models.length;
  const rows = models.map(({ name, difference }, i) => {
    const y = (frame.top + rowHeight * (i + 0.5)).toFixed(1);
    const { mean, low, high } = difference ?? { mean: 0, low: 0, high: 0 };
    const bar =
      difference === null ? "" : `<path class="bar" d="M${x.at(low)} ${y}H${x.at(high)}"/>`;
    return `<text class="name" x="${frame.left - 12}" y="${(Number(y) + 4).toFixed(1)}" text-anchor="end">${escapeHtml(name)}</text>${bar}<path class="dot plain" style="stroke-width:9;stroke-opacity:1" d="M${x.at(mean)} ${y}h0"/>`;
  });
  return `<svg class="plot" viewBox="0 0 ${width} ${bottom + 52}" role="img" aria-label="${escapeHtml(`${title}, ${models.length} families, minus the best`)}">
${horizontalAxis(x, frame.top, bottom)}${rows.join("")}
<text class="name" x="${(frame.left + frame.right) / 2}" y="${bottom + 42}" text-anchor="middle">${escapeHtml(`${title} minus that of the best${unit === "" ? "" : `, ${unit}`}`)}</text>
</svg>`;
}
