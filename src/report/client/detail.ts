/// <reference lib="dom" />
import type { Axis, CandidateView, ReportView } from "../view.ts";
import type { Selection } from "./selection.ts";
import { formatNumber, formatUncertain, prettyUnit, unitSuffix } from "../format.ts";
import { escapeHtml, formulaHtml } from "../html.ts";
import { validityChip } from "../validity-chip.ts";
import { niceRange } from "../plots/nice-range.ts";

/** The card of the pinned candidate beside the page (below it on a phone). */
export function mountDetail(view: ReportView, selection: Selection): void {
  const card = document.getElementById("detail");
  if (card === null) return;
  selection.subscribe((change) => {
    if (change !== "pinned") return;
    const index = selection.pinned;
    const candidate = index === null ? undefined : view.candidates[index];
    document.body.classList.toggle("has-detail", candidate !== undefined);
    card.hidden = candidate === undefined;
    if (candidate === undefined || index === null) return;
    card.innerHTML = detailHtml(view, candidate, index);
    card.scrollTop = 0;
    card.querySelector(".close")?.addEventListener("click", () => selection.pin(null));
    for (const [step, css] of [
      [-1, ".previous"],
      [1, ".next"],
    ] as const) {
      card.querySelector(css)?.addEventListener("click", () => {
        const n = view.candidates.length;
        selection.pin((index + step + n) % n);
        const again = card.querySelector(css);
        if (again instanceof HTMLElement) again.focus();
      });
    }
  });
}

