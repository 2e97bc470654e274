import type { DatasetExplanation, DesignExplanation } from "../campaign/explain/explanation.ts";
import type { ExplainerSpec } from "../explain/contract.ts";
import { explainers, type ExplainerName } from "../explain/registry.ts";
import { formatNumber, formatUncertain, plural, titleOf, unitSuffix } from "./format.ts";
import { stillPage } from "./still-page.ts";
import { escapeHtml, formulaHtml } from "./html.ts";
import { axisName } from "./plots/plot-parts.ts";
import { beeswarmSvg } from "./svg/beeswarm.ts";
import { dependenceSvg } from "./svg/dependence.ts";
import { waterfallSvg } from "./svg/waterfall.ts";

const shownFeatures = 14;
const shownDependences = 6;

/**
 * One HTML file that shows what moves a learned property: contributions over the data (beeswarm and
 * table), of single designs (waterfall and sentence), and against the values of the strongest features. It
 * has no script and loads nothing; the same explanation gives the same text.
 */
export function renderExplanation(result: DatasetExplanation): string {
  const title = `What moves the ${result.title}`;
  return stillPage(title, [
    header(result, title),
    designsSection(result),
    overallSection(result),
    dependenceSection(result),
    provenance(result),
  ]);
}

function header(result: DatasetExplanation, title: string): string {
  const strongest = result.overall?.importance.slice(0, 3).map(({ name }) => words(name)) ?? [];
  const answer =
    strongest.length === 0
      ? ""
      : `<p class="answer">Most of all: <b>${strongest.map(escapeHtml).join("</b>, <b>")}</b>.</p>`;
  return `<header class="head">
<p class="eyebrow">ystar explanation <span aria-hidden="true">·</span> ${escapeHtml(result.dataset)}</p>
<h1>${escapeHtml(title)}</h1>
${answer}
<p class="lede">A ${escapeHtml(result.model)} learned from ${plural(result.rows, "row")}; it predicts ${escapeHtml(formatNumber(result.base) + unitSuffix(result.unit))} on average. It shows what the model goes by, which need not be what causes the property.</p>
</header>`;
}

function designsSection(result: DatasetExplanation): string {
  const designs = result.design === null ? (result.overall?.examples ?? []) : [result.design];
  if (designs.length === 0) return "";
  const heads = result.design === null ? ["Highest prediction: ", "Lowest prediction: "] : [""];
  return `<section id="designs" aria-labelledby="designs-h">
<div class="section-head"><h2 id="designs-h">${result.design === null ? "Two predictions taken apart" : "The prediction taken apart"}</h2>
<p class="lede">${escapeHtml(stepsText(result))}</p></div>
${designs.map((design, i) => designCard(result, design, heads[i] ?? "")).join("\n")}
${result.change === null ? "" : `<article class="card"><h3>What would change it</h3><p class="say">${escapeHtml(result.change.sentence)}</p></article>`}
</section>`;
}

/** What the steps of a waterfall are. */
function stepsText({ method, contributionUnit }: DatasetExplanation): string {
  const { supports }: Pick<ExplainerSpec, "supports"> = explainers[method as ExplainerName];
  const ways = "one step per feature, the largest first";
  if (supports.isLocallyAccurate) return `From the average to the prediction, ${ways}.`;
  if (contributionUnit === "score") {
    return `Up to the score of the class (the logarithm of its odds), ${ways}.`;
  }
  return supports.hasLocalFit === true
    ? `Up to what a local model says, ${ways}; the prediction itself may differ.`
    : `Up to the prediction, ${ways}.`;
}

function designCard(result: DatasetExplanation, design: DesignExplanation, head: string): string {
  const std = Math.hypot(design.epistemicStd, design.aleatoricStd);
  const unit = unitSuffix(result.unit);
  const prediction =
    result.class === null
      ? formatUncertain(design.prediction, std) + unit
      : formatNumber(design.prediction, 3);
  const facts = [
    `predicted ${prediction}`,
    ...(design.measured === null
      ? []
      : [
          `measured ${typeof design.measured === "number" ? formatNumber(design.measured) + unit : design.measured}`,
        ]),
    ...(design.row === null ? [] : [`row ${design.row}`]),
    ...(design.isTrainingRow ? ["the model has learned from it"] : []),
    ...design.assumed.map(
      ({ name, value, unit: own, why }) =>
        `${words(name)} ${typeof value === "number" ? formatNumber(value) + unitSuffix(own) : value} taken for granted (${why})`,
    ),
  ];
  return `<article class="card">
<h3>${head}${formulaHtml(design.formula)}</h3>
<p class="small muted">${facts.map(escapeHtml).join(" · ")}</p>
<p class="say">${escapeHtml(design.sentence)}</p>
${waterfallSvg(design, contributionAxis(result))}
</article>`;
}

