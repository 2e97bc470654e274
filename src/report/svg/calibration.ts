import { escapeHtml } from "../html.ts";
import { dots, drawnScale, horizontalAxis, verticalAxis } from "./scale.ts";

const width = 460;
const height = 420;
const frame = { left: 66, right: 440, top: 12, bottom: 366 };

/** What was said against what was seen; on the diagonal both agree. Shares are from 0 to 1. */
export function calibrationSvg(
  points: readonly { readonly nominal: number; readonly observed: number }[],
  said: string,
  seen: string,
): string {
  const x = drawnScale([0, 1], frame.left, frame.right, 5);
  const y = drawnScale([0, 1], frame.bottom, frame.top, 5);
  const marks = points.map(({ nominal, observed }) => [x.at(nominal), y.at(observed)] as const);
  const line = marks.map(([a, b], i) => `${i === 0 ? "M" : "L"}${a} ${b}`).join("");
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${seen} against ${said}`)}">
${verticalAxis(y, frame.left, frame.right)}${horizontalAxis(x, frame.top, frame.bottom)}
<path class="link" d="M${x.at(0)} ${y.at(0)}L${x.at(1)} ${y.at(1)}"/><path class="curve" d="${line}"/>
<g style="stroke-width:8">${dots(marks, "dot plain")}</g>
<text class="name" x="${(frame.left + frame.right) / 2}" y="${height - 14}" text-anchor="middle">${escapeHtml(said)}</text>
<text class="name" transform="translate(18 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(seen)}</text>
</svg>`;
}
