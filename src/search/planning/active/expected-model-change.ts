import { activePlanner } from "./active-planner.ts";
import { lookAhead } from "./look-ahead.ts";

/** Mean absolute value of a standard normal number. */
const meanMove = Math.sqrt(2 / Math.PI);

/**
 * Measures what is expected to change the model's predictions most: the mean absolute change of the means over the
 * space, in closed form.
 * Source: W. Cai, Y. Zhang, J. Zhou, IEEE Int. Conf. Data Min. (2013), 51, doi:10.1109/ICDM.2013.104 (there the change
 *   of the parameters; here that of the predictions, which a Gaussian process has instead).
 */
export const expectedModelChange = activePlanner({
  name: "expected-model-change",
  title: "What changes the model most",
  batch: "one-by-one",
  oneByOne: true,
  looksAhead: true,
  defaults: {},
  about: {},
  score: (context) =>
    lookAhead(context, (moves) => {
      let sum = 0;
      for (const move of moves) sum += Math.abs(move);
      return (meanMove * sum) / moves.length;
    }),
});