function overallSection(result: DatasetExplanation): string {
  const { overall } = result;
  if (overall === null) return "";
  const { importance, points, loss } = overall;
  const name = contributionAxis(result);
  const rows = importance.map(
    (one) =>
      `<tr><th scope="row">${escapeHtml(words(one.name))}</th><td class="num">${formatNumber(one.meanAbsolute, 3)}</td><td>${trendWords(one.trend)}</td><td class="num">${escapeHtml(formatUncertain(one.permutation.mean, one.permutation.std))}</td></tr>`,
  );
  return `<section id="overall" aria-labelledby="overall-h">
<div class="section-head"><h2 id="overall-h">Over the data</h2>
<p class="lede">Each dot is one of ${plural(overall.explainedRows, "row")}: how far the feature moves its prediction from the average.</p></div>
<p class="ramp" aria-hidden="true">low value <svg viewBox="0 0 92 14" class="plot">${[0, 1, 2, 3, 4].map((v) => `<path class="dot v${v}" style="stroke-width:12" d="M${10 + 18 * v} 7h0"/>`).join("")}</svg> high value</p>
${beeswarmSvg(points, shownFeatures, name)}
<h3 class="gap">In numbers</h3>
<p class="lede">Shuffling a feature among rows that the model had not seen makes the ${escapeHtml(loss.name)} of ${escapeHtml(formatNumber(loss.value) + unitSuffix(loss.unit))} grow by so much (${escapeHtml(overall.protocol)}). Features that go together stand in for each other and share it.</p>
<div class="scroll-x"><table class="numbers"><thead><tr><th scope="col">Feature</th><th scope="col" class="num">Mean size of what it adds${escapeHtml(inUnit(result.contributionUnit))}</th><th scope="col">Larger values</th><th scope="col" class="num">Shuffled, ${escapeHtml(loss.name)} grows by</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>
</section>`;
}

function dependenceSection(result: DatasetExplanation): string {
  if (result.overall === null) return "";
  const features = result.overall.points.features
    .filter(({ values }) => new Set(values).size > 1)
    .slice(0, shownDependences);
  const name = contributionAxis(result);
  return `<section id="dependence" aria-labelledby="dependence-h">
<div class="section-head"><h2 id="dependence-h">Against the value</h2>
<p class="lede">What the strongest features add to ${escapeHtml(name)}, against their value. Dots of one value that lie apart show that other features matter for it.</p></div>
<div class="pair">${features.map((feature) => `<figure class="card" style="margin-inline:0"><figcaption class="sr">${escapeHtml(words(feature.name))}</figcaption>${dependenceSvg(feature, name)}</figure>`).join("\n")}</div>
</section>`;
}

function provenance(result: DatasetExplanation): string {
  const method = explainers[result.method as ExplainerName].title;
  const facts = [
    ["Explained by", method],
    ["Inputs", [...result.features, ...result.process].map(words).join(", ")],
    ...result.dropped.map(({ reason, rows }) => ["Left out", `${plural(rows, "row")}, ${reason}`]),
    ["Data", `${result.dataset}, SHA-256 ${result.dataHash}`],
    ["Seed", String(result.seed)],
  ];
  return `<section id="provenance" aria-labelledby="provenance-h">
<h2 id="provenance-h">How it was made</h2>
<div class="scroll-x"><table class="numbers"><tbody>${facts.map(([name = "", text = ""]) => `<tr><th scope="row">${name}</th><td>${escapeHtml(text)}</td></tr>`).join("\n")}</tbody></table></div>
</section>`;
}

const leastTrend = 0.3;

function trendWords(trend: number | null): string {
  if (trend === null || Math.abs(trend) < leastTrend) return "";
  return trend > 0 ? "raise it" : "lower it";
}

/** What contributions are parts of, with its unit. */
const contributionAxis = ({ title, unit, contributionUnit }: DatasetExplanation): string =>
  contributionUnit === "score"
    ? `score of the ${title}`
    : axisName({ title: titleOf(title), unit });

const words = (name: string): string => name.replaceAll("_", " ");
const inUnit = (unit: string): string => axisName({ title: "", unit });
