import { exp } from "../../core/elementary.ts";
import { InputError } from "../../core/errors.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import type { Rng } from "../../core/rng.ts";
import { checkpoint } from "../../core/work.ts";
import { checkNumberOption, withDefaults } from "../../surrogates/fit-input.ts";
import { columnScaling, scaleColumns, type ColumnScaling } from "../../surrogates/standardise.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "../contract.ts";
import { checkExplainInput, sumGroups } from "../explain-input.ts";
import { quartiles, sampleBins, type Quartiles } from "./discretise.ts";
import { selectFeatures } from "./select-features.ts";
import { weightedRidge } from "./weighted-ridge.ts";

/** Options of `lime`; plain JSON. */
export interface LimeOptions {
  /** Rows drawn around each explained row, which is the first of them. */
  readonly samples: number;
  /** Most features that the local model uses. */
  readonly features: number;
  /** Describe a row by the quartile that each value lies in, or by the standardised values. */
  readonly discretise: "quartiles" | "none";
  /** Distance at which a drawn row counts less by e^-1/2; `auto`: 0.75 sqrt(columns). */
  readonly width: number | "auto";
  /** Penalty of the local ridge regression. */
  readonly penalty: number;
}

/** The local model around one row. */
export interface LocalModel {
  /** Columns that the local model uses, ascending. */
  readonly features: readonly number[];
  /**
   * Per feature: what it changes per standard deviation of the background, or, with quartiles, what it
   * changes that the value lies in its own quartile.
   */
  readonly coefficients: Float64Array;
  readonly intercept: number;
  /** Weighted R^2 over the drawn rows. */
  readonly r2: number;
  /** What the local model says of the row itself. */
  readonly localPrediction: number;
}

/**
 * LIME for tables: random rows around the explained one, weighted by their nearness, and a ridge
 * regression through what the model says of them. Contributions are coefficient times value (standardised,
 * or 1 for the own quartile) and add up, with the intercept as base, to what the local model says, not to
 * the prediction; `localFit` says how well it follows.
 * Source: M. T. Ribeiro, S. Singh, C. Guestrin, KDD (2016), doi:10.1145/2939672.2939778; settings as in
 * the reference implementation.
 */
export const lime = {
  name: "lime",
  title: "LIME for tables",
  supports: { model: "any", isLocallyAccurate: false, hasLocalFit: true, isExact: false },
  defaults: {
    samples: 5000,
    features: 10,
    discretise: "quartiles",
    width: "auto",
    penalty: 1,
  },
  explain: explainLocally,
} as const satisfies ExplainerSpec<LimeOptions>;

async function explainLocally(
  input: ExplainInput,
  options?: Partial<LimeOptions>,
): Promise<Explanation> {
  const { model, x, groups, work = {} } = input;
  const divided = checkExplainInput(lime, input);
  const fit = localModels(input, options);
  const base = new Float64Array(x.rows);
  const localFit = new Float64Array(x.rows);
  const contributions = matrix(x.rows, x.columns);
  for (let i = 0; i < x.rows; i++) {
    await checkpoint(work, { label: "LIME", done: i, total: x.rows });
    const { local, row } = fit(i);
    base[i] = local.intercept;
    localFit[i] = local.r2;
    local.features.forEach((j, a) => {
      contributions.data[i * x.columns + j] = local.coefficients[a] * row[j];
    });
  }
  await checkpoint(work, { label: "LIME", done: x.rows, total: x.rows });
  return {
    method: lime.name,
    base,
    contributions: groups === undefined ? contributions : sumGroups(contributions, divided),
    predictions: model.predict(x),
    localFit,
  };
}

/** The local model around row i of x. @throws as the explainer */
export function limeModel(
  input: ExplainInput,
  i: number,
  options?: Partial<LimeOptions>,
): LocalModel {
  checkExplainInput(lime, input);
  if (!(Number.isInteger(i) && i >= 0 && i < input.x.rows)) {
    throw new InputError(`limeModel: expected a row of 0 ... ${input.x.rows - 1}, got ${i}.`);
  }
  return localModels(input, options)(i).local;
}

/** What fits the local model of a row, with what the background gives to all rows. */
function localModels(
  { model, x, background, rng }: ExplainInput,
  options: Partial<LimeOptions> | undefined,
): (i: number) => { readonly local: LocalModel; readonly row: Float64Array } {
  const chosen = withDefaults<LimeOptions>(lime.name, lime.defaults, options);
  checkOptions(chosen);
  const { samples, features, discretise, penalty } = chosen;
  const d = x.columns;
  const width = chosen.width === "auto" ? 0.75 * Math.sqrt(d) : chosen.width;
  const scaling = columnScaling(background);
  const cuts = discretise === "quartiles" ? quartiles(background) : undefined;
  return (i) => {
    const { rows, z } = drawAround(rowOf(x, i), samples, scaling, cuts, rng.fork(`row ${i}`));
    const y = model.predict(rows);
    const row = rowOf(z, 0);
    const weights = Float64Array.from({ length: samples }, (_, s) => {
      let squared = 0;
      for (let j = 0; j < d; j++) {
        const step = z.data[s * d + j] - row[j];
        squared += step * step;
      }
      return Math.sqrt(exp(-squared / (width * width)));
    });
    const used = selectFeatures(z, y, weights, row, Math.min(features, d));
    const ridge = weightedRidge(z, y, weights, used, penalty);
    const localPrediction = used.reduce(
      (sum, j, a) => sum + ridge.coefficients[a] * row[j],
      ridge.intercept,
    );
    const { coefficients, intercept, r2 } = ridge;
    return { local: { features: used, coefficients, intercept, r2, localPrediction }, row };
  };
}

/** Rows around one, in the model's units and as the local model sees them; the row itself is first. */
function drawAround(
  row: Float64Array,
  samples: number,
  scaling: ColumnScaling,
  cuts: Quartiles | undefined,
  rng: Rng,
): { readonly rows: Matrix; readonly z: Matrix } {
  if (cuts !== undefined) {
    const { rows, same } = sampleBins(cuts, row, samples, rng);
    return { rows, z: same };
  }
  const d = row.length;
  const rows = matrix(samples, d);
  rowOf(rows, 0).set(row);
  for (let k = d; k < rows.data.length; k++) {
    rows.data[k] = scaling.mean[k % d] + scaling.scale[k % d] * rng.normal();
  }
  return { rows, z: scaleColumns(rows, scaling) };
}

function checkOptions({ samples, features, discretise, width, penalty }: LimeOptions): void {
  const { name } = lime;
  checkNumberOption(name, "samples", samples, { min: 10, max: 1e7, integer: true });
  checkNumberOption(name, "features", features, { min: 1, integer: true });
  checkNumberOption(name, "penalty", penalty, { min: 0 });
  if (width !== "auto") checkNumberOption(name, "width", width, { min: Number.MIN_VALUE });
  if (discretise !== "quartiles" && discretise !== "none") {
    throw new InputError(
      `${name}: expected discretise to be quartiles or none, got ${String(discretise)}.`,
      { path: "discretise", received: String(discretise) },
    );
  }
}
