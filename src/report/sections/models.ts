import type { DesignResult, Metric, ModelCard } from "../../campaign/contract.ts";
import { isComputed } from "../../campaign/candidates/is-computed.ts";
import { formatNumber, formatUncertain, plural, prettyUnit, titleOf } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { metricInfo } from "../metric-info.ts";
import { modelVerdict } from "../verdict.ts";
import { modelTitle } from "../view.ts";

/** One card per learned model: verdict, predicted against measured, calibration, metrics, rows left out. */
export function modelsSection(result: DesignResult): string {
  const computed = result.problem.targets.filter(isComputed);
  const note =
    computed.length === 0
      ? ""
      : `<p class="lede">Computed, not learned: ${computed.map((t) => escapeHtml(titleOf(t.title))).join(", ")}.</p>`;
  const imported = result.problem.targets.filter(({ model }) => model === "onnx");
  const foreign =
    imported.length === 0
      ? ""
      : `<p class="lede">From ONNX files, not judged here: ${imported.map((t) => escapeHtml(titleOf(t.title))).join(", ")}.</p>`;
  const cards =
    result.models.length === 0
      ? `<p class="empty">No model was learned from data.</p>`
      : result.models.map((model, m) => modelCard(result, model, m)).join("");
  return `<section id="models" aria-labelledby="models-h">
<div class="section-head"><h2 id="models-h">How far to trust the predictions</h2>
<p class="lede">Every figure below comes from rows that the model had not seen.</p>${note}${foreign}</div>
${cards}</section>`;
}

function modelCard(result: DesignResult, model: ModelCard, m: number): string {
  const title = modelTitle(result, model);
  const verdict = modelVerdict(model);
  const isClass = model.task === "classification";
  const hasSpread = Object.values(model.metrics).some((metric) => metric.std > 0);
  const dropped = model.dropped.filter((d) => d.rows > 0);
  const left =
    dropped.length === 0
      ? ""
      : `<h4>Rows left out</h4><ul class="dropped">${dropped
          .map((d) => `<li><b>${d.rows}</b> ${escapeHtml(d.reason)}</li>`)
          .join("")}</ul>`;
  const parity =
    model.parity.length === 0
      ? ""
      : `<figure><figcaption>${isClass ? "Predicted probability by measured class" : "Predicted against measured"}</figcaption>${isClass ? `<ul class="legend swatches"><li><i class="k-yes"></i>measured in the class</li><li><i class="k-no"></i>measured not in it</li></ul>` : ""}<div class="chart square js" id="parity-${m}" role="img" aria-label="${isClass ? "Histogram of predicted probabilities" : "Predicted against measured values"} for ${escapeHtml(title)}, ${plural(model.parity.length, "row")}."></div></figure>`;
  const calibration =
    model.calibration.length === 0
      ? ""
      : `<figure><figcaption>${isClass ? "Do the probabilities hold?" : "Do the intervals hold?"}</figcaption><div class="chart square js" id="calibration-${m}" role="img" aria-label="Calibration for ${escapeHtml(title)}: ${escapeHtml(verdict.sentences.at(-1) ?? "")}"></div></figure>`;
  return `<article class="model" aria-labelledby="model-${m}">
<h3 id="model-${m}">${escapeHtml(title)} <small>${escapeHtml(model.surrogate)}, ${plural(model.rows, "row")}, ${plural(model.features.length, "feature")}</small></h3>
<p class="verdict ${verdict.tone}">${verdict.sentences.map(escapeHtml).join(" ")}</p>
<div class="pair">${parity}${calibration}</div>
${metricsTable(model)}
<p class="muted small">Protocol: ${escapeHtml(model.protocol)}.${hasSpread ? " ± is the standard deviation over its repeats." : ""} Bold: better than every baseline.</p>
${left}
${
  model.features.length === 0
    ? ""
    : `<details class="features"><summary>Features</summary><p>${model.features.map(escapeHtml).join(", ")}</p></details>`
}
</article>`;
}

function metricsTable(model: ModelCard): string {
  const names = Object.keys(model.metrics);
  if (names.length === 0) return "";
  const baselines = Object.keys(model.baseline);
  const cell = (metric: Metric | undefined, isBest: boolean): string => {
    if (metric === undefined) return `<td class="num">–</td>`;
    const text =
      metric.std > 0
        ? formatUncertain(metric.mean, metric.std)
        : formatNumber(Math.abs(metric.mean) < 1e-6 ? 0 : metric.mean, 3);
    return `<td class="num">${isBest ? `<b>${escapeHtml(text)}</b>` : escapeHtml(text)}</td>`;
  };
  const rows = names.map((name) => {
    const info = metricInfo(name);
    const all = [model.metrics[name], ...baselines.map((b) => model.baseline[b]?.[name])];
    const sign = info.better === "low" ? 1 : -1;
    const best =
      info.better === null || baselines.length === 0
        ? -1
        : all.reduce(
            (at, metric, i) =>
              metric !== undefined && sign * metric.mean < sign * (all[at]?.mean ?? sign * Infinity)
                ? i
                : at,
            0,
          );
    const pretty = info.hasUnit ? prettyUnit(model.unit) : "";
    const unit = pretty === "" ? "" : `, ${escapeHtml(pretty)}`;
    const wish = info.better === null ? "" : info.better === "low" ? " ↓" : " ↑";
    return `<tr><th scope="row">${escapeHtml(info.title)}${unit}${wish}<small>${escapeHtml(info.meaning)}</small></th>${all
      .map((metric, i) => cell(metric, i === 0 && best === 0))
      .join("")}</tr>`;
  });
  return `<div class="scroll-x"><table class="metrics"><thead><tr><th scope="col">Metric</th><th scope="col" class="num">${escapeHtml(model.surrogate)}</th>${baselines
    .map((b) => `<th scope="col" class="num">${escapeHtml(b)}</th>`)
    .join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
