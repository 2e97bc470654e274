import { readFileSync } from "node:fs";

type Key =
  | "x"
  | "y"
  | "labels"
  | "rows"
  | "scaled"
  | "components"
  | "median"
  | "indicated"
  | "square"
  | "cube"
  | "interactions"
  | "information"
  | "classInformation"
  | "lassoOrder";

/** Values made by features.py beside this file; null is missing. */
export const featureValues = JSON.parse(
  readFileSync(new URL("features.json", import.meta.url), "utf8"),
) as Readonly<Record<Key, readonly number[]>> & {
  readonly holes: readonly (number | null)[];
  readonly varianceKept: number;
};
