import { formatNumber } from "../format.ts";
import { niceRange } from "../plots/nice-range.ts";
import type { ReportView } from "../view.ts";

const width = 300;
const left = 4;
const right = 296;

/**
 * A strip of one quantity: measured alloys as quiet ticks below the line, candidates as dots above
 * it, and what was asked for as a band or a limit.
 */
export function targetStrip(view: ReportView, a: number): string {
  const axis = view.axes[a];
  if (axis === undefined) return "";
  const measured = view.measured.flatMap((m) => numberOrNone(m.values[a]));
  const candidates = view.candidates.flatMap((c, i) => {
    const mean = c.mean[a];
    return typeof mean === "number" ? [{ i, mean, candidate: c }] : [];
  });
  const limits = [...numberOrNone(axis.low), ...numberOrNone(axis.high)];
  const { min, max } = niceRange([...measured, ...candidates.map((c) => c.mean), ...limits], 4);
  const x = (value: number): string =>
    (left + ((right - left) * (value - min)) / (max - min)).toFixed(1);
  const ticks = measured.map((value) => `M${x(value)} 31v7`).join("");
  const dots = candidates
    .map(
      ({ i, mean, candidate }) =>
        `<circle data-c="${i}" class="${candidate.feasible ? "dot" : "dot bad"}" cx="${x(mean)}" cy="18" r="4"/>`,
    )
    .join("");
  const band =
    axis.low !== null && axis.high !== null && axis.low < axis.high
      ? `<rect class="band" x="${x(axis.low)}" y="4" width="${(Number(x(axis.high)) - Number(x(axis.low))).toFixed(1)}" height="34"/>`
      : "";
  const marks = [...new Set(limits)].map((v) => `<path class="limit" d="M${x(v)} 4V38"/>`).join("");
  const summary =
    `${axis.title}: ${candidates.length} candidates` +
    (candidates.length === 0
      ? ""
      : ` between ${formatNumber(Math.min(...candidates.map((c) => c.mean)))} and ${formatNumber(Math.max(...candidates.map((c) => c.mean)))}`) +
    `, ${measured.length} measured values`;
  return (
    `<svg class="strip" viewBox="0 0 ${width} 54" role="img" aria-label="${summary.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")}">` +
    `${band}${marks}<path class="base" d="M${left} 28H${right}"/><path class="ticks" d="${ticks}"/>${dots}` +
    `<text x="${left}" y="51">${formatNumber(min)}</text><text x="${right}" y="51" text-anchor="end">${formatNumber(max)}</text></svg>`
  );
}

function numberOrNone(value: number | null | undefined): number[] {
  return typeof value === "number" ? [value] : [];
}
