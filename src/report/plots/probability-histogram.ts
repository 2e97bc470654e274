import type { EChartsOption } from "echarts";
import type { ModelView } from "../view.ts";
import type { PlotTheme } from "./theme.ts";
import { formatPercent } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { niceRange } from "./nice-range.ts";
import { tooltipStyle, valueAxis } from "./plot-parts.ts";

/** How often each probability was predicted, apart for rows measured in the class and not in it. */
export function probabilityHistogram(model: ModelView, theme: PlotTheme): EChartsOption {
  const bins = 10;
  const counts = [0, 1].map(() => Array.from({ length: bins }, () => 0));
  for (const [measured, predicted] of model.parity) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(predicted * bins)));
    const row = counts[measured > 0.5 ? 1 : 0];
    if (row !== undefined) row[bin] = (row[bin] ?? 0) + 1;
  }
  const range = niceRange([0, ...counts.flat()], 4);
  const labels = Array.from({ length: bins }, (_, i) => `${i * 10}–${(i + 1) * 10}`);
  const series = (id: string, at: number, colour: string, name: string) => ({
    id,
    name,
    type: "bar" as const,
    barGap: "0%",
    barCategoryGap: "18%",
    itemStyle: { color: colour, borderRadius: [2, 2, 0, 0] as [number, number, number, number] },
    data: counts[at] ?? [],
  });
  return {
    animation: false,
    grid: { left: 56, right: 18, top: 12, bottom: 50 },
    tooltip: {
      ...tooltipStyle(theme),
      trigger: "axis",
      axisPointer: { type: "none" },
      formatter: (items) => {
        const list = items as unknown as { seriesName: string; value: number; dataIndex: number }[];
        const at = list[0]?.dataIndex ?? 0;
        const rows = list.map(
          (item) =>
            `<div class="tip-row"><span>${escapeHtml(item.seriesName)}</span><b>${item.value}</b></div>`,
        );
        const span = `${formatPercent(at / bins)} – ${formatPercent((at + 1) / bins)}`;
        return `<div class="tip-head">Predicted ${span}</div>${rows.join("")}`;
      },
    },
    xAxis: {
      type: "category",
      data: labels,
      name: "Predicted probability, %",
      nameLocation: "middle",
      nameGap: 30,
      nameTextStyle: { color: theme.muted, fontFamily: theme.font, fontSize: 13 },
      axisLine: { lineStyle: { color: theme.rule } },
      axisTick: { show: false },
      axisLabel: { color: theme.muted, fontFamily: theme.font, fontSize: 11, hideOverlap: true },
    },
    yAxis: valueAxis("Alloys", range, theme, 40),
    series: [
      series("other", 0, theme.quiet, "measured: no"),
      series("class", 1, theme.accent, "measured: yes"),
    ],
  };
}
