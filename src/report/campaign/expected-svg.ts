import { escapeHtml } from "../html.ts";
import { axisName } from "../plots/plot-parts.ts";
import { dots, drawnScale, horizontalAxis, verticalAxis } from "../svg/scale.ts";
import type { CampaignView } from "./campaign-view.ts";

const width = 460;
const height = 420;
const frame = { left: 76, right: 446, top: 12, bottom: 362 };

/** One outcome of suggested designs: what was expected before, and what was measured then. */
export interface Expectation {
  readonly mean: number;
  /** Of a measurement, noise included. */
  readonly std: number;
  readonly measured: number;
}

/** What was expected of an outcome and came true or not, in the order of the measurements. */
export function expectations(view: CampaignView, goalIndex: number): readonly Expectation[] {
  const { outcome } = view.goals[goalIndex]!;
  return view.measurements.flatMap(({ status, values, expected }) => {
    const prediction = expected?.[outcome.name];
    const measured = values[goalIndex]!;
    if (status !== "completed" || prediction === undefined || Number.isNaN(measured)) return [];
    const std = Math.hypot(prediction.epistemicStd, prediction.aleatoricStd);
    return [{ mean: prediction.mean, std, measured }];
  });
}

/** Measured against expected, with one standard deviation; on the diagonal the model was right. */
export function expectedSvg(
  points: readonly Expectation[],
  { title, unit }: { readonly title: string; readonly unit: string },
): string {
  const all = points.flatMap(({ mean, std, measured }) => [mean - std, mean + std, measured]);
  const x = drawnScale(all, frame.left, frame.right, 5);
  const y = drawnScale(all, frame.bottom, frame.top, 5);
  const ends = [x.ticks[0]!, x.ticks.at(-1)!] as const;
  const bars = points
    .map(({ mean, std, measured }) => `M${x.at(mean - std)} ${y.at(measured)}H${x.at(mean + std)}`)
    .join("");
  const name = axisName({ title, unit });
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${name}: measured against expected, ${points.length} designs`)}">
${verticalAxis(y, frame.left, frame.right)}${horizontalAxis(x, frame.top, frame.bottom)}
<path class="link" d="M${x.at(ends[0])} ${y.at(ends[0])}L${x.at(ends[1])} ${y.at(ends[1])}"/>
<path class="bar" d="${bars}"/>
${dots(
  points.map(({ mean, measured }) => [x.at(mean), y.at(measured)] as const),
  "dot plain",
)}
<text class="name" x="${(frame.left + frame.right) / 2}" y="${height - 14}" text-anchor="middle">${escapeHtml(`Expected ${name.charAt(0).toLowerCase()}${name.slice(1)}`)}</text>
<text class="name" transform="translate(18 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">Measured</text>
</svg>`;
}
