import { matrix, takeRows, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import { explainedModel } from "../../src/explain/explained-model.ts";
import { kernelShap } from "../../src/explain/kernel/kernel-shap.ts";
import { treeShap } from "../../src/explain/tree/path-dependent.ts";
import { fitRandomForest } from "../../src/surrogates/forest/random-forest.ts";
import { fitMlp } from "../../src/surrogates/mlp/mlp.ts";
import { timeMedian, type Bench, type BenchRow } from "../harness.ts";

const inputs = 8;
const task = { kind: "regression" } as const;

/** Kernel SHAP takes as long as its 25,400 predictions per row, so that the network makes the figure. */
const networks = [
  { hidden: [50, 50], precision: "f64" },
  { hidden: [50, 50], precision: "f32" },
  { hidden: [32, 32], precision: "f64" },
  { hidden: [32, 32], precision: "f32" },
] as const;

/** Rows of which the answer is a smooth function with noise. */
function data(n: number): { x: Matrix; y: Float64Array } {
  const rng = createRng("explain");
  const x = matrix(n, inputs);
  for (let k = 0; k < x.data.length; k++) x.data[k] = rng.normal();
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [a, b, c, d] = x.data.subarray(i * inputs, (i + 1) * inputs);
    return 3 * a + b * b - 2 * c * d + 0.3 * rng.normal();
  });
  return { x, y };
}

/** Rows per second of Shapley values, one thread. */
export async function explainRows(log: (line: string) => void): Promise<BenchRow[]> {
  const { x, y } = data(2000);
  const background = takeRows(
    x,
    Int32Array.from({ length: 100 }, (_, i) => i),
  );
  log("tree SHAP");
  const forest = await fitRandomForest(
    { x, y, task, rng: createRng(1) },
    { trees: 100, maxDepth: 8 },
  );
  const rows = takeRows(
    x,
    Int32Array.from({ length: 500 }, (_, i) => i),
  );
  const overTrees = await timeMedian(
    () =>
      treeShap.explain({
        model: explainedModel(forest, 0),
        x: rows,
        background: x,
        rng: createRng(2),
      }),
    3,
  );
  const few = takeRows(
    x,
    Int32Array.from({ length: 100 }, (_, i) => i),
  );
  const overKernel: { label: string; seconds: number }[] = [];
  for (const { hidden, precision } of networks) {
    const label = `mlp ${inputs}-${hidden.join("-")}-1 ${precision}`;
    log(`kernel SHAP, ${label}`);
    const network = await fitMlp(
      { x, y, task, rng: createRng(1) },
      { hidden, precision, epochs: 20 },
    );
    const { median } = await timeMedian(
      () =>
        kernelShap.explain({
          model: explainedModel(network, 0),
          x: few,
          background,
          rng: createRng(2),
        }),
      3,
    );
    overKernel.push({ label, seconds: median });
  }
  const rowOf = (
    label: string,
    count: number,
    seconds: number,
    least: number,
    elsewhere: number,
  ) => {
    const value = count / seconds;
    return {
      case: label,
      value,
      unit: "rows/s",
      repeats: 3,
      target: `>= ${least}`,
      pass: value >= least,
      note: `the package shap 0.42 did ${elsewhere} rows/s on another machine, not in this run`,
    };
  };
  return [
    rowOf("tree SHAP, 100 trees of depth 8", rows.rows, overTrees.median, 2000, 1540),
    ...overKernel.map(({ label, seconds }) =>
      rowOf(
        `kernel SHAP, ${inputs} features, 100 background rows, ${label}`,
        few.rows,
        seconds,
        140,
        14,
      ),
    ),
  ];
}

/** Shapley values over trees and of any model. */
export const explainBench: Bench = {
  name: "explain",
  summary: "Rows per second of tree SHAP and kernel SHAP, one thread",
  run: explainRows,
};
