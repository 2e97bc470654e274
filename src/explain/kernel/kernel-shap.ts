import { matrix, rowOf } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint } from "../../core/work.ts";
import { InputError } from "../../core/errors.ts";
import { checkNumberOption, withDefaults } from "../../surrogates/fit-input.ts";
import {
  coalitionValues,
  meanPrediction,
  placeContributions,
  type CoalitionValues,
} from "../coalition-values.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "../contract.ts";
import { checkExplainInput } from "../explain-input.ts";
import { nullPlayers } from "../games.ts";
import {
  automaticSamples,
  coalitionCount,
  sampleCoalitions,
  type CoalitionSample,
} from "./coalitions.ts";
import { ConstrainedLeastSquares } from "./constrained-least-squares.ts";

/** Options of `kernel-shap`; plain JSON. */
export interface KernelShapOptions {
  /** Coalitions evaluated per row; `auto`: 2 features + 2048, at most all there are. */
  readonly samples: number | "auto";
}

/**
 * Kernel SHAP: Shapley values as weighted least squares over coalitions, without any shrinkage of small
 * contributions. Exact when the samples hold all coalitions (up to 11 features by default), and exact
 * for functions without interactions with any sample. A feature that no coalition of a complete sample
 * needs gets exactly 0.
 * Source: S. M. Lundberg, S.-I. Lee, "A unified approach to interpreting model predictions", NeurIPS 30
 * (2017), arXiv:1705.07874.
 */
export const kernelShap = {
  name: "kernel-shap",
  title: "Kernel SHAP",
  supports: { model: "any", isLocallyAccurate: true, isExact: false },
  defaults: { samples: "auto" },
  explain: explainByKernel,
} as const satisfies ExplainerSpec<KernelShapOptions>;

async function explainByKernel(
  input: ExplainInput,
  options?: Partial<KernelShapOptions>,
): Promise<Explanation> {
  const { name, defaults } = kernelShap;
  const groups = checkExplainInput(kernelShap, input);
  const { samples } = withDefaults<KernelShapOptions>(name, defaults, options);
  if (samples !== "auto") checkNumberOption(name, "samples", samples, { min: 1, integer: true });
  const { model, x, background, rng, work = {} } = input;
  const base = meanPrediction(model.predict, background);
  const predictions = model.predict(x);
  const contributions = matrix(x.rows, groups.length);
  const designs = new Map<number, Design>();
  for (let i = 0; i < x.rows; i++) {
    await checkpoint(work, { label: "kernel SHAP", done: i, total: x.rows });
    const values = coalitionValues(model, rowOf(x, i), background, groups);
    const players = values.varying.length;
    if (players === 0) continue;
    let phi = Float64Array.of(predictions[i] - base);
    if (players > 1) {
      let design = designs.get(players);
      if (design === undefined) designs.set(players, (design = designOf(players, samples, rng)));
      phi = solveRow(design, players, values, base, predictions[i]);
    }
    placeContributions(contributions, i, values.varying, phi);
  }
  await checkpoint(work, { label: "kernel SHAP", done: x.rows, total: x.rows });
  return {
    method: name,
    base: new Float64Array(x.rows).fill(base),
    contributions,
    predictions,
  };
}

/** The coalitions for a number of players, shared by all rows, and their least squares. */
interface Design {
  readonly sample: CoalitionSample;
  /** Those of the sample, then none and all of the players. */
  readonly coalitions: Uint8Array;
  readonly solver: ConstrainedLeastSquares;
}

function designOf(players: number, samples: number | "auto", rng: Rng): Design {
  const least = Math.min(2 * players, coalitionCount(players));
  const budget = samples === "auto" ? automaticSamples(players) : samples;
  if (budget < least) {
    throw new InputError(
      `${kernelShap.name}: expected at least ${least} samples for ${players} features, got ${budget}.`,
      { path: "samples", expected: `at least ${least}`, received: `${budget}` },
    );
  }
  const sample = sampleCoalitions(players, budget, rng.fork(`coalitions of ${players}`));
  const coalitions = new Uint8Array(sample.members.length + 2 * players);
  coalitions.set(sample.members);
  coalitions.fill(1, sample.members.length + players);
  return { sample, coalitions, solver: new ConstrainedLeastSquares(sample, players) };
}

function solveRow(
  { sample, coalitions, solver }: Design,
  players: number,
  values: CoalitionValues,
  base: number,
  prediction: number,
): Float64Array<ArrayBuffer> {
  const worth = values.of(coalitions);
  const none = worth.at(-2)!;
  const phi = Float64Array.from(
    solver.solve(
      worth.subarray(0, -2).map((value) => value - none),
      prediction - base,
    ),
  );
  if (!sample.isComplete) return phi;
  // Rounding of the solution must not give a player a share who never adds anything.
  const isNull = nullPlayers(players, worthByBits(coalitions, players, worth));
  let given = 0;
  let takers = 0;
  phi.forEach((value, p) => {
    if (isNull[p]) given += value;
    else takers++;
  });
  return phi.map((value, p) => (isNull[p] ? 0 : value + given / takers));
}

function worthByBits(coalitions: Uint8Array, players: number, worth: Float64Array): Float64Array {
  const table = new Float64Array(2 ** players);
  for (let c = 0; c < worth.length; c++) {
    let bits = 0;
    for (let p = 0; p < players; p++) bits |= coalitions[c * players + p] << p;
    table[bits] = worth[c];
  }
  return table;
}
