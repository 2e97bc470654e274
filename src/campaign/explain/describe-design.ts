import { rowOf, type Matrix } from "../../core/matrix.ts";
import { predictionSentence } from "../../explain/sentence.ts";
import type { EncodedDesign } from "./explained-design.ts";
import { valueOf, wordsFor, type ExplainedFeature } from "./explained-features.ts";
import type { DesignExplanation } from "./explanation.ts";

/** The numbers behind the explanation of one design. */
export interface DesignNumbers {
  readonly features: readonly ExplainedFeature[];
  /** Model inputs of the data, which say what is low and high. */
  readonly usual: Matrix;
  readonly title: string;
  readonly unit: string;
  /** Standard deviation of the predictions over the data. */
  readonly spread: number;
  /** The average prediction. */
  readonly average: number;
  /** Where contributions start from. */
  readonly base: number;
  /** One per feature. */
  readonly contributions: Float64Array;
  /** Whether base and contributions add up to the prediction. */
  readonly sumsToPrediction: boolean;
  readonly localFit: number | null;
  readonly prediction: number;
  readonly epistemicStd: number;
  readonly aleatoricStd: number;
}

/** Puts the contributions of one design in order and in words. */
export function describeDesign(design: EncodedDesign, numbers: DesignNumbers): DesignExplanation {
  const { features, usual, base, prediction, epistemicStd, aleatoricStd } = numbers;
  const contributions = features
    .map((feature, g) => {
      const value = valueOf(feature, rowOf(design.x, 0));
      return {
        name: feature.name,
        unit: feature.unit,
        value,
        words: wordsFor(feature, value, usual),
        contribution: numbers.contributions[g]!,
      };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const { formula, row, isTrainingRow, measured, assumed } = design;
  return {
    formula,
    row,
    isTrainingRow,
    measured,
    prediction,
    epistemicStd,
    aleatoricStd,
    base,
    sum: numbers.sumsToPrediction
      ? prediction
      : contributions.reduce((sum, one) => sum + one.contribution, base),
    localFit: numbers.localFit,
    contributions,
    assumed,
    sentence: predictionSentence({
      title: `predicted ${numbers.title}`,
      unit: numbers.unit,
      prediction,
      base: numbers.average,
      spread: numbers.spread,
      features: contributions,
    }),
  };
}
