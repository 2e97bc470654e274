import type { DesignResult } from "../../campaign/contract.ts";
import { formatNumber } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { frontSteps } from "../plots/front-steps.ts";
import { niceRange } from "../plots/nice-range.ts";
import { axisName } from "../plots/plot-parts.ts";
import { firstAxes } from "../shown-axes.ts";
import { reportView } from "../view.ts";
import type { ReportView } from "../view.ts";

const width = 960;
const height = 540;
const frame = { left: 84, right: 930, top: 20, bottom: 474 };

/** The trade-off picture of a result by itself, its two axes chosen as the report does: a file to show. */
export function resultParetoSvg(result: DesignResult): string {
  const view = reportView(result);
  return paretoSvg(view, ...firstAxes(view));
}

/**
 * The trade-off scatter as a still SVG picture, for places without a script: print, mail, a README.
 * It styles itself by the classes that the report's sheet defines and by attributes elsewhere.
 */
export function paretoSvg(view: ReportView, x: number, y: number): string {
  const xAxis = view.axes[x];
  const yAxis = view.axes[y];
  if (xAxis === undefined || yAxis === undefined) return "";
  const points = view.candidates.flatMap((c, index) => {
    const px = c.mean[x];
    const py = c.mean[y];
    if (typeof px !== "number" || typeof py !== "number") return [];
    const sx = Math.hypot(c.epistemic[x] ?? 0, c.aleatoric[x] ?? 0);
    const sy = Math.hypot(c.epistemic[y] ?? 0, c.aleatoric[y] ?? 0);
    return [{ c, index, px, py, sx, sy }];
  });
  const measured = view.measured.flatMap(({ values }) => {
    const mx = values[x];
    const my = values[y];
    return typeof mx === "number" && typeof my === "number" ? [[mx, my] as const] : [];
  });
  const xRange = niceRange([
    ...points.flatMap((p) => [p.px - p.sx, p.px + p.sx]),
    ...measured.map(([mx]) => mx),
  ]);
  const yRange = niceRange([
    ...points.flatMap((p) => [p.py - p.sy, p.py + p.sy]),
    ...measured.map(([, my]) => my),
  ]);
  const sx = (v: number): string =>
    (
      frame.left +
      ((frame.right - frame.left) * (v - xRange.min)) / (xRange.max - xRange.min)
    ).toFixed(1);
  const sy = (v: number): string =>
    (
      frame.bottom -
      ((frame.bottom - frame.top) * (v - yRange.min)) / (yRange.max - yRange.min)
    ).toFixed(1);
  const grid = [
    ...ticks(xRange).map(
      (v) =>
        `<path stroke="#8884" d="M${sx(v)} ${frame.top}V${frame.bottom}"/><text x="${sx(v)}" y="${frame.bottom + 20}" text-anchor="middle">${formatNumber(v)}</text>`,
    ),
    ...ticks(yRange).map(
      (v) =>
        `<path stroke="#8884" d="M${frame.left} ${sy(v)}H${frame.right}"/><text x="${frame.left - 8}" y="${Number(sy(v)) + 4}" text-anchor="end">${formatNumber(v)}</text>`,
    ),
  ].join("");
  const front = frontSteps(
    points.filter((p) => p.c.feasible).map((p) => [p.px, p.py]),
    xAxis.better,
    yAxis.better,
  );
  const colour = (feasible: boolean): string => (feasible ? "#0072b2" : "#5a6270");
  const dots = points.map((p) => {
    const stroke = colour(p.c.feasible);
    const bars = `M${sx(p.px - p.sx)} ${sy(p.py)}H${sx(p.px + p.sx)}M${sx(p.px)} ${sy(p.py - p.sy)}V${sy(p.py + p.sy)}`;
    const fill = p.c.front && p.c.feasible ? stroke : "#fff";
    return `<path d="${bars}" stroke="${stroke}" stroke-opacity=".35"/><circle cx="${sx(p.px)}" cy="${sy(p.py)}" r="5" fill="${fill}" stroke="${stroke}" stroke-width="1.75"><title>${p.index + 1} ${escapeHtml(p.c.formula)}</title></circle>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" class="still" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" fill="#6b7280">
${grid}
<g fill="#8a919c" fill-opacity=".55">${measured.map(([mx, my]) => `<circle cx="${sx(mx)}" cy="${sy(my)}" r="2.5"/>`).join("")}</g>
${front.length < 2 ? "" : `<path d="M${front.map(([fx, fy]) => `${sx(fx)} ${sy(fy)}`).join("L")}" fill="none" stroke="#0072b2" stroke-opacity=".55" stroke-width="1.5"/>`}
${dots.join("\n")}
<text x="${(frame.left + frame.right) / 2}" y="${height - 16}" text-anchor="middle" font-size="14">${escapeHtml(axisName(xAxis))}</text>
<text transform="translate(22 ${(frame.top + frame.bottom) / 2}) rotate(-90)" text-anchor="middle" font-size="14">${escapeHtml(axisName(yAxis))}</text>
</svg>`;
}

function ticks({ min, max, interval }: { min: number; max: number; interval: number }): number[] {
  const count = Math.round((max - min) / interval);
  return Array.from({ length: count + 1 }, (_, i) => Number((min + i * interval).toPrecision(12)));
}
