import { formatNumber, titleOf } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { frontSteps } from "../plots/front-steps.ts";
import { axisName } from "../plots/plot-parts.ts";
import { drawnScale, horizontalAxis, verticalAxis } from "../svg/scale.ts";
import type { CampaignView } from "./campaign-view.ts";

const width = 920;
const height = 440;
const frame = { left: 76, right: 904, top: 14, bottom: 384 };

/** Measured designs by two goals with the front between them; filled: on the front, hollow: a limit is missed. */
export function tradeOffSvg(view: CampaignView, first: number, second: number): string {
  const [a, b] = [view.goals[first]!, view.goals[second]!];
  const points = view.measurements.filter(
    ({ status, values }) =>
      status === "completed" && !Number.isNaN(values[first]!) && !Number.isNaN(values[second]!),
  );
  if (points.length < 2) return "";
  const x = drawnScale(
    points.map(({ values }) => values[first]!),
    frame.left,
    frame.right,
    8,
  );
  const y = drawnScale(
    points.map(({ values }) => values[second]!),
    frame.bottom,
    frame.top,
    6,
  );
  const better = (kind: string): "low" | "high" | null =>
    kind === "minimise" ? "low" : kind === "maximise" ? "high" : null;
  const steps = frontSteps(
    points.filter(({ meets }) => meets).map(({ values }) => [values[first]!, values[second]!]),
    better(a.goal.kind),
    better(b.goal.kind),
  );
  const marks = points.map(({ id, values, meets, isOnFront }) => {
    const title = `${id}: ${formatNumber(values[first]!)}, ${formatNumber(values[second]!)}`;
    const kind = !meets ? "hollow" : isOnFront ? "best" : "other";
    return `<circle class="${kind}" cx="${x.at(values[first]!)}" cy="${y.at(values[second]!)}" r="4.4"><title>${escapeHtml(title)}</title></circle>`;
  });
  const name = (one: typeof a): string =>
    axisName({ title: titleOf(one.outcome.title), unit: one.outcome.unit });
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${name(b)} against ${name(a)} of ${points.length} measured designs`)}">
${verticalAxis(y, frame.left, frame.right)}${horizontalAxis(x, frame.top, frame.bottom)}
${steps.length < 2 ? "" : `<path class="link" d="M${steps.map(([px, py]) => `${x.at(px)} ${y.at(py)}`).join("L")}"/>`}
${marks.join("")}
<text class="name" x="${(frame.left + frame.right) / 2}" y="${height - 12}" text-anchor="middle">${escapeHtml(name(a))}</text>
<text class="name" transform="translate(18 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(name(b))}</text>
</svg>`;
}
