import type { EChartsOption } from "echarts";
import type { HistorySeries } from "../view.ts";
import type { PlotTheme } from "./theme.ts";
import { formatNumber, unitSuffix } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { niceRange } from "./nice-range.ts";
import { tooltipStyle, valueAxis } from "./plot-parts.ts";

/** One figure of the search over the designs evaluated; gaps where there was none yet. */
export function historyOption(series: HistorySeries, theme: PlotTheme): EChartsOption {
  const evaluated = series.points.map(([n]) => n);
  const values = series.points.flatMap(([, value]) => (value === null ? [] : [value]));
  return {
    animation: false,
    grid: { left: 58, right: 14, top: 10, bottom: 42 },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: theme.quiet } },
      formatter: (items) => {
        const first = (items as unknown as { value: [number, number | null] }[])[0];
        if (first === undefined || first.value[1] === null) return "";
        return (
          `<b>${formatNumber(first.value[1])}${escapeHtml(unitSuffix(series.unit))}</b>` +
          `<div class="tip-note">after ${formatNumber(first.value[0], 6)} designs</div>`
        );
      },
    },
    xAxis: valueAxis("Designs evaluated", niceRange([0, ...evaluated], 5), theme, 26),
    yAxis: valueAxis("", niceRange(values, 4), theme, 40),
    series: [
      {
        id: "progress",
        type: "line",
        step: "end",
        symbol: series.points.length < 3 ? "circle" : "none",
        lineStyle: { color: theme.accent, width: 2 },
        itemStyle: { color: theme.accent },
        areaStyle: { color: theme.accent, opacity: 0.07, origin: "start" },
        data: series.points.map(([n, value]) => [n, value]),
      },
    ],
  };
}
