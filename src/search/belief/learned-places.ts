import { log } from "../../core/elementary.ts";
import { symmetricEigen } from "../../core/linalg/symmetric-eigen.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { latentAxes, latentCount } from "../../surrogates/gaussian-process/latent-levels.ts";
import type { Sample } from "../../surrogates/gaussian-process/merge-rows.ts";
import type { Belief } from "./contract.ts";
import type { Embedding, LearnedCategory } from "./embedding.ts";

// Places of words are many parameters, and their most probable values follow chance where measurements are few. So
// they are learned only where that raises the posterior density by more than so many parameters must; else all words
// stay at one place, which is one-hot.

/**
 * Free coordinates of the words that were measured: moving or turning all places changes nothing, so k words in a
 * plane have 2 k - 3.
 */
export function freePlaces({ learned }: Embedding, sample: Sample): number {
  let free = 0;
  for (const category of learned) {
    free += Math.max(0, latentAxes * measuredWords(category, sample) - 3);
  }
  return free;
}

/**
 * What so many coordinates must gain: log(n) / 2 each (by the Bayesian information criterion).
 * Source: G. Schwarz, Ann. Stat. 6, 461 (1978), doi:10.1214/aos/1176344136.
 */
export const priceOfPlaces = (free: number, sample: Sample): number =>
  0.5 * free * log(sample.y.length);

/** A length scale that lets words be alike where their places are, as a logarithm. */
const longScale = log(10);
/** Spread of places to start from, in length scales, and of the noise on them. */
const startSpread = 0.5;
const startNoise = 0.25;
/** Rows at which words are compared. */
const mostCompared = 50;

/**
 * Where the search of places begins: at the hyper-parameters found without, each word where the belief without
 * places says it belongs. The two largest principal components of its predictions for the measured rows, with the
 * word in place of theirs, are the axes.
 * @param together length scales, noise and variance
 * @param belief with those
 * @param noise standard normal numbers that move the places
 */
export function startWithPlaces(
  embedding: Embedding,
  together: Float64Array,
  belief: Belief,
  rows: Matrix,
  noise: () => number,
): Float64Array {
  const { learned, scaleOf, coordinates } = embedding;
  const start = withoutPlaces(embedding, together);
  let at = embedding.scales;
  for (const { first, levels } of learned) {
    const scale = scaleOf[first];
    start[scale] = Math.max(start[scale], longScale);
    const { column, offset } = coordinates[first];
    const compared = matrix(Math.min(rows.rows, mostCompared), rows.columns);
    compared.data.set(rows.data.subarray(0, compared.data.length));
    const said = Array.from({ length: levels }, (_, word) => {
      for (let i = 0; i < compared.rows; i++) rowOf(compared, i)[column] = offset + word;
      return belief.marginal(compared).mean;
    });
    for (const place of principalPlaces(said))
      start[at++] = startSpread * place + startNoise * noise();
  }
  return start;
}

/** The first two principal components of k vectors, k pairs; the first one has the spread 1. */
function principalPlaces(vectors: readonly Float64Array[]): Float64Array {
  const k = vectors.length;
  const middle = vectors[0].map((_, i) => vectors.reduce((sum, one) => sum + one[i] / k, 0));
  const gram = matrix(k, k);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < k; b++) {
      let sum = 0;
      for (let i = 0; i < middle.length; i++) {
        sum += (vectors[a][i] - middle[i]) * (vectors[b][i] - middle[i]);
      }
      gram.data[a * k + b] = sum;
    }
  }
  const { values, vectors: axes } = symmetricEigen(gram);
  const places = new Float64Array(latentAxes * k);
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const largest = values[order[0]];
  if (!(largest > 0)) return places;
  for (let axis = 0; axis < Math.min(latentAxes, k); axis++) {
    const along = order[axis];
    const size = Math.sqrt((k * Math.max(0, values[along])) / largest);
    for (let word = 0; word < k; word++) {
      places[latentAxes * word + axis] = size * axes.data[along * k + word];
    }
  }
  return places;
}

/** The same hyper-parameters with all words of a category at one place. */
export function withoutPlaces(embedding: Embedding, together: Float64Array): Float64Array {
  const { scales, learned } = embedding;
  const point = new Float64Array(together.length + latentCount(learned));
  point.set(together.subarray(0, scales));
  point.set(together.subarray(scales), point.length - (together.length - scales));
  return point;
}

/** How many words of a category were measured. */
function measuredWords({ first, levels }: LearnedCategory, { places: { points } }: Sample): number {
  const isMeasured = new Uint8Array(levels);
  for (let i = 0; i < points.rows; i++) {
    const own = rowOf(points, i).subarray(first, first + levels);
    const level = own.findIndex((one) => one !== 0);
    if (level >= 0) isMeasured[level] = 1;
  }
  return isMeasured.reduce((sum, one) => sum + one, 0);
}
