import { countOf, shortNumber } from "../../../core/format.ts";
import { matrix, rowOf } from "../../../core/matrix.ts";
import { createRng } from "../../../core/rng.ts";
import type { PlanOptions, Proposal } from "../../../search/planning/contract.ts";
import type { Design } from "../../../space/contract.ts";
import { isAtTargetFidelity } from "../at-target-fidelity.ts";
import { bestSoFar, isObjective } from "./best-so-far.ts";
import { choosePlanner, type PlannerChoice } from "./choose-planner.ts";
import type {
  ExperimentSetup,
  Measurement,
  PlanExperiments,
  PlanExperimentsOptions,
  SuggestedOutcome,
  Suggestion,
} from "../contract.ts";
import {
  encodeDesigns,
  encodeMeasurements,
  type EncodedMeasurements,
} from "./encode-measurements.ts";
import { experimentGoals, type ExperimentGoal } from "./experiment-goals.ts";
import { experimentProblem } from "./experiment-problem.ts";
import { nearestMeasurement } from "./nearest-measurement.ts";
import { reasonForSuggestion } from "./reason-for-suggestion.ts";
import { unmeasuredRegion } from "./unmeasured-region.ts";

/**
 * The next batch of experiments, each with its reasons. Completed measurements are learned from, infeasible ones
 * teach what cannot be made, failed ones say nothing, abandoned ones are never proposed again. Before the planner has
 * the measurements it needs, designs fill the space.
 * @throws InputError for outcomes, targets, designs, options or a planner that cannot be used;
 *   UnsupportedError for a problem that the named planner cannot do; InfeasibleError when no design is left
 */
export const planExperiments: PlanExperiments = async (setup, measurements, options) => {
  const goals = experimentGoals(setup, measurements);
  const encoded = encodeMeasurements(setup, goals, measurements);
  const problem = experimentProblem(setup, goals);
  const choice = choosePlanner(problem, encoded.completed, options);
  const plan = await choice.planner.plan(
    problem,
    encoded.observations,
    planOptions(setup, encoded, options),
    choice.settings,
  );
  const start = startOf(choice, encoded.completed, measurements.length);
  const context = { setup, goals, encoded, measurements, models: plan.models };
  return {
    planner: choice.planner.name,
    seed: options.seed,
    suggestions: plan.proposals.map((proposal) =>
      suggestionOf(proposal, context, choice.planner.title, start),
    ),
    models: plan.models,
    warnings: [
      ...failuresOf(measurements),
      ...encoded.warnings,
      ...choice.warnings,
      ...plan.warnings,
    ],
  };
};

/** Failures from which nothing but failing can be learned. */
function failuresOf(measurements: readonly Measurement[]): string[] {
  const isLost =
    measurements.length > 1 && measurements.every(({ status }) => status !== "completed");
  if (!isLost) return [];
  const infeasible = measurements.filter(({ status }) => status === "infeasible").length;
  const why =
    infeasible === 0
      ? "what failed may be suggested again"
      : `what cannot be made is learned from ${countOf(infeasible, "design")}`;
  return [`Not one of ${countOf(measurements.length, "measurement")} succeeded; ${why}.`];
}

/** Why a planner that learns may propose designs about which nothing is believed. */
function startOf(
  { planner, start }: PlannerChoice,
  completed: number,
  told: number,
): string | null {
  if (start !== null || !planner.supports.learns) return start;
  const there =
    completed === 0
      ? told === 0
        ? "nothing is measured yet"
        : `${countOf(told, "measurement")} gave no result yet`
      : `${countOf(completed, "measurement")} ${completed === 1 ? "tells" : "tell"} too little yet`;
  return `${planner.title} begins with designs far from each other, ${there}`;
}

function planOptions(
  { space }: ExperimentSetup,
  { abandoned }: EncodedMeasurements,
  options: PlanExperimentsOptions,
): PlanOptions {
  const { batchSize, seed, pending, pool, replicates, exploration, work } = options;
  return {
    batchSize,
    rng: createRng(seed).fork("experiments"),
    ...(work === undefined ? {} : { work }),
    ...(pending === undefined ? {} : { pending: encodeDesigns(space, pending) }),
    ...(pool === undefined ? {} : { pool: encodeDesigns(space, pool) }),
    ...(abandoned.rows === 0 ? {} : { exclude: abandoned }),
    ...(replicates === undefined ? {} : { replicates }),
    ...(exploration === undefined ? {} : { exploration }),
  };
}

