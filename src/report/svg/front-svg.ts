import type { ParetoResult, ParetoRow } from "../../campaign/pareto/pareto-table.ts";
import { UnsupportedError } from "../../core/errors.ts";
import { escapeHtml } from "../html.ts";
import { drawnScale, type DrawnScale, horizontalAxis, verticalAxis } from "./scale.ts";

const width = 760;
const height = 520;
const frame = { left: 84, right: 736, top: 24, bottom: 452 };
/** Colours that people with colour-blindness tell apart (Okabe, Ito). */
const style = `text{font:13px system-ui,sans-serif;fill:#333}.grid{stroke:#ddd;fill:none}.zero{stroke:#999;fill:none}
.other{fill:#bbb}.missed{fill:none;stroke:#bbb}.front{fill:#0072b2}.knee{fill:none;stroke:#d55e00;stroke-width:2}
.line{fill:none;stroke:#0072b2;stroke-opacity:.5}`;

/**
 * The rows of a table over its first two objectives as a still picture: the front joined, the knee ringed,
 * rows that miss a requirement hollow. It carries its own style.
 * @throws UnsupportedError for fewer than two numbers to draw
 */
export function frontSvg({ rows, reference, outcomes }: ParetoResult): string {
  const [x, y] = reference.map(({ name }) => outcomes.find((one) => one.name === name));
  if (x === undefined || y === undefined) {
    throw new UnsupportedError("A picture needs two outcomes to maximise or minimise.", {
      hint: "Give two such targets, or write a table (.csv).",
    });
  }
  const points = rows.flatMap((row) => {
    const [a, b] = [row.values[x.name], row.values[y.name]];
    return typeof a === "number" && typeof b === "number" ? [{ row, a, b }] : [];
  });
  const across = drawnScale(
    points.map(({ a }) => a),
    frame.left,
    frame.right,
  );
  const up = drawnScale(
    points.map(({ b }) => b),
    frame.bottom,
    frame.top,
  );
  const at = ({ a, b }: { a: number; b: number }) => `cx="${across.at(a)}" cy="${up.at(b)}"`;
  const isFront = ({ row }: { row: ParetoRow }): boolean => row.rank === 1 && row.meets;
  const front = points.filter(isFront).sort((one, other) => one.a - other.a);
  // The front comes last, on top of all others.
  const dots = points.toReversed().map((point) => {
    const { row } = point;
    const kind = isFront(point) ? "front" : row.meets ? "other" : "missed";
    const title = `row ${row.row}, rank ${row.rank}`;
    return `<circle class="${kind}" ${at(point)} r="${isFront(point) ? 5 : 3.5}"><title>${title}</title></circle>`;
  });
  const knee = points.filter(({ row }) => row.isKnee);
  // With more objectives the front is no line in two of them.
  const line =
    reference.length === 2 ? `<path class="line" d="${frontPath(front, across, up)}"/>` : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeHtml(`${y.name} over ${x.name}`)}">
<style>${style}</style><rect width="${width}" height="${height}" fill="#fff"/>
${horizontalAxis(across, frame.top, frame.bottom)}${verticalAxis(up, frame.left, frame.right)}
<text x="${(frame.left + frame.right) / 2}" y="${height - 18}" text-anchor="middle">${escapeHtml(axisTitle(x))}</text>
<text transform="translate(20 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(axisTitle(y))}</text>
${line}${dots.join("")}
${knee.map((point) => `<circle class="knee" ${at(point)} r="9"><title>knee</title></circle>`).join("")}
</svg>
`;
}

const axisTitle = ({ name, unit }: { readonly name: string; readonly unit: string }): string =>
  `${name.replaceAll("_", " ")}${unit === "1" ? "" : ` (${unit})`}`;

/** Straight pieces from one point of the front to the next. */
function frontPath(
  front: readonly { readonly a: number; readonly b: number }[],
  x: DrawnScale,
  y: DrawnScale,
): string {
  return front.map(({ a, b }, i) => `${i === 0 ? "M" : "L"}${x.at(a)} ${y.at(b)}`).join("");
}
