import { pearson } from "../../core/correlation.ts";
import type { Descriptor } from "../../space/contract.ts";

/** A descriptor that tells words apart: where each word lies, as a share of the descriptor's range. */
interface WordCoordinate {
  readonly name: string;
  readonly places: Float64Array;
}

/** What is left of descriptors, and what was left out with the reason. */
export interface WordCoordinates {
  readonly kept: readonly WordCoordinate[];
  readonly dropped: readonly { readonly name: string; readonly why: string }[];
}

/** A descriptor that follows another one more closely says nothing of its own; absolute correlation. */
const mostCorrelated = 0.95;

/**
 * Places words by their descriptors, in the order given: one that is the same for all words, or follows one before
 * it (absolute correlation over the words above 0.95), is left out.
 */
export function wordCoordinates(descriptors: readonly Descriptor[]): WordCoordinates {
  const kept: WordCoordinate[] = [];
  const dropped: { name: string; why: string }[] = [];
  for (const { name, values } of descriptors) {
    const places = sharesOf(values);
    if (places === undefined) {
      dropped.push({ name, why: "constant" });
      continue;
    }
    const other = kept.find((one) => Math.abs(pearson(one.places, places)) > mostCorrelated);
    if (other === undefined) kept.push({ name, places });
    else dropped.push({ name, why: `follows ${other.name}` });
  }
  return { kept, dropped };
}

/** Values as shares of their range; undefined where they are equal but for rounding. */
function sharesOf(values: readonly number[]): Float64Array | undefined {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (!(high - low > 1e-12 * size)) return undefined;
  return Float64Array.from(values, (value) => (value - low) / (high - low));
}
