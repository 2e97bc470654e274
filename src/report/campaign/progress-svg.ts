import { isObjective, lossOf } from "../../campaign/experiments/planning/best-so-far.ts";
import { titleOf } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { axisName } from "../plots/plot-parts.ts";
import { dots, drawnScale, horizontalAxis, verticalAxis } from "../svg/scale.ts";
import type { CampaignView } from "./campaign-view.ts";

const width = 920;
const height = 340;
const frame = { left: 76, right: 904, top: 14, bottom: 282 };

/**
 * Values of one goal in the order in which they were measured, with the best so far as a line of steps where one is wanted. Hollow: a
 * limit of some target is missed. Crosses at the foot: could not be made, or failed. Dashed: the limits asked for.
 */
export function progressSvg(view: CampaignView, goalIndex: number): string {
  const { goal, outcome } = view.goals[goalIndex]!;
  const points = view.measurements
    .filter(({ status, values }) => status !== "completed" || !Number.isNaN(values[goalIndex]!))
    .map((one, i) => ({ ...one, place: i + 1, value: one.values[goalIndex]! }));
  const measured = points.filter(({ status }) => status === "completed");
  const limits = [goal.low, goal.high].filter((limit) => limit !== null);
  const x = drawnScale([0, points.length + 1], frame.left, frame.right, 10);
  const y = drawnScale(
    [...measured.map(({ value }) => value), ...limits],
    frame.bottom,
    frame.top,
    5,
  );
  const at = ({ place, value }: { place: number; value: number }): [string, string] => [
    x.at(place),
    y.at(value),
  ];
  const missed = points.filter(({ status }) => status === "failed" || status === "infeasible");
  const crosses = missed.map(({ place }) => {
    const px = Number(x.at(place));
    return `M${px - 4} ${frame.bottom - 10}l8 8m0-8l-8 8`;
  });
  const line = isObjective(goal)
    ? bestSteps(
        measured.filter(({ meets }) => meets),
        (value) => lossOf(goal, value),
        at,
        x.at(points.length + 0.5),
      )
    : "";
  const title = axisName({ title: titleOf(outcome.title), unit: outcome.unit });
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${title} of ${measured.length} measurements in their order, with the best so far`)}">
${verticalAxis(y, frame.left, frame.right)}${horizontalAxis(x, frame.top, frame.bottom)}
${limits.map((limit) => `<path class="limit" d="M${frame.left} ${y.at(limit)}H${frame.right}"/>`).join("")}
${line === "" ? "" : `<path class="curve" d="${line}"/>`}
${dots(measured.filter(({ meets }) => meets).map(at), "dot plain")}
${measured
  .filter(({ meets }) => !meets)
  .map((one) => `<circle class="hollow" cx="${at(one)[0]}" cy="${at(one)[1]}" r="3.6"/>`)
  .join("")}
${crosses.length === 0 ? "" : `<path class="cross" d="${crosses.join("")}"/>`}
<text class="name" x="${(frame.left + frame.right) / 2}" y="${height - 12}" text-anchor="middle">Experiment</text>
<text class="name" transform="translate(18 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(title)}</text>
</svg>`;
}

function bestSteps<P extends { readonly place: number; readonly value: number }>(
  points: readonly P[],
  loss: (value: number) => number,
  at: (point: P) => [string, string],
  end: string,
): string {
  let path = "";
  let best = Number.POSITIVE_INFINITY;
  for (const point of points) {
    if (!(loss(point.value) < best)) continue;
    best = loss(point.value);
    const [px, py] = at(point);
    path += path === "" ? `M${px} ${py}` : `H${px}V${py}`;
  }
  return path === "" ? "" : `${path}H${end}`;
}
