import type { SolutionFamily } from "../../campaign/invert.ts";
import type { ColumnSpread } from "../../search/posterior/column-spread.ts";
import {
  formatNumber,
  formatPercent,
  formatUncertain,
  prettyUnit,
  titleOf,
  unitSuffix,
} from "../format.ts";
import { escapeHtml, formulaHtml } from "../html.ts";
import {
  columnName,
  familyClass,
  isMissed,
  shownValue,
  targetName,
  targetTitle,
  type InversionView,
  type ShownColumn,
} from "./inversion-view.ts";
import { shareText } from "./inversion-words.ts";

const swatch = (family: number): string =>
  `<span class="swatch ${familyClass(family)}" aria-hidden="true"></span>`;

const table = (head: readonly string[], rows: readonly string[]): string =>
  `<div class="scroll-x" tabindex="0" role="region" aria-label="Table"><table class="numbers"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;

const th = (text: string, isNumber = false): string =>
  `<th scope="col"${isNumber ? ' class="num"' : ""}>${escapeHtml(text)}</th>`;

/** What is asked for beside what the nearest design found is predicted to have. */
export function reachTable(view: InversionView): string {
  const { targets, result } = view;
  const rows = targets.map((target, t) => {
    const reach = result.nearest.targets[t]!;
    const unit = target.kind === "class" ? "" : unitSuffix(target.unit);
    const prediction = result.nearest.predictions[target.property]!;
    const std =
      target.kind === "class"
        ? prediction.epistemicStd
        : Math.hypot(prediction.epistemicStd, prediction.aleatoricStd);
    const miss = !isMissed(reach)
      ? "nothing"
      : `${formatNumber(Math.abs(reach.gap), 3)}${unit} too ${reach.gap < 0 ? "low" : "high"}`;
    const stds =
      isMissed(reach) && reach.allowance > 0
        ? `${formatNumber(Math.abs(reach.gap) / reach.allowance, 2)} standard deviations`
        : "";
    return `<tr><th scope="row"><code>${escapeHtml(target.text)}</code></th><td class="num">${escapeHtml(formatUncertain(reach.mean, std) + unit)}</td><td>${escapeHtml(miss)}${stds === "" ? "" : `<span class="small">${escapeHtml(stds)}</span>`}</td><td>${reach.isReached ? "yes" : "no"}</td></tr>`;
  });
  return table(
    [th("Asked for"), th("Nearest design found", true), th("It misses by"), th("Within reach")],
    rows,
  );
}

/** The families: share, most probable design, its predictions, and how free the family is. */
export function familyTable(view: InversionView): string {
  const { targets, result, columns } = view;
  const { nouns, elements } = result.problem;
  // The text of a design that is no alloy has its settings.
  const isMixture = nouns.design !== "alloy" && elements.length > 0;
  const settings = isMixture ? [] : columns.filter(({ isFraction }) => !isFraction);
  const rows = result.modes.map((mode, k) => {
    const process = settings.map((column) => {
      const value = mode.design.process[column.label];
      return `<td${column.words === null ? ' class="num"' : ""}>${escapeHtml(shownValue(column, value ?? null))}</td>`;
    });
    const predictions = targets.map((target) => {
      const { mean, epistemicStd, aleatoricStd } = mode.predictions[target.property]!;
      const std = target.kind === "class" ? epistemicStd : Math.hypot(epistemicStd, aleatoricStd);
      return `<td class="num">${escapeHtml(formatUncertain(mean, std))}</td>`;
    });
    return `<tr><th scope="row">${swatch(k)}${k + 1}</th><td class="num">${escapeHtml(shareText(mode.weight, mode.weightError))}</td>${elements.length === 0 ? "" : `<td class="design">${formulaHtml(mode.design.formula)}</td>`}${process.join("")}${predictions.join("")}<td class="num">${mode.open} of ${mode.directions}</td></tr>`;
  });
  return table(
    [
      th("Family"),
      th("Share of the probability", true),
      ...(elements.length === 0 ? [] : [th(`Most probable ${nouns.design}`)]),
      ...settings.map((column) => th(columnName(column), column.words === null)),
      ...targets.map((target) => th(targetName(target), true)),
      th("Directions left open", true),
    ],
    rows,
  );
}

/** The central 90 % of each column in each family. */
export function spreadTable({ result, columns }: InversionView): string {
  const rows = columns.map((column) => {
    const cells = result.modes.map(({ spread }) => {
      const own = spread.find(({ label }) => label === column.label);
      return `<td class="num">${own === undefined ? "–" : escapeHtml(spreadText(own, column))}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(columnName(column))}</th>${cells.join("")}</tr>`;
  });
  const head = result.modes.map(
    (_, k) => `<th scope="col" class="num">${swatch(k)}Family ${k + 1}</th>`,
  );
  return table([th("Central 90 %"), ...head], rows);
}

function spreadText(spread: ColumnSpread, column: ShownColumn): string {
  const { low, high, shares, absent = 0 } = spread;
  if (absent > 0.9995) return "absent";
  if (absent > 0.0005) {
    return `${spreadText({ ...spread, absent: 0 }, column)}; absent in ${formatPercent(absent)}`;
  }
  if (shares !== undefined) {
    return Object.entries(shares)
      .toSorted((a, b) => b[1] - a[1])
      .map(([word, share]) => `${word} ${formatPercent(share)}`)
      .join(", ");
  }
  const [from, to] = [low, high].map((end) => shownValue(column, end));
  return from === to ? from! : `${from} – ${to}`;
}

/** Shifts below this share of a column's range are rounding. */
const leastShift = 1e-9;

/** How far designs of each family move per unit of each target. */
export function sensitivityTable(view: InversionView): string {
  const { result, columns, targets } = view;
  const numeric = columns.filter(({ words }) => words === null);
  const rows = result.modes.flatMap(({ sensitivity }: SolutionFamily, k) =>
    sensitivity.map(({ target: text, shift }) => {
      const target = targets.find((one) => one.text === text)!;
      const step = prettyUnit(target.unit);
      const cells = numeric.map((column) => {
        const exact = shift[column.label] ?? 0;
        const value =
          Math.abs(exact) < leastShift * (column.max - column.min) ? 0 : exact * column.factor;
        const sign = value > 0 ? "+" : "";
        return `<td class="num">${escapeHtml(sign + formatNumber(value, 2))}</td>`;
      });
      return `<tr><th scope="row">${swatch(k)}${k + 1}</th><td>1${step === "" ? "" : `\u202f${escapeHtml(step)}`} more of ${escapeHtml(targetTitle(target))}</td>${cells.join("")}</tr>`;
    }),
  );
  if (rows.length === 0) return "";
  return table(
    [th("Family"), th("For"), ...numeric.map((column) => th(columnName(column), true))],
    rows,
  );
}

/** How the designs were found, and how much they are worth. */
export function diagnosticsTable(view: InversionView, remaining: string): string {
  const { posterior, otherWeight, modes } = view.result;
  const { method, samples, distinct, effective, evaluated, ancestors, temperatures } = posterior;
  const isListed = method === "enumeration";
  const facts: (readonly [string, string, string])[] = [
    [
      "Method",
      isListed ? "every design of the space, weighted exactly" : method,
      isListed ? "" : `in ${temperatures.length - 1} steps from the space to the targets`,
    ],
    ["Designs predicted", formatNumber(evaluated), ""],
    [
      "Designs in the answer",
      formatNumber(distinct),
      isListed ? "" : `different ones among ${formatNumber(samples)} samples`,
    ],
    [
      "Effective sample size",
      formatNumber(effective, 3),
      "so many equally probable, different designs are worth as much",
    ],
    ...(isListed
      ? []
      : [
          [
            "First draws with descendants",
            formatNumber(ancestors),
            "few of them mean that the shares of families are rough",
          ] as const,
        ]),
    [
      "Covered by the families listed",
      formatPercent(Math.max(0, 1 - otherWeight)),
      `of the probability, in ${modes.length} ${modes.length === 1 ? "family" : "families"}`,
    ],
    ["What the targets leave of the space", remaining, "by the information that they give"],
  ];
  const rows = facts.map(
    ([name, value, note]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}${note === "" ? "" : `<span class="small">${escapeHtml(note)}</span>`}</td></tr>`,
  );
  return `<div class="scroll-x" tabindex="0" role="region" aria-label="Table"><table class="numbers"><tbody>${rows.join("\n")}</tbody></table></div>`;
}

/** How often each kind of move was tried and taken. */
export function moveTable({ result }: InversionView): string {
  const rows = result.posterior.moves.map(
    ({ kind, proposed, accepted }) =>
      `<tr><th scope="row">${escapeHtml(titleOf(kind))}</th><td class="num">${formatNumber(proposed)}</td><td class="num">${proposed > 0 ? formatPercent(accepted / proposed) : "–"}</td></tr>`,
  );
  return rows.length === 0 ? "" : table([th("Move"), th("Tried", true), th("Taken", true)], rows);
}
