/// <reference lib="dom" />
import type { ReportView } from "../view.ts";
import { mountCharts } from "./charts.ts";
import { mountDetail } from "./detail.ts";
import { mountPointing } from "./pointing.ts";
import { createSelection } from "./selection.ts";
import { mountTable } from "./table.ts";

/** Brings the page to life: reads the embedded view and connects table, charts and card. */
export function startPage(): void {
  const data = document.getElementById("report-data");
  if (data === null) return;
  const view = JSON.parse(data.textContent) as ReportView;
  const selection = createSelection();
  mountTable(view, selection);
  mountPointing(selection);
  mountDetail(view, selection);
  mountCharts(view, selection);
  if (view.candidates.length === 0) return;
  // Print shows every reason; on screen they open one by one.
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll<HTMLDetailsElement>(".why details"))
      part.open = true;
  });
}
