import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { mountCharts, pageTheme } from "./client/charts.ts";
import { detailHtml, mountDetail, nearestHtml, predictionHtml } from "./client/detail.ts";
import { startPage } from "./client/page.ts";
import { mountPointing } from "./client/pointing.ts";
import { createSelection } from "./client/selection.ts";
import { mountTable } from "./client/table.ts";
import {
  formatNumber,
  formatPercent,
  formatUncertain,
  groupDigits,
  prettyUnit,
  superscript,
  unitSuffix,
} from "./format.ts";
import { escapeHtml, formulaHtml } from "./html.ts";
import { calibrationOption } from "./plots/calibration.ts";
import { errorBars } from "./plots/error-bars.ts";
import { frontSteps } from "./plots/front-steps.ts";
import { historyOption } from "./plots/history.ts";
import { niceRange } from "./plots/nice-range.ts";
import { parallelFocus, parallelOption, parallelValues } from "./plots/parallel.ts";
import { paretoFocus, paretoOption } from "./plots/pareto.ts";
import { parityOption } from "./plots/parity.ts";
import {
  axisName,
  candidateMark,
  candidateTooltip,
  tooltipStyle,
  diagonal,
  valueAxis,
} from "./plots/plot-parts.ts";
import { probabilityHistogram } from "./plots/probability-histogram.ts";
import { wantedArea } from "./plots/wanted-area.ts";
import { validityChip } from "./validity-chip.ts";

/**
 * Every function that runs in the page. They are inlined by their own source, so each may use only its
 * arguments, the platform, and functions of this list.
 */
export const pageFunctions = [
  axisName,
  calibrationOption,
  candidateMark,
  candidateTooltip,
  createSelection,
  detailHtml,
  errorBars,
  escapeHtml,
  formatNumber,
  formatPercent,
  formatUncertain,
  formulaHtml,
  frontSteps,
  groupDigits,
  historyOption,
  mountCharts,
  mountDetail,
  mountPointing,
  mountTable,
  nearestHtml,
  niceRange,
  pageTheme,
  parallelFocus,
  parallelOption,
  parallelValues,
  paretoFocus,
  paretoOption,
  parityOption,
  predictionHtml,
  prettyUnit,
  probabilityHistogram,
  startPage,
  superscript,
  tooltipStyle,
  unitSuffix,
  validityChip,
  diagonal,
  valueAxis,
  wantedArea,
] as const;

/** The page's script: the functions above and the call that starts them. */
export function clientScript(): string {
  const sources = pageFunctions.map((f) => f.toString());
  return `(() => {\n"use strict";\n${sources.join("\n")}\nstartPage();\n})();`;
}

let library: string | null = null;

/** The chart library as one script. */
export function chartLibrary(): string {
  if (library === null) {
    const entry = createRequire(import.meta.url).resolve("echarts");
    library = readFileSync(join(dirname(entry), "echarts.min.js"), "utf8");
  }
  return library;
}
