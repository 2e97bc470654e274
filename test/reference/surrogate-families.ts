import { readFileSync } from "node:fs";

interface Answers {
  readonly numbers: number[];
  readonly classes: number[];
}

interface Rows {
  readonly x: number[];
  readonly y: number[];
  readonly rows: number[];
  readonly labels: number[];
}

interface FamilyValues {
  readonly boosting: Rows &
    Record<
      "squared" | "coarse" | "deep" | "quantile" | "monotone" | "two" | "three" | "huber",
      number[]
    >;
  readonly extraTrees: Rows & Record<"all" | "two", Answers>;
  readonly nearest: Rows & Record<"distance" | "uniform", Answers>;
  readonly lasso: Record<
    "x" | "y" | "fold" | "lasso" | "net" | "penalties" | "squaredErrors" | "chosen",
    number[]
  > & { readonly penalty: number };
}

/** Values made by surrogate-families.py beside this file. */
export const familyValues = JSON.parse(
  readFileSync(new URL("surrogate-families.json", import.meta.url), "utf8"),
) as FamilyValues;
