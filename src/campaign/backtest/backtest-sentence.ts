import { countOf, shortNumber } from "../../core/format.ts";
import type { BacktestResult } from "./contract.ts";

type Facts = Omit<BacktestResult, "sentence" | "warnings">;

/**
 * What a backtest showed, in a plain sentence: `Bayesian optimisation would have found one of the top 5 % after 9
 * experiments instead of 14 at random (median of 50 repeats). After 20 experiments it has found 3.1 times as
 * many of them as random designs; better than random (p = 0.0005).`
 */
export function backtestSentence(facts: Facts, title: string): string {
  return [firstFound(facts, title), found(facts), verdict(facts)]
    .filter((text) => text !== "")
    .join(" ");
}

function firstFound({ acceleration, enhancement, seeds, budget }: Facts, title: string): string {
  // A level that is no set of designs is reached, not found.
  const done = enhancement === null ? "reached" : "found";
  const first = acceleration[0];
  if (first === undefined) return "";
  const { level, planner, random } = first;
  if (random === null) return `Nothing in the table meets every requirement.`;
  const repeats = seeds === 1 ? "one repeat" : `median of ${seeds} repeats`;
  if (planner === null) {
    return `${title} would not have ${done} ${level} within ${budget} experiments (${repeats}); random designs need ${random}.`;
  }
  return `${title} would have ${done} ${level} after ${countOf(planner, "experiment")} instead of ${random} at random (${repeats}).`;
}

function found({ enhancement, curves, budget, pool }: Facts): string {
  const volumes = [curves.planner.hypervolume, curves.random.hypervolume];
  const [own, blind] = volumes.map((band) => band?.median.at(-1) ?? null);
  if (own !== null && own !== undefined && blind !== null && blind !== undefined) {
    return `After ${budget} experiments it covers ${shortNumber(100 * own, 3)} % of the hypervolume, random designs ${shortNumber(100 * blind, 3)} %.`;
  }
  if (enhancement === null || pool === null) return "";
  const factor = shortNumber(enhancement.median, 2);
  return `After ${budget} experiments it has found ${factor} times as much of ${pool.topTitle} as random designs do on average.`;
}

function verdict({ comparison }: Facts): string {
  const { figure, difference, low, high, pValue } = comparison;
  const size = `${shortNumber(difference, 2)}, 95 % interval ${shortNumber(low, 2)} to ${shortNumber(high, 2)}, p = ${shortNumber(pValue, 2)}`;
  if (comparison.verdict === "no difference shown") {
    return `A difference to random designs is not shown (${figure}: ${size}).`;
  }
  return `It is ${comparison.verdict} than random designs (${figure}: ${size}).`;
}
