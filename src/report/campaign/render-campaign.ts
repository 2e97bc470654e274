import { shortNumber } from "../../core/format.ts";
import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import type { CampaignState } from "../../campaign/experiments/history/state.ts";
import { bestMeasurement } from "./best-measurement.ts";
import { campaignStyle } from "./campaign-style.ts";
import { campaignView, type CampaignView } from "./campaign-view.ts";
import { valueText } from "./campaign-text.ts";
import { expectations, expectedSvg } from "./expected-svg.ts";
import { historySection } from "./history-section.ts";
import { progressSvg } from "./progress-svg.ts";
import { measurementTable, openTable } from "./tables.ts";
import { tradeOffSvg } from "./trade-off-svg.ts";
import { formatNumber, formatPercent, plural, titleOf } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { stillPage } from "../still-page.ts";

/**
 * One HTML file with the state of a campaign: what to make next and why, how far it has come, how well its
 * predictions held, every measurement, and who entered what when. It has no script and loads nothing; the
 * same state gives the same text.
 */
export async function renderCampaign(state: CampaignState, problem: OpenProblem): Promise<string> {
  const view = await campaignView(state, problem);
  return stillPage(
    state.name,
    [
      header(view),
      openSection(view),
      progressSection(view),
      tradeOffSection(view),
      expectedSection(view),
      measurementsSection(view),
      historySection(view),
      provenance(view),
    ],
    campaignStyle,
  );
}

function header(view: CampaignView): string {
  const { state, summary, open, objectives, goals } = view;
  const { counts, warnings, advice, limits } = summary;
  const others = (["running", "failed", "infeasible", "abandoned"] as const)
    .map((status) => [status, counts[status]] as const)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => `${n} ${status}`);
  const best = objectives.flatMap((g) => {
    const one = bestMeasurement(view, g);
    if (one === null) return [];
    const { outcome } = goals[g]!;
    const name = escapeHtml(titleOf(outcome.title));
    return [`${name} <b>${valueText(goals[g]!, one.values[g]!)}</b> (${escapeHtml(one.id)})`];
  });
  const stopped =
    state.stopped === null
      ? []
      : [`Stopped by ${state.stopped.by}: ${state.stopped.reason ?? "no reason given"}.`];
  return `<header class="head">
<p class="eyebrow">ystar campaign <span aria-hidden="true">·</span> ${escapeHtml(state.problem.title)}</p>
<h1>${escapeHtml(state.name)}</h1>
<p class="answer">${best.length === 0 ? "Nothing was measured yet." : `Best so far: ${best.join("; ")}.`}</p>
<p class="lede">${plural(counts.completed, "completed measurement")} in ${plural(state.rounds.length, "round")}${others.length === 0 ? "" : `, ${others.join(", ")}`}; ${plural(open.length, "design")} waiting to be made${spentText(summary)}. Asked for: ${state.problem.targets.map(({ text }) => `<code>${escapeHtml(text)}</code>`).join(", ")}.</p>
${notice("Where it stands", [...stopped, ...advice])}
${notice(
  "Limits",
  limits.map(({ limit, text }) => `${limit}: ${text}`),
)}
${notice("Before you act on this", warnings)}
</header>`;
}

/** `; 286.5 EUR spent` */
function spentText({ spent }: CampaignView["summary"]): string {
  if (spent === null) return "";
  return `; ${shortNumber(spent.amount)}${spent.unit === "1" ? "" : ` ${escapeHtml(spent.unit)}`} spent`;
}

const notice = (title: string, texts: readonly string[]): string =>
  texts.length === 0
    ? ""
    : `<aside class="notice"><h2>${title}</h2><ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join("")}</ul></aside>`;

function openSection(view: CampaignView): string {
  const { open } = view;
  if (open.length === 0) return "";
  const reasons = open.map(
    ({ id, suggestion }) => `<li><b>${escapeHtml(id)}</b> ${escapeHtml(suggestion.reason)}</li>`,
  );
  return `<section id="next" aria-labelledby="next-h">
<div class="section-head"><h2 id="next-h">To make next</h2>
<p class="lede">In the order of choice. Predictions with one standard deviation of a measurement.</p></div>
${openTable(view)}
<ul class="reasons">${reasons.join("\n")}</ul>
</section>`;
}

