import { matrix, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { alloyDomain } from "../../src/domains/alloy/domain.ts";
import type { SearchProblem, SearchResult } from "../../src/search/contract.ts";
import { invertedGenerationalDistance } from "../../src/search/pareto/distance.ts";
import { hypervolume } from "../../src/search/pareto/hypervolume.ts";
import { strategies } from "../../src/search/registry.ts";
import type { Parameter, SearchSpace } from "../../src/space/contract.ts";
import { createSpace } from "../../src/space/create-space.ts";
import { timeMedian, type Bench, type BenchRow } from "../harness.ts";

const seeds = 15;
const generations = 200;
const populationSize = 100;
const variables = 30;
const largestDistance = 0.0052;

type Shape = (f: number, g: number) => number;

/** E. Zitzler, K. Deb, L. Thiele, Evol. Comput. 8, 173 (2000), doi:10.1162/106365600568202. */
const shapes: Readonly<Record<string, Shape>> = {
  ZDT1: (f, g) => g * (1 - Math.sqrt(f / g)),
  ZDT2: (f, g) => g * (1 - (f / g) * (f / g)),
};

/** NSGA-II: distance to known fronts, time, and how near it comes to the front of an alloy grid. */
export const searchBench: Bench = {
  name: "search",
  summary: `NSGA-II on ZDT1 and ZDT2 (${populationSize} designs, ${generations} generations, ${seeds} seeds) and on an alloy grid`,
  async run(log) {
    const rows: BenchRow[] = [];
    const box = await spaceOf(
      Array.from({ length: variables }, (_, k) => ({
        kind: "continuous",
        name: `x${k + 1}`,
        unit: "1",
        min: 0,
        max: 1,
      })),
    );
    for (const [name, shape] of Object.entries(shapes)) {
      log(name);
      const problem = zdt(box, shape);
      const truth = matrix(500, 2);
      for (let i = 0; i < 500; i++) truth.data.set([i / 499, shape(i / 499, 1)], 2 * i);
      const distances: number[] = [];
      for (let seed = 1; seed <= seeds; seed++) {
        const { evaluation } = await evolve(problem, seed);
        distances.push(invertedGenerationalDistance(evaluation.objectives, truth));
      }
      const median = quantile(distances, 0.5);
      rows.push({
        case: `${name}: inverted generational distance`,
        value: median,
        unit: "1",
        spread: (quantile(distances, 0.75) - quantile(distances, 0.25)) / 2,
        repeats: seeds,
        target: `<= ${largestDistance}`,
        pass: median <= largestDistance,
        note: `median of ${seeds} seeds, worst ${Math.max(...distances).toPrecision(3)}`,
      });
      const timing = await timeMedian(() => evolve(problem, 1), 5);
      rows.push({
        case: `${name}: ${generations * populationSize} scores`,
        value: timing.median,
        unit: "s",
        spread: timing.spread,
        repeats: timing.repeats,
      });
    }
    log("alloy grid");
    rows.push(...(await alloyGrid()));
    return rows;
  },
};

const evolve = (problem: SearchProblem, seed: number): Promise<SearchResult> =>
  strategies.evolutionary.search(
    problem,
    {
      batchSize: populationSize,
      budget: generations * populationSize,
      rng: createRng(seed),
      tolerance: 0,
    },
    { populationSize, archiveSize: 2 * populationSize },
  );

function zdt(space: SearchSpace, shape: Shape): SearchProblem {
  return {
    space,
    objectives: [{ label: "f1" }, { label: "f2" }],
    evaluate(rows) {
      const objectives = matrix(rows.rows, 2);
      for (let i = 0, at = 0; i < rows.rows; i++) {
        const first = rows.data[at++];
        let sum = 0;
        for (let k = 1; k < variables; k++) sum += rows.data[at++];
        objectives.data[2 * i] = first;
        objectives.data[2 * i + 1] = shape(first, 1 + (9 * sum) / (variables - 1));
      }
      return { objectives, violation: new Float64Array(rows.rows) };
    },
  };
}

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

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
}
