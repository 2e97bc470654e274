import type { ParetoResult, ParetoRow } from "../campaign/pareto/pareto-table.ts";
import { countOf, shortNumber } from "../core/format.ts";
import type { Table } from "../data/contract.ts";
import { textAt } from "../data/table.ts";
import { textTable, type TextColumn } from "./text-table.ts";

/** Rows that are printed; the rest goes into files. */
const mostRows = 30;

/** The front of a table for people, with the hypervolume and its corner. */
export function paretoText(table: Table, result: ParetoResult): string {
  const { rows, outcomes, leftOut, reference } = result;
  const front = rows.filter(({ rank, meets }) => rank === 1 && meets);
  const called = (kind: string) => table.columns.find(({ role }) => role.kind === kind);
  const name = called("formula") ?? called("identifier");
  const isUsed = outcomes.some((outcome) => outcome.name === name?.name);
  const columns: TextColumn<ParetoRow>[] = [
    { title: "row", align: "right", text: ({ row }) => String(row) },
    ...(name === undefined || isUsed
      ? []
      : [{ title: name.name, text: ({ row }: ParetoRow) => textAt(name, row - 1) }]),
    ...outcomes.map((outcome): TextColumn<ParetoRow> => ({
      title: outcome.unit === "1" ? outcome.name : `${outcome.name}, ${outcome.unit}`,
      align: "right",
      text: ({ values }) => {
        const value = values[outcome.name]!;
        return typeof value === "number" ? shortNumber(value, 6) : value;
      },
    })),
    { title: "", text: ({ isKnee }) => (isKnee ? "knee" : "") },
  ];
  const meeting = rows.filter(({ meets }) => meets).length;
  return [
    `${countOf(front.length, "row")} of ${rows.length} on the front, ${meeting === rows.length ? "all meet" : `${meeting} meet`} the requirements`,
    "",
    textTable(front.slice(0, mostRows), columns),
    ...(front.length > mostRows
      ? [`... ${front.length - mostRows} more; see --json or --out`]
      : []),
    ...volumeLines(result),
    ...(reference.length < 2 || result.hypervolume === null ? [] : [cornerLine(result)]),
    ...(leftOut === 0
      ? []
      : ["", `Note: ${countOf(leftOut, "row")} without a value for every target left out.`]),
  ].join("\n");
}

function volumeLines({ hypervolume, hypervolumeShare }: ParetoResult): string[] {
  if (hypervolume === null || hypervolumeShare === null) return [];
  const share = shortNumber(100 * hypervolumeShare, 3);
  return [
    "",
    `hypervolume ${shortNumber(hypervolume, 6)}: ${share} % of the box between the corner and the best value of every objective`,
  ];
}

function cornerLine({ reference, rule }: ParetoResult): string {
  const parts = reference.map(
    ({ name, value, unit, source }) =>
      `${name} ${shortNumber(value, 5)}${unit === "1" ? "" : ` ${unit}`}${source === "rule" ? " *" : ""}`,
  );
  const note = reference.some(({ source }) => source === "rule") ? ` (* ${rule})` : "";
  return `corner ${parts.join(", ")}${note}`;
}
