import { InputError } from "../../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../../core/matrix.ts";
import { embeddingOf, placeRows } from "../../belief/embedding.ts";
import { requireWhole } from "../../run.ts";
import { activePlanner } from "./active-planner.ts";
import type { ScoreContext } from "./contract.ts";

export interface NoveltySettings {
  /** What shall be new: the outcomes that are expected of a design, or the design itself. */
  readonly of: "outcomes" | "designs";
  /** Nearest known neighbours whose distances are averaged. */
  readonly neighbours: number;
}

/**
 * Measures what is least like anything known: the mean distance to the nearest known neighbours, by expected outcomes
 * over their scale (which finds designs with properties not seen before, wherever they lie) or by designs, in shares of
 * the columns' ranges.
 * Source: J. Lehman, K. O. Stanley, Evol. Comput. 19, 189 (2011), doi:10.1162/EVCO_a_00025; for materials K. Terayama
 *   et al., Chem. Sci. 11, 5959 (2020), doi:10.1039/D0SC00982B.
 */
export const noveltySearch = activePlanner<NoveltySettings>({
  name: "novelty",
  title: "What is least like anything known",
  batch: "one-by-one",
  oneByOne: true,
  defaults: { of: "outcomes", neighbours: 3 },
  about: {
    of: {
      text: "what shall be new: expected outcomes, or the design",
      values: ["outcomes", "designs"],
    },
    neighbours: "nearest known neighbours whose distances are averaged",
  },
  score(context, { of, neighbours }) {
    requireWhole("novelty", "neighbours", neighbours, 1);
    if (of !== "outcomes" && of !== "designs") {
      throw new InputError(`novelty: expected outcomes or designs, got "${of as string}".`, {
        path: "of",
      });
    }
    const { candidates, seen, problem } = context;
    const place = (rows: Matrix): Matrix =>
      of === "outcomes"
        ? expectedOutcomes(context, rows)
        : placeRows(embeddingOf(problem.space.columns, candidates), rows);
    const [points, known] = [place(candidates), place(seen)];
    const distances = new Float64Array(known.rows);
    const scores = new Float64Array(points.rows);
    for (let i = 0; i < points.rows; i++) {
      for (let j = 0; j < known.rows; j++)
        distances[j] = distance(rowOf(points, i), rowOf(known, j));
      distances.sort();
      const nearest = distances.subarray(0, neighbours);
      scores[i] = nearest.reduce((sum, value) => sum + value, 0) / Math.max(1, nearest.length);
    }
    return scores;
  },
});

/** Means over the outcomes' scales, n x goals. */
function expectedOutcomes({ outcomes: { beliefs, goals } }: ScoreContext, rows: Matrix): Matrix {
  const points = matrix(rows.rows, goals.length);
  beliefs.forEach((belief, g) => {
    belief.marginal(rows).mean.forEach((value, i) => {
      points.data[i * goals.length + g] = value / goals[g].scale;
    });
  });
  return points;
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return Math.sqrt(sum);
}
