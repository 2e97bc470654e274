import type { CampaignEvent } from "./events.ts";

/** An event in a few words. */
export function describeEvent(event: CampaignEvent): string {
  switch (event.type) {
    case "created":
      return `the campaign "${event.name}" was created`;
    case "problem-edited":
      return `the problem was edited (${event.problem.file})`;
    case "asked":
      return `round ${event.round} with ${event.candidates.length} candidates by ${event.planner}`;
    case "told": {
      const values = Object.entries(event.outcomes).map(([name, value]) => `${name}=${value}`);
      const words = [event.correction ? "corrected" : "", ...values].filter((one) => one !== "");
      return `${event.measurement} ${event.status}${words.length === 0 ? "" : `: ${words.join(", ")}`}`;
    }
    case "undone":
      return `${event.event} was undone${event.reason === null ? "" : `: ${event.reason}`}`;
    case "noted":
      return `note${event.about === null ? "" : ` about ${event.about}`}: ${event.text}`;
    case "stopped":
      return `the campaign was stopped${event.reason === null ? "" : `: ${event.reason}`}`;
    default:
      return "the campaign was resumed";
  }
}
