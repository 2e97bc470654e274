import { escapeHtml } from "./html.ts";
import type { CandidateView } from "./view.ts";

/** Whether the models interpolate at a candidate, with the reasons against it. */
export function validityChip({ validity }: CandidateView): string {
  if (validity === null || validity.verdict === "inside") return "";
  const css = validity.verdict === "outside" ? "chip bad" : "chip warn";
  return ` <span class="${css}" title="${escapeHtml(validity.reasons.join("; "))}">${validity.verdict}</span>`;
}
