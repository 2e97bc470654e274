import type { DesignResult } from "../../campaign/contract.ts";
import { groupDigits } from "../format.ts";
import { escapeHtml } from "../html.ts";
import type { ReportView } from "../view.ts";

/** How the search went: one small chart per objective and count. */
export function searchSection(result: DesignResult, view: ReportView): string {
  const { search, problem } = result;
  const shown = view.history.flatMap((series, h) =>
    series.points.length > 0 ? [{ series, h }] : [],
  );
  if (shown.length === 0) return "";
  return `<section id="search" aria-labelledby="search-h">
<div class="section-head"><h2 id="search-h">Search</h2>
<p class="lede">${escapeHtml(problem.strategy)}: ${groupDigits(String(search.evaluated))} designs evaluated of a budget of ${groupDigits(String(search.budget))}. A curve that is still moving at its end asks for more.</p></div>
<div class="small-multiples js">${shown
    .map(
      ({ series, h }) =>
        `<figure><figcaption>${escapeHtml(series.title)}</figcaption><div class="chart small" id="history-${h}" role="img" aria-label="${escapeHtml(series.title)} over designs evaluated"></div></figure>`,
    )
    .join("")}</div>
</section>`;
}
