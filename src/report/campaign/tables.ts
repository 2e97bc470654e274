import { shortNumber } from "../../core/format.ts";
import type { Parameter } from "../../space/contract.ts";
import { formatPercent, formatUncertain, prettyUnit, titleOf } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { bestMeasurement } from "./best-measurement.ts";
import { parameterText, valueText } from "./campaign-text.ts";
import type { CampaignView } from "./campaign-view.ts";

/** Designs that wait to be made, with what is expected of them. */
export function openTable(view: CampaignView): string {
  const { open, goals, problem } = view;
  const { parameters } = problem.space;
  const isPredicted = open.some(({ suggestion }) => Object.keys(suggestion.predictions).length > 0);
  const outcomes = isPredicted ? goals.map(({ outcome }) => outcome) : [];
  const { cost } = problem;
  const isDoubtful = open.some(({ suggestion }) => suggestion.feasibility < 0.995);
  const head = [
    cell("th", "Design"),
    ...parameters.map(parameterHead),
    ...(cost === undefined ? [] : [headWithUnit("Cost", cost.unit)]),
    ...outcomes.map(({ title, unit }) => headWithUnit(titleOf(title), unit)),
    ...(isDoubtful ? [cell("th", "Can be made", "num")] : []),
  ];
  const rows = open.map(({ id, suggestion }) => {
    const cells = [
      `<th scope="row">${escapeHtml(id)}</th>`,
      ...parameters.map((one) => parameterCell(one, suggestion.design[one.name])),
      ...(cost === undefined
        ? []
        : [cell("td", suggestion.cost === undefined ? "–" : shortNumber(suggestion.cost), "num")]),
      ...outcomes.map(({ name }) => {
        const p = suggestion.predictions[name];
        const text =
          p === undefined
            ? "–"
            : formatUncertain(p.mean, Math.hypot(p.epistemicStd, p.aleatoricStd));
        return cell("td", escapeHtml(text), "num");
      }),
      ...(isDoubtful ? [cell("td", formatPercent(suggestion.feasibility), "num")] : []),
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  return table(head, rows);
}

/** Everything that was measured, in its order. */
export function measurementTable(view: CampaignView): string {
  const { measurements, goals, problem } = view;
  const { parameters } = problem.space;
  const best = new Set(view.objectives.map((g) => bestMeasurement(view, g)?.id));
  const hasRemarks = measurements.some(
    ({ outside, notes, status }) => outside.length + notes.length > 0 || status !== "completed",
  );
  const head = [
    cell("th", "Measurement"),
    ...parameters.map(parameterHead),
    ...goals.map(({ outcome }) => headWithUnit(titleOf(outcome.title), outcome.unit)),
    ...(hasRemarks ? [cell("th", "Remarks")] : []),
    cell("th", "Entered"),
  ];
  const rows = measurements.map((one) => {
    const remarks = [
      ...(one.status === "completed" ? [] : [one.status]),
      ...(one.outside.length === 0 ? [] : [`outside the space: ${one.outside.join(", ")}`]),
      ...one.notes,
    ];
    const cells = [
      `<th scope="row">${escapeHtml(one.id)}</th>`,
      ...parameters.map((parameter) => parameterCell(parameter, one.design[parameter.name])),
      ...goals.map((goal, g) => cell("td", plainValue(valueText(goal, one.values[g]!)), "num")),
      ...(hasRemarks ? [cell("td", escapeHtml(remarks.join("; ")))] : []),
      cell("td", escapeHtml(`${one.by}, ${one.at.slice(0, 10)}`), "quiet"),
    ];
    const kind = best.has(one.id) ? "best" : one.status === "completed" ? "" : "quiet";
    return `<tr${kind === "" ? "" : ` class="${kind}"`}>${cells.join("")}</tr>`;
  });
  return table(head, rows);
}

/** The head of the column has the unit. */
const plainValue = (html: string): string => html.split("\u202f")[0]!;

const cell = (tag: "th" | "td", html: string, kind = ""): string =>
  `<${tag}${tag === "th" ? ' scope="col"' : ""}${kind === "" ? "" : ` class="${kind}"`}>${html}</${tag}>`;

function headWithUnit(title: string, unit: string): string {
  const pretty = prettyUnit(unit);
  const text = escapeHtml(title);
  return cell("th", pretty === "" ? text : `${text}, ${escapeHtml(pretty)}`, "num");
}

const parameterHead = (one: Parameter): string =>
  "unit" in one
    ? headWithUnit(titleOf(one.name), one.unit)
    : cell("th", escapeHtml(titleOf(one.name)));

const parameterCell = (one: Parameter, value: Parameters<typeof parameterText>[0]): string =>
  cell("td", escapeHtml(parameterText(value)), "unit" in one ? "num" : "");

const table = (head: readonly string[], rows: readonly string[]): string =>
  `<div class="scroll-x"><table class="numbers"><thead><tr>${head.join("")}</tr></thead>
<tbody>${rows.join("\n")}</tbody></table></div>`;
