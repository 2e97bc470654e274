import type { CandidateView, Axis } from "../view.ts";
import type { PlotTheme } from "./theme.ts";
import { formatNumber, formatUncertain, prettyUnit, unitSuffix } from "../format.ts";
import { escapeHtml, formulaHtml } from "../html.ts";

/** `Yield strength, MPa`; the unit is left out for plain numbers. */
export function axisName(axis: { readonly title: string; readonly unit: string }): string {
  const unit = prettyUnit(axis.unit);
  return unit === "" ? axis.title : `${axis.title}, ${unit}`;
}

/** The line on which both axes say the same. */
export function diagonal(from: number, to: number, theme: PlotTheme) {
  return {
    id: "diagonal",
    type: "line" as const,
    silent: true,
    symbol: "none",
    z: 1,
    lineStyle: { color: theme.muted, width: 1, type: "dashed" as const },
    data: [
      [from, from],
      [to, to],
    ],
  };
}

/** Line, ticks and labels that value axes of all plots share. */
export function valueAxis(
  name: string,
  range: { readonly min: number; readonly max: number; readonly interval: number },
  theme: PlotTheme,
  nameGap: number,
) {
  return {
    type: "value" as const,
    name,
    nameLocation: "middle" as const,
    nameGap,
    nameTextStyle: { color: theme.muted, fontFamily: theme.font, fontSize: 13 },
    min: range.min,
    max: range.max,
    interval: range.interval,
    axisLine: { show: true, lineStyle: { color: theme.rule } },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.rule, opacity: 0.55 } },
    axisLabel: {
      color: theme.muted,
      fontFamily: theme.font,
      fontSize: 12,
      hideOverlap: true,
      formatter: (value: number) => formatNumber(value),
    },
  };
}

/** Look of every tooltip; its content is HTML made by the caller from escaped text. */
export function tooltipStyle(theme: PlotTheme) {
  return {
    confine: true,
    transitionDuration: 0,
    backgroundColor: theme.surface,
    borderColor: theme.rule,
    borderWidth: 1,
    padding: [8, 12],
    textStyle: { color: theme.ink, fontFamily: theme.font, fontSize: 13 },
    extraCssText: "box-shadow:0 4px 18px rgb(0 0 0 / .14);border-radius:8px;max-width:320px;",
  };
}

/** Symbol and colours that say how a candidate stands: filled on the front, diamond beyond the data, grey triangle when it fails. */
export function candidateMark(candidate: CandidateView, theme: PlotTheme, dimmed: boolean) {
  const colour = candidate.feasible ? theme.accent : theme.warn;
  return {
    symbol: candidate.beyond ? "diamond" : candidate.feasible ? "circle" : "triangle",
    symbolSize: candidate.beyond ? 13 : 10,
    itemStyle: {
      color: candidate.front && candidate.feasible ? colour : theme.surface,
      borderColor: colour,
      borderWidth: 1.75,
      opacity: dimmed ? 0.18 : 1,
    },
  };
}

/** Tooltip of a candidate: number, formula and the quantities of the given axes. */
export function candidateTooltip(
  index: number,
  candidate: CandidateView,
  axes: readonly Axis[],
  shown: readonly number[],
): string {
  const lines = shown.map((a) => {
    const axis = axes[a];
    const mean = candidate.mean[a];
    if (axis === undefined || mean === null || mean === undefined) return "";
    const std = Math.hypot(candidate.epistemic[a] ?? 0, candidate.aleatoric[a] ?? 0);
    const text = escapeHtml(formatUncertain(mean, std) + unitSuffix(axis.unit));
    return `<div class="tip-row"><span>${escapeHtml(axis.title)}</span><b>${text}</b></div>`;
  });
  const state = [
    candidate.feasible ? "feasible" : "not feasible",
    candidate.front ? "on the front" : `front ${candidate.rank}`,
    ...(candidate.beyond ? [`validity: ${candidate.validity!.verdict}`] : []),
  ].join(" · ");
  return (
    `<div class="tip-head"><span>${index + 1}</span> ${formulaHtml(candidate.formula)}</div>` +
    `${lines.join("")}<div class="tip-note">${state}</div>`
  );
}
