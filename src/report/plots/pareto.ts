import type { EChartsOption } from "echarts";
import type { ReportView } from "../view.ts";
import type { PlotTheme } from "./theme.ts";
import { formatNumber, unitSuffix } from "../format.ts";
import { escapeHtml, formulaHtml } from "../html.ts";
import { niceRange } from "./nice-range.ts";
import {
  axisName,
  candidateMark,
  candidateTooltip,
  tooltipStyle,
  valueAxis,
} from "./plot-parts.ts";
import { wantedArea } from "./wanted-area.ts";
import { frontSteps } from "./front-steps.ts";
import { errorBars } from "./error-bars.ts";

/** What the page shows of the candidates: all, or those that a filter or brush leaves. */
export interface Shown {
  readonly visible: ReadonlySet<number> | null;
  readonly focus: readonly number[];
}

/**
 * Two quantities of every candidate with bars of one standard deviation (thick: what the model does
 * not know, thin: with noise), measured alloys behind, and the front of the two when both have a
 * better direction. `x` and `y` are places in `view.axes`.
 */
export function paretoOption(
  view: ReportView,
  x: number,
  y: number,
  theme: PlotTheme,
  shown: Shown,
): EChartsOption {
  const xAxis = view.axes[x];
  const yAxis = view.axes[y];
  if (xAxis === undefined || yAxis === undefined) return {};
  const points = view.candidates.flatMap((candidate, index) => {
    const px = candidate.mean[x];
    const py = candidate.mean[y];
    if (px === null || px === undefined || py === null || py === undefined) return [];
    const xTotal = Math.hypot(candidate.epistemic[x] ?? 0, candidate.aleatoric[x] ?? 0);
    const yTotal = Math.hypot(candidate.epistemic[y] ?? 0, candidate.aleatoric[y] ?? 0);
    return [{ candidate, index, px, py, xTotal, yTotal }];
  });
  const measured = view.measured.flatMap(({ formula, row, values }) => {
    const mx = values[x];
    const my = values[y];
    return mx === null || mx === undefined || my === null || my === undefined
      ? []
      : [{ value: [mx, my], formula: view.formulas[formula] ?? "", row }];
  });
  const extent = (of: 0 | 1): number[] => [
    ...points.flatMap((p) =>
      of === 0 ? [p.px - p.xTotal, p.px + p.xTotal] : [p.py - p.yTotal, p.py + p.yTotal],
    ),
    ...measured.map((m) => m.value[of] ?? Number.NaN),
  ];
  const arrow = (axis: typeof xAxis, low: string, high: string): string =>
    axisName(axis) + (axis.better === "low" ? low : axis.better === "high" ? high : "");
  const isDimmed = (index: number): boolean => shown.visible !== null && !shown.visible.has(index);
  const front = frontSteps(
    points.filter((p) => p.candidate.feasible && !isDimmed(p.index)).map((p) => [p.px, p.py]),
    xAxis.better,
    yAxis.better,
  );
  return {
    animation: false,
    grid: { left: 72, right: 20, top: 16, bottom: 54 },
    tooltip: { ...tooltipStyle(theme), trigger: "item" },
    xAxis: valueAxis(arrow(xAxis, "   ← better", "   better →"), niceRange(extent(0)), theme, 32),
    yAxis: valueAxis(arrow(yAxis, "   ← better", "   better →"), niceRange(extent(1)), theme, 54),
    series: [
      {
        id: "measured",
        type: "scatter",
        symbolSize: 5,
        itemStyle: { color: theme.quiet, opacity: 0.55 },
        emphasis: { scale: 1.6 },
        data: measured,
        z: 1,
        tooltip: {
          formatter: (item) => {
            const data = (item as unknown as { data: (typeof measured)[number] }).data;
            const line = (axis: typeof xAxis, value: number | undefined): string =>
              `<div class="tip-row"><span>${escapeHtml(axis.title)}</span><b>` +
              `${formatNumber(value ?? Number.NaN)}${escapeHtml(unitSuffix(axis.unit))}</b></div>`;
            return (
              `<div class="tip-head">${formulaHtml(data.formula)}</div>` +
              line(xAxis, data.value[0]) +
              line(yAxis, data.value[1]) +
              `<div class="tip-note">measured, row ${data.row}</div>`
            );
          },
        },
        ...wantedArea(xAxis, yAxis, theme),
      },
      {
        id: "front",
        type: "line",
        data: front,
        symbol: "none",
        silent: true,
        lineStyle: { color: theme.accent, width: 1.5, opacity: 0.55 },
        z: 2,
      },
      errorBars(
        "bars",
        points.map((p) => ({
          value: [
            p.px,
            p.py,
            p.candidate.epistemic[x] ?? 0,
            p.xTotal,
            p.candidate.epistemic[y] ?? 0,
            p.yTotal,
            isDimmed(p.index) ? 0.06 : 0.32,
          ],
        })),
        theme.accent,
      ),
      {
        id: "candidates",
        type: "scatter",
        cursor: "pointer",
        z: 4,
        emphasis: { scale: false },
        data: points.map((p) => ({
          value: [p.px, p.py],
          candidate: p.index,
          ...candidateMark(p.candidate, theme, isDimmed(p.index)),
        })),
        tooltip: {
          formatter: (item) => {
            const { candidate: index } = (item as unknown as { data: { candidate: number } }).data;
            const candidate = view.candidates[index];
            return candidate === undefined
              ? ""
              : candidateTooltip(index, candidate, view.axes, [x, y]);
          },
        },
      },
      paretoFocus(view, x, y, theme, shown.focus),
    ],
  };
}

/** The series that marks the candidates under the pointer or pinned; it alone changes on hover. */
export function paretoFocus(
  view: ReportView,
  x: number,
  y: number,
  theme: PlotTheme,
  focus: readonly number[],
) {
  return {
    id: "focus",
    type: "scatter" as const,
    silent: true,
    z: 5,
    symbolSize: 20,
    itemStyle: {
      color: "transparent",
      borderColor: theme.highlight,
      borderWidth: 2.5,
    },
    label: {
      show: true,
      position: "top" as const,
      distance: 7,
      color: theme.ink,
      fontFamily: theme.font,
      fontSize: 12,
      fontWeight: 600,
      textBorderColor: theme.surface,
      textBorderWidth: 3,
      formatter: "{b}",
    },
    data: focus.flatMap((index) => {
      const candidate = view.candidates[index];
      const px = candidate?.mean[x];
      const py = candidate?.mean[y];
      if (px === null || px === undefined || py === null || py === undefined) return [];
      return [{ name: String(index + 1), value: [px, py] }];
    }),
  };
}
