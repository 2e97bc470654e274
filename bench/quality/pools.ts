import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { backtest } from "../../src/campaign/backtest/backtest.ts";
import type { BacktestResult } from "../../src/campaign/backtest/contract.ts";
import type { Bench, BenchRow } from "../harness.ts";
import { loadPoolSet, poolSets } from "./pool-sets.ts";

const protocol = {
  budget: 20,
  /** Random designs, the same for ystar and the random arm; the model is asked from the fifth on. */
  initial: 4,
  seed: 0,
  settings: { initial: 4 },
};
const seeds = Number(process.env["YSTAR_BENCH_SEEDS"] ?? 50);
const modes = [
  { name: "sequential", batchSize: 1 },
  { name: "batch", batchSize: 4 },
] as const;

interface Task {
  readonly set: number;
  readonly mode: number;
}
/** Null where the data are missing. */
type Answer = BacktestResult | null;

async function solve({ set, mode }: Task): Promise<Answer> {
  const pool = await loadPoolSet(poolSets[set]);
  if (pool === undefined) return null;
  return backtest(pool, { ...protocol, seeds, batchSize: modes[mode].batchSize });
}

/** Answers every task on all processors; each is worked at by one thread, so threads do not change results. */
async function solveAll(tasks: readonly Task[], log: (line: string) => void): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < tasks.length) {
      const at = next++;
      const { set, mode } = tasks[at];
      answers[at] = await inWorker(tasks[at]);
      const factor = answers[at]?.enhancement?.median.toFixed(2) ?? "data missing";
      log(`${poolSets[set].name}, ${modes[mode].name}: ${factor}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return answers;
}

function inWorker(task: Task): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { pools: task } });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

const given = workerData as { readonly pools?: Task } | null;
if (!isMainThread && given?.pools !== undefined) {
  parentPort!.postMessage(await solve(given.pools));
}

function setRow({ set, mode }: Task, answer: Answer): BenchRow {
  const label = `${poolSets[set].name}, ${modes[mode].name}`;
  const unit = "x random";
  if (answer === null) {
    return {
      case: label,
      value: null,
      unit,
      note: `no ${poolSets[set].file}; see bench/data/README.md`,
    };
  }
  const { median, low, high } = answer.enhancement!;
  const { comparison, pool, curves, budget } = answer;
  const random = curves.random.share!.median.at(-1)! / (budget / pool!.designs);
  return {
    case: label,
    value: median,
    unit,
    spread: (high - low) / 2,
    repeats: answer.seeds,
    peer: "random, same start",
    peerValue: random,
    target: "not significantly worse than random",
    pass: comparison.verdict !== "worse",
    note:
      `${pool!.top} of ${pool!.designs} designs are top; quartiles ${low.toFixed(2)} to ${high.toFixed(2)}; ` +
      `share found ${comparison.difference >= 0 ? "+" : ""}${comparison.difference.toFixed(3)} ` +
      `(${comparison.low.toFixed(3)} to ${comparison.high.toFixed(3)}, p = ${comparison.pValue.toFixed(4)})`,
  };
}

/** The asked: a median factor above 2 on at least 8 sets, and no set significantly worse than random. */
function summaryRows(mode: number, answers: readonly BacktestResult[]): BenchRow[] {
  const above = answers.filter(({ enhancement }) => enhancement!.median > 2).length;
  const worse = answers.filter(({ comparison }) => comparison.verdict === "worse").length;
  const better = answers.filter(({ comparison }) => comparison.verdict === "better").length;
  const { name } = modes[mode];
  const note =
    `${protocol.budget} experiments, the first ${protocol.initial} at random and the same for both; ` +
    `median over ${seeds} seeds of the share of the top 5 % found over what random draws find on average`;
  return [
    {
      case: `sets with a median factor above 2, ${name}`,
      value: above,
      unit: `of ${answers.length} sets`,
      target: ">= 8",
      pass: above >= 8,
      note,
    },
    {
      case: `sets significantly worse than random, ${name}`,
      value: worse,
      unit: `of ${answers.length} sets`,
      target: "0",
      pass: worse === 0,
      note: `two-sided sign-flip test over paired seeds, p < 0.05; ${better} sets are significantly better`,
    },
  ];
}

/** Replays of tabulated experiments against random designs. */
export const poolsBench: Bench = {
  name: "pools",
  summary: "Closed loops on tabulated experiments: share of the top 5 % found against random",
  cases: modes.map(({ name }) => name),
  async run(log, only) {
    const wanted = modes.flatMap(({ name }, mode) =>
      only === undefined || only === name ? [mode] : [],
    );
    const tasks = wanted.flatMap((mode) => poolSets.map((_, set): Task => ({ set, mode })));
    const answers = await solveAll(tasks, log);
    return [
      ...tasks.map((task, i) => setRow(task, answers[i])),
      ...wanted.flatMap((mode) =>
        summaryRows(
          mode,
          answers.filter(
            (answer, i) => answer !== null && tasks[i].mode === mode,
          ) as BacktestResult[],
        ),
      ),
    ];
  },
};
