import type { Inversion } from "../../campaign/invert.ts";
import { formatUncertain, plural, titleOf, unitSuffix } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { stillPage } from "../still-page.ts";
import { inversionStyle } from "./inversion-style.ts";
import {
  colouredFamilies,
  familyClass,
  inversionView,
  targetTitle,
  type InversionView,
} from "./inversion-view.ts";
import { answerOf, remainingText } from "./inversion-words.ts";
import { marginalSvg } from "./marginal-svg.ts";
import { parallelSvg, parallelWidth } from "./parallel-svg.ts";
import { attainableSvg, reachStrip } from "./reach-svg.ts";
import { sensitivitySvg } from "./sensitivity-svg.ts";
import {
  diagnosticsTable,
  familyTable,
  moveTable,
  reachTable,
  sensitivityTable,
  spreadTable,
} from "./tables.ts";

/**
 * One HTML file with the answer to an inverse problem: whether the targets can be reached, the families of designs
 * that do, where they lie, how they follow the targets, and how far to trust that. It has no script and loads
 * nothing; the same inversion gives the same text.
 */
export function renderInversion(inversion: Inversion): string {
  const view = inversionView(inversion);
  return stillPage(
    inversion.result.problem.name,
    [
      header(view),
      reachSection(view),
      familySection(view),
      designSection(view),
      sensitivitySection(view),
      trustSection(view),
      provenance(view),
    ],
    inversionStyle,
  );
}

const section = (id: string, title: string, lede: string, parts: readonly string[]): string =>
  `<section id="${id}" aria-labelledby="${id}-h">
<div class="section-head"><h2 id="${id}-h">${title}</h2>${lede === "" ? "" : `<p class="lede">${lede}</p>`}</div>
${parts.filter((part) => part !== "").join("\n")}
</section>`;

const figure = (drawing: string, caption = ""): string =>
  drawing === ""
    ? ""
    : `<figure class="card">${drawing}${caption === "" ? "" : `<figcaption class="small">${caption}</figcaption>`}</figure>`;

function header(view: InversionView): string {
  const { problem, sentences, warnings, verdict } = view.result;
  const asked = problem.targets.map(({ text }) => `<code>${escapeHtml(text)}</code>`);
  const notes =
    warnings.length === 0
      ? ""
      : `<aside class="notice"><h2>Before you act on this</h2><ul>${warnings.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul></aside>`;
  return `<header class="head">
<p class="eyebrow">ystar inverse problem <span aria-hidden="true">·</span> ${problem.data === null ? "computed properties" : escapeHtml(problem.data)}</p>
<h1${problem.name.length > 60 ? ' class="long"' : ""}>${escapeHtml(problem.name)}</h1>
<p class="answer">${escapeHtml(answerOf(view))}</p>
<p class="lede">Asked for: ${asked.join(", ")}. Verdict: ${escapeHtml(verdict)}.</p>
<ul class="verdicts">${sentences.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul>
${notes}
</header>`;
}

function reachSection(view: InversionView): string {
  const { result, targets } = view;
  const { design } = result.problem.nouns;
  const strips = targets.map((_, t) => figure(reachStrip(view, t)));
  const plane =
    targets.length < 2
      ? ""
      : `<div class="plane">${figure(attainableSvg(view, 0, 1), `${escapeHtml(targetTitle(targets[0]!))} and ${escapeHtml(targetTitle(targets[1]!))}. Where the quiet dots do not reach, nothing of the space is predicted to be.`)}</div>`;
  const lede =
    `Grey: what ${design}s of the space are predicted to have, as they come. In colour: the solutions. Shaded or dashed: what is asked for. ` +
    `Diamond: the nearest ${design} found${result.nearest.isReached ? "" : ", with the distance that is missing"}.`;
  return section(
    "reach",
    `The ${targets.length === 1 ? "target" : "targets"} ${result.nearest.isReached ? "can" : "cannot"} be reached`,
    lede,
    [
      `<div class="pair">${strips.join("\n")}</div>`,
      plane,
      `<div class="gap">${reachTable(view)}</div>`,
    ],
  );
}

function familySection(view: InversionView): string {
  const { modes, otherWeight } = view.result;
  if (modes.length === 0) return "";
  const isUnreached = view.result.verdict === "unreachable";
  return section(
    "families",
    isUnreached ? "The best compromises" : "The families of solutions",
    `${otherWeight > 0.005 ? "Families below a hundredth of the probability are not listed. " : ""}Share: of the probability, with one standard error. Open directions: in how many independent ways designs may still vary about as freely as in the space. Predictions with one standard deviation.`,
    [familyTable(view), `<h3 class="gap">How each family varies</h3>`, spreadTable(view)],
  );
}

