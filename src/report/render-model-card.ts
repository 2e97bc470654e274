import type { DatasetModelCard } from "../campaign/judging/model-card.ts";
import {
  formatNumber,
  formatPercent,
  formatUncertain,
  plural,
  prettyUnit,
  unitSuffix,
} from "./format.ts";
import { stillPage } from "./still-page.ts";
import { escapeHtml } from "./html.ts";
import { metricInfo } from "./metric-info.ts";
import { modelCardStyle } from "./style/model-card.ts";
import { calibrationSvg } from "./svg/calibration.ts";
import { differencesSvg } from "./svg/differences.ts";

/**
 * One HTML file with the card of a model: what it is, how it was judged, against what, how far its
 * uncertainty may be trusted, what it has seen, and what to keep in mind. It has no script and loads
 * nothing; the same card gives the same text.
 */
export function renderModelCard(card: DatasetModelCard): string {
  const title = `Model of ${words(card.target.name)}`;
  return stillPage(
    title,
    [
      header(card, title),
      caveats(card),
      scores(card),
      families(card),
      calibration(card),
      validity(card),
      provenance(card),
    ],
    modelCardStyle,
  );
}

function header(card: DatasetModelCard, title: string): string {
  const { model, target, data, metrics, ranking } = card;
  const score = metrics[ranking.metric];
  const info = metricInfo(ranking.metric);
  const unit = info.hasUnit ? unitSuffix(target.unit) : "";
  const answer =
    score === undefined
      ? ""
      : `<p class="answer">${escapeHtml(model.title)}: ${escapeHtml(info.title)} <b>${escapeHtml(formatUncertain(score.mean, score.std) + unit)}</b> on rows that it had not seen.</p>`;
  return `<header class="head">
<p class="eyebrow">ystar model card <span aria-hidden="true">·</span> ${escapeHtml(data.source)}</p>
<h1>${escapeHtml(title)}</h1>
${answer}
<p class="lede">Learned from ${plural(data.rows, "row")}. ${escapeHtml(noiseWords(card))}</p>
</header>`;
}

function noiseWords({ noiseFloor: floor, target }: DatasetModelCard): string {
  if (floor === null) return "No two rows have equal inputs, so the noise is not known.";
  const from = `${plural(floor.rows, "row")} in ${plural(floor.sets, "set")} of equal inputs`;
  if (!floor.isEnough) return `Too few replicates to know the noise (${from}).`;
  if (floor.pooledStd === undefined) {
    return `Replicates disagree so that no model can get more than ${formatPercent(floor.accuracyCeiling!)} of them right (${from}).`;
  }
  return `Replicates spread by ${formatUncertain(floor.pooledStd, floor.pooledStdError!)}${unitSuffix(target.unit)} (${from}), which limits R² to about ${formatNumber(floor.r2Ceiling!, 2)}.`;
}

function caveats({ caveats: list }: DatasetModelCard): string {
  const items = list.map((text) => `<li>${escapeHtml(text)}</li>`).join("");
  return section(
    "caveats",
    "Keep in mind",
    list.length === 0 ? "<p>Nothing stands out.</p>" : `<ul class="facts">${items}</ul>`,
  );
}

function scores({ model, metrics, baselines, protocol, target }: DatasetModelCard): string {
  const columns = [[model.family, metrics] as const, ...Object.entries(baselines)];
  const rows = Object.keys(metrics).map((name) => {
    const info = metricInfo(name);
    const unit = info.hasUnit ? unitSuffix(target.unit) : "";
    const cells = columns.map(([, values]) => {
      const metric = values[name];
      const text = metric === undefined ? "–" : formatUncertain(metric.mean, metric.std);
      return `<td class="num">${escapeHtml(text)}</td>`;
    });
    return `<tr><th scope="row" title="${escapeHtml(info.meaning)}">${escapeHtml(info.title)}${unit === "" ? "" : `, ${escapeHtml(unit.trim())}`}</th>${cells.join("")}</tr>`;
  });
  return section(
    "scores",
    "How good it is",
    `<div class="scroll-x"><table class="numbers"><thead><tr><th scope="col">Metric</th>${columns.map(([name]) => `<th scope="col" class="num">${escapeHtml(name)}</th>`).join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`,
    `On held-out rows: ${protocol.text}, ${plural(protocol.repeats, "repeat")}.`,
  );
}

