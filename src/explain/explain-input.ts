import { InputError, ShapeError, UnsupportedError } from "../core/errors.ts";
import { matrix, type Matrix } from "../core/matrix.ts";
import type { ExplainedModel, ExplainerSpec, ExplainInput, FeatureGroup } from "./contract.ts";

/**
 * Checks what an explainer was given; returns the groups of columns, one for each column by default.
 * @throws what `ExplainerSpec.explain` promises
 */
export function checkExplainInput(
  { name, supports }: Pick<ExplainerSpec, "name" | "supports">,
  { model, x, background, groups }: ExplainInput,
): readonly FeatureGroup[] {
  const who = `${name}.explain`;
  if (supports.model !== "any" && model[supports.model] === undefined) {
    throw new UnsupportedError(
      `${who}: explains models made of ${needs[supports.model]} only, and this one is not.`,
      { path: "model", hint: "Choose kernel-shap or permutation-shap, which explain any model." },
    );
  }
  checkRows(who, "x", model, x);
  checkRows(who, "background", model, background);
  if (background.rows === 0) {
    throw new InputError(`${who}: expected at least 1 background row, got none.`, {
      path: "background",
      hint: "Give the training rows or a sample of them.",
    });
  }
  if (groups === undefined) return Array.from({ length: model.inputs }, (_, j) => [j]);
  const seen = new Set(groups.flat());
  const count = groups.reduce((sum, group) => sum + group.length, 0);
  const isDivision =
    count === model.inputs &&
    seen.size === model.inputs &&
    groups.every((group) => group.length > 0 && group.every((j) => j >= 0 && j < model.inputs));
  if (!isDivision) {
    throw new InputError(
      `${who}: expected groups that hold each of the ${model.inputs} columns exactly once.`,
      { path: "groups", received: JSON.stringify(groups).slice(0, 200) },
    );
  }
  return groups;
}

const needs = { trees: "trees", plane: "one plane", layers: "fully connected layers" } as const;

/** Checks the columns of rows for a model, and that every number is finite. */
export function checkRows(
  who: string,
  path: string,
  model: Pick<ExplainedModel, "inputs">,
  x: Matrix,
): void {
  if (x.columns !== model.inputs) {
    throw new ShapeError(
      `${who}: expected ${model.inputs} columns in ${path} as the model has, got ${x.columns}.`,
      { path, expected: `${model.inputs} columns`, received: `${x.columns}` },
    );
  }
  for (let k = 0; k < x.data.length; k++) {
    if (Number.isFinite(x.data[k])) continue;
    const place = `row ${Math.floor(k / x.columns)}, column ${k % x.columns}`;
    throw new InputError(
      `${who}: expected finite numbers in ${path}, got ${x.data[k]} in ${place}.`,
      { path: `${path}, ${place}`, received: `${x.data[k]}` },
    );
  }
}

/** Sums the columns of each group: n x d to n x groups. */
export function sumGroups(perColumn: Matrix, groups: readonly FeatureGroup[]): Matrix {
  const result = matrix(perColumn.rows, groups.length);
  for (let i = 0; i < perColumn.rows; i++) {
    groups.forEach((group, g) => {
      let sum = 0;
      for (const j of group) sum += perColumn.data[i * perColumn.columns + j];
      result.data[i * groups.length + g] = sum;
    });
  }
  return result;
}
