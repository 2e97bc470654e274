import type { DesignExplanation, FeatureContribution } from "../../campaign/explain/explanation.ts";
import { formatNumber, unitSuffix } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { drawnScale, horizontalAxis } from "./scale.ts";

const width = 960;
const left = 290;
const right = 890;
const top = 10;
const rowHeight = 30;
const mostRows = 10;

interface Step {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** From the mean prediction to the one of a design, one bar per feature; small ones are put together. */
export function waterfallSvg(design: DesignExplanation, title: string): string {
  const steps = stepsOf(design);
  const bottom = top + (steps.length + 1) * rowHeight;
  const scale = drawnScale(
    steps.flatMap(({ from, to }) => [from, to]),
    left,
    right,
  );
  const bars = steps.map(({ name, from, to }, i) => {
    const y = top + i * rowHeight;
    const [a, b] = [Number(scale.at(Math.min(from, to))), Number(scale.at(Math.max(from, to)))];
    const isUp = to >= from;
    const text = `${isUp ? "+" : "−"}${formatNumber(Math.abs(to - from), 2)}`;
    const [x, anchor] = isUp ? [b + 6, "start"] : [a - 6, "end"];
    return (
      `<text class="name" x="${left - 60}" y="${y + 19}" text-anchor="end">${escapeHtml(name)}</text>` +
      `<rect class="${isUp ? "up" : "down"}" x="${a.toFixed(1)}" y="${y + 5}" width="${Math.max(1, b - a).toFixed(1)}" height="${rowHeight - 10}" rx="2"/>` +
      `<path class="link" d="M${scale.at(to)} ${y + 5}v${rowHeight + (i === steps.length - 1 ? 15 : 0)}"/>` +
      `<text x="${x.toFixed(1)}" y="${y + 19}" text-anchor="${anchor}">${text}</text>`
    );
  });
  const end = `<text class="name" x="${left - 60}" y="${bottom - 11}" text-anchor="end">${design.sum === design.prediction ? "prediction" : "together"}</text><circle class="end" cx="${scale.at(design.sum)}" cy="${bottom - 15}" r="5"/><text class="name" x="${(Number(scale.at(design.sum)) + 10).toFixed(1)}" y="${bottom - 11}">${formatNumber(design.sum, 3)}</text>`;
  return `<svg class="plot" viewBox="0 0 ${width} ${bottom + 52}" role="img" aria-label="${escapeHtml(design.sentence)}">
${horizontalAxis(scale, top, bottom)}
${bars.join("\n")}
${end}
<text x="${(left + right) / 2}" y="${bottom + 44}" text-anchor="middle">${escapeHtml(title)}</text>
</svg>`;
}

function stepsOf({ base, contributions, sum }: DesignExplanation): Step[] {
  const told = contributions.slice(0, mostRows);
  let at = base;
  const steps = told.map((one): Step => {
    const from = at;
    at += one.contribution;
    return { name: nameOf(one), from, to: at };
  });
  const more = contributions.length - told.length;
  if (more > 0) steps.push({ name: `${more} more features`, from: at, to: sum });
  return steps;
}

function nameOf({ name, value, unit }: FeatureContribution): string {
  const text = typeof value === "string" ? value || "not known" : formatNumber(value, 3);
  return `${name.replaceAll("_", " ")} = ${text}${typeof value === "string" ? "" : unitSuffix(unit)}`;
}
