import type { ExplainedRows } from "../../campaign/explain/explanation.ts";
import { prettyUnit } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { dots, drawnScale, horizontalAxis, verticalAxis } from "./scale.ts";

const width = 460;
const height = 300;
const frame = { left: 66, right: 448, top: 10, bottom: 238 };

/** What one feature adds to predictions against its value, one dot per explained row. */
export function dependenceSvg(feature: ExplainedRows["features"][number], title: string): string {
  const { name, unit, levels, values, contributions } = feature;
  const y = drawnScale([0, ...contributions], frame.bottom, frame.top, 5);
  const text = name.replaceAll("_", " ");
  const isWord = levels.length > 0;
  const x = isWord
    ? wordScale(levels, values)
    : drawnScale(values, frame.left + 8, frame.right - 8, 5);
  const marks = dots(
    values.map((value, i) => [
      isWord ? shifted(x.at(value), i) : x.at(value),
      y.at(contributions[i]!),
    ]),
    "dot plain",
  );
  const axis = isWord
    ? wordLabels(levels, values, (value) => x.at(value))
    : horizontalAxis(x as ReturnType<typeof drawnScale>, frame.top, frame.bottom);
  const pretty = isWord ? "" : prettyUnit(unit);
  const label = `What ${text} adds to ${title}, for ${values.length} rows`;
  return `<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">
${verticalAxis(y, frame.left, frame.right)}${axis}${marks}
<text class="name" x="${(frame.left + frame.right) / 2}" y="${height - 14}" text-anchor="middle">${escapeHtml(pretty === "" ? text : `${text}, ${pretty}`)}</text>
</svg>`;
}

/** Words that occur, evenly spaced; an unknown one stands first. */
function wordScale(
  levels: readonly string[],
  values: readonly number[],
): { at(value: number): string } {
  const present = presentWords(levels, values);
  const step = (frame.right - frame.left) / present.length;
  return { at: (value) => (frame.left + (present.indexOf(value) + 0.5) * step).toFixed(1) };
}

const presentWords = (levels: readonly string[], values: readonly number[]): number[] =>
  [-1, ...levels.keys()].filter((value) => values.includes(value));

function wordLabels(
  levels: readonly string[],
  values: readonly number[],
  at: (value: number) => string,
): string {
  const present = presentWords(levels, values);
  const room = Math.max(3, Math.floor(58 / present.length));
  return present
    .map((value) => {
      const word = levels[value] ?? "not known";
      const short = word.length > room ? `${word.slice(0, room - 1)}…` : word;
      return `<text x="${at(value)}" y="${frame.bottom + 18}" text-anchor="middle">${escapeHtml(short)}<title>${escapeHtml(word)}</title></text>`;
    })
    .join("");
}

/** Spreads the dots of a word a little, always the same way. */
const shifted = (place: string, i: number): string =>
  (Number(place) + (((i * 7) % 13) - 6) * 1.1).toFixed(1);
