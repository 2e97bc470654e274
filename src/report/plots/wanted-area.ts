import type { Axis } from "../view.ts";
import type { PlotTheme } from "./theme.ts";

/** Shaded band and limits where a target asks for a range, a value or a least probability. */
export function wantedArea(xAxis: Axis, yAxis: Axis, theme: PlotTheme) {
  const lines: { xAxis?: number; yAxis?: number }[] = [];
  const bands: [{ xAxis?: number; yAxis?: number }, { xAxis?: number; yAxis?: number }][] = [];
  for (const [key, axis] of [
    ["xAxis", xAxis],
    ["yAxis", yAxis],
  ] as const) {
    if (axis.low !== null && axis.high !== null && axis.low < axis.high) {
      bands.push([{ [key]: axis.low }, { [key]: axis.high }]);
    }
    for (const limit of new Set([axis.low, axis.high])) {
      if (limit !== null) lines.push({ [key]: limit });
    }
  }
  return {
    markArea: { silent: true, itemStyle: { color: theme.accent, opacity: 0.07 }, data: bands },
    markLine: {
      silent: true,
      symbol: "none",
      label: { show: false },
      lineStyle: { color: theme.accent, type: "dashed" as const, width: 1, opacity: 0.6 },
      data: lines,
    },
  };
}
