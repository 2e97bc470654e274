import type { EChartsOption } from "echarts";
import type { ModelView } from "../view.ts";
import type { PlotTheme } from "./theme.ts";
import { formatNumber, formatUncertain, unitSuffix, prettyUnit } from "../format.ts";
import { escapeHtml, formulaHtml } from "../html.ts";
import { niceRange } from "./nice-range.ts";
import { diagonal, tooltipStyle, valueAxis } from "./plot-parts.ts";
import { errorBars } from "./error-bars.ts";

/** Out-of-fold predictions against measured values on equal axes, with bars of one standard deviation. */
export function parityOption(
  model: ModelView,
  formulas: readonly string[],
  theme: PlotTheme,
): EChartsOption {
  const range = niceRange(
    model.parity.flatMap(([measured, predicted]) => [measured, predicted]),
    5,
  );
  const unit = prettyUnit(model.unit);
  const name = (word: string): string => (unit === "" ? word : `${word}, ${unit}`);
  const crowd = Math.max(0.12, Math.min(0.6, 60 / Math.max(1, model.parity.length)));
  return {
    animation: false,
    grid: { left: 66, right: 18, top: 12, bottom: 50 },
    tooltip: { ...tooltipStyle(theme), trigger: "item" },
    xAxis: valueAxis(name("Measured"), range, theme, 30),
    yAxis: valueAxis(name("Predicted"), range, theme, 50),
    series: [
      diagonal(range.min, range.max, theme),
      errorBars(
        "bars",
        model.parity.map(([measured, predicted, std]) => ({
          value: [measured, predicted, 0, 0, 0, std, crowd * 0.7],
        })),
        theme.accent,
      ),
      {
        id: "points",
        type: "scatter",
        symbolSize: model.parity.length > 300 ? 5 : 6.5,
        z: 4,
        itemStyle: { color: theme.accent, opacity: Math.min(0.75, crowd + 0.35) },
        data: model.parity.map(([measured, predicted, std, formula]) => ({
          value: [measured, predicted],
          std,
          formula: formulas[formula] ?? "",
        })),
        tooltip: {
          formatter: (item) => {
            const { data } = item as unknown as {
              data: { value: [number, number]; std: number; formula: string };
            };
            const suffix = escapeHtml(unitSuffix(model.unit));
            const row = (word: string, text: string): string =>
              `<div class="tip-row"><span>${word}</span><b>${text}${suffix}</b></div>`;
            return (
              `<div class="tip-head">${formulaHtml(data.formula)}</div>` +
              row("Measured", formatNumber(data.value[0])) +
              row("Predicted", formatUncertain(data.value[1], data.std))
            );
          },
        },
      },
    ],
  };
}
