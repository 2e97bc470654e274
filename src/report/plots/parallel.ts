import type { EChartsOption } from "echarts";
import type { ReportView } from "../view.ts";
import type { PlotTheme } from "./theme.ts";
import { formatNumber, prettyUnit } from "../format.ts";
import { niceRange } from "./nice-range.ts";
import { candidateTooltip, tooltipStyle } from "./plot-parts.ts";
import type { Shown } from "./pareto.ts";

/**
 * One line per candidate over the fractions of the elements in use (at%, one scale for all) and the
 * targets. Dragging along an axis selects (ECharts event `axisareaselected`).
 */
export function parallelOption(view: ReportView, theme: PlotTheme, shown: Shown): EChartsOption {
  const used = view.elements.flatMap((element, e) =>
    view.candidates.some((c) => (c.fractions[e] ?? 0) > 0) ? [{ symbol: element.symbol, e }] : [],
  );
  const shares = view.candidates.flatMap((c) => used.map(({ e }) => 100 * (c.fractions[e] ?? 0)));
  const shareRange = niceRange([0, ...shares], 4);
  const axes = view.axes.flatMap((axis, a) => {
    const values = view.candidates.flatMap((c) => {
      const value = c.mean[a];
      return value === null || value === undefined ? [] : [value];
    });
    return values.length === 0 ? [] : [{ axis, a, range: niceRange(values, 4) }];
  });
  const wrap = (text: string): string => {
    const lines: string[] = [""];
    for (const word of text.split(" ")) {
      const last = lines.at(-1) ?? "";
      if (last === "") lines[lines.length - 1] = word;
      else if (`${last} ${word}`.length <= 11) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
    }
    const shown = lines.map((line) => (line.length > 13 ? `${line.slice(0, 12)}…` : line));
    return shown.length > 3 ? [...shown.slice(0, 2), `${shown[2]} …`].join("\n") : shown.join("\n");
  };
  // Many lines grow fainter, so that where they run together still shows.
  const crowd = Math.max(0.22, Math.min(1, Math.sqrt(24 / view.candidates.length)));
  const common = {
    nameLocation: "end" as const,
    nameGap: 14,
    nameTruncate: { maxWidth: 200 },
    axisLine: { lineStyle: { color: theme.quiet, width: 1 } },
    axisTick: { show: false },
    areaSelectStyle: {
      width: 16,
      color: theme.accent,
      opacity: 0.18,
      borderColor: theme.accent,
      borderWidth: 1,
    },
  };
  const label = {
    color: theme.muted,
    fontFamily: theme.font,
    fontSize: 11,
    textBorderColor: theme.page,
    textBorderWidth: 3,
  };
  return {
    animation: false,
    tooltip: { ...tooltipStyle(theme), trigger: "item" },
    parallel: { left: 32, right: 64, top: 84, bottom: 20, axisExpandable: false },
    parallelAxis: [
      ...used.map(({ symbol }, dim) => ({
        ...common,
        dim,
        name: symbol,
        ...shareRange,
        nameTextStyle: {
          color: theme.ink,
          fontFamily: theme.font,
          fontSize: 13,
          fontWeight: 600 as const,
        },
        axisLabel: {
          ...label,
          formatter: (value: number) => (dim === 0 ? formatNumber(value, 3) : ""),
        },
      })),
      ...axes.map(({ axis, range }, i) => ({
        ...common,
        dim: used.length + i,
        name: [wrap(axis.title), prettyUnit(axis.unit)].filter((part) => part !== "").join("\n"),
        ...range,
        nameTextStyle: {
          color: theme.ink,
          fontFamily: theme.font,
          fontSize: 11.5,
          fontWeight: 500 as const,
          lineHeight: 14,
        },
        axisLabel: { ...label, formatter: (value: number) => formatNumber(value, 3) },
      })),
    ],
    series: [
      {
        id: "candidates",
        type: "parallel",
        inactiveOpacity: 0.06,
        activeOpacity: 0.9,
        emphasis: { disabled: true },
        progressive: 0,
        data: view.candidates.map((candidate, index) => ({
          value: parallelValues(view, index),
          candidate: index,
          lineStyle: {
            color: candidate.feasible ? theme.accent : theme.warn,
            type: candidate.beyond ? ("dashed" as const) : ("solid" as const),
            width: candidate.front ? 1.75 : 1.25,
            opacity:
              shown.visible !== null && !shown.visible.has(index)
                ? 0.06
                : crowd * (!candidate.feasible ? 0.35 : candidate.front ? 0.8 : 0.45),
          },
        })),
        tooltip: {
          formatter: (item) => {
            const index = (item as unknown as { dataIndex: number }).dataIndex;
            const candidate = view.candidates[index];
            if (candidate === undefined) return "";
            return candidateTooltip(
              index,
              candidate,
              view.axes,
              view.axes.flatMap((axis, a) => (axis.isTarget ? [a] : [])),
            );
          },
        },
      },
      parallelFocus(view, theme, shown.focus),
    ],
  };
}

/** The values of one candidate in the order of the parallel axes. */
export function parallelValues(view: ReportView, index: number): (number | string)[] {
  const candidate = view.candidates[index];
  if (candidate === undefined) return [];
  const shares = view.elements.flatMap((_, e) =>
    view.candidates.some((c) => (c.fractions[e] ?? 0) > 0)
      ? [100 * (candidate.fractions[e] ?? 0)]
      : [],
  );
  const values = view.axes.flatMap((_, a) =>
    view.candidates.some((c) => typeof c.mean[a] === "number") ? [candidate.mean[a] ?? "-"] : [],
  );
  return [...shares, ...values];
}

/** The series that draws the candidates under the pointer or pinned over all others. */
export function parallelFocus(view: ReportView, theme: PlotTheme, focus: readonly number[]) {
  return {
    id: "focus",
    type: "parallel" as const,
    silent: true,
    z: 5,
    inactiveOpacity: 1,
    activeOpacity: 1,
    lineStyle: { color: theme.highlight, width: 3, opacity: 1 },
    data: focus.map((index) => ({ value: parallelValues(view, index) })),
  };
}
