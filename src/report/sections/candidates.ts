import { formatNumber, formatUncertain, prettyUnit, unitSuffix } from "../format.ts";
import { escapeHtml, formulaHtml } from "../html.ts";
import { validityChip } from "../validity-chip.ts";
import type { Axis, CandidateView, ReportView } from "../view.ts";

/** The table of candidates: one body per candidate, so that its reason moves with it when sorted. */
export function candidatesSection(view: ReportView): string {
  const { candidates } = view;
  if (candidates.length === 0) {
    return `<section id="candidates" aria-labelledby="candidates-h"><h2 id="candidates-h">Candidates</h2>
<p class="empty">There is no candidate to show.</p></section>`;
  }
  const columns = view.axes.flatMap((axis, a) =>
    axis.key !== "distance" && candidates.some((c) => typeof c.mean[a] === "number")
      ? [{ axis, a, scale: intervalScale(view, a) }]
      : [],
  );
  const hasDistance = candidates.some((c) => c.distance !== null);
  const head = [
    sortHeader("rank", "#", "num", "Rank"),
    sortHeader("formula", view.elements.length > 0 ? "Composition" : "Design", ""),
    ...columns.map(({ axis, a }) => sortHeader(`a${a}`, titleWithUnit(axis), "num", axis.title)),
    sortHeader("feasible", "Constraints", ""),
    ...(hasDistance ? [sortHeader("distance", "Distance to data", "num")] : []),
  ].join("");
  const options = [
    ["rank", "rank"],
    ["formula", "formula"],
    ...columns.map(({ axis, a }) => [`a${a}`, axis.title]),
    ["feasible", "constraints"],
    ...(hasDistance ? [["distance", "distance to data"]] : []),
  ]
    .map(([key = "", title = ""]) => `<option value="${key}">${escapeHtml(title)}</option>`)
    .join("");
  const span = columns.length + (hasDistance ? 4 : 3);
  return `<section id="candidates" aria-labelledby="candidates-h">
<div class="section-head"><h2 id="candidates-h">Candidates</h2>
<p class="lede">Ranked best first. Intervals are ±1 standard deviation. Point at a row to find it in every chart; click it for its details.</p></div>
<div class="tools js">
<label class="search"><span class="sr">Filter candidates</span><input id="filter" type="search" placeholder="Filter: Nb, feasible, edge …" autocomplete="off" spellcheck="false"></label>
<label class="sort-by">Sort by <select id="sort-by">${options}</select></label>
<span id="shown" class="muted" role="status" aria-live="polite"></span>
<button type="button" id="clear-brush" class="quiet" hidden>Clear selection</button>
<span class="push"></span>
<button type="button" id="copy-csv" class="quiet">Copy as CSV</button>
<button type="button" id="save-csv" class="quiet">Download CSV</button>
</div>
<div class="table-wrap" tabindex="0" role="region" aria-labelledby="candidates-h">
<table id="table" role="table">
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
${candidates.map((c, i) => body(c, i, view, columns, span)).join("\n")}
</table></div>
<p id="none-shown" class="empty" hidden>No candidate matches the filter.</p>
</section>`;
}

interface TableColumn {
  readonly axis: Axis;
  readonly a: number;
  readonly scale: (value: number) => string;
}

function sortHeader(key: string, label: string, css: string, spoken = label): string {
  const aria = key === "rank" ? ' aria-sort="ascending"' : "";
  const text = label.includes("<") ? label : escapeHtml(label);
  return `<th role="columnheader" scope="col" class="${css}"${aria} data-key="${key}"><button type="button" title="Sort by ${escapeHtml(spoken.toLowerCase())}">${text}<i aria-hidden="true"></i></button></th>`;
}

function titleWithUnit(axis: Axis): string {
  const unit = prettyUnit(axis.unit);
  return `<span class="col-title">${escapeHtml(axis.title)}</span>${unit === "" ? "" : ` <small>${escapeHtml(unit)}</small>`}`;
}

/** Where a value lies between the ends of all intervals, as a CSS percentage. */
function intervalScale(view: ReportView, a: number): (value: number) => string {
  let low = Infinity;
  let high = -Infinity;
  for (const c of view.candidates) {
    const mean = c.mean[a];
    if (typeof mean !== "number") continue;
    const std = totalStd(c, a);
    low = Math.min(low, mean - std);
    high = Math.max(high, mean + std);
  }
  const width = high - low;
  return (value) => (width > 0 ? ((100 * (value - low)) / width).toFixed(1) : "50");
}

function totalStd(c: CandidateView, a: number): number {
  return Math.hypot(c.epistemic[a] ?? 0, c.aleatoric[a] ?? 0);
}

