/** What a column is for. */
export type Role =
  | { readonly kind: "formula" }
  /** Amount of one element, atomic or mass. */
  | { readonly kind: "fraction"; readonly element: string; readonly basis: "atomic" | "mass" }
  /** A setting of the experiment that a design can vary or fix. */
  | { readonly kind: "process" }
  | { readonly kind: "property" }
  /** Rows that belong together, such as a source paper. */
  | { readonly kind: "group" }
  | { readonly kind: "identifier" }
  | { readonly kind: "ignore" };

/** One column of a table. Missing numbers are NaN, missing texts null. */
export type TableColumn = NumberColumn | TextColumn;

export interface ColumnHead {
  /** Header in the file. */
  readonly header: string;
  /** The header without its unit, lower snake case: `yield_strength`. */
  readonly name: string;
  readonly role: Role;
  /** Why the role was given: `declared`, or what in the header or values told. */
  readonly reason: string;
}

export interface NumberColumn extends ColumnHead {
  readonly kind: "number";
  /** Canonical unit text (`MPa`), `1` for plain numbers. */
  readonly unit: string;
  readonly values: Float64Array;
}

export interface TextColumn extends ColumnHead {
  readonly kind: "text";
  readonly values: readonly (string | null)[];
}

/** A table as read, rows in file order. */
export interface Table {
  /** File or data set name for messages. */
  readonly source: string;
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** What the reader took for granted and the user should know: an encoding, a skipped title row. */
  readonly notes?: readonly string[];
}

/** One finding of the audit, in words and in rows. */
export interface AuditFinding {
  /** The check that found it: `duplicate`, `outlier`, ... */
  readonly kind: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
  /** Rows concerned, counted from 1 below the header. */
  readonly rows: readonly number[];
  /** Names of the columns concerned. */
  readonly columns: readonly string[];
  /** What becomes of the rows: left out, merged into the first of their group, or kept. */
  readonly action: "drop" | "merge" | "keep";
}

export interface Provenance {
  readonly title: string;
  readonly authors: string;
  readonly reference: string;
  readonly doi: string;
  readonly url: string;
  readonly license: string;
  readonly notes: readonly string[];
}
