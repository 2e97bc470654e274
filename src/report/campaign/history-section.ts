import type { CampaignEvent } from "../../campaign/experiments/history/events.ts";
import { formatNumber, plural } from "../format.ts";
import { escapeHtml } from "../html.ts";
import type { CampaignView } from "./campaign-view.ts";

/** Everything that was entered, the last first; what was taken back is struck through and stays. */
export function historySection({ state }: CampaignView): string {
  const { events, voided } = state.history;
  const rows = events.toReversed().map((event) => {
    const text = escapeHtml(eventText(event));
    const shown = voided.has(event.id) ? `<del>${text}</del>` : text;
    return `<tr><th scope="row">${escapeHtml(event.id)}</th><td>${shown}</td><td>${escapeHtml(event.by)}</td><td>${escapeHtml(timeText(event.at))}</td></tr>`;
  });
  return `<section id="history" aria-labelledby="history-h">
<div class="section-head"><h2 id="history-h">History</h2>
<p class="lede">The last entry first. Nothing is ever removed; what was taken back is struck through.</p></div>
<details><summary>${plural(events.length, "entry", "entries")}</summary>
<div class="scroll-x"><table class="numbers"><thead><tr><th scope="col">Entry</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">When (UTC)</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div></details>
</section>`;
}

function eventText(event: CampaignEvent): string {
  switch (event.type) {
    case "created":
      return `campaign started, seed ${event.seed}`;
    case "problem-edited":
      return "problem changed";
    case "asked":
      return `round ${event.round}: ${plural(event.candidates.length, "design")} by ${event.planner}`;
    case "told": {
      const values = Object.entries(event.outcomes).map(
        ([name, value]) =>
          `${name} ${typeof value === "number" ? formatNumber(value) : String(value ?? "not measured")}`,
      );
      const what = [event.status, ...values].join(", ");
      return `${event.measurement} ${event.correction ? "corrected" : "told"}: ${what}${event.note === null ? "" : ` (${event.note})`}`;
    }
    case "undone":
      return `took back ${event.event}${event.reason === null ? "" : `: ${event.reason}`}`;
    case "noted":
      return `note${event.about === null ? "" : ` on ${event.about}`}: ${event.text}`;
    case "stopped":
      return `stopped${event.reason === null ? "" : `: ${event.reason}`}`;
    case "resumed":
      return "resumed";
  }
}

/** `2026-03-01 09:30`. */
const timeText = (at: string): string => at.slice(0, 16).replace("T", " ");
