import { areElements, shareUnit } from "../share-unit.ts";
import { escapeHtml } from "../html.ts";
import { paretoSvg } from "../svg/pareto-svg.ts";
import { firstAxes, usableAxes } from "../shown-axes.ts";
import type { ReportView } from "../view.ts";

/** The trade-off scatter with its axis menus, and the parallel coordinates. */
export function tradeoffSection(view: ReportView): string {
  if (view.candidates.length === 0) return "";
  const usable = usableAxes(view);
  const menu = (id: string, label: string, chosen: number): string =>
    `<label>${label} <select id="${id}">${usable
      .map((a) => {
        const title = escapeHtml(view.axes[a]?.title ?? "");
        return `<option value="${a}"${a === chosen ? " selected" : ""}>${title}</option>`;
      })
      .join("")}</select></label>`;
  const [x, y] = firstAxes(view);
  return `<section id="tradeoff" aria-labelledby="tradeoff-h">
<div class="section-head"><h2 id="tradeoff-h">Trade-off</h2>
<p class="lede">Every candidate with bars of ±1 standard deviation: thick for what the model does not know, thin with measurement noise added.</p></div>
<div class="tools js">${menu("x-axis", "Across", x)}${menu("y-axis", "Up", y)}</div>
<ul class="legend">
<li><svg viewBox="0 0 14 14"><circle class="k-fill" cx="7" cy="7" r="4.5"/></svg>on the front</li>
<li><svg viewBox="0 0 14 14"><circle class="k-line" cx="7" cy="7" r="4.5"/></svg>behind it</li>
<li><svg viewBox="0 0 14 14"><path class="k-line" d="M7 1.5L12.5 7 7 12.5 1.5 7z"/></svg>at the edge of the data or outside</li>
<li><svg viewBox="0 0 14 14"><path class="k-bad" d="M7 2L12.5 12H1.5z"/></svg>breaks a constraint</li>
<li><svg viewBox="0 0 14 14"><circle class="k-quiet" cx="7" cy="7" r="2.5"/></svg>measured</li>
<li><svg viewBox="0 0 14 14"><path class="k-front" d="M1 3H7V11H13"/></svg>front of the two axes</li>
</ul>
<div id="pareto" class="chart tall" role="img" aria-label="Scatter of ${escapeHtml(view.axes[y]?.title ?? "")} over ${escapeHtml(view.axes[x]?.title ?? "")} for ${view.candidates.length} candidates and ${view.measured.length} measured alloys; the values are in the table of candidates.">${paretoSvg(view, x, y)}</div>
<h3 class="gap">All quantities at once</h3>
<p class="lede">One line per candidate${view.elements.length === 0 ? "" : `; ${areElements(view) ? "the elements" : "the ingredients"} share one scale in ${shareUnit(view)}`}. <span class="js">Drag along an axis to select, click the axis to let go.</span></p>
<div class="scroll-x js"><div id="parallel" class="chart" style="min-width:${Math.max(320, parallelWidth(view))}px" role="img" aria-label="Parallel coordinates of composition and predictions; the values are in the table of candidates."></div></div>
</section>`;
}

function parallelWidth(view: ReportView): number {
  const used = view.elements.filter((_, e) =>
    view.candidates.some((c) => (c.fractions[e] ?? 0) > 0),
  );
  return 60 + 74 * (used.length + usableAxes(view).length);
}
