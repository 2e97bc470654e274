import { rowOf, type Matrix } from "../core/matrix.ts";
import { textAt } from "../data/table.ts";
import { alloyFormula } from "../materials/format-composition.ts";
import { extrapolationLimit, nearestMeasured } from "../search/novelty.ts";
import { violationOf, type TargetGoal } from "../search/objectives.ts";
import type { ConstraintCheck, Fractions, SearchSpace } from "../space/contract.ts";
import type { Prediction } from "../surrogates/contract.ts";
import type { ForwardModel } from "../surrogates/forward-model.ts";
import { worst } from "../surrogates/validity/domain-of-validity.ts";
import type {
  Candidate,
  CandidateDesign,
  CandidateValidity,
  MeasuredDesign,
  Neighbour,
  TargetSummary,
} from "./contract.ts";
import { reasonFor } from "./reason.ts";
import type { PreparedData } from "./prepared-data.ts";
import { elementsOf, fractionsOfRows } from "./space-rows.ts";

/** Everything that the rows of a search need to become candidates. */
export interface CandidateContext {
  readonly space: SearchSpace;
  readonly data: PreparedData;
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
): { readonly candidates: Candidate[]; readonly extrapolationLimit: number } {
  const { space, targets, predictions, goals, measured } = context;
  const novelty = noveltyOf(rows, context);
  const validity = validityOf(rows, context, novelty.isFar);
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
      design: designOf(space, row),
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
      distance: novelty.distance[i]!,
      extrapolation: novelty.isFar[i]!,
      validity: validity[i]!,
      nearest: novelty.nearest[i]!,
      paretoRank: rank[i]!,
    };
  });
  return {
    candidates: facts.map((one) => ({ ...one, reason: reasonFor(one, targets, facts, measured) })),
    extrapolationLimit: novelty.limit,
  };
}

const columnsOf = (
  prediction: Prediction,
): Record<"mean" | "epistemicStd" | "aleatoricStd", Float64Array> => ({
  mean: prediction.mean.data,
  epistemicStd: prediction.epistemicStd.data,
  aleatoricStd: prediction.aleatoricStd.data,
});

function designOf(space: SearchSpace, row: Float64Array): CandidateDesign {
  let fractions: Fractions = {};
  const process: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(space.decode(row))) {
    if (typeof value === "object") fractions = value;
    else process[name] = value;
  }
  return { formula: alloyFormula(fractions), fractions, process };
}

/**
 * The verdicts of all learned models on each design, joined with the distance of its composition to
 * everything measured: a design far from that is at the edge at best.
 */
function validityOf(
  rows: Matrix,
  { models }: CandidateContext,
  isFar: readonly boolean[],
): (CandidateValidity | null)[] {
  const judged = models.flatMap((model) =>
    model.validity === undefined
      ? []
      : [{ title: model.property.title, verdicts: model.validity(rows) }],
  );
  return Array.from({ length: rows.rows }, (_, i): CandidateValidity | null => {
    if (judged.length === 0) return null;
    const own = judged.map(({ title, verdicts }) => ({ title, ...verdicts[i]! }));
    const far = isFar[i]! ? ["its composition is beyond the measured ones"] : [];
    const verdict = worst([
      ...own.map((one) => one.verdict),
      ...(isFar[i]! ? ["edge" as const] : []),
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

/** Compares designs with every measured composition that the models may have seen. */
function noveltyOf(
  rows: Matrix,
  { space, data }: CandidateContext,
): {
  readonly limit: number;
  readonly distance: Float64Array;
  readonly isFar: readonly boolean[];
  readonly nearest: readonly Neighbour[];
} {
  const symbols = [...new Set([...data.symbols, ...elementsOf(space)])];
  const kept = data.isKept.flatMap((isKept, row) => (isKept ? [row] : []));
  const known = data.fractionsOf(kept, symbols);
  const proposed = fractionsOfRows(space, rows, symbols);
  const limit = extrapolationLimit(known);
  const { index, distance } =
    rows.rows === 0
      ? { index: new Int32Array(), distance: new Float64Array() }
      : nearestMeasured({ fractions: proposed }, { fractions: known });
  const isSeen = symbols.map((symbol) => data.symbols.includes(symbol));
  return {
    limit,
    distance,
    isFar: Array.from({ length: rows.rows }, (_, i) => {
      const row = rowOf(proposed, i);
      return distance[i]! > limit || symbols.some((_, j) => row[j]! > 0 && !isSeen[j]!);
    }),
    nearest: Array.from({ length: rows.rows }, (_, i): Neighbour => {
      const row = kept[index[i]!]!;
      return {
        formula: measuredFormula(data, row),
        row: row + 1,
        difference: differenceText(rowOf(proposed, i), rowOf(known, index[i]!), symbols),
      };
    }),
  };
}

/** The formula as the data writes it, else from its fractions. */
export function measuredFormula(data: PreparedData, row: number): string {
  const column = data.dataset.table.columns.find((one) => one.role.kind === "formula");
  return column === undefined ? alloyFormula(data.fractions(row)) : textAt(column, row);
}

const largestDifferences = 4;

/** The largest differences of two compositions in atomic percent: `Nb +5, Ti -5 at%`. */
function differenceText(
  row: Float64Array,
  other: Float64Array,
  symbols: readonly string[],
): string {
  const parts = symbols
    .map((symbol, j) => ({ symbol, percent: 100 * (row[j]! - other[j]!) }))
    .filter(({ percent }) => Math.abs(percent) >= 0.05)
    .sort((a, b) => Math.abs(b.percent) - Math.abs(a.percent) || (a.symbol < b.symbol ? -1 : 1));
  if (parts.length === 0) return "the same composition";
  const texts = parts.slice(0, largestDifferences).map(({ symbol, percent }) => {
    const size = Math.abs(percent).toFixed(1).replace(/\.0$/, "");
    return `${symbol} ${percent > 0 ? "+" : "−"}${size}`;
  });
  return `${texts.join(", ")}${parts.length > largestDifferences ? ", ..." : ""} at%`;
}
