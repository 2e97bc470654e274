import { matrix, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { alloyDomain } from "../../src/domains/alloy/domain.ts";
import type { SearchProblem } from "../../src/search/contract.ts";
import { quantile } from "../../src/core/statistics.ts";
import { hypervolume } from "../../src/search/pareto/hypervolume.ts";
import { strategies } from "../../src/search/registry.ts";
import type { Parameter, SearchSpace } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import type { Bench, BenchRow } from "../harness.ts";

const seeds = 15;
const populationSize = 100;

/** NSGA-II: how near it comes to the front of an alloy grid. */
export const searchBench: Bench = {
  name: "search",
  summary: `NSGA-II against the exact front of an alloy grid, ${seeds} seeds`,
  run: alloyGrid,
};

const elements = ["Al", "Ti", "V", "Cr", "Nb", "Mo"];

/** Light against high-melting alloys of 3 to 5 elements in steps of 5 %: found front against the exact one. */
async function alloyGrid(): Promise<BenchRow[]> {
  const space = await spaceOf([
    {
      kind: "composition",
      name: "composition",
      elements: elements.map((symbol) => ({ symbol, min: 0.05, max: 0.5 })),
      step: 0.05,
      count: { min: 3, max: 5 },
    },
  ]);
  const quantities = ["density", "melting_temperature"].map((name) =>
    alloyDomain.quantities.find((quantity) => quantity.name === name)!,
  );
  const problem: SearchProblem = {
    space,
    objectives: quantities.map(({ name }) => ({ label: name })),
    evaluate(rows) {
      const [density, melting] = quantities.map(
        (quantity) => quantity.evaluate?.(rows, elements) ?? new Float64Array(rows.rows),
      );
      const objectives = matrix(rows.rows, 2);
      for (let i = 0; i < rows.rows; i++) {
        objectives.data[2 * i] = density[i];
        objectives.data[2 * i + 1] = -melting[i];
      }
      return { objectives, violation: new Float64Array(rows.rows) };
    },
  };
  const count = Number(space.count());
  const options = { batchSize: 400, tolerance: 0 };
  const exact = await strategies.grid.search(problem, {
    ...options,
    budget: count,
    rng: createRng(1),
  });
  const reference = worst(exact.evaluation.objectives);
  const whole = hypervolume(exact.evaluation.objectives, reference);
  const budget = Math.floor(count / 5);
  const shares: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const found = await strategies.evolutionary.search(
      problem,
      { ...options, budget, rng: createRng(seed) },
      { populationSize },
    );
    shares.push(hypervolume(found.evaluation.objectives, reference) / whole);
  }
  const median = quantile(shares, 0.5);
  return [
    {
      case: `alloy grid: hypervolume, ${budget} of ${count} designs scored`,
      value: median,
      unit: "of the exact",
      spread: (quantile(shares, 0.75) - quantile(shares, 0.25)) / 2,
      repeats: seeds,
      target: ">= 0.99",
      pass: median >= 0.99,
      note: "density against mean melting temperature, 3 to 5 of Al, Ti, V, Cr, Nb, Mo in steps of 5 at%",
    },
  ];
}

const spaceOf = (parameters: readonly Parameter[]): Promise<SearchSpace> =>
  createSpace({ parameters, constraints: [], quantities: [] });

/** The largest value of each objective. */
function worst({ rows, columns, data }: Matrix): Float64Array {
  const largest = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < rows * columns; i++) {
    largest[i % columns] = Math.max(largest[i % columns], data[i]);
  }
  return largest;
}
