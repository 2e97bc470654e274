import { matrix } from "../../core/matrix.ts";
import type { Prediction } from "../contract.ts";

/**
 * The weighted mixture of predictions. Its aleatoric variance is the mean of the members'; what they do not
 * know and how far they disagree is epistemic, as in the law of total variance.
 * @param parts of at least one member, each n x outputs
 */
export function mixtureOf(parts: readonly Prediction[], weights: Float64Array): Prediction {
  const { rows, columns } = parts[0].mean;
  const mean = matrix(rows, columns);
  const epistemicStd = matrix(rows, columns);
  const aleatoricStd = matrix(rows, columns);
  for (let k = 0; k < mean.data.length; k++) {
    let centre = 0;
    parts.forEach((part, p) => (centre += weights[p] * part.mean.data[k]));
    let [unknown, noise] = [0, 0];
    parts.forEach((part, p) => {
      const apart = part.mean.data[k] - centre;
      const [epistemic, aleatoric] = [part.epistemicStd.data[k], part.aleatoricStd.data[k]];
      unknown += weights[p] * (apart * apart + epistemic * epistemic);
      noise += weights[p] * aleatoric * aleatoric;
    });
    mean.data[k] = centre;
    epistemicStd.data[k] = Math.sqrt(unknown);
    aleatoricStd.data[k] = Math.sqrt(noise);
  }
  return { mean, epistemicStd, aleatoricStd };
}
