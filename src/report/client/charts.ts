/// <reference lib="dom" />
import type { EChartsOption, EChartsType } from "echarts";
import type { ReportView } from "../view.ts";
import type { PlotTheme } from "../plots/theme.ts";
import type { Selection } from "./selection.ts";
import { calibrationOption } from "../plots/calibration.ts";
import { historyOption } from "../plots/history.ts";
import { parallelFocus, parallelOption } from "../plots/parallel.ts";
import { paretoFocus, paretoOption } from "../plots/pareto.ts";
import { parityOption } from "../plots/parity.ts";
import { probabilityHistogram } from "../plots/probability-histogram.ts";

/** The part of the chart library that the page calls; it is inlined before this script. */
declare const echarts: { init(element: HTMLElement): EChartsType };

/** The colours of the page's style sheet, so that charts follow light and dark. */
export function pageTheme(): PlotTheme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour("ink"),
    muted: colour("muted"),
    rule: colour("rule"),
    surface: colour("surface"),
    page: colour("bg"),
    accent: colour("accent"),
    highlight: colour("highlight"),
    warn: colour("muted"),
    quiet: colour("quiet"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** Draws every chart, keeps them in step with the selection, the window and the colour scheme. */
export function mountCharts(view: ReportView, selection: Selection): void {
  const drawn: { chart: EChartsType; option: () => EChartsOption }[] = [];
  const mount = (id: string, option: () => EChartsOption): EChartsType | null => {
    const element = document.getElementById(id);
    if (element === null) return null;
    element.replaceChildren();
    const chart = echarts.init(element);
    chart.setOption(option());
    drawn.push({ chart, option });
    new ResizeObserver(() => chart.resize()).observe(element);
    return chart;
  };
  let theme = pageTheme();
  const shown = () => ({ visible: selection.visible, focus: selection.focus() });
  const axisOf = (id: string): number => {
    const menu = document.getElementById(id);
    return menu instanceof HTMLSelectElement ? Number(menu.value) : 0;
  };
  const pareto = mount("pareto", () =>
    paretoOption(view, axisOf("x-axis"), axisOf("y-axis"), theme, shown()),
  );
  // The brush lives in the parallel chart itself, so that its lines are dimmed by the filter alone.
  let isBrushing = false;
  const parallel = mount("parallel", () =>
    parallelOption(view, theme, {
      visible: selection.isRestricted("filter") ? selection.visible : null,
      focus: selection.focus(),
    }),
  );
  for (const [m, model] of view.models.entries()) {
    mount(`parity-${m}`, () =>
      model.task === "classification"
        ? probabilityHistogram(model, theme)
        : parityOption(model, view.formulas, theme),
    );
    mount(`calibration-${m}`, () => calibrationOption(model, theme));
  }
  for (const [h, series] of view.history.entries()) {
    mount(`history-${h}`, () => historyOption(series, theme));
  }

  const redraw = (chart: EChartsType | null): void => {
    const found = drawn.find((entry) => entry.chart === chart);
    if (found !== undefined) found.chart.setOption(found.option(), { notMerge: true });
  };
  for (const id of ["x-axis", "y-axis"]) {
    document.getElementById(id)?.addEventListener("change", () => redraw(pareto));
  }
  const candidateOf = (event: unknown): number | null => {
    const { seriesId, data } = event as { seriesId?: string; data?: { candidate?: number } };
    return seriesId === "candidates" ? (data?.candidate ?? null) : null;
  };
  for (const chart of [pareto, parallel]) {
    chart?.on("mouseover", (event) => selection.hover(candidateOf(event)));
    chart?.on("mouseout", () => selection.hover(null));
    chart?.on("globalout", () => selection.hover(null));
    chart?.on("click", (event) => {
      const index = candidateOf(event);
      if (index !== null) selection.pin(index);
    });
  }
  parallel?.on("axisareaselected", () => {
    const model = (
      parallel as unknown as {
        getModel(): {
          getSeriesByIndex(i: number): { getRawIndicesByActiveState(s: string): number[] };
        };
      }
    ).getModel();
    const active = model.getSeriesByIndex(0).getRawIndicesByActiveState("active");
    const inactive = model.getSeriesByIndex(0).getRawIndicesByActiveState("inactive");
    isBrushing = true;
    selection.restrict(
      "brush",
      inactive.length === 0 && active.length === 0 ? null : new Set(active),
    );
    isBrushing = false;
  });
  document.getElementById("clear-brush")?.addEventListener("click", () => {
    selection.restrict("brush", null);
    redraw(parallel);
  });
  selection.subscribe((change) => {
    if (change === "visible") {
      redraw(pareto);
      if (!isBrushing && !selection.isRestricted("brush")) redraw(parallel);
      return;
    }
    const focus = selection.focus();
    pareto?.setOption({
      series: [paretoFocus(view, axisOf("x-axis"), axisOf("y-axis"), theme, focus)],
    });
    parallel?.setOption({ series: [parallelFocus(view, theme, focus)] });
  });
  const repaint = (): void => {
    theme = pageTheme();
    for (const { chart } of drawn) redraw(chart);
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  // Paper is white whatever the screen's scheme.
  addEventListener("beforeprint", () => {
    document.documentElement.dataset["paper"] = "";
    repaint();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset["paper"];
    repaint();
  });
}
