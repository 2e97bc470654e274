import { existsSync, readFileSync } from "node:fs";
import { joinColumns, matrix, takeRows, type Matrix } from "../../src/core/matrix.ts";
import { createRng } from "../../src/core/rng.ts";
import type { FitInput, InputColumn, Surrogate } from "../../src/surrogates/contract.ts";
import { fitDeepEnsemble } from "../../src/surrogates/mlp/deep-ensemble.ts";
import { fitMlp, mlp } from "../../src/surrogates/mlp/mlp.ts";
import { saveSurrogate } from "../../src/surrogates/saved-state.ts";
import type { BenchRow } from "../harness.ts";
import { furtherData } from "./tasks.ts";

const file = furtherData("steels/steel_strength_312.csv");
const seeds = 20;
/** Steels whose yield strength is known, and others of which only the tensile strength is. */
const [labelled, related] = [30, 150];
const protocol = `${seeds} seeds; ${labelled} steels with yield strength, ${related} others with tensile strength only, MAE on the rest`;

interface Steels {
  readonly names: readonly string[];
  /** Mass percents. */
  readonly x: Matrix;
  readonly yieldMpa: Float64Array;
  readonly tensileMpa: Float64Array;
}

/** Rows of what networks gain from a related property when few rows are labelled; one row that says why if not. */
export async function transferRows(log: (line: string) => void): Promise<BenchRow[]> {
  if (!existsSync(file)) {
    return [{ case: "transfer, 30 steels", value: null, unit: "MPa", note: `no file ${file}` }];
  }
  const steels = readSteels();
  const errors = { scratch: [], tuned: [], heads: [], ensemble: [], ensembleHeads: [] } as Record<
    "scratch" | "tuned" | "heads" | "ensemble" | "ensembleHeads",
    number[]
  >;
  for (let seed = 0; seed < seeds; seed++) {
    log(`transfer, seed ${seed + 1} of ${seeds}`);
    const order = [...createRng(`steels ${seed}`).permutation(steels.x.rows)];
    const few = order.slice(0, labelled);
    const pool = order.slice(labelled, labelled + related);
    const test = order.slice(labelled + related);
    const own = inputOf(steels.x, few, steels.yieldMpa, seed);
    const other = inputOf(steels.x, pool, steels.tensileMpa, seed);
    const both = withSource(steels, own, other);
    const x = takeRows(steels.x, test);
    const error = (fitted: Surrogate, rows: Matrix): number => {
      const { data } = fitted.predict(rows).mean;
      const sum = test.reduce((s, row, i) => s + Math.abs(data[i] - steels.yieldMpa[row]), 0);
      return sum / test.length;
    };
    const pretrained = saveSurrogate(mlp, await fitMlp(other))!;
    const tuning = { pretrained, newHead: true, layerRate: 0.4 };
    errors.scratch.push(error(await fitMlp(own), x));
    errors.tuned.push(error(await fitMlp(own, tuning), x));
    errors.heads.push(error(await fitMlp(both), sourced(x, 0)));
    errors.ensemble.push(error(await fitDeepEnsemble(own), x));
    errors.ensembleHeads.push(error(await fitDeepEnsemble(both), sourced(x, 0)));
  }
  return [
    rowOf("fine-tuned mlp", errors.tuned, errors.scratch),
    rowOf("mlp with a head per property", errors.heads, errors.scratch),
    rowOf("deep-ensemble with a head per property", errors.ensembleHeads, errors.ensemble),
  ];
}

/** Passes when the mean of the paired gains is above twice its standard error. */
function rowOf(label: string, ours: readonly number[], scratch: readonly number[]): BenchRow {
  const mean = (v: readonly number[]): number =>
    v.reduce((sum, value) => sum + value, 0) / v.length;
  const std = (v: readonly number[]): number => {
    const middle = mean(v);
    return Math.sqrt(v.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (v.length - 1));
  };
  const gains = ours.map((value, k) => scratch[k] - value);
  const gain = mean(gains);
  const uncertainty = std(gains) / Math.sqrt(gains.length);
  return {
    case: `transfer, 30 steels, ${label}`,
    value: mean(ours),
    unit: "MPa",
    spread: std(ours),
    repeats: seeds,
    peer: "the same from scratch",
    peerValue: mean(scratch),
    ratio: mean(scratch) / mean(ours),
    target: "paired gain above 2 standard errors",
    pass: gain > 2 * uncertainty,
    note: `gain ${gain.toFixed(1)} +- ${uncertainty.toFixed(1)} MPa; ${protocol}`,
  };
}

function inputOf(x: Matrix, rows: readonly number[], y: Float64Array, seed: number): FitInput {
  return {
    x: takeRows(x, rows),
    y: Float64Array.from(rows, (row) => y[row]),
    task: { kind: "regression" },
    rng: createRng(seed),
  };
}

/** Rows with the column of their source behind the others. */
const sourced = (x: Matrix, source: number): Matrix =>
  joinColumns([x, matrix(x.rows, 1, new Float64Array(x.rows).fill(source))]);

/** Both properties as sources of one input. */
function withSource({ names }: Steels, own: FitInput, other: FitInput): FitInput {
  const parts = [sourced(own.x, 0), sourced(other.x, 1)];
  const data = Float64Array.of(...parts[0].data, ...parts[1].data);
  const columns: InputColumn[] = [
    ...names.map((name) => ({ name, kind: "number" }) as const),
    { name: "property", kind: "source", levels: ["yield", "tensile"] },
  ];
  const x = matrix(own.x.rows + other.x.rows, columns.length, data);
  return { ...own, x, y: Float64Array.of(...own.y, ...other.y), columns };
}

function readSteels(): Steels {
  const [head, ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const names = head.split(",");
  const cells = lines.map((line) => line.split(","));
  const inputs = names.filter((name) => name.startsWith("wtpct_"));
  const column = (name: string): Float64Array =>
    Float64Array.from(cells, (row) => Number(row[names.indexOf(name)]));
  return {
    names: inputs,
    x: joinColumns(inputs.map((name) => matrix(cells.length, 1, column(name)))),
    yieldMpa: column("yield_strength_MPa"),
    tensileMpa: column("tensile_strength_MPa"),
  };
}