function designSection(view: InversionView): string {
  const { columns, result } = view;
  if (columns.length === 0) return "";
  const { design } = result.problem.nouns;
  const marginals = columns.map((_, j) => figure(marginalSvg(view, j)));
  return section(
    "designs",
    result.verdict === "unreachable" ? "Where the compromises lie" : "Where the solutions lie",
    `Each line is one ${design}, as often as it is probable; thick: the most probable one of each family.`,
    [
      familyKey(view, false),
      `<figure class="card wide" tabindex="0" aria-label="Designs of the posterior" style="--least:${Math.min(parallelWidth(view), 1100)}px;--most:${Math.round(1.25 * parallelWidth(view))}px">${parallelSvg(view)}</figure>`,
      `<h3 class="gap">One by one</h3>`,
      familyKey(view, true),
      `<div class="grid">${marginals.join("\n")}</div>`,
    ],
  );
}

function familyKey({ result, sample }: InversionView, withPrior: boolean): string {
  const listed = result.modes.slice(0, colouredFamilies);
  const hasOthers = sample.designs.some(
    ({ family }) => family === null || family >= colouredFamilies,
  );
  const items = [
    ...listed.map(
      (_, k) => `<li><span class="swatch ${familyClass(k)}"></span>family ${k + 1}</li>`,
    ),
    ...(hasOthers ? [`<li><span class="swatch fx"></span>other families</li>`] : []),
    ...(withPrior ? ["<li><i></i>the space without targets</li>"] : []),
  ];
  return `<ul class="key">${items.join("")}</ul>`;
}

function sensitivitySection(view: InversionView): string {
  const figures = view.targets.flatMap((target, t) => {
    const drawing = sensitivitySvg(view, t);
    return drawing === ""
      ? []
      : [
          figure(
            drawing,
            `When ${escapeHtml(targetTitle(target))} is asked for higher by 1 % of its spread.`,
          ),
        ];
  });
  const table = sensitivityTable(view);
  if (table === "") return "";
  const still =
    figures.length === 0
      ? "<p>Nothing that designs consist of moves noticeably when a target is moved a little.</p>"
      : "";
  return section(
    "sensitivity",
    "How the answer follows the targets",
    "How far the middle of each family moves when a target is raised, by the posterior itself. Large values mean that a small change of what is asked for asks for other designs.",
    [
      still,
      `<div class="pair">${figures.join("\n")}</div>`,
      `<details class="gap"><summary>In numbers</summary>${table}</details>`,
    ],
  );
}

function trustSection(view: InversionView): string {
  const { models, posterior } = view.result;
  const cards = models.map(({ property, surrogate, rows, unit, metrics }) => {
    const error = metrics["rmse"] ?? metrics["mae"];
    const text =
      error === undefined
        ? ""
        : `; on rows that it had not seen its ${"rmse" in metrics ? "root mean square" : "mean absolute"} error is ${formatUncertain(error.mean, error.std)}${unitSuffix(unit)}`;
    return `<li>${escapeHtml(`${titleOf(property)}: ${surrogate.replaceAll("-", " ")} learned from ${plural(rows, "row")}${text}.`)}</li>`;
  });
  const moves = moveTable(view);
  return section("trust", "How far to trust it", "", [
    cards.length === 0 ? "" : `<ul class="verdicts">${cards.join("")}</ul>`,
    diagnosticsTable(view, remainingText(posterior.remaining)),
    moves === ""
      ? ""
      : `<details class="gap"><summary>Moves of the sampler</summary>${moves}</details>`,
  ]);
}

function provenance({ result }: InversionView): string {
  const { problem, seed, versions, dataHash } = result;
  const facts: (readonly [string, string])[] = [
    ["Seed", String(seed)],
    [
      "Versions",
      Object.entries(versions)
        .map((pair) => pair.join(" "))
        .join(", "),
    ],
    ...(dataHash === null ? [] : [["Data, SHA-256", dataHash] as const]),
    ...(problem.constraints.length === 0
      ? []
      : [["Constraints", problem.constraints.join("; ")] as const]),
  ];
  const rows = facts.map(
    ([name, text]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td class="hash">${escapeHtml(text)}</td></tr>`,
  );
  return section("provenance", "How it was made", "", [
    `<div class="scroll-x" tabindex="0" role="region" aria-label="Table"><table class="numbers"><tbody>${rows.join("\n")}</tbody></table></div>`,
    `<details class="gap"><summary>The problem file</summary><pre>${escapeHtml(problem.text)}</pre></details>`,
  ]);
}