/** The card's content; everything from the data is escaped. */
export function detailHtml(view: ReportView, c: CandidateView, index: number): string {
  // Ingredients of a mixture have one kind of share; those of elements are shown by mass, too.
  const hasMass = view.shareUnit === "at%";
  const elements = view.elements.flatMap((element, e) => {
    const atomic = c.fractions[e] ?? 0;
    if (atomic <= 0) return [];
    const mass = c.massFractions[e];
    const wt = mass === null || mass === undefined ? "–" : (100 * mass).toFixed(1);
    return [
      `<tr><th scope="row"><i class="swatch e${e}"></i>${escapeHtml(element.symbol)}</th><td class="num">${(100 * atomic).toFixed(1)}</td>${hasMass ? `<td class="num">${wt}</td>` : ""}</tr>`,
    ];
  });
  const process = c.process.map(
    ([name, value]) =>
      `<div><dt>${escapeHtml(name.replaceAll("_", " "))}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const predictions = view.axes.map((axis, a) => predictionHtml(view, c, axis, a));
  const checkHtml = ([at, value, isMet]: CandidateView["checks"][number]): string => {
    const check = view.checks[at];
    if (check === undefined) return "";
    const shown = value === null ? "" : `${formatNumber(value)}${unitSuffix(check.unit)}`;
    return `<li class="${isMet ? "met" : "unmet"}"><span aria-hidden="true">${isMet ? "✓" : "✗"}</span><span class="sr">${isMet ? "met: " : "not met: "}</span><code>${escapeHtml(check.text)}</code><b>${escapeHtml(shown)}</b></li>`;
  };
  // What the problem states and whatever fails comes first; bounds that hold are folded.
  const isFirst = ([at, , isMet]: CandidateView["checks"][number]): boolean =>
    !isMet || view.checks[at]?.isStated === true;
  const first = c.checks.filter(isFirst).map(checkHtml);
  const bounds = c.checks.filter((check) => !isFirst(check)).map(checkHtml);
  const checks =
    (first.length === 0 ? "" : `<ul class="checks">${first.join("")}</ul>`) +
    (bounds.length === 0
      ? ""
      : `<details><summary>${bounds.length} bounds of the space, all met</summary><ul class="checks">${bounds.join("")}</ul></details>`);
  const chips = [
    c.feasible
      ? `<span class="chip ok">feasible</span>`
      : `<span class="chip bad">not feasible</span>`,
    c.front
      ? `<span class="chip">Pareto front</span>`
      : `<span class="chip">front ${formatNumber(c.rank)}</span>`,
    validityChip(c),
  ];
  const doubts = c.validity?.reasons ?? [];
  return `<div class="detail-head"><p class="eyebrow">Candidate ${index + 1} · ${escapeHtml(c.id)}</p>
<span class="detail-nav"><button type="button" class="previous quiet" aria-label="Previous candidate">←</button><button type="button" class="next quiet" aria-label="Next candidate">→</button><button type="button" class="close quiet" aria-label="Close the details">×</button></span></div>
<h2>${formulaHtml(c.formula)}</h2><p class="chips">${chips.join(" ")}</p>
<p class="reason">${escapeHtml(c.reason)}</p>
${doubts.length === 0 ? "" : `<p class="muted">Validity of the models: ${escapeHtml(doubts.join("; "))}.</p>`}
<h3>Predictions</h3>${predictions.join("")}
<p class="key"><i class="k-model"></i>model ±1 std <i class="k-noise"></i>with noise <i class="k-data"></i>measured</p>
${elements.length === 0 ? "" : `<h3>Composition</h3><table class="compact"><thead><tr><th scope="col">${hasMass ? "Element" : "Ingredient"}</th><th scope="col" class="num">${view.shareUnit}</th>${hasMass ? '<th scope="col" class="num">wt%</th>' : ""}</tr></thead><tbody>${elements.join("")}</tbody></table>`}
${process.length === 0 ? "" : `<h3>Process</h3><dl class="facts">${process.join("")}</dl>`}
${checks === "" ? "" : `<h3>Constraints</h3>${checks}`}
${nearestHtml(c)}`;
}

/** The measured design nearest to a candidate, where there is one. */
export function nearestHtml({ nearest, distance }: CandidateView): string {
  if (nearest === null || distance === null) return "";
  return `<h3>Nearest measured</h3><p><b>${formulaHtml(nearest.formula)}</b> <span class="muted">row ${nearest.row}, distance ${formatNumber(distance, 2)}</span><br>${escapeHtml(nearest.difference)}</p>`;
}

/** One prediction with its two parts of the uncertainty, drawn over the measured alloys. */
export function predictionHtml(view: ReportView, c: CandidateView, axis: Axis, a: number): string {
  const mean = c.mean[a];
  if (axis.key === "distance" || typeof mean !== "number") return "";
  const epistemic = c.epistemic[a] ?? 0;
  const aleatoric = c.aleatoric[a] ?? 0;
  const total = Math.hypot(epistemic, aleatoric);
  const measured = view.measured.flatMap(({ values }) => {
    const value = values[a];
    return typeof value === "number" ? [value] : [];
  });
  const means = view.candidates.flatMap((other) => {
    const value = other.mean[a];
    return typeof value === "number" ? [value] : [];
  });
  const { min, max } = niceRange([...measured, ...means, mean - total, mean + total], 4);
  const x = (value: number): string => ((300 * (value - min)) / (max - min)).toFixed(1);
  const ticks = measured.map((value) => `M${x(value)} 20v5`).join("");
  const split =
    axis.isClass && total > 0
      ? `<span class="muted">model ±${formatNumber(epistemic, 2)}</span>`
      : total > 0
        ? `<span class="muted">model ±${formatNumber(epistemic, 2)}, noise ±${formatNumber(aleatoric, 2)}</span>`
        : `<span class="muted">computed</span>`;
  const unit = prettyUnit(axis.unit);
  return `<div class="prediction"><p><span>${escapeHtml(axis.title)}</span><b>${escapeHtml(formatUncertain(mean, total))}${unit === "" ? "" : `\u202f${escapeHtml(unit)}`}</b></p>
<svg viewBox="-2 0 304 27" preserveAspectRatio="none" aria-hidden="true"><path class="base" d="M0 18H300"/><path class="ticks" d="${ticks}"/><path class="noise" d="M${x(mean - total)} 10H${x(mean + total)}"/><path class="model" d="M${x(mean - epistemic)} 10H${x(mean + epistemic)}"/><path class="mean" d="M${x(mean)} 3V17"/></svg>
${split}</div>`;
}
