import { historyOf } from "../../campaign/experiments/summary/summarise-campaign.ts";
import { plural } from "../format.ts";
import { escapeHtml } from "../html.ts";
import type { CampaignView } from "./campaign-view.ts";

/** Everything that was entered, the last first; what was taken back is struck through and stays. */
export function historySection({ state }: CampaignView): string {
  const entries = historyOf(state).reverse();
  const rows = entries.map(({ id, what, undone, by, at }) => {
    const text = undone ? `<del>${escapeHtml(what)}</del>` : escapeHtml(what);
    return `<tr><th scope="row">${escapeHtml(id)}</th><td>${text}</td><td>${escapeHtml(by)}</td><td>${escapeHtml(timeText(at))}</td></tr>`;
  });
  return `<section id="history" aria-labelledby="history-h">
<div class="section-head"><h2 id="history-h">History</h2>
<p class="lede">The last entry first. Nothing is ever removed; what was taken back is struck through.</p></div>
<details><summary>${plural(entries.length, "entry", "entries")}</summary>
<div class="scroll-x"><table class="numbers"><thead><tr><th scope="col">Entry</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">When (UTC)</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div></details>
</section>`;
}

/** `2026-03-01 09:30`. */
const timeText = (at: string): string => at.slice(0, 16).replace("T", " ");
