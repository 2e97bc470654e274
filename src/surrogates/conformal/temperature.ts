import { exp, log } from "../../core/elementary.ts";
import { matrix, rowOf, type Matrix } from "../../core/matrix.ts";
import { logLoss } from "../metrics/classification.ts";

/** Probabilities raised to `1 / temperature` and scaled to sum to one. */
export interface Temperature {
  /** Above 1 makes a model less sure, below 1 surer. */
  readonly temperature: number;
  /** Smaller probabilities count as this. */
  readonly least: number;
}

const widest = log(20);
const steps = 60;
const goldenShare = (Math.sqrt(5) - 1) / 2;

/**
 * The temperature in 1/20 ... 20 of least log loss on rows that the model has not seen, by golden section.
 * Source: C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On calibration of modern neural networks", ICML
 * (2017).
 * @param labels class index of each row
 * @param probabilities n x classes
 */
export function fitTemperature(labels: Float64Array, probabilities: Matrix): Temperature {
  // n rows cannot tell a smaller chance than about one in 2 n from none.
  const least = 1 / (2 * labels.length);
  const loss = (logT: number): number =>
    logLoss(labels, applyTemperature(probabilities, { temperature: exp(logT), least }));
  let [low, high] = [-widest, widest];
  let [a, b] = [high - goldenShare * (high - low), low + goldenShare * (high - low)];
  let [lossA, lossB] = [loss(a), loss(b)];
  for (let k = 0; k < steps; k++) {
    if (lossA <= lossB) {
      [high, b, lossB] = [b, a, lossA];
      a = high - goldenShare * (high - low);
      lossA = loss(a);
    } else {
      [low, a, lossA] = [a, b, lossB];
      b = low + goldenShare * (high - low);
      lossB = loss(b);
    }
  }
  return { temperature: exp((low + high) / 2), least };
}

/** The probabilities at the temperature, n x classes. */
export function applyTemperature(
  probabilities: Matrix,
  { temperature, least }: Temperature,
): Matrix {
  const result = matrix(probabilities.rows, probabilities.columns);
  for (let i = 0; i < probabilities.rows; i++) {
    const from = rowOf(probabilities, i);
    const to = rowOf(result, i);
    let sum = 0;
    for (let k = 0; k < to.length; k++) {
      to[k] = exp(log(Math.max(least, from[k])) / temperature);
      sum += to[k];
    }
    for (let k = 0; k < to.length; k++) to[k] /= sum;
  }
  return result;
}
