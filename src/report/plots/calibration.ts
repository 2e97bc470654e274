import type { EChartsOption } from "echarts";
import type { ModelView } from "../view.ts";
import type { PlotTheme } from "./theme.ts";
import { formatPercent } from "../format.ts";
import { diagonal, tooltipStyle, valueAxis } from "./plot-parts.ts";

/**
 * What was promised against what happened, both in per cent: for numbers the share of measurements
 * inside an interval, for classes the frequency at a predicted probability. Honest models lie on the
 * diagonal.
 */
export function calibrationOption(model: ModelView, theme: PlotTheme): EChartsOption {
  const range = { min: 0, max: 100, interval: 20 };
  const isClass = model.task === "classification";
  const most = Math.max(1, ...model.calibration.map((c) => c.count));
  return {
    animation: false,
    grid: { left: 60, right: 18, top: 12, bottom: 50 },
    tooltip: { ...tooltipStyle(theme), trigger: "item" },
    xAxis: valueAxis(
      isClass ? "Predicted probability, %" : "Interval asked for, %",
      range,
      theme,
      30,
    ),
    yAxis: valueAxis(
      isClass ? "Observed frequency, %" : "Measurements inside, %",
      range,
      theme,
      42,
    ),
    series: [
      diagonal(0, 100, theme),
      {
        id: "observed",
        type: "line",
        z: 3,
        symbol: "circle",
        lineStyle: { color: theme.accent, width: 1.75 },
        itemStyle: { color: theme.accent, borderColor: theme.surface, borderWidth: 1.5 },
        data: model.calibration.map(({ nominal, observed, count }) => ({
          value: [100 * nominal, 100 * observed],
          count,
          symbolSize: isClass ? 6 + 10 * Math.sqrt(count / most) : 9,
        })),
        tooltip: {
          formatter: (item) => {
            const { data } = item as unknown as {
              data: { value: [number, number]; count: number };
            };
            const row = (word: string, text: string): string =>
              `<div class="tip-row"><span>${word}</span><b>${text}</b></div>`;
            return (
              row(isClass ? "Predicted" : "Asked for", formatPercent(data.value[0] / 100)) +
              row("Observed", formatPercent(data.value[1] / 100)) +
              row("Rows", String(data.count))
            );
          },
        },
      },
    ],
  };
}