function families({ ranking, target }: DatasetModelCard): string {
  const { title, hasUnit } = metricInfo(ranking.metric);
  const unit = hasUnit ? prettyUnit(target.unit) : "";
  const drawn = ranking.families.map(({ model, difference }) => ({ name: model, difference }));
  const skipped = ranking.skipped.map(
    ({ model, reason }) => `<li>${escapeHtml(`${model}: ${reason}`)}</li>`,
  );
  return section(
    "families",
    "Against other families",
    `${differencesSvg(drawn, title, unit)}${skipped.length === 0 ? "" : `<p>Left out:</p><ul class="facts">${skipped.join("")}</ul>`}`,
    `Differences on the same splits with 95 % intervals (${ranking.method}); one that reaches zero is not told apart from the best.`,
  );
}

function calibration({
  calibration: { points, calibrated },
  metrics,
  target,
}: DatasetModelCard): string {
  const isNumber = target.task === "regression";
  const plot = isNumber
    ? calibrationSvg(points, "Level of the interval", "Share of values inside")
    : calibrationSvg(points, "Predicted probability", "Frequency");
  const names = isNumber ? ["coverage90", "width90", "crps"] : ["ece", "brier", "logLoss"];
  const rows = names.map((name) => {
    const after = calibrated?.[name]?.mean;
    return `<tr><th scope="row">${escapeHtml(metricInfo(name).title)}</th><td class="num">${formatNumber(metrics[name]!.mean)}</td><td class="num">${after === undefined ? "–" : formatNumber(after)}</td></tr>`;
  });
  return section(
    "calibration",
    "Whether it knows how wrong it is",
    `<div class="pair"><figure class="card" style="margin-inline:0">${plot}</figure><div class="scroll-x"><table class="numbers"><thead><tr><th scope="col"></th><th scope="col" class="num">as it is</th><th scope="col" class="num">calibrated</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></div>`,
    "On the dashed line, what it says is what is seen.",
  );
}

function validity({ validity: seen, target }: DatasetModelCard): string {
  const elements = seen.elements.map(
    ({ symbol, most, rows }) => `${symbol} up to ${formatNumber(100 * most, 3)} at% (${rows})`,
  );
  const facts = [
    ...(elements.length === 0
      ? []
      : [
          `Elements, with the rows that hold them: ${elements.join(", ")}`,
          `${seen.elementCount[0]} to ${seen.elementCount[1]} elements in one composition`,
        ]),
    ...seen.process.map(({ name, unit, low, high, words: levels }) =>
      levels === undefined
        ? `${words(name)}: ${formatNumber(low!)} to ${formatNumber(high!)}${unitSuffix(unit!)}`
        : `${words(name)}: ${levels.join(", ")}`,
    ),
    ...(seen.target === null
      ? []
      : [
          `measured ${words(target.name)}: ${formatNumber(seen.target[0])} to ${formatNumber(seen.target[1])}${unitSuffix(target.unit)}`,
        ]),
  ];
  return section(
    "validity",
    "What it has seen",
    `<ul class="facts">${facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join("")}</ul>`,
    "Outside of this it guesses.",
  );
}

function provenance({ data, inputs, protocol }: DatasetModelCard): string {
  const facts = [
    ["Data", data.reference === null ? data.source : `${data.source}: ${data.reference}`],
    ...(data.license === null ? [] : [["Licence", data.license]]),
    ["SHA-256 of the table", data.tableHash],
    ["SHA-256 of the file", data.fileHash],
    ...data.dropped.map(({ reason, rows }) => ["Left out", `${plural(rows, "row")}, ${reason}`]),
    [
      "Inputs",
      `${[...inputs.features, ...inputs.process].map(words).join(", ")} (${plural(inputs.columns.length, "column")})`,
    ],
    ["Seed", String(protocol.seed)],
  ];
  return section(
    "provenance",
    "How it was made",
    `<div class="scroll-x"><table class="numbers"><tbody>${facts.map(([name = "", text = ""]) => `<tr><th scope="row">${name}</th><td>${escapeHtml(text)}</td></tr>`).join("\n")}</tbody></table></div>`,
  );
}

function section(id: string, title: string, content: string, lede = ""): string {
  return `<section id="${id}" aria-labelledby="${id}-h">
<div class="section-head"><h2 id="${id}-h">${title}</h2>${lede === "" ? "" : `<p class="lede">${escapeHtml(lede)}</p>`}</div>
${content}
</section>`;
}

const words = (name: string): string => name.replaceAll("_", " ");
