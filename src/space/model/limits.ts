import type { Relation } from "../contract.ts";
import { STRICT } from "./tolerance.ts";

/** Bounds with the tolerance inside: wider for `<=`, narrower for `<`. */
export function limits(relation: Relation, bound: number, slack: number): [number, number] {
  const infinity = Number.POSITIVE_INFINITY;
  switch (relation) {
    case "<=":
      return [-infinity, bound + slack];
    case "<":
      return [-infinity, bound - STRICT * slack];
    case ">=":
      return [bound - slack, infinity];
    case ">":
      return [bound + STRICT * slack, infinity];
    default:
      return [bound - slack, bound + slack];
  }
}
