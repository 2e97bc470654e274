import { cos } from "../../src/core/elementary.ts";
import { matrix, rowOf } from "../../src/core/matrix.ts";
import type { SearchProblem } from "../../src/search/contract.ts";
import type { SpaceSpec } from "../../src/space/model/model.ts";
import { createSpace } from "../../src/space/create-space.ts";

const recipe = { A: 0.2, B: 0, C: 0.45, D: 0, E: 0.35, F: 0 };
const weights = [3, 1, 2, 1, 4, 2];
const components = Object.keys(recipe);

/** Two or three of six components, each absent or 5 to 60 %, two limits on sums. */
const spec: SpaceSpec = {
  parameters: [
    {
      kind: "composition",
      name: "mixture",
      elements: components.map((symbol) => ({ symbol, min: 0.05, max: 0.6 })),
      count: { min: 2, max: 3 },
    },
  ],
  constraints: [
    {
      kind: "linear",
      text: "A + B <= 0.5",
      coefficients: { A: 1, B: 1 },
      relation: "<=",
      bound: 0.5,
    },
    {
      kind: "linear",
      text: "C + D + E >= 0.4",
      coefficients: { C: 1, D: 1, E: 1 },
      relation: ">=",
      bound: 0.4,
    },
  ],
  quantities: [],
};

/** The value of a mixture: squared distance to a recipe with ripples around it; 0 there, above elsewhere. */
export function mixtureAt(x: ArrayLike<number>): number {
  let sum = 0;
  components.forEach((name, k) => {
    const gap = x[k] - recipe[name as keyof typeof recipe];
    sum += weights[k] * gap * gap + 0.05 * (1 - cos(6 * Math.PI * gap));
  });
  return sum;
}

/** A six-component mixture with n-choose-k and group limits, whose least value is 0. */
export async function mixtureProblem(): Promise<SearchProblem> {
  return {
    space: await createSpace(spec),
    objectives: [{ label: "distance to the recipe" }],
    evaluate(rows) {
      const objectives = matrix(rows.rows, 1);
      for (let i = 0; i < rows.rows; i++) objectives.data[i] = mixtureAt(rowOf(rows, i));
      return { objectives, violation: new Float64Array(rows.rows) };
    },
  };
}