interface SuggestionContext {
  readonly setup: ExperimentSetup;
  readonly goals: readonly ExperimentGoal[];
  readonly encoded: EncodedMeasurements;
  readonly measurements: readonly Measurement[];
  readonly models: readonly Readonly<Record<string, number | string>>[];
}

function suggestionOf(
  proposal: Proposal,
  { setup, goals, encoded, measurements, models }: SuggestionContext,
  planner: string,
  start: string | null,
): Suggestion {
  const { space } = setup;
  const { row, feasibility, meets, expectedGain, exploit, teaches } = proposal;
  const cost = setup.cost?.of(matrix(1, row.length, row))[0];
  const { rows } = encoded.observations;
  const design = space.decode(row);
  const atTarget = isAtTargetFidelity(setup, design);
  const explore = expectedGain === null || exploit === null ? null : expectedGain - exploit;
  const facts = {
    predictions: predictionsOf(proposal, goals, setup, models),
    feasibility,
    meets,
    expectedGain,
    explore,
    teaches,
    ...(cost === undefined ? {} : { cost }),
    nearest: nearestMeasurement(space, row, rows, encoded.measured, measurements),
  };
  const objectives = goals.flatMap(({ goal }, g) => (isObjective(goal) ? [g] : []));
  const reason = reasonForSuggestion({
    ...facts,
    goals,
    measurements,
    rough: atTarget ? null : roughText(setup, design),
    best:
      objectives.length === 1 && atTarget
        ? bestSoFar(goals, objectives[0]!, measurements, isComparable(setup, encoded, measurements))
        : null,
    unmeasured: unmeasuredRegion(space, row, rows),
    planner,
    start,
    costUnit: setup.cost?.unit ?? "1",
  });
  return {
    design,
    constraints: space.check(row),
    acquisition: proposal.value,
    exploit,
    ...facts,
    reason,
  };
}

/** `mesh 1 instead of 4` */
function roughText({ fidelity }: ExperimentSetup, design: Design): string {
  const { parameter, target } = fidelity!;
  return `${parameter.replaceAll("_", " ")} ${shortNumber(design[parameter] as number)} instead of ${shortNumber(target)}`;
}

/**
 * Measurements at other values than those that the space fixes say nothing of what can be reached, nor do those at
 * another fidelity than the one that counts.
 */
function isComparable(
  setup: ExperimentSetup,
  { observations, measured }: EncodedMeasurements,
  measurements: readonly Measurement[],
): (measurement: number) => boolean {
  const { columns } = setup.space;
  const rows = new Map(measured.map((i, k) => [i, rowOf(observations.rows, k)]));
  return (i) => {
    const row = rows.get(i);
    return (
      row !== undefined &&
      isAtTargetFidelity(setup, measurements[i]!.design) &&
      columns.every(
        ({ min, max }, k) => min < max || Math.abs(row[k]! - min) <= 1e-9 * Math.abs(min),
      )
    );
  };
}

function predictionsOf(
  { mean, std }: Proposal,
  goals: readonly ExperimentGoal[],
  { computed = [] }: ExperimentSetup,
  models: SuggestionContext["models"],
): Readonly<Record<string, SuggestedOutcome>> {
  if (mean.length === 0) return {};
  return Object.fromEntries(
    goals.map(({ outcome }, g): [string, SuggestedOutcome] => {
      const noise = models[g]?.["noiseStd"];
      const isKnown = computed.some(({ name }) => name === outcome.name);
      return [
        outcome.name,
        {
          mean: mean[g]!,
          epistemicStd: isKnown ? 0 : std[g]!,
          aleatoricStd: typeof noise === "number" ? noise : 0,
          unit: outcome.unit,
        },
      ];
    }),
  );
}
