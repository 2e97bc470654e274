import type { DesignResult } from "../../campaign/contract.ts";
import type { AuditFinding } from "../../data/contract.ts";
import { plural } from "../format.ts";
import { escapeHtml } from "../html.ts";

const actionWords: Readonly<Record<AuditFinding["action"], string>> = {
  drop: "left out",
  merge: "merged into the first row of their group",
  keep: "kept",
};

/** What was found in the data and what was done about it. */
export function auditSection(result: DesignResult): string {
  const { data } = result;
  if (data === null) return "";
  const order = { error: 0, warning: 1, note: 2 };
  const findings = data.audit.toSorted((a, b) => order[a.severity] - order[b.severity]);
  const list = (shown: readonly AuditFinding[]): string =>
    shown.length === 0 ? "" : `<ul class="audit">${shown.map(finding).join("")}</ul>`;
  // A few notes stand open, many are folded below what needs attention.
  const notes = findings.filter((f) => f.severity === "note");
  const others = findings.filter((f) => f.severity !== "note");
  const body =
    findings.length === 0
      ? `<p class="empty">The audit found nothing to report.</p>`
      : notes.length <= 4
        ? list(findings)
        : `${list(others)}<details class="notes"><summary>${plural(notes.length, "note")}</summary>${list(notes)}</details>`;
  return `<section id="data" aria-labelledby="data-h">
<div class="section-head"><h2 id="data-h">Data</h2>
<p class="lede">${escapeHtml(data.source)}: ${plural(data.rows, "row")} read, ${plural(data.usedRows, "row")} used. Nothing is left out without being listed here or under its model.</p></div>
${body}</section>`;
}

function finding(f: AuditFinding): string {
  const list =
    f.rows.slice(0, 60).join(", ") + (f.rows.length > 60 ? ` and ${f.rows.length - 60} more` : "");
  const rows =
    f.rows.length === 0
      ? ""
      : `<details><summary>${plural(f.rows.length, "row")}</summary><p>${list}</p></details>`;
  return `<li class="${f.severity}"><span class="chip ${f.severity === "note" ? "" : f.severity === "error" ? "bad" : "warn"}">${f.severity}</span><div><p>${escapeHtml(f.message)}</p><p class="muted small">${escapeHtml(f.kind)}${f.columns.length === 0 ? "" : ` in ${escapeHtml(f.columns.join(", "))}`}: ${actionWords[f.action]}</p>${rows}</div></li>`;
}
