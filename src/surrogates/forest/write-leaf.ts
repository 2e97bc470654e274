import type { TrainingSet } from "./training-set.ts";
import type { Tree } from "./tree.ts";

/**
 * Writes what leaf `leaf` says: the shares of the classes, or mean and variance of the target.
 * @param weight of each training row @param list rows of the leaf at `start ... end - 1`
 */
export function writeLeaf(
  { leafMean, leafVariance }: Pick<Tree, "leafMean" | "leafVariance">,
  leaf: number,
  { outputs, target }: Pick<TrainingSet, "outputs" | "target">,
  weight: Float64Array,
  list: Int32Array,
  start: number,
  end: number,
): void {
  let total = 0;
  if (outputs > 1) {
    const offset = leaf * outputs;
    leafMean.fill(0, offset, offset + outputs);
    for (let p = start; p < end; p++) {
      const row = list[p];
      leafMean[offset + target[row]] += weight[row];
      total += weight[row];
    }
    for (let k = offset; k < offset + outputs; k++) leafMean[k] /= total;
    return;
  }
  const shift = target[list[start]];
  let sum = 0;
  let squares = 0;
  for (let p = start; p < end; p++) {
    const row = list[p];
    const deviation = target[row] - shift;
    sum += weight[row] * deviation;
    squares += weight[row] * deviation * deviation;
    total += weight[row];
  }
  const mean = sum / total;
  leafMean[leaf] = shift + mean;
  leafVariance[leaf] = Math.max(0, squares / total - mean * mean);
}
