import { escapeHtml } from "../html.ts";
import { drawnScale, horizontalAxis } from "../svg/scale.ts";
import {
  colouredFamilies,
  familyClass,
  targetTitle,
  type InversionView,
} from "./inversion-view.ts";

const width = 460;
const frame = { left: 118, right: 446, top: 8 };
/** Smaller movements are not worth a picture: % of the range per % of the property's spread. */
const leastShare = 0.005;
const bar = 9;
const gap = 12;

/** How far a target's shift moves one column of one family, in shares of the column's range. */
export interface RelativeShift {
  readonly family: number;
  readonly column: number;
  /** Per 1 % of the spread of the target's property: per cent of the column's range. */
  readonly share: number;
}

/** Shifts of the numeric columns of the families with a colour, relative to ranges and spreads. */
export function relativeShifts(
  { result, columns, targets }: InversionView,
  t: number,
): RelativeShift[] {
  return result.modes.slice(0, colouredFamilies).flatMap(({ sensitivity }, family) => {
    const own = sensitivity.find(({ target }) => target === targets[t]!.text);
    if (own === undefined) return [];
    const perRange = columns.flatMap(({ label, min, max, words }, column) => {
      const shift = own.shift[label];
      return words !== null || shift === undefined ? [] : [{ column, share: shift / (max - min) }];
    });
    const most = perRange.reduce((all, { share }) => Math.max(all, Math.abs(share)), 0);
    // The gain is the largest of these shares, per spread of the property.
    const scale = most > 0 ? own.gain / most : 0;
    return perRange.map(({ column, share }) => ({ family, column, share: share * scale }));
  });
}

/** Bars of how far each column moves when one target is raised, one bar a family. */
export function sensitivitySvg(view: InversionView, t: number): string {
  const shifts = relativeShifts(view, t);
  if (!shifts.some(({ share }) => Math.abs(share) >= leastShare)) return "";
  const columns = [...new Set(shifts.map(({ column }) => column))];
  const families = new Set(shifts.map(({ family }) => family)).size;
  const band = families * bar + gap;
  const bottom = frame.top + columns.length * band;
  const x = drawnScale([0, ...shifts.map(({ share }) => share)], frame.left, frame.right, 5);
  const zero = Number(x.at(0));
  const bands = columns.map((column, k) => {
    const top = frame.top + k * band + gap / 2;
    const bars = shifts
      .filter((one) => one.column === column)
      .map(({ family, share }) => {
        const end = Number(x.at(share));
        return `<rect class="share ${familyClass(family)}" x="${Math.min(zero, end).toFixed(1)}" y="${(top + family * bar).toFixed(1)}" width="${Math.max(0.5, Math.abs(end - zero)).toFixed(1)}" height="${bar - 1}"><title>Family ${family + 1}: ${share.toFixed(2)}</title></rect>`;
      });
    return `<text class="name" x="${frame.left - 10}" y="${(top + (families * bar) / 2 + 4).toFixed(1)}" text-anchor="end">${escapeHtml(short(view.columns[column]!.title))}</text>${bars.join("")}`;
  });
  const label = `How far each column moves when ${targetTitle(view.targets[t]!)} is raised, by family. The table gives the same in numbers.`;
  return `<svg class="plot" viewBox="0 0 ${width} ${bottom + 52}" role="img" aria-label="${escapeHtml(label)}">
${horizontalAxis(x, frame.top, bottom)}
${bands.join("\n")}
<text x="${(frame.left + frame.right) / 2}" y="${bottom + 42}" text-anchor="middle">% of the range, per 1 % of the property's spread</text>
</svg>`;
}

const short = (text: string): string => (text.length > 16 ? `${text.slice(0, 15)}…` : text);
