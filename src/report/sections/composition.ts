import { elementSymbols } from "../../materials/elements.ts";
import { areElements, shareUnit } from "../share-unit.ts";
import { formatNumber } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { periodicCell } from "../periodic-layout.ts";
import type { ReportView } from "../view.ts";

/** Stacked columns, one per candidate, and the periodic table of mean fractions. */
export function compositionSection(view: ReportView): string {
  if (view.candidates.length === 0 || view.elements.length === 0) return "";
  const used = view.elements.flatMap((element, e) =>
    view.candidates.some((c) => (c.fractions[e] ?? 0) > 0) ? [{ element, e }] : [],
  );
  const legend = used
    .map(({ element, e }) => `<li><i class="e${e}"></i>${escapeHtml(element.symbol)}</li>`)
    .join("");
  const columns = view.candidates
    .map((c, i) => {
      const parts = used.flatMap(({ e, element }) => {
        const percent = 100 * (c.fractions[e] ?? 0);
        if (percent <= 0) return [];
        const label = percent >= 7 ? escapeHtml(element.symbol) : "";
        return [`<i class="e${e}" style="flex:${formatNumber(percent, 4)}">${label}</i>`];
      });
      return `<div class="col" data-c="${i}" title="${i + 1}: ${escapeHtml(c.formula)}">${parts.join("")}<b>${i + 1}</b></div>`;
    })
    .join("");
  const dense = view.candidates.length > 40 ? " dense" : "";
  return `<section id="composition" aria-labelledby="composition-h">
<div class="section-head"><h2 id="composition-h">Composition</h2>
<p class="lede">What the candidates are made of, in ${shareUnit(view)}; columns follow the order of the table.</p></div>
<ul class="legend swatches" aria-hidden="true">${legend}</ul>
<div class="columns${dense}" role="img" aria-label="Stacked composition of each candidate; the fractions are in the table of candidates.">${columns}</div>
${
  areElements(view)
    ? `<h3 class="gap">Mean share over the candidates</h3>
${periodicTable(view)}`
    : ""
}
</section>`;
}

/** All 118 elements; colour is the mean atomic fraction, elements outside the problem are muted. */
function periodicTable(view: ReportView): string {
  const mean = new Map<string, number>();
  for (const [e, { symbol }] of view.elements.entries()) {
    const sum = view.candidates.reduce((total, c) => total + (c.fractions[e] ?? 0), 0);
    mean.set(symbol, sum / view.candidates.length);
  }
  const most = Math.max(1e-9, ...mean.values());
  const cells = elementSymbols.map((symbol, i) => {
    const { row, column } = periodicCell(i + 1);
    const place = `grid-area:${row}/${column}`;
    const share = mean.get(symbol);
    if (share === undefined) return `<div class="cell out" style="${place}">${symbol}</div>`;
    const level = share / most;
    const percent = formatNumber(100 * share, share >= 0.1 ? 3 : 2);
    const title = `${symbol}: ${percent} at% on average`;
    return `<div class="cell${level > 0.62 ? " deep" : ""}" style="${place};--f:${(100 * level).toFixed(0)}%" title="${title}"><span>${symbol}</span><small>${share === 0 ? "0" : percent}</small></div>`;
  });
  const listed = [...mean]
    .filter(([, share]) => share > 0)
    .map(([symbol, share]) => `${symbol} ${formatNumber(100 * share, 3)}`)
    .join(", ");
  return `<div class="scroll-x"><div class="periodic" role="img" aria-label="Periodic table of mean atomic per cent: ${escapeHtml(listed)}">${cells.join("")}
<div class="ramp" style="grid-area:1/5/3/13"><span>0</span><i></i><span>${formatNumber(100 * most, 3)} at%</span></div></div></div>`;
}
