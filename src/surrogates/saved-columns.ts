import { InputError } from "../core/errors.ts";
import type { InputColumn, JsonValue } from "./contract.ts";

/** The columns as a setting of a saved state; null for none. */
export function columnsToJson(columns: readonly InputColumn[] | undefined): JsonValue {
  if (columns === undefined) return null;
  return columns.map(({ name, kind, levels }) =>
    levels === undefined ? { name, kind } : { name, kind, levels: [...levels] },
  );
}

/** What `columnsToJson` gave. @throws InputError for anything else */
export function columnsFromJson(
  who: string,
  value: JsonValue,
  inputs: number,
): readonly InputColumn[] | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value) && value.length === inputs && value.every(isColumn)) return value;
  throw new InputError(`${who}: "columns" of the saved model: expected ${inputs} columns.`, {
    path: "columns",
    hint: "The file is damaged; train the model again.",
  });
}

function isColumn(value: unknown): value is InputColumn {
  if (typeof value !== "object" || value === null) return false;
  const { name, kind, levels } = value as Record<string, unknown>;
  return (
    typeof name === "string" &&
    (kind === "number" || kind === "category" || kind === "source") &&
    (levels === undefined ||
      (Array.isArray(levels) && levels.every((level) => typeof level === "string")))
  );
}
