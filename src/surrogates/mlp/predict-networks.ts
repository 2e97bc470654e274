import type { Activation } from "../../core/autodiff/elementwise.ts";
import { dropout } from "../../core/autodiff/normalise.ts";
import { bindParameters } from "../../core/autodiff/parameters.ts";
import { softmax } from "../../core/autodiff/reduce.ts";
import { withTape, type Tensor } from "../../core/autodiff/tape.ts";
import { matrix, type Matrix } from "../../core/matrix.ts";
import { createRng } from "../../core/rng.ts";
import type { Precision } from "../../kernels/networks.ts";
import type { Prediction, Task } from "../contract.ts";
import { applyNetwork, meanAndVariance, type Network } from "./network.ts";
import { normalised } from "./resident/network-panels.ts";
import { residentNetworks, type ResidentNetworks } from "./resident/resident-networks.ts";

/** A trained network with what its random masks follow from. */
export interface Member {
  readonly network: Network;
  readonly maskSeed: number;
}

/** How networks predict. */
export interface Mixture {
  readonly activation: Activation;
  readonly precision: Precision;
  /** Share of hidden units that a thinned network lacks. */
  readonly dropout: number;
  /** Thinned networks of each member; 0 predicts with the whole network. */
  readonly samples: number;
}

const blockRows = 1024;

/**
 * Prediction by a mixture: each network, or each thinned network with Monte-Carlo dropout, is one part with a
 * mean and a variance of its own; a class with probability p has variance p (1 - p). The epistemic variance is
 * that between the means of the parts, the aleatoric one the mean of their variances.
 * Source: B. Lakshminarayanan, A. Pritzel, C. Blundell, NeurIPS (2017), arXiv:1612.01474, section 2.4; thinned
 * networks: Y. Gal, Z. Ghahramani, ICML (2016), arXiv:1506.02142.
 * @param x scaled inputs, n x inputs @param heads head of each row, where there are more than one
 * @param resident the members, if they are laid out already
 * @returns standardised numbers, or probabilities
 */
export function predictMixture(
  members: readonly Member[],
  task: Task,
  mixture: Mixture,
  x: Matrix,
  heads?: Int32Array,
  resident = layOut(members, task, mixture),
): Prediction {
  const columns = task.kind === "regression" ? 1 : task.classes.length;
  const mean = new Float64Array(x.rows * columns);
  const squares = new Float64Array(mean.length);
  const variances = new Float64Array(mean.length);
  let parts = 0;
  for (const [m, member] of members.entries()) {
    for (const thin of thinnings(member, mixture)) {
      parts++;
      const part =
        resident === undefined
          ? predictPart(member.network, task, mixture, { x, heads }, thin)
          : predictResident(resident, m, task, x);
      for (let i = 0; i < mean.length; i++) {
        // Running mean and sum of squared differences. Source: B. P. Welford, Technometrics 4, 419 (1962).
        const difference = part.mean[i] - mean[i];
        mean[i] += difference / parts;
        squares[i] += difference * (part.mean[i] - mean[i]);
        variances[i] += part.variance[i];
      }
    }
  }
  const std = (sums: Float64Array): Matrix =>
    matrix(
      x.rows,
      columns,
      sums.map((sum) => Math.sqrt(Math.max(0, sum / parts))),
    );
  return {
    mean: matrix(x.rows, columns, mean),
    epistemicStd: std(squares),
    aleatoricStd: std(variances),
  };
}

/**
 * The mean of `predictMixture` alone, with the same bits.
 * @param x scaled inputs, n x inputs
 */
export function predictMixtureMean(
  resident: ResidentNetworks,
  members: number,
  x: Matrix,
): Float64Array {
  return meanOf(members, (m) => resident.means(m, x));
}

/** The running mean of `predictMixture` over what each member says. */
export function meanOf(members: number, says: (member: number) => Float64Array): Float64Array {
  const mean = says(0);
  for (let m = 1; m < members; m++) {
    const part = says(m);
    for (let i = 0; i < mean.length; i++) mean[i] += (part[i] - mean[i]) / (m + 1);
  }
  return mean;
}

/** Lays members out for predictions without a tape; undefined where masks or several heads need one. */
export function layOut(
  members: readonly Member[],
  task: Task,
  { dropout: rate, samples, precision }: Mixture,
): ResidentNetworks | undefined {
  const isThinned = rate > 0 && samples > 0;
  if (members.length === 0 || isThinned || members[0].network.shape.heads > 1) return undefined;
  return residentNetworks(
    members.map(({ network }) => network),
    task,
    precision,
  );
}

function predictResident(
  resident: ResidentNetworks,
  member: number,
  task: Task,
  x: Matrix,
): { mean: Float64Array; variance: Float64Array } {
  if (task.kind === "regression") {
    const variance = new Float64Array(x.rows);
    return { mean: resident.means(member, x, variance), variance };
  }
  const mean = resident.means(member, x);
  return { mean, variance: mean.map((q) => q * (1 - q)) };
}

/** The masks of each part of a member, made anew for each block of rows so that all rows have the same. */
function thinnings(
  { maskSeed }: Member,
  { dropout: rate, samples }: Mixture,
): (() => (h: Tensor) => Tensor)[] {
  if (rate === 0 || samples === 0) return [() => (h) => h];
  return Array.from({ length: samples }, (_, sample) => () => {
    const rng = createRng(maskSeed).fork(`sample ${sample}`);
    return (h: Tensor) => dropout(h, { rate, sameForAllRows: true }, rng);
  });
}

function predictPart(
  network: Network,
  task: Task,
  { precision }: Mixture,
  { x, heads }: { readonly x: Matrix; readonly heads: Int32Array | undefined },
  thinning: () => (h: Tensor) => Tensor,
): { mean: Float64Array; variance: Float64Array } {
  const columns = task.kind === "regression" ? 1 : task.classes.length;
  const mean = new Float64Array(x.rows * columns);
  const variance = new Float64Array(mean.length);
  withTape({ precision }, (tape) => {
    const p = bindParameters(tape, network.parameters);
    for (let first = 0; first < x.rows; first += blockRows) {
      const rows = Math.min(blockRows, x.rows - first);
      const block = x.data.subarray(first * x.columns, (first + rows) * x.columns);
      tape.step(() => {
        const input = tape.constant(rows, x.columns, block);
        const outputs = applyNetwork(network, p, input, {
          thin: thinning(),
          heads: heads?.subarray(first, first + rows),
        });
        if (task.kind === "regression") {
          const parts = meanAndVariance(outputs);
          mean.set(tape.copy(parts.centre), first);
          variance.set(tape.copy(parts.variance), first);
        } else {
          mean.set(normalised(tape.copy(softmax(outputs)), columns), first * columns);
        }
      });
    }
  });
  if (task.kind === "classification") mean.forEach((q, i) => (variance[i] = q * (1 - q)));
  return { mean, variance };
}