function body(
  c: CandidateView,
  i: number,
  view: ReportView,
  columns: readonly TableColumn[],
  span: number,
): string {
  const failed = c.checks.flatMap(([at, , isMet]) => (isMet ? [] : [view.checks[at]?.text ?? ""]));
  const words = [
    c.feasible ? "feasible satisfied" : "infeasible fails",
    c.validity === null ? "" : c.validity.verdict,
    c.front ? "front" : "",
    c.id,
    ...c.process.map(([name, value]) => `${name} ${value}`),
  ];
  const present = view.elements.filter((_, e) => (c.fractions[e] ?? 0) > 0).map((e) => e.symbol);
  const search = [...words, ...present, c.formula].join(" ").toLowerCase();
  const status = c.feasible
    ? `<span class="chip ok">all met</span>`
    : `<span class="chip bad">${failed.length === 0 ? "not feasible" : `fails ${failed.length}`}</span>${failed
        .map((text) => `<span class="fails">${escapeHtml(text)}</span>`)
        .join("")}`;
  return `<tbody role="rowgroup" data-c="${i}" data-find="${escapeHtml(search)}"><tr role="row" class="cand">
<td role="cell" class="num rank">${i + 1}${c.front ? `<span class="front-dot" title="On the Pareto front"><span class="sr">, on the Pareto front</span></span>` : ""}</td>
<th role="rowheader" scope="row"><button type="button" class="pin" aria-pressed="false" aria-label="Details of candidate ${i + 1}, ${escapeHtml(c.formula)}">${formulaHtml(c.formula)}</button>${compositionBar(c, view)}${processNote(c, view)}</th>
${columns.map((column) => predictionCell(c, column)).join("")}
<td role="cell" data-label="Constraints">${status}</td>
${distanceCell(c)}</tr><tr role="row" class="why"><td role="cell" colspan="${span}"><details><summary><span>${escapeHtml(c.reason)}</span></summary>${nearestNote(c)}</details></td></tr></tbody>`;
}

function distanceCell(c: CandidateView): string {
  if (c.distance === null) return "";
  return `<td role="cell" class="num" data-label="Distance to data">${c.distance.toFixed(2)}${validityChip(c)}</td>
`;
}

function nearestNote({ nearest }: CandidateView): string {
  if (nearest === null) return "";
  const difference = nearest.difference === "" ? "" : ` (${escapeHtml(nearest.difference)})`;
  return `<p>Nearest measured: ${formulaHtml(nearest.formula)}, row ${nearest.row}${difference}</p>`;
}

/** The process values in which candidates differ, under the composition. */
function processNote(c: CandidateView, view: ReportView): string {
  const shown = c.process.filter(([name, value]) =>
    view.candidates.some((other) =>
      other.process.some(([key, its]) => key === name && its !== value),
    ),
  );
  if (shown.length === 0) return "";
  const texts = shown.map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`);
  return `<span class="muted process">${escapeHtml(texts.join(", "))}</span>`;
}

function predictionCell(c: CandidateView, { axis, a, scale }: TableColumn): string {
  const label = escapeHtml(axis.title);
  const mean = c.mean[a];
  if (typeof mean !== "number") return `<td role="cell" class="num" data-label="${label}">–</td>`;
  const std = totalStd(c, a);
  const unit = unitSuffix(axis.unit);
  return `<td role="cell" class="num" data-label="${label}"><span class="val">${escapeHtml(formatUncertain(mean, std))}<span class="unit">${escapeHtml(unit)}</span></span><i class="iv" style="--a:${scale(mean - std)}%;--m:${scale(mean)}%;--b:${scale(mean + std)}%"></i></td>`;
}

/** Thin stacked bar of the fractions; the words are in its label. */
export function compositionBar(c: CandidateView, view: ReportView): string {
  const parts = view.elements.flatMap((element, e) => {
    const fraction = c.fractions[e] ?? 0;
    return fraction > 0 ? [{ e, symbol: element.symbol, percent: 100 * fraction }] : [];
  });
  if (parts.length === 0) return "";
  const label = parts.map((p) => `${p.symbol} ${formatNumber(p.percent, 3)}`).join(", ");
  return `<span class="bar" role="img" aria-label="Atomic per cent: ${escapeHtml(label)}">${parts
    .map(
      (p) =>
        `<i class="e${p.e}" style="flex:${formatNumber(p.percent, 4)}">${p.percent >= 9 ? escapeHtml(p.symbol) : ""}</i>`,
    )
    .join("")}</span>`;
}
