import { activePlanner } from "./active-planner.ts";
import { lookAhead } from "./look-ahead.ts";

/**
 * Measures what removes most of the expected squared error: the mean reduction of the variance over the space, in
 * closed form, as it does not depend on the value that will be measured.
 * Source: D. A. Cohn, Z. Ghahramani, M. I. Jordan, J. Artif. Intell. Res. 4, 129 (1996), doi:10.1613/jair.295;
 *   S. Seo, M. Wallat, T. Graepel, K. Obermayer, Proc. IJCNN 3, 241 (2000).
 */
export const expectedErrorReduction = activePlanner({
  name: "expected-error-reduction",
  title: "What removes most error",
  batch: "one-by-one",
  oneByOne: true,
  looksAhead: true,
  defaults: {},
  about: {},
  score: (context) =>
    lookAhead(context, (moves) => {
      let sum = 0;
      for (const move of moves) sum += move * move;
      return sum / moves.length;
    }),
});
