import { rowOf, type Matrix } from "../../core/matrix.ts";
import type { DesignNouns } from "../../domains/contract.ts";
import { violationOf, type TargetGoal } from "../../search/objectives.ts";
import type { ConstraintCheck, Fractions, SearchSpace } from "../../space/contract.ts";
import type { Prediction } from "../../surrogates/contract.ts";
import type { ForwardModel } from "../../surrogates/forward-model.ts";
import { worst } from "../../surrogates/validity/domain-of-validity.ts";
import type {
  Candidate,
  CandidateDesign,
  CandidateValidity,
  MeasuredDesign,
  TargetSummary,
} from "../contract.ts";
import { designText, type Setting } from "./design-text.ts";
import type { Novelty } from "./novelty.ts";
import { reasonFor } from "./reason.ts";

/** Everything that the rows of a search need to become candidates. */
export interface CandidateContext {
  readonly space: SearchSpace;
  /** Whether the composition is of elements. */
  readonly isAlloy: boolean;
  readonly nouns: DesignNouns;
  /** How the rows stand to what was measured; null without data. */
  readonly novelty: Novelty | null;
  readonly targets: readonly TargetSummary[];
  /** One per target, in order. */
  readonly models: readonly ForwardModel[];
  /** What each of them says of the designs. */
  readonly predictions: readonly Prediction[];
  readonly goals: readonly TargetGoal[];
  readonly measured: readonly MeasuredDesign[];
}

/**
 * Candidates for encoded designs, in the order given.
 * @param rank Pareto rank of each row
 */
export function toCandidates(
  rows: Matrix,
  rank: ArrayLike<number>,
  context: CandidateContext,
): Candidate[] {
  const { space, targets, predictions, goals, measured, novelty } = context;
  const validity = validityOf(rows, context, novelty?.isFar);
  const violations = goals.map((goal, t) => violationOf(goal, columnsOf(predictions[t]!)));

  const facts = Array.from({ length: rows.rows }, (_, i) => {
    const row = rowOf(rows, i);
    const outcomes = targets.flatMap((target, t): ConstraintCheck[] =>
      target.low === null && target.high === null
        ? []
        : target.kind === "match"
          ? []
          : [
              {
                text: target.text,
                value: predictions[t]!.mean.data[i]!,
                unit: target.unit,
                satisfied: violations[t]![i] === 0,
              },
            ],
    );
    const constraints = [...space.check(row), ...outcomes];
    return {
      id: `c${String(i + 1).padStart(2, "0")}`,
      design: designOf(space, row, context.isAlloy),
      predictions: Object.fromEntries(
        targets.map((target, t) => [
          target.property,
          {
            mean: predictions[t]!.mean.data[i]!,
            epistemicStd: predictions[t]!.epistemicStd.data[i]!,
            aleatoricStd: predictions[t]!.aleatoricStd.data[i]!,
            unit: target.unit,
          },
        ]),
      ),
      feasible: constraints.every((check) => check.satisfied),
      constraints,
      distance: novelty?.distance[i] ?? null,
      extrapolation: novelty?.isFar[i] ?? false,
      validity: validity[i]!,
      nearest: novelty?.nearest[i] ?? null,
      paretoRank: rank[i]!,
    };
  });
  return facts.map((one) => ({
    ...one,
    reason: reasonFor(one, targets, facts, measured, context.nouns),
  }));
}

const columnsOf = (
  prediction: Prediction,
): Record<"mean" | "epistemicStd" | "aleatoricStd", Float64Array> => ({
  mean: prediction.mean.data,
  epistemicStd: prediction.epistemicStd.data,
  aleatoricStd: prediction.aleatoricStd.data,
});

/** A row of the space as people write it. */
export function designOf(space: SearchSpace, row: Float64Array, isAlloy: boolean): CandidateDesign {
  let fractions: Fractions = {};
  const process: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(space.decode(row))) {
    if (typeof value === "object") fractions = value;
    else process[name] = value;
  }
  const unitOf = (name: string): string =>
    space.columns.find(({ label }) => label === name)?.unit ?? "1";
  const settings = Object.entries(process).map(([name, value]): Setting => [
    name,
    value,
    unitOf(name),
  ]);
  return { formula: designText(fractions, settings, isAlloy), fractions, process };
}

/**
 * The verdicts of all learned models on each design, joined with the distance of its composition to
 * everything measured: a design far from that is at the edge at best.
 */
function validityOf(
  rows: Matrix,
  { models }: CandidateContext,
  isFar: readonly boolean[] = [],
): (CandidateValidity | null)[] {
  const judged = models.flatMap((model) =>
    model.validity === undefined
      ? []
      : [{ title: model.property.title, verdicts: model.validity(rows) }],
  );
  return Array.from({ length: rows.rows }, (_, i): CandidateValidity | null => {
    if (judged.length === 0) return null;
    const own = judged.map(({ title, verdicts }) => ({ title, ...verdicts[i]! }));
    const far = isFar[i] === true ? ["its composition is beyond the measured ones"] : [];
    const verdict = worst([
      ...own.map((one) => one.verdict),
      ...(isFar[i] === true ? ["edge" as const] : []),
    ]);
    const gravest = own.sort(
      (a, b) => Number(b.verdict === verdict) - Number(a.verdict === verdict),
    );
    const reasons = gravest.flatMap(({ title, reasons: given }) =>
      given.map((reason) => (judged.length > 1 ? `${title}: ${reason}` : reason)),
    );
    return { verdict, reasons: [...reasons, ...far] };
  });
}
