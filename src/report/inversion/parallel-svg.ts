import { formatNumber } from "../format.ts";
import { escapeHtml } from "../html.ts";
import {
  byFamily,
  columnName,
  drawnByWeight,
  familyClass,
  shownValue,
  targetName,
  type InversionView,
} from "./inversion-view.ts";
import type { SampledDesign } from "../../campaign/inversion-sample.ts";

/** Designs that are drawn as lines. */
const shownLines = 240;
const axisDistance = 104;
const frame = { left: 56, top: 46, bottom: 318, height: 372 };
/** Where lines go on axes of parameters that a design does not have. */
const absentY = frame.bottom + 22;

interface DrawnAxis {
  readonly name: string;
  readonly high: string;
  readonly low: string;
  readonly words: readonly string[];
  /** Height of a design on this axis. */
  at(design: SampledDesign): number;
  readonly limits: readonly number[];
}

/** Width of the picture in the units of its coordinates, which is also its least width on a screen. */
export const parallelWidth = (view: InversionView): number =>
  2 * frame.left + axisDistance * (view.columns.length + view.targets.length - 1);

/**
 * One line a design over all varied columns and all targets, coloured by family; thick: the most probable design
 * found of each family. Dashes on the axes of targets mark what is wanted.
 */
export function parallelSvg(view: InversionView): string {
  const { sample } = view;
  const axes = [...columnAxes(view), ...targetAxes(view)];
  const width = parallelWidth(view);
  const x = (k: number): number => frame.left + k * axisDistance;
  const path = (design: SampledDesign): string =>
    `M${axes.map((axis, k) => `${x(k)} ${axis.at(design).toFixed(1)}`).join("L")}`;
  // One path a line, so that the picture is darker where many lines run.
  const lines = drawnByWeight(sample.designs, shownLines).map(
    (design) => `<path class="line ${familyClass(design.family)}" d="${path(design)}"/>`,
  );
  const best = byFamily(sample.designs).flatMap(({ family, designs }) => {
    if (family === null) return [];
    const top = mostProbable(view, family, designs);
    return [
      `<path class="under" d="${path(top)}"/><path class="best ${familyClass(family)}" d="${path(top)}"><title>Family ${family + 1}</title></path>`,
    ];
  });
  const drawn = axes.map((axis, k) => {
    const words = axis.words.map(
      (word, i) =>
        `<text class="over" x="${x(k) + 7}" y="${(heightOf(i, axis.words.length) + 4).toFixed(1)}">${escapeHtml(short(word))}</text>`,
    );
    const limits = axis.limits.map(
      (y) => `<path class="goal" d="M${x(k) - 9} ${y.toFixed(1)}h18"/>`,
    );
    const [title, unit] = axis.name.split(/, (?=[^,]*$)/);
    return `<path class="axis" d="M${x(k)} ${frame.top}V${frame.bottom}"/>
<text class="name" x="${x(k)}" y="14" text-anchor="middle">${escapeHtml(short(title!))}<title>${escapeHtml(axis.name)}</title></text>${unit === undefined ? "" : `<text x="${x(k)}" y="29" text-anchor="middle">${escapeHtml(unit)}</text>`}
<text x="${x(k)}" y="${frame.top - 4}" text-anchor="middle">${axis.high}</text><text class="over" x="${x(k)}" y="${frame.bottom + 15}" text-anchor="middle">${axis.low}</text>${words.join("")}${limits.join("")}`;
  });
  const hasAbsent = sample.designs.some(({ values }) => values.includes(null));
  const label = `Designs of the posterior over ${axes.map(({ name }) => name).join("; ")}. The table above gives the ranges.`;
  return `<svg class="plot" viewBox="0 0 ${width} ${hasAbsent ? frame.height : frame.height - 30}" role="img" aria-label="${escapeHtml(label)}">
${lines.join("\n")}
${best.toReversed().join("\n")}
${drawn.join("\n")}${hasAbsent ? `<text x="4" y="${absentY + 18}">Lines below an axis: the design does not have this parameter.</text>` : ""}
</svg>`;
}

/** The design that stands for the family in the table, else its weightiest. */
function mostProbable(
  { result, columns }: InversionView,
  family: number,
  designs: readonly SampledDesign[],
): SampledDesign {
  const { design } = result.modes[family]!;
  const isThat = ({ values }: SampledDesign): boolean =>
    columns.every(({ label, isFraction }, j) => {
      const own = isFraction ? (design.fractions[label] ?? 0) : (design.process[label] ?? null);
      return own === values[j];
    });
  return (
    designs.find(isThat) ?? designs.reduce((most, one) => (one.weight > most.weight ? one : most))
  );
}

const heightOf = (place: number, count: number): number =>
  frame.bottom - ((place + 0.5) / count) * (frame.bottom - frame.top);

function columnAxes(view: InversionView): DrawnAxis[] {
  return view.columns.map((column, j) => {
    const { min, max, words } = column;
    const span = max - min || 1;
    return {
      name: columnName(column),
      low: words === null ? shownValue(column, min) : "",
      high: words === null ? shownValue(column, max) : "",
      words: words ?? [],
      limits: [],
      at({ values }) {
        const value = values[j]!;
        if (value === null) return absentY;
        if (typeof value === "string") return heightOf(words!.indexOf(value), words!.length);
        return frame.bottom - ((value - min) / span) * (frame.bottom - frame.top);
      },
    };
  });
}

function targetAxes({ sample, targets }: InversionView): DrawnAxis[] {
  return targets.map((target, t) => {
    const limits = [target.low, target.high].filter((limit) => limit !== null);
    const all = [...sample.designs.map(({ predictions }) => predictions[t]!.mean), ...limits];
    const min = all.reduce((least, value) => Math.min(least, value));
    const max = all.reduce((most, value) => Math.max(most, value));
    const height = (value: number): number =>
      frame.bottom - ((value - min) / (max - min || 1)) * (frame.bottom - frame.top);
    return {
      name: targetName(target),
      low: formatNumber(min, 3),
      high: formatNumber(max, 3),
      words: [],
      limits: [...new Set(limits)].map(height),
      at: ({ predictions }) => height(predictions[t]!.mean),
    };
  });
}

const short = (text: string): string => (text.length > 14 ? `${text.slice(0, 13)}…` : text);
