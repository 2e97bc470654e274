import { InputError } from "../../../core/errors.ts";
import { takeRows, type Matrix } from "../../../core/matrix.ts";
import { suggest } from "../../../core/nearest-name.ts";
import type { Rng } from "../../../core/rng.ts";
import type { SurrogateSpec } from "../../../surrogates/contract.ts";
import { surrogates } from "../../../surrogates/registry.ts";
import { embeddingOf, placeRows } from "../../belief/embedding.ts";
import { requireWhole } from "../../run.ts";
import { activePlanner } from "./active-planner.ts";
import type { ScoreContext } from "./contract.ts";

export interface CommitteeSettings {
  /** Families of the members, by their names in the registry of surrogates. */
  readonly families: readonly string[];
  /** Members of each family, each learned from rows drawn with replacement; 0 = one, from all rows. */
  readonly resamples: number;
}

/**
 * Measures where a committee disagrees: the standard deviation of the members' predictions, over the outcome's scale,
 * mean over the goals. Members are families that see the same rows differently, or one family on different draws of the
 * rows.
 * Source: H. S. Seung, M. Opper, H. Sompolinsky, Proc. COLT (1992), 287, doi:10.1145/130385.130417; for numbers R.
 *   Burbidge, J. J. Rowland, R. D. King, Proc. IDEAL (2007), 209.
 */
export const queryByCommittee = activePlanner<CommitteeSettings>({
  name: "query-by-committee",
  title: "Where models disagree",
  batch: "dpp",
  oneByOne: false,
  leastMeasured: 4,
  defaults: { families: ["gaussian-process"], resamples: 8 },
  about: {
    families: "families of the members, by the names of ystar models",
    resamples:
      "members of each family, each from rows drawn with replacement; 0 = one, from all rows",
  },
  async score(context, { families, resamples }) {
    requireWhole("query-by-committee", "resamples", resamples, 0);
    const members = families.map(familyOf);
    if (members.length * Math.max(1, resamples) < 2) {
      throw new InputError("query-by-committee: expected two members or more, got one.", {
        path: "families",
        hint: "Name further families, or ask for resamples.",
      });
    }
    const { goals } = context.problem;
    const scores = new Float64Array(context.candidates.rows);
    for (const [g, { scale }] of goals.entries()) {
      const answers: Float64Array[] = [];
      for (const spec of members) {
        for (let k = 0; k < Math.max(1, resamples); k++) {
          const rng = context.rng.fork(`goal ${g}, ${spec.name} ${k}`);
          answers.push(await ask(spec, context, g, resamples > 0, rng));
        }
      }
      for (let i = 0; i < scores.length; i++) {
        scores[i] += disagreement(answers, i) / scale / goals.length;
      }
    }
    return scores;
  },
});

function familyOf(name: string): SurrogateSpec {
  const known = Object.keys(surrogates);
  if (!known.includes(name)) {
    throw new InputError(
      `query-by-committee: expected families of ${known.join(", ")}, got "${name}".`,
      { path: "families", hint: suggest(name, known) },
    );
  }
  return surrogates[name as keyof typeof surrogates];
}

/** Predictions of one new member at the candidates. */
async function ask(
  spec: SurrogateSpec,
  { problem: { space, goals }, observations, candidates, work }: ScoreContext,
  goal: number,
  isResampled: boolean,
  rng: Rng,
): Promise<Float64Array> {
  const { rows, outcomes } = observations;
  const at = (i: number): number => outcomes.data[i * goals.length + goal];
  const measured = Array.from({ length: rows.rows }, (_, i) => i).filter(
    (i) => !Number.isNaN(at(i)),
  );
  const drawn = isResampled ? resampled(measured, rng) : measured;
  const embedding = embeddingOf(space.columns, rows);
  const inputs = (of: Matrix): Matrix => placeRows(embedding, of);
  const member = await spec.fit({
    x: inputs(takeRows(rows, drawn)),
    y: Float64Array.from(drawn, at),
    task: { kind: "regression" },
    rng: rng.fork("fit"),
    work: { signal: work.signal },
  });
  return member.predict(inputs(candidates)).mean.data;
}

/** As many rows, drawn with replacement; two different ones at least. */
function resampled(rows: readonly number[], rng: Rng): number[] {
  for (;;) {
    const drawn = rows.map(() => rows[rng.integer(rows.length)]);
    if (drawn.some((row) => row !== drawn[0])) return drawn;
  }
}

function disagreement(answers: readonly Float64Array[], i: number): number {
  const mean = answers.reduce((sum, answer) => sum + answer[i], 0) / answers.length;
  const squares = answers.reduce((sum, answer) => sum + (answer[i] - mean) * (answer[i] - mean), 0);
  return Math.sqrt(squares / (answers.length - 1));
}
