import type { AuditFinding } from "../contract.ts";
import { fractionColumns, tableCompositions } from "../composition.ts";
import type { CompositionProblem } from "../composition.ts";
import { assumedAtomic } from "../roles.ts";
import { finding, rowList } from "./context.ts";
import type { AuditCheck, AuditContext } from "./context.ts";

const kinds = {
  formula: ["unreadable_formula", "cannot be read as a composition"],
  missing: ["missing_composition", "have no composition"],
  sum: ["fraction_sum", "have fractions that do not sum to one"],
  negative: ["negative_fraction", "have a negative fraction"],
} as const satisfies Record<CompositionProblem["kind"], readonly [string, string]>;

/** Compositions that cannot be used, one finding a kind of problem; their rows are left out. */
export const compositionCheck: AuditCheck = {
  title: "Compositions that cannot be read, are missing, negative or do not sum to one",
  find(context) {
    const problems = context.compositions?.problems ?? [];
    const found = Object.entries(kinds).flatMap(([kind, [name, words]]) => {
      const some = problems.filter((problem) => problem.kind === kind);
      if (some.length === 0) return [];
      const rows = some.map((problem) => problem.row - 1);
      const first = some[0]!;
      const verb = some.length === 1 ? words.replace(/^have/, "has") : words;
      const message = `${some.length} ${some.length === 1 ? "row" : "rows"} ${verb} (${rowList(rows)}). Row ${first.row}: ${first.message}`;
      return [finding(name, "error", "drop", message, rows, [first.column])];
    });
    return [...found, ...assumedBasis(context), ...disagreement(context)];
  },
};

/** Element columns without a stated basis were taken as atomic; a person should confirm it. */
function assumedBasis({ table }: AuditContext): AuditFinding[] {
  if (table.columns.some((column) => column.role.kind === "formula")) return [];
  const assumed = table.columns.filter((column) => column.reason.includes(assumedAtomic));
  if (assumed.length === 0) return [];
  const names = assumed.map((column) => column.name);
  const message = `The columns ${names.join(", ")} do not say whether they hold at% or wt%; they were taken as atomic. Say so in the headers: "Al (wt%)".`;
  return [finding("assumed_basis", "warning", "keep", message, [], names)];
}

/** Half the sum of differences of fractions from which formula and fraction columns disagree. */
const disagreementLimit = 0.005;

/** Where a table has formulas and fraction columns, they have to say the same. */
function disagreement({ table, compositions, options }: AuditContext): AuditFinding[] {
  const columns = fractionColumns(table);
  if (compositions === undefined || compositions.from === "fractions" || columns.length === 0)
    return [];
  const others = tableCompositions({ ...table, columns }, { sumTolerance: options.sumTolerance });
  const elements = [...new Set([...compositions.symbols, ...others.symbols])];
  const rows: number[] = [];
  for (let i = 0; i < table.rows; i++) {
    if (compositions.valid[i] === 0 || others.valid[i] === 0) continue;
    let distance = 0;
    for (const element of elements) {
      distance +=
        Math.abs(fractionOf(compositions, i, element) - fractionOf(others, i, element)) / 2;
    }
    if (distance > disagreementLimit) rows.push(i);
  }
  if (rows.length === 0) return [];
  const message = `In ${rows.length} ${rows.length === 1 ? "row" : "rows"} the formula and the columns of fractions differ (${rowList(rows)}); the formula is used.`;
  return [finding("composition_mismatch", "warning", "keep", message, rows, [compositions.from])];
}

function fractionOf(
  { symbols, fractions }: NonNullable<AuditContext["compositions"]>,
  row: number,
  element: string,
): number {
  const j = symbols.indexOf(element);
  return j < 0 ? 0 : fractions.data[row * symbols.length + j]!;
}