function progressSection(view: CampaignView): string {
  const measured = view.measurements.filter(({ status }) => status === "completed").length;
  if (measured === 0) return "";
  return `<section id="progress" aria-labelledby="progress-h">
<div class="section-head"><h2 id="progress-h">How far it has come</h2>
<p class="lede">Measurements in their order; the line is the best so far. Hollow: a limit is missed. Crosses: failed or could not be made. Dashed: the limits asked for.</p></div>
${view.goals.map((_, g) => `<figure class="card" style="margin-inline:0">${progressSvg(view, g)}</figure>`).join("\n")}
</section>`;
}

function tradeOffSection(view: CampaignView): string {
  const [first, second] = view.objectives;
  if (first === undefined || second === undefined) return "";
  const drawing = tradeOffSvg(view, first, second);
  if (drawing === "") return "";
  const more = view.objectives.length > 2 ? " by the first two objectives" : "";
  return `<section id="tradeoff" aria-labelledby="tradeoff-h">
<div class="section-head"><h2 id="tradeoff-h">Trade-off</h2>
<p class="lede">Measured designs${more}. Filled: nothing measured beats it in all objectives.</p></div>
<figure class="card" style="margin-inline:0">${drawing}</figure>
</section>`;
}

/** Fewer points tell nothing of the model. */
const leastExpectations = 3;

function expectedSection(view: CampaignView): string {
  const figures = view.goals.flatMap(({ outcome }, g) => {
    if (outcome.kind !== "number") return [];
    const points = expectations(view, g);
    if (points.length < leastExpectations) return [];
    const within = points.filter(({ mean, std, measured }) => Math.abs(measured - mean) <= std);
    const share = formatPercent(within.length / points.length);
    return [
      `<figure class="card" style="margin-inline:0">${expectedSvg(points, outcome)}<figcaption class="small muted">${share} of ${plural(points.length, "measurement")} within one standard deviation; 68 % are expected.</figcaption></figure>`,
    ];
  });
  if (figures.length === 0) return "";
  return `<section id="expected" aria-labelledby="expected-h">
<div class="section-head"><h2 id="expected-h">What was expected, and what came</h2>
<p class="lede">Each suggested design: the prediction made before it was measured, against the measurement.</p></div>
<div class="pair">${figures.join("\n")}</div>
</section>`;
}

function measurementsSection(view: CampaignView): string {
  if (view.measurements.length === 0) return "";
  return `<section id="measurements" aria-labelledby="measurements-h">
<div class="section-head"><h2 id="measurements-h">Measurements</h2></div>
${measurementTable(view)}
</section>`;
}

function provenance({ state, problem }: CampaignView): string {
  const last = state.rounds.at(-1);
  const created = state.history.events.find(({ type }) => type === "created");
  const versions = created?.type === "created" ? created.versions : {};
  const facts: (readonly [string, string])[] = [
    ["Seed", String(state.seed)],
    [
      "Versions",
      Object.entries(last?.versions ?? versions)
        .map((pair) => pair.join(" "))
        .join(", "),
    ],
    ...(last === undefined
      ? []
      : [
          [
            "Last round",
            `${last.planner}, seed ${last.seed}, learned from ${plural(last.measurements.length, "measurement")}`,
          ] as const,
          ["Problem, SHA-256", last.problemHash] as const,
        ]),
    ...(last?.models ?? []).map(
      (model, g) =>
        [
          `Model ${g + 1}`,
          Object.entries(model)
            .map(
              ([name, value]) =>
                `${name} ${typeof value === "number" ? formatNumber(value) : value}`,
            )
            .join(", "),
        ] as const,
    ),
    ["Space", problem.space.parameters.map(({ name }) => name).join(", ")],
    ...(state.problem.constraints.length === 0
      ? []
      : [["Constraints", state.problem.constraints.map(({ text }) => text).join("; ")] as const]),
  ];
  const rows = facts.map(
    ([name, text]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(text)}</td></tr>`,
  );
  return `<section id="provenance" aria-labelledby="provenance-h">
<h2 id="provenance-h">How it was made</h2>
<div class="scroll-x"><table class="numbers"><tbody>${rows.join("\n")}</tbody></table></div>
<details class="gap"><summary>The problem as it stands (${escapeHtml(state.problem.file)})</summary><pre>${escapeHtml(state.problem.text)}</pre></details>
</section>`;
}
