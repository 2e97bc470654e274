/** One cell as a reader delivers it; an empty one is null. */
export type Cell = string | number | boolean | null;

/** A rectangle of cells below their headers, before units and roles are told. */
export interface CellGrid {
  readonly source: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** `line 7` or `sheet row 7` of row i, for messages. */
  readonly place: (row: number) => string;
  readonly notes: readonly string[];
}

/** Texts that stand for a missing value, in lower case. */
const missing = new Set(["", "na", "n/a", "nan", "null", "none", "-", "–", "—", "?", "#n/a"]);

/** Whether a cell holds nothing. */
export function isMissing(cell: Cell | undefined): boolean {
  if (cell === null || cell === undefined) return true;
  if (typeof cell === "number") return Number.isNaN(cell);
  return typeof cell === "string" && missing.has(cell.trim().toLowerCase());
}

export type DecimalMark = "." | ",";

const pointNumber = /^[+\-−]?(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?$/;
const commaNumber = /^[+\-−]?(?:\d+,?\d*|,\d+)(?:[eE][+\-−]?\d+)?$/;

/** The number a cell holds, or undefined; nothing is guessed from `~5`, `<5`, `5±1` or `1,200`. */
export function cellNumber(cell: Cell, decimal: DecimalMark): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell === "boolean") return cell ? 1 : 0;
  if (cell === null) return undefined;
  const text = cell.trim();
  if (!(decimal === "." ? pointNumber : commaNumber).test(text)) return undefined;
  const value = Number(text.replaceAll("−", "-").replace(",", "."));
  return Number.isFinite(value) ? value : undefined;
}

/** A cell as text, or null; among words `none` is one (no treatment), not a gap. */
export function cellText(cell: Cell): string | null {
  const text = String(cell).trim();
  return isMissing(cell) && text.toLowerCase() !== "none" ? null : text;
}
