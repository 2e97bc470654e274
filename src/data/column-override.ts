import { InputError } from "../core/errors.ts";
import { nearestName } from "../core/nearest-name.ts";
import { canonicalUnit } from "../core/units.ts";
import { isElement } from "../materials/elements.ts";
import type { Role } from "./contract.ts";

/** What a user or a data set says about a column; what is left out is inferred. */
export interface ColumnOverride {
  readonly role?: Role;
  readonly unit?: string;
  readonly name?: string;
  /** Read as numbers or as texts, whatever the cells look like. */
  readonly kind?: "number" | "text";
}

const plainRoles = ["formula", "process", "property", "group", "identifier", "ignore"] as const;

/**
 * Reads a column's role from a text: `formula`, `process`, `property`, `group`, `identifier`, `ignore`,
 * `fraction Al` (atomic) or `fraction Al [wt%]`; a unit may follow in brackets: `property [MPa]`.
 * @throws InputError for another word (with the nearest), an unknown element or unit
 */
export function parseColumnOverride(text: string, column: string): ColumnOverride {
  const match = /^\s*(\w+)(?:\s+(\w+))?\s*(?:\[(.*)\])?\s*$/su.exec(text);
  const word = match?.[1] ?? text;
  const unit = match?.[3] === undefined ? undefined : canonicalUnit(match[3]);
  const withUnit = unit === undefined ? {} : { unit };
  if (word === "fraction") {
    const element = match?.[2];
    if (element === undefined || !isElement(element)) {
      throw new InputError(`column "${column}": "${text}" does not name an element.`, {
        path: `columns.${column}`,
        expected: '"fraction Al", "fraction Al [at%]" or "fraction Al [wt%]"',
        received: text,
      });
    }
    const basis = unit === "wt%" || unit === "wppm" ? "mass" : "atomic";
    return { role: { kind: "fraction", element, basis }, ...withUnit };
  }
  const kind = plainRoles.find((role) => role === word);
  if (kind === undefined || match?.[2] !== undefined) {
    const near = nearestName(word, [...plainRoles, "fraction"]);
    throw new InputError(`column "${column}": "${text}" is no role.`, {
      path: `columns.${column}`,
      expected: `${plainRoles.join(", ")} or fraction <element>, with a unit in brackets where it has one`,
      received: text,
      ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
    });
  }
  return { role: { kind }, ...withUnit };
}
