import type { DesignResult, TargetSummary } from "../../campaign/contract.ts";
import { isBeyond } from "../shown-validity.ts";
import { isComputed } from "../../campaign/candidates/is-computed.ts";
import {
  formatNumber,
  formatUncertain,
  groupDigits,
  plural,
  titleOf,
  unitSuffix,
} from "../format.ts";
import { escapeHtml, formulaHtml } from "../html.ts";
import type { ReportView } from "../view.ts";
import { targetStrip } from "../svg/target-strip.ts";

/** Name, the answer in a sentence, warnings, what was asked, and how far the candidates reach. */
export function headerSection(result: DesignResult, view: ReportView): string {
  const { problem, warnings } = result;
  const warningList =
    warnings.length === 0
      ? ""
      : `<aside class="notice" aria-labelledby="before"><h2 id="before">Before you act on this</h2><ul>${warnings
          .map((w) => `<li>${escapeHtml(w)}</li>`)
          .join("")}</ul></aside>`;
  const constraints =
    problem.constraints.length === 0
      ? `<p class="muted">None beyond the space itself.</p>`
      : `<ul class="plain">${problem.constraints.map((c) => `<li><code>${escapeHtml(c)}</code></li>`).join("")}</ul>`;
  return `<header class="head">
<p class="eyebrow">ystar design report <span aria-hidden="true">·</span> ${escapeHtml(problem.domain)}</p>
<h1${problem.name.length > 70 ? ' class="long"' : ""}>${escapeHtml(problem.name)}</h1>
<p class="answer">${answerSentence(result)}</p>
${warningList}
<section class="asked" aria-labelledby="asked-h">
<h2 id="asked-h">What was asked</h2>
<div class="targets">${problem.targets.map((target) => targetTile(target, result, view)).join("")}</div>
<p class="key">Dots: candidates. Ticks: measured ones of the same space. Dashed: the limit asked for.</p>
<dl class="limits">
<div><dt>Constraints</dt><dd>${constraints}</dd></div>
${problem.elements.length === 0 ? "" : `<div><dt>${problem.domain === "general" ? "Ingredients" : "Elements"}</dt><dd>${problem.elements.map(escapeHtml).join(" ")}</dd></div>`}
<div><dt>Designs possible</dt><dd>${countText(result.space)}</dd></div>
<div><dt>Searched by</dt><dd>${escapeHtml(problem.strategy)}, ${plural(result.search.evaluated, "design")} evaluated</dd></div>
</dl>
</section>
</header>`;
}

/** How many candidates came out and how they stand. */
function answerSentence(result: DesignResult): string {
  const { candidates, space } = result;
  const n = candidates.length;
  const from = /^\d+$/.test(space.count) ? ` out of ${countText(space)} possible designs` : "";
  if (n === 0) {
    return `<b>No candidate</b> was found${from}. The notes below say what stood in the way; relaxing a target or a constraint may help.`;
  }
  const feasible = candidates.filter((c) => c.feasible).length;
  const front = candidates.filter((c) => c.paretoRank === 1).length;
  const far = candidates.filter(isBeyond).length;
  const reach =
    result.data === null
      ? []
      : n === 1
        ? [far === 1 ? "it lies at the edge of the data or outside" : "it lies among the data"]
        : [
            far === 0
              ? "none lies at the edge of the data or outside"
              : `${far === n ? "all lie" : `<b>${far}</b> ${far === 1 ? "lies" : "lie"}`} at the edge of the data or outside`,
          ];
  const all = (count: number, one: string, many: string): string =>
    n === 1 ? one : count === n ? `all ${many}` : `<b>${count}</b> ${many}`;
  const parts =
    n === 1
      ? [
          feasible === 1 ? "it satisfies every constraint" : "it does not satisfy every constraint",
          ...(front === 1 ? ["it lies on the Pareto front"] : []),
          ...reach,
        ]
      : [
          feasible === 0
            ? "none satisfies every constraint"
            : `${all(feasible, "", feasible === 1 ? "satisfies" : "satisfy")} every constraint`,
          `${all(front, "", front === 1 ? "lies" : "lie")} on the Pareto front`,
          ...reach,
        ];
  return `<b>${plural(n, "candidate")}</b>${from}: ${[parts.slice(0, -1).join(", "), parts.at(-1)].filter((part) => part !== "").join(" and ")}.`;
}

/** How many designs there are; a big count as a power of ten with the exact digits in its title. */
function countText({ count, isUpperBound }: DesignResult["space"]): string {
  if (!/^\d+$/.test(count)) return "uncountably many (continuous)";
  const bound = isUpperBound ? "at most " : "";
  if (count.length <= 9) return bound + groupDigits(count);
  return `${bound}<span title="${groupDigits(count)}">${formatNumber(Number(count), 3)}</span>`;
}

function targetTile(target: TargetSummary, result: DesignResult, view: ReportView): string {
  const a = view.axes.findIndex((axis) => axis.key === target.property);
  const best = bestCandidate(target, result);
  const p = best === null ? undefined : result.candidates[best]?.predictions[target.property];
  const formula = best === null ? "" : (result.candidates[best]?.design.formula ?? "");
  const figure =
    p === undefined || best === null
      ? `<p class="tile-best muted">no feasible candidate</p>`
      : `<p class="tile-best"><b>${escapeHtml(formatUncertain(p.mean, target.kind === "class" ? p.epistemicStd : Math.hypot(p.epistemicStd, p.aleatoricStd)))}</b>${escapeHtml(unitSuffix(p.unit))}` +
        `<span class="tile-by" data-c="${best}">best, candidate ${best + 1}: ${formulaHtml(formula)}</span></p>`;
  return `<div class="tile">
<h3>${escapeHtml(titleOf(target.title))}</h3>
<p class="wish"><code>${escapeHtml(target.text)}</code></p>
${figure}
${a < 0 ? "" : targetStrip(view, a)}
<p class="tile-model">${isComputed(target) ? "computed" : `learned: ${escapeHtml(target.model)}`}</p>
</div>`;
}

/** Place of the feasible candidate whose mean serves the target best; null without one. */
function bestCandidate(target: TargetSummary, result: DesignResult): number | null {
  let best: number | null = null;
  let bestCost = Infinity;
  for (const [i, candidate] of result.candidates.entries()) {
    const mean = candidate.predictions[target.property]?.mean;
    if (mean === undefined || !candidate.feasible) continue;
    const cost = targetCost(target, mean);
    if (cost < bestCost) {
      bestCost = cost;
      best = i;
    }
  }
  return best;
}

function targetCost(target: TargetSummary, mean: number): number {
  const { kind, low, high } = target;
  if (kind === "minimise") return mean;
  if (kind === "maximise" || kind === "class") return -mean;
  if (low !== null && mean < low) return low - mean;
  return high !== null && mean > high ? mean - high : 0;
}
