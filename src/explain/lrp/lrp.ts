import { activations } from "../../core/autodiff/elementwise.ts";
import { withTape } from "../../core/autodiff/tape.ts";
import { InputError } from "../../core/errors.ts";
import { matrix, rowOf } from "../../core/matrix.ts";
import { checkpoint } from "../../core/work.ts";
import { checkNumberOption, withDefaults } from "../../surrogates/fit-input.ts";
import type { DenseLayer, LayeredNetworks } from "../../surrogates/structure.ts";
import type { ExplainerSpec, ExplainInput, Explanation } from "../contract.ts";
import { checkExplainInput, sumGroups } from "../explain-input.ts";
import { shareRelevance, type RuleName, type RuleSettings } from "./rules.ts";

/** Options of `lrp`; plain JSON. */
export interface LrpOptions extends RuleSettings {
  /** Rule of every layer. */
  readonly rule: RuleName;
  /** Rules layer by layer from the inputs on, in place of `rule`; none = `rule` for all. */
  readonly rules: readonly RuleName[];
}

const ruleNames: readonly RuleName[] = ["0", "epsilon", "gamma", "z+", "alpha-beta"];
const defaults: LrpOptions = { rule: "epsilon", rules: [], epsilon: 1e-6, gamma: 0.25, alpha: 2 };
const rowsPerLook = 16;

/**
 * Layer-wise relevance propagation: the output of a network is handed back layer by layer, each input of a layer
 * getting its share by a rule (see `shareRelevance`); activations pass relevance on as it is. Inputs count
 * from the mean of the training rows, in their standard deviations, and so does the output: contributions tell
 * why a prediction differs from the training mean, but for what the rules leave with biases, which is in `base`.
 * For numbers contributions are in the caller's unit and base and contributions add up to the prediction. For
 * classes they are in units of the score, the logarithm of the class's probability over the geometric mean of all
 * classes' before the networks are averaged. Several networks are averaged.
 * Source: S. Bach et al., PLoS ONE 10, e0130140 (2015), doi:10.1371/journal.pone.0130140.
 */
export const lrp = {
  name: "lrp",
  title: "Layer-wise relevance propagation",
  supports: { model: "layers", isLocallyAccurate: false, sharesScores: true, isExact: true },
  defaults,
  explain: explainLayers,
} as const satisfies ExplainerSpec<LrpOptions>;

async function explainLayers(
  input: ExplainInput,
  options?: Partial<LrpOptions>,
): Promise<Explanation> {
  const { name } = lrp;
  const settings = settingsOf(withDefaults(name, defaults, options));
  const groups = checkExplainInput(lrp, input);
  const { model, x, work = {} } = input;
  const { networks, output } = model.layers!;
  const depth = networks.networks[0].length;
  const rules = checkSettings(settings, depth);
  const columns = networks.inputs;
  const relevance = matrix(x.rows, columns);
  const base = new Float64Array(x.rows);
  const share = networks.scale / networks.networks.length;
  const prepared = networks.networks.map((layers) => explainedLayers(networks, layers, output));
  for (let i = 0; i < x.rows; i++) {
    if (i % rowsPerLook === 0) await checkpoint(work, { label: name, done: i, total: x.rows });
    const row = rowOf(x, i).map(
      (value, j) => (value - networks.inputMean[j]) / networks.inputScale[j],
    );
    const sums = rowOf(relevance, i);
    base[i] = networks.offset;
    for (const layers of prepared) {
      const entering = enteringLayers(layers, networks, row);
      const score = entering[depth][0];
      let shares: Float64Array = Float64Array.of(score);
      for (let k = depth - 1; k >= 0; k--) {
        shares = shareRelevance(rules[k], settings, layers[k], entering[k], shares);
      }
      base[i] += share * score;
      for (let j = 0; j < columns; j++) {
        sums[j] += share * shares[j];
        base[i] -= share * shares[j];
      }
    }
  }
  if (x.rows === 0) await checkpoint(work, { label: name, done: 0, total: 0 });
  return {
    method: name,
    base,
    contributions: sumGroups(relevance, groups),
    predictions: model.predict(x),
  };
}

/** The options with the rule 0 as a word, though it was given as a number. */
function settingsOf(given: LrpOptions): LrpOptions {
  const word = (rule: unknown): RuleName => String(rule) as RuleName;
  return { ...given, rule: word(given.rule), rules: given.rules.map(word) };
}

/**
 * The layers with the last one reduced to the explained output; for classes its score less the mean of all
 * scores, because a number added to all of them changes no probability.
 */
function explainedLayers(
  { link }: LayeredNetworks,
  layers: readonly DenseLayer[],
  output: number,
): DenseLayer[] {
  const last = layers[layers.length - 1];
  const { rows, columns } = last.weight;
  const reduce = (values: Float64Array): number => {
    const mean = values.reduce((sum, value) => sum + value, 0) / columns;
    return link === "softmax" ? values[output] - mean : values[output];
  };
  const weight = matrix(
    rows,
    1,
    Float64Array.from({ length: rows }, (_, i) => reduce(rowOf(last.weight, i))),
  );
  return [...layers.slice(0, -1), { ...last, weight, bias: Float64Array.of(reduce(last.bias)) }];
}

/** What enters each layer for one row, and what leaves the last. */
function enteringLayers(
  layers: readonly DenseLayer[],
  { activation }: LayeredNetworks,
  row: Float64Array,
): Float64Array[] {
  const entering = [row];
  layers.forEach(({ weight, bias }, k) => {
    const z = bias.slice();
    const h = entering[k];
    for (let i = 0; i < weight.rows; i++) {
      for (let j = 0; j < weight.columns; j++) z[j] += h[i] * weight.data[i * weight.columns + j];
    }
    entering.push(k === layers.length - 1 ? z : activated(activation, z));
  });
  return entering;
}

function activated(activation: LayeredNetworks["activation"], z: Float64Array): Float64Array {
  return withTape({}, (tape) => tape.copy(activations[activation](tape.constant(1, z.length, z))));
}

function checkSettings(
  { rule, rules, epsilon, gamma, alpha }: LrpOptions,
  depth: number,
): readonly RuleName[] {
  const { name } = lrp;
  checkNumberOption(name, "epsilon", epsilon, { min: 0 });
  checkNumberOption(name, "gamma", gamma, { min: 0 });
  checkNumberOption(name, "alpha", alpha, { min: 1 });
  const known: readonly string[] = ruleNames;
  for (const one of [rule, ...rules]) {
    if (known.includes(one)) continue;
    throw new InputError(`${name}: expected a rule of ${known.join(", ")}, got "${one}".`, {
      path: "rule",
      received: one,
    });
  }
  if (rules.length !== 0 && rules.length !== depth) {
    throw new InputError(
      `${name}: expected a rule for each of the ${depth} layers, got ${rules.length}.`,
      { path: "rules", hint: "Count the layers from the inputs to the output." },
    );
  }
  return rules.length === 0 ? Array.from({ length: depth }, () => rule) : rules;
}
