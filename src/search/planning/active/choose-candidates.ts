import { exp } from "../../../core/elementary.ts";
import { matrix, rowOf, takeRows, type Matrix } from "../../../core/matrix.ts";
import { checkpoint } from "../../../core/work.ts";
import { embeddingOf, placeRows } from "../../belief/embedding.ts";
import type { PlanningRun } from "../begin-planning.ts";
import type { ExperimentProblem, Observations, PlanOptions } from "../contract.ts";
import { describeProposal } from "../describe-proposal.ts";
import { perCost } from "../factors/cost.ts";
import { targetFidelity, toldByFidelity } from "../factors/fidelity.ts";
import type { LogFactor } from "../factors/weighed-acquisition.ts";
import { evenly, spreadDesigns } from "../maximise/raw-designs.ts";
import { believing, stacked, withLabels, type OutcomeBeliefs } from "../outcome-beliefs.ts";
import type { ActiveSettings, ActiveSpec } from "./contract.ts";
import { diverseBatch } from "./diverse-batch.ts";

/** Rows that integrals over the space are taken at. */
const referenceRows = 128;

/**
 * Fills the plan with the candidates that teach most: by their score, the chance that they can be made, what their
 * fidelity tells of the one that counts, and their cost. Once a first design says what the batch shares, new
 * candidates are drawn from the space that is left.
 */
export async function chooseCandidates<Options extends object>(
  spec: ActiveSpec<Options>,
  settings: Options & ActiveSettings,
  run: PlanningRun,
  problem: ExperimentProblem,
  observations: Observations,
  options: PlanOptions,
  fitted: OutcomeBeliefs,
): Promise<void> {
  const { space } = problem;
  const { rng, work = {}, pending = matrix(0, space.dimension) } = options;
  const fidelity = targetFidelity(spec.name, problem);
  /** Designs as they would be at the fidelity that counts. */
  const counted = (of: Matrix): Matrix => fidelity?.rows(of) ?? of;
  const cost =
    problem.cost === undefined ? undefined : perCost(spec.name, (of) => problem.cost!(of));
  const drawn = (label: string): Matrix =>
    openOf(run, run.pool ?? spreadDesigns(run.space, settings.candidates, rng.fork(label)));

  let searched = space;
  let candidates = drawn("candidates");
  if (candidates.rows === 0) return;
  const reference = counted(evenly(candidates, referenceRows));
  const outcomes = believing(fitted, pending);
  const labelled = await withLabels(fitted, problem, observations, rng);
  const rows = stacked([observations.rows, pending], space.dimension);
  const total = run.remaining;

  const score = async (current: OutcomeBeliefs, seen: Matrix): Promise<Float64Array> => {
    const done = total - run.remaining;
    await checkpoint(work, { label: spec.title, done, total });
    const scores = await spec.score(
      {
        problem,
        observations,
        outcomes: current,
        candidates: spec.looksAhead === true ? candidates : counted(candidates),
        seen: counted(seen),
        reference,
        rng: rng.fork(`design ${done}`),
        work,
      },
      settings,
    );
    const chances = fitted.feasibility?.probability(candidates);
    const isTold = fidelity !== undefined && spec.looksAhead !== true;
    const factors: LogFactor[] = [
      ...(isTold ? [toldByFidelity(current.beliefs, fidelity)] : []),
      ...(cost === undefined ? [] : [cost]),
    ];
    const logs = factors.map((factor) => factor(candidates));
    return scores.map((value, i) => {
      const factor = logs.reduce((product, one) => product * exp(one[i]), chances?.[i] ?? 1);
      return Math.max(0, value) * factor;
    });
  };

  let [current, seen] = [believing(labelled, pending), rows];
  while (run.remaining > 0) {
    if (run.space !== searched) {
      searched = run.space;
      candidates = drawn("candidates, shared");
      if (candidates.rows === 0) return;
    }
    const scores = await score(current, seen);
    const order =
      settings.batch === "one-by-one"
        ? Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a])
        : apart(settings.batch, scores);
    const before = run.remaining;
    for (const i of order) {
      const row = Float64Array.from(rowOf(candidates, i));
      if (!run.isOpen(row)) continue;
      const believed = { outcomes, current, rows: counted(rows), counted, reference };
      run.choose(describeProposal(row, scores[i], believed));
      const one = matrix(1, row.length, row);
      current = believing(current, one);
      seen = stacked([seen, one], space.dimension);
      if (settings.batch === "one-by-one" || run.space !== searched) break;
    }
    if (run.remaining === before) return;
  }

  /** Candidates that lie apart from each other and from what is chosen already. */
  function apart(
    method: Exclude<ActiveSettings["batch"], "one-by-one">,
    scores: Float64Array,
  ): number[] {
    const chosen = run.chosen();
    const embedding = embeddingOf(space.columns, candidates);
    const place = (of: Matrix): Matrix => placeRows(embedding, counted(of));
    // What is chosen already was worth as much as the best that is left.
    const best = scores.reduce((most, value) => Math.max(most, value), 0);
    const first = Array.from({ length: chosen.rows }, (_, k) => candidates.rows + k);
    const batch = diverseBatch(method, {
      points: place(stacked([candidates, chosen], space.dimension)),
      known: place(rows),
      scores: Float64Array.of(...scores, ...first.map(() => best)),
      count: total,
      first,
      rng: rng.fork("batch"),
    });
    return batch.slice(first.length);
  }
}

function openOf(run: PlanningRun, rows: Matrix): Matrix {
  const open = Array.from({ length: rows.rows }, (_, i) => i).filter((i) =>
    run.isOpen(rowOf(rows, i)),
  );
  return takeRows(rows, open);
}
