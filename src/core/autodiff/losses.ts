import { ShapeError } from "../errors.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { pickColumns } from "./columns.ts";
import { affine, exp, huber, log, square } from "./elementwise.ts";
import { logSumExp, mean } from "./reduce.ts";
import { detach, shapeOf, type Tensor } from "./tape.ts";

// Each is a mean over all numbers, 1 x 1; weights (of the same size, or n x 1) multiply its terms.

/** Mean of (prediction - target)^2. @throws ShapeError */
export function squaredLoss(prediction: Tensor, target: Tensor, weights?: Tensor): Tensor {
  return weighted(square(difference("squaredLoss", prediction, target)), weights);
}

/** Mean of Huber's function of prediction - target; see `huber`. @throws ShapeError */
export function huberLoss(prediction: Tensor, target: Tensor, delta = 1, weights?: Tensor): Tensor {
  return weighted(huber(difference("huberLoss", prediction, target), delta), weights);
}

/** Settings of `gaussianLoss`. */
export interface GaussianLossOptions {
  /**
   * Weighs each term by variance^beta (without a gradient of its own): 0 is the likelihood itself, 1
   * gives the mean the gradient of squared errors. 0.5 keeps rows that fit badly at first in play.
   * Source: M. Seitzer et al., ICLR (2022), arXiv:2203.09168.
   */
  readonly beta?: number;
  readonly weights?: Tensor;
}

/**
 * Mean negative log likelihood of targets under normal distributions, without the constant
 * log(2 pi) / 2: (log variance + (target - centre)^2 / variance) / 2.
 * Source: D. A. Nix, A. S. Weigend, ICNN (1994), doi:10.1109/ICNN.1994.374138.
 * @throws ShapeError
 */
export function gaussianLoss(
  centre: Tensor,
  variance: Tensor,
  target: Tensor,
  { beta = 0, weights }: GaussianLossOptions = {},
): Tensor {
  const squares = square(difference("gaussianLoss", centre, target));
  const logVariance = log(variance);
  const terms = affine(add(logVariance, divide(squares, variance)), 0.5, 0);
  if (beta === 0) return weighted(terms, weights);
  return weighted(multiply(terms, exp(affine(detach(logVariance), beta, 0))), weights);
}

/**
 * Mean of -log probability of the right class, from scores (n x classes) before the softmax.
 * @param labels class index of each row @throws ShapeError
 */
export function crossEntropy(scores: Tensor, labels: Int32Array, weights?: Tensor): Tensor {
  return weighted(subtract(logSumExp(scores), pickColumns(scores, labels)), weights);
}

function difference(who: string, prediction: Tensor, target: Tensor): Tensor {
  if (prediction.rows !== target.rows || prediction.columns !== target.columns) {
    throw new ShapeError(
      `${who}: expected targets of ${shapeOf(prediction)}, got ${shapeOf(target)}.`,
    );
  }
  return subtract(prediction, target);
}

function weighted(terms: Tensor, weights: Tensor | undefined): Tensor {
  return mean(weights === undefined ? terms : multiply(terms, weights));
}
